//! `Precision::Bf16`: what is rounded, and what stays as it was.

use convlens::net::{Conv2d, Net, Op, Pool, Precision, ReluRule};
use convlens::pixels::{Photos, imagenet_crop, load};
use convlens::{Objective, zoo};
use tch::{Device, Kind, Tensor};

/// Every kind of layer that has weights, behind a skip connection; all numbers fit 8 binary digits.
fn small() -> Net {
    let ones = |shape: &[i64]| Tensor::ones(shape, (Kind::Float, Device::Cpu));
    let halves = Op::BatchNorm {
        scale: ones(&[2]) * 0.5,
        shift: ones(&[2]),
        mean: ones(&[2]),
        var: ones(&[2]),
        eps: 0.0,
    };
    let net = Net::new("small").then("conv", Op::Conv2d(Conv2d::new(ones(&[2, 3, 1, 1]), None)));
    let net = net.and_then(|net| net.then("bn", halves)?.then("relu", Op::Relu));
    let net = net.and_then(|net| net.join("add", Op::Add, &["conv", "relu"]));
    let net = net.and_then(|net| net.then("pool", Op::MaxPool2d(Pool::square(2))));
    let linear = Op::Linear { weight: ones(&[1, 4]), bias: ones(&[1]) };
    net.and_then(|net| net.then("flatten", Op::Flatten)?.then("fc", linear)).unwrap()
}

fn ramp() -> Tensor {
    let numbers = Tensor::arange(3 * 2 * 4, (Kind::Float, Device::Cpu));
    numbers.view([1, 3, 2, 4]) / 4.0
}

#[test]
fn numbers_of_eight_digits_come_out_the_same() {
    let (net, x) = (small(), ramp());
    let half = net.precision(Precision::Bf16).unwrap();
    for layer in ["conv", "bn", "relu", "add", "pool", "fc"] {
        let [y, y16] = [&net, &half].map(|net| net.tap(&x, layer).unwrap());
        assert_eq!((y16.kind(), &y), (Kind::Float, &y16), "{layer}");
    }
    for rule in [ReluRule::Gradient, ReluRule::Deconvnet, ReluRule::Guided] {
        let wish = Objective::neuron("fc", 0, [0, 0]) + 2.0 * Objective::layer("relu");
        let [g, g16] = [&net, &half].map(|net| net.gradient(&x, &wish, rule).unwrap());
        assert_eq!((g16.kind(), &g), (Kind::Float, &g16), "{rule:?}");
    }
}

#[test]
fn weights_and_activations_are_rounded() {
    let half = small().precision(Precision::Bf16).unwrap();
    let x = Tensor::full([1, 3, 2, 4], 1.0 + 1.0 / 256.0, (Kind::Float, Device::Cpu));
    assert_eq!(half.tap(&x, "conv").unwrap().double_value(&[0, 0, 0, 0]), 3.0);
    let back = half.precision(Precision::Float).unwrap();
    let y = back.tap(&x, "conv").unwrap().double_value(&[0, 0, 0, 0]);
    assert_eq!(y, 3.0 + 3.0 / 256.0);
}

/// Photos whose first two classes are nearly as likely say nothing: the cat's differ by 0.002.
const TIE: f64 = 0.01;

#[test]
fn the_bundled_photos_keep_their_first_class() {
    let net = zoo::efficientnet_lite0().unwrap();
    let half = net.precision(Precision::Bf16).unwrap();
    let mut clear = 0;
    for path in Photos::in_folder("data/photos").unwrap().files {
        let photo = imagenet_crop(&load(&path).unwrap()).unwrap();
        let [y, y16] = [&net, &half].map(|net| net.logits(&photo).unwrap());
        let error = ((&y - &y16).norm() / y.norm()).double_value(&[]);
        assert!(error > 1e-3 && error < 0.07, "{}: {error}", path.display());
        assert_ne!(y16, y16.to_kind(Kind::BFloat16).to_kind(Kind::Float), "the last layer");
        let (best, class) = y.topk(2, 1, true, true);
        if best.double_value(&[0, 0]) - best.double_value(&[0, 1]) > TIE {
            let class16 = y16.argmax(1, false).int64_value(&[0]);
            assert_eq!(class.int64_value(&[0, 0]), class16, "{}", path.display());
            clear += 1;
        }
    }
    assert_eq!(clear, 9);
}
