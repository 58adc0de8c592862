//! What must hold on a network that uses every operation.

mod average;
mod bad_input;
mod bounds;
mod plan;
mod properties;
mod redirected;
mod reinitialised;
mod same;

use super::*;
use tch::{Device, Kind, Tensor};

/// Numbers without pattern in -1..1 that anybody can compute: frac(1e4 sin(i + seed)), centred.
pub(super) fn wave(shape: &[i64], seed: i64) -> Tensor {
    let count: i64 = shape.iter().product();
    let i = Tensor::arange(count, (Kind::Double, Device::Cpu)) + seed;
    ((i.sin() * 1e4).frac()).to_kind(Kind::Float).reshape(shape)
}

fn conv(out: i64, channels: i64, size: i64, seed: i64) -> Conv2d {
    let bias = wave(&[out], seed + 1);
    Conv2d::new(wave(&[out, channels, size, size], seed), Some(bias)).padding(size / 2)
}

pub(super) fn batch_norm(channels: i64, seed: i64) -> Op {
    let near_one = |seed| wave(&[channels], seed) * 0.5 + 1.0;
    let (mean, shift) = (wave(&[channels], seed), wave(&[channels], seed + 1));
    Op::BatchNorm { scale: near_one(seed + 2), shift, mean, var: near_one(seed + 3), eps: 1e-3 }
}

/// Two branches, a skip connection, both pools, every normalisation, a fully connected end.
pub(super) fn every_op() -> Result<Net> {
    let classes = (0..3).map(|i| format!("class {i}")).collect();
    let response = Op::LocalResponseNorm { size: 3, alpha: 0.1, beta: 0.75, k: 1.0 };
    Net::new("every op")
        .then(
            "normalize",
            Op::Normalize { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.25], bgr: true },
        )?
        .then("conv1", Op::Conv2d(conv(4, 3, 3, 1).stride(2).borders([0, 1], [1, 0])))?
        .then("bn1", batch_norm(4, 2))?
        .then("relu1", Op::Relu)?
        .then("lrn", response)?
        .then("pool1", Op::MaxPool2d(Pool::square(3).stride(2).ceil()))?
        .then("left", Op::Conv2d(conv(4, 1, 3, 3).groups(4)))?
        .then("left_bn", batch_norm(4, 4))?
        .then("left_relu", Op::Relu6)?
        .join("right", Op::Conv2d(conv(4, 4, 1, 5)), &["pool1"])?
        .then("right_relu", Op::Relu)?
        .join("cat", Op::Concat, &["left_relu", "right_relu"])?
        .then("mix", Op::Conv2d(conv(4, 8, 3, 6)))?
        .join("add", Op::Add, &["mix", "pool1"])?
        .then("relu2", Op::Relu)?
        .then("pool2", Op::AvgPool2d(Pool::square(2).stride(1).padding(1)))?
        .then("mean", Op::AdaptiveAvgPool2d { out: [2, 1] })?
        .then("flatten", Op::Flatten)?
        .then("fc1", Op::Linear { weight: wave(&[5, 8], 7), bias: wave(&[5], 8) })?
        .then("fc1_relu", Op::Relu)?
        .then("fc2", Op::Linear { weight: wave(&[3, 5], 9), bias: wave(&[3], 10) })
        .map(|net| net.with_classes(classes))
}

pub(super) fn image(n: i64, h: i64, w: i64) -> Tensor {
    wave(&[n, 3, h, w], 11) * 0.5 + 0.5
}

/// The network in double precision: what it does is the same to the last digits on every processor.
pub(super) fn double(net: &Net) -> Net {
    net.precision(Precision::Double).unwrap()
}

pub(super) fn wide(x: &Tensor) -> Tensor {
    x.to_kind(Kind::Double)
}

/// Equal in double precision: 1e-16 for each rounding, times the hundreds of numbers in a sum, times the
/// thousand by which what a layer adds up may be larger than what is left.
pub(super) fn assert_close(a: &Tensor, b: &Tensor, what: &str) {
    assert_eq!((a.kind(), b.kind(), a.size()), (Kind::Double, Kind::Double, b.size()), "{what}");
    let scale = b.abs().max().double_value(&[]).max(1e-6);
    let difference = (a - b).abs().max().double_value(&[]) / scale;
    assert!(difference < 1e-10, "{what}: {difference:e}");
}
