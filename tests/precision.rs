//! `Precision::Bf16`: what is rounded, and what stays as it was. `Precision::Double`: nothing is.

mod common;

use common::{double, wide};
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

/// An image, weights and BatchNorms that single precision would round, and a fold that it would round again.
#[test]
fn double_keeps_all_digits() {
    let third = |shape: &[i64]| Tensor::full(shape, 1.0 / 3.0, (Kind::Float, Device::Cpu));
    let norm = |eps| Op::BatchNorm {
        scale: third(&[1]),
        shift: third(&[1]),
        mean: third(&[1]),
        var: third(&[1]),
        eps,
    };
    let conv = Op::Conv2d(Conv2d::new(third(&[1, 3, 1, 1]), None));
    let normalize = Op::Normalize { mean: [0.1; 3], std: [0.3; 3], bgr: false };
    let net = Net::new("thirds").then("normalize", normalize).unwrap().then("conv", conv).unwrap();
    let net = double(&net.then("bn", norm(1e-3)).unwrap().then("relu", Op::Relu).unwrap());
    let x = Tensor::full([1, 3, 1, 2], 0.7, (Kind::Double, Device::Cpu));
    let w = f64::from(1.0f32 / 3.0); // weights have 24 digits, and stay what they are
    let conv = 3.0 * w * ((0.7 - 0.1) / 0.3);
    let by_hand = (conv - w) / (w + 1e-3).sqrt() * w + w;
    for names in [&["bn"][..], &["conv", "bn"]] {
        let found = net.taps(&x, names).unwrap().at("bn").unwrap();
        assert_eq!(found.kind(), Kind::Double);
        let off = (found.double_value(&[0, 0, 0, 1]) - by_hand).abs();
        assert!(off < 1e-15 * 4.0, "{names:?}: {off:e}");
    }
    let slope = w / 0.3 * w / (w + 1e-3).sqrt();
    let g = net.gradient(&x, &Objective::neuron("relu", 0, [0, 1]), ReluRule::Guided).unwrap();
    assert!((g.double_value(&[0, 1, 0, 1]) - slope).abs() < 1e-15 * 4.0);
    let refused = net.tap(&x.to_kind(Kind::Float), "relu").unwrap_err().to_string();
    assert!(
        refused.starts_with("image: expected Double of shape [n, c, h, w], got Float"),
        "{refused}"
    );
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

/// How far the logits of `Bf16` may be from those of `Double`, as a fraction of their length. Weights and
/// activations of 50 layers are rounded by at most 2^-9: 100 roundings, 0.02 together if they do not know of
/// each other. Layers that subtract nearly equal numbers make of it a few times as much.
const OFF: f64 = 0.07;

/// By how many deviations of a logit's error the first class must lead before it may be asked for: the
/// difference of two logits has the root of 2 of them, and 5 of that are chance only once in a million.
const SURE: f64 = 7.0;

#[test]
fn the_bundled_photos_keep_their_first_class() {
    let net = zoo::efficientnet_lite0().unwrap();
    let (half, exact) = (net.precision(Precision::Bf16).unwrap(), double(&net));
    let mut clear = 0;
    for path in Photos::in_folder("data/photos").unwrap().files {
        let photo = imagenet_crop(&load(&path).unwrap()).unwrap();
        let (y, y16) = (exact.logits(&wide(&photo)).unwrap(), half.logits(&photo).unwrap());
        let off = (&y - &y16).norm().double_value(&[]);
        let error = off / y.norm().double_value(&[]);
        assert!(error > 1e-3 && error < OFF, "{}: {error}", path.display());
        assert_ne!(y16, y16.to_kind(Kind::BFloat16).to_kind(Kind::Float), "the last layer");
        let (best, class) = y.topk(2, 1, true, true);
        let deviation = off / (y.numel() as f64).sqrt();
        if best.double_value(&[0, 0]) - best.double_value(&[0, 1]) > SURE * deviation {
            let class16 = y16.argmax(1, false).int64_value(&[0]);
            assert_eq!(class.int64_value(&[0, 0]), class16, "{}", path.display());
            clear += 1;
        }
    }
    assert!(clear >= 5, "only {clear} photos say anything");
}
