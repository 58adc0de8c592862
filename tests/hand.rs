//! Tiny networks with numbers done by hand.

mod common;

use common::{EXACT, apart, double, largest, wide};
use convlens::net::{Conv2d, Crop, Field, Net, Op, Pool, ReluRule};
use convlens::{Climb, Method, Objective, Result};
use tch::{Device, Kind, Tensor};

const CPU: (Kind, Device) = (Kind::Float, Device::Cpu);

fn image(values: &[f32], h: i64, w: i64) -> Tensor {
    Tensor::from_slice(values).view([1, -1, h, w])
}

fn weight(values: &[f32], shape: [i64; 4]) -> Tensor {
    Tensor::from_slice(values).view(shape)
}

fn numbers(x: &Tensor) -> Vec<f32> {
    Vec::<f32>::try_from(x.contiguous().flatten(0, -1)).unwrap()
}

fn one(op: Op) -> Net {
    Net::new("one").then("layer", op).unwrap()
}

fn vector(values: &[f32]) -> Tensor {
    Tensor::from_slice(values)
}

#[test]
fn convolution_padding_and_stride_are_not_swapped() {
    // 1 2 3 / 4 5 6 with a 2x2 window of ones: padding 1 gives 3x4 sums, stride 2 takes every second.
    let x = image(&[1., 2., 3., 4., 5., 6.], 2, 3);
    let ones = || Tensor::ones([1, 1, 2, 2], CPU);
    let padded = one(Op::Conv2d(Conv2d::new(ones(), None).padding(1)));
    let all = [1., 3., 5., 3., 5., 12., 16., 9., 4., 9., 11., 6.];
    assert_eq!(numbers(&padded.tap(&x, "layer").unwrap()), all);
    let strided = one(Op::Conv2d(Conv2d::new(ones(), None).padding(1).stride(2)));
    assert_eq!(numbers(&strided.tap(&x, "layer").unwrap()), [1., 5., 4., 11.]);
    let plain = one(Op::Conv2d(Conv2d::new(ones(), None).stride(2)));
    assert_eq!(numbers(&plain.tap(&x, "layer").unwrap()), [12.]);
}

#[test]
fn one_sided_padding_goes_below_and_right() {
    let x = image(&[1., 2., 3., 4., 5., 6.], 2, 3);
    let conv = Conv2d::new(Tensor::ones([1, 1, 3, 3], CPU), None).stride(2).borders([0; 2], [1, 2]);
    let y = one(Op::Conv2d(conv)).tap(&x, "layer").unwrap();
    assert_eq!((y.size(), numbers(&y)), (vec![1, 1, 1, 2], vec![21., 9.]));
}

#[test]
fn groups_and_dilation() {
    let x = image(&[1., 2., 3., 10., 20., 30.], 1, 3);
    let w = weight(&[1., 1., 1., -1.], [2, 1, 1, 2]);
    let conv = Conv2d::new(w, Some(vector(&[0.5, 0.]))).dilation(2).groups(2);
    assert_eq!(numbers(&one(Op::Conv2d(conv)).tap(&x, "layer").unwrap()), [4.5, -20.]);
}

#[test]
fn normalise_flips_the_channel_order() {
    let x = image(&[0.5, 0.25, 1.0], 1, 1);
    let op = |bgr| Op::Normalize { mean: [0.5, 0., 0.], std: [1., 0.5, 0.25], bgr };
    assert_eq!(numbers(&one(op(false)).tap(&x, "layer").unwrap()), [0., 0.5, 4.]);
    assert_eq!(numbers(&one(op(true)).tap(&x, "layer").unwrap()), [4., 0.5, 0.]);
}

#[test]
fn pools_pad_and_round_as_torch_does() {
    let x = image(&[1., 2., 3., 4., 5., 6.], 2, 3);
    let pooled = |op| numbers(&one(op).tap(&x, "layer").unwrap());
    assert_eq!(pooled(Op::MaxPool2d(Pool::square(2))), [5.]);
    assert_eq!(pooled(Op::MaxPool2d(Pool::square(2).ceil())), [5., 6.]);
    assert_eq!(pooled(Op::MaxPool2d(Pool::square(2).padding(1))), [1., 3., 4., 6.]);
    assert_eq!(pooled(Op::MaxPool2d(Pool::square(2).stride(1))), [5., 6.]);
    assert_eq!(pooled(Op::AvgPool2d(Pool::square(2).padding(1))), [0.25, 1.25, 1., 2.75]);
    assert_eq!(pooled(Op::AdaptiveAvgPool2d { out: [1, 3] }), [2.5, 3.5, 4.5]);
}

#[test]
fn local_response_norm_looks_at_neighbouring_channels() {
    // size 3: y1 = 2 / (1 + 0.3/3 * (1 + 4 + 9)) ^ 1
    let x = image(&[1., 2., 3.], 1, 1);
    let y = one(Op::LocalResponseNorm { size: 3, alpha: 0.3, beta: 1.0, k: 1.0 });
    let y = numbers(&y.tap(&x, "layer").unwrap());
    for (y, by_hand) in y.iter().zip([1. / 1.5, 2. / 2.4, 3. / 2.3]) {
        assert!((y - by_hand).abs() < 1e-6, "{y} {by_hand}");
    }
}

/// A convolution, a BatchNorm with unlike statistics, a ReLU, a skip and a concatenation.
fn branchy() -> Result<Net> {
    let conv = Conv2d::new(weight(&[1., 2., -1., 0.5], [2, 2, 1, 1]), Some(vector(&[0.1, -0.2])));
    let norm = Op::BatchNorm {
        scale: vector(&[2., -1.]),
        shift: vector(&[0.5, 1.]),
        mean: vector(&[1., -2.]),
        var: vector(&[3.99, 0.24]),
        eps: 0.01,
    };
    Net::new("branchy")
        .then("conv", Op::Conv2d(conv))?
        .then("bn", norm)?
        .then("relu", Op::Relu)?
        .join("add", Op::Add, &["relu", "input"])?
        .then("relu6", Op::Relu6)?
        .join("cat", Op::Concat, &["relu6", "input"])
}

#[test]
fn batch_norm_by_hand_and_folded() {
    // x = (1, 3): conv = (7.1, 0.3); bn = (2 (7.1 - 1) / 2 + 0.5, -(0.3 + 2) / 0.5 + 1) = (6.6, -3.6)
    let net = branchy().unwrap();
    let x = image(&[1., 3.], 1, 1);
    let close = |got: Tensor, by_hand: &[f32]| {
        for (a, b) in numbers(&got).iter().zip(by_hand) {
            assert!((a - b).abs() < 1e-5, "{a} {b}");
        }
    };
    close(net.tap(&x, "bn").unwrap(), &[6.6, -3.6]);
    let looked_between = net.taps(&x, &["bn", "conv"]).unwrap();
    close(looked_between.at("conv").unwrap(), &[7.1, 0.3]);
    close(looked_between.at("bn").unwrap(), &[6.6, -3.6]);
    close(net.tap(&x, "cat").unwrap(), &[6., 3., 1., 3.]);
}

#[test]
fn what_a_tap_shows_does_not_depend_on_the_other_taps() {
    let net = double(&branchy().unwrap());
    let x = wide(&(Tensor::arange(2 * 2 * 3 * 5, CPU).view([2, 2, 3, 5]) / 10.0 - 2.0));
    let names = net.names();
    let all = net.taps(&x, &names.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    for name in &names {
        let alone = net.tap(&x, name).unwrap();
        let beside = all.at(name).unwrap();
        assert!(apart(&alone, &beside) <= EXACT * largest(&beside), "{name}");
    }
    assert!(net.tap(&x, "input").unwrap().equal(&x), "a ReLU overwrote the image");
}

#[test]
fn rules_by_hand() {
    // One ReLU over x = (1, -1, 2, -2) with signal g = (3, 3, -3, -3).
    let x = image(&[1., -1., 2., -2.], 1, 4);
    let net = one(Op::Relu);
    let wish = Objective::custom("g", &["layer"], |taps| {
        let g = Tensor::from_slice(&[3f32, 3., -3., -3.]).view([1, 1, 1, 4]);
        Ok((taps.at("layer")? * g).sum_dim_intlist([1i64, 2, 3].as_slice(), false, Kind::Float))
    });
    let sent = |rule| numbers(&net.gradient(&x, &wish, rule).unwrap());
    assert_eq!(sent(ReluRule::Gradient), [3., 0., -3., 0.]);
    assert_eq!(sent(ReluRule::Deconvnet), [3., 3., 0., 0.]);
    assert_eq!(sent(ReluRule::Guided), [3., 0., 0., 0.]);
}

#[test]
fn relu6_is_dark_above_six() {
    let x = image(&[-1., 3., 7.], 1, 3);
    let net = one(Op::Relu6);
    let sent = |rule| numbers(&net.gradient(&x, &Objective::channel("layer", 0), rule).unwrap());
    for rule in [ReluRule::Gradient, ReluRule::Guided] {
        assert_eq!(sent(rule), [0., 1. / 3., 0.]);
    }
}

#[test]
fn objectives_by_hand() {
    let x = image(&[1., 2., 3., 4., 5., 6., 0., 0., 0., 0., 0., 6.], 2, 3);
    let net = Net::new("none");
    let score = |o: Objective| numbers(&o.score(&net, &x).unwrap());
    assert_eq!(score(Objective::neuron("input", 0, [1, 2])), [6.]);
    assert_eq!(score(Objective::neuron("input", 0, [0, 1])), [2.]);
    assert_eq!(score(Objective::channel("input", 0)), [3.5]);
    assert_eq!(score(Objective::channel("input", 1)), [1.]);
    assert_eq!(score(Objective::layer("input")), [(91. + 36.) / 12.]);
    let both = 2.0 * Objective::channel("input", 0) - Objective::channel("input", 1);
    assert_eq!(score(both), [6.]);
}

#[test]
fn receptive_fields_by_hand() {
    // AlexNet's first three windows: 11/4 pad 2, pool 3/2, 5/1 pad 2 (torchvision's padding).
    let conv = |o, i, k| Conv2d::new(Tensor::zeros([o, i, k, k], CPU), None);
    let net = Net::new("alex")
        .then("conv1", Op::Conv2d(conv(2, 3, 11).stride(4).padding(2)))
        .and_then(|n| n.then("pool1", Op::MaxPool2d(Pool::square(3).stride(2))))
        .and_then(|n| n.then("conv2", Op::Conv2d(conv(2, 2, 5).padding(2))))
        .unwrap();
    let window = |size, stride, start| Field::Window {
        size: [size; 2],
        stride: [stride; 2],
        start: [start; 2],
    };
    assert_eq!(net.receptive_field("conv1").unwrap(), window(11, 4, -2));
    assert_eq!(net.receptive_field("pool1").unwrap(), window(19, 8, -2));
    let field = net.receptive_field("conv2").unwrap();
    assert_eq!(field, window(51, 8, -18));
    let crop = Crop { top: 0, left: 6, bottom: 33, right: 57 };
    assert_eq!(field.crop([0, 3], [100, 120]), crop);
}

#[test]
fn climbs_by_hand() {
    // score = 3 a - 4 b of two one-pixel colours: the gradient is (3, -4), its norm 5.
    let conv = Conv2d::new(weight(&[3., -4.], [1, 2, 1, 1]), None);
    let (net, wish) = (one(Op::Conv2d(conv)), Objective::channel("layer", 0));
    let climb = |method, clip| {
        let climb = Climb { steps: 3, method, clip, ..Climb::default() };
        climb.run(&net, &image(&[0.5, 0.5], 1, 1), &wish).unwrap()
    };
    let close = |got: Vec<f32>, by_hand: [f32; 2]| {
        assert!(got.iter().zip(by_hand).all(|(a, b)| (a - b).abs() < 1e-6), "{got:?}");
    };
    let normalised = climb(Method::Normalised { rate: 0.1 }, None);
    close(numbers(&normalised.image), [0.5 + 3. * 0.06, 0.5 - 3. * 0.08]);
    assert!((normalised.scores[3] - (-0.5 + 3. * 0.5)).abs() < 1e-6, "{:?}", normalised.scores);
    // Against a constant gradient every step of Adam is `rate` in each pixel.
    close(numbers(&climb(Method::Adam { rate: 0.05 }, None).image), [0.65, 0.35]);
    close(numbers(&climb(Method::Adam { rate: 0.05 }, Some([0.4, 0.6])).image), [0.6, 0.4]);
}
