//! Tiny networks and pictures.

use crate::common::{double, wide};
use convlens::adversarial::predicted;
use convlens::net::{Conv2d, Net, Op};
use tch::{Device, Kind, Tensor};

pub fn numbers(x: &Tensor) -> Vec<f64> {
    Vec::<f64>::try_from(x.to_kind(Kind::Double).contiguous().flatten(0, -1)).unwrap()
}

pub fn names(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("class {i}")).collect()
}

/// Numbers in -1..1 that look random.
pub fn scattered(shape: &[i64], seed: f64) -> Tensor {
    let n = shape.iter().product::<i64>();
    ((Tensor::arange(n, (Kind::Float, Device::Cpu)) + seed) * 12.9898).sin().reshape(shape)
}

/// One fully connected layer over a picture of 2 x 3: `logits = weight * pixels`.
pub fn linear(weight: &Tensor) -> Net {
    let classes = weight.size()[0];
    let op = Op::Conv2d(Conv2d::new(weight.reshape([classes, 3, 2, 3]), None));
    let net = Net::new("linear").then("conv1", op).unwrap().then("flatten", Op::Flatten).unwrap();
    net.with_classes(names(classes as usize))
}

/// Two classes apart by `3 w`, where `w` of 18 values has length 1.
pub fn two_classes() -> (Net, Tensor) {
    let w = scattered(&[18], 1.0);
    let w = &w / w.norm();
    (linear(&Tensor::stack(&[&w * 2.0, &w * -1.0], 0)), w.view([1, 3, 2, 3]))
}

/// A network with bends for pictures of any size.
pub fn bent() -> Net {
    let conv = |shape: [i64; 4], seed| Op::Conv2d(Conv2d::new(scattered(&shape, seed), None));
    Net::new("bent")
        .then("conv1", conv([8, 3, 3, 3], 3.0))
        .unwrap()
        .then("relu1", Op::Relu)
        .unwrap()
        .then("conv2", conv([5, 8, 2, 2], 5.0))
        .unwrap()
        .then("mean", Op::AdaptiveAvgPool2d { out: [1, 1] })
        .unwrap()
        .then("flatten", Op::Flatten)
        .unwrap()
        .with_classes(names(5))
}

/// Pictures of 6 x 9 around mid-grey, and what `bent` says of them.
pub fn pictures(n: i64) -> (Net, Tensor, Vec<i64>) {
    let (net, x) = (bent(), scattered(&[n, 3, 6, 9], 7.0) * 0.5 + 0.5);
    let labels = predicted(&net, &x).unwrap();
    (net, x, labels)
}

/// The same in double precision, for what compares two runs: a sign that rounding turns would send an attack
/// another way.
pub fn exact_pictures(n: i64) -> (Net, Tensor, Vec<i64>) {
    let (net, x, labels) = pictures(n);
    (double(&net), wide(&x), labels)
}

pub fn grey() -> Tensor {
    Tensor::full([1, 3, 2, 3], 0.5, (Kind::Float, Device::Cpu))
}
