//! Sanity checks, insertion and deletion, the pointing game: by hand and by identities.

#[path = "../common/mod.rs"]
mod common;
mod errors;
mod maps;
mod sanity;
mod scores;

use convlens::Result;
use convlens::net::{Conv2d, Net, Op};
use convlens::pixels::Scene;
use tch::{Device, Kind, Tensor};

/// The network that is always at hand, with its real weights, and the squirrel at half size.
fn real() -> (Net, Tensor) {
    let photo = convlens::pixels::load("data/photos/squirrel.jpg").unwrap();
    let photo = convlens::pixels::resize(&photo, [112, 128]).unwrap();
    (convlens::zoo::efficientnet_lite0().unwrap(), photo)
}

/// Numbers in 0..1 without pattern.
fn noise(size: &[i64], seed: f64) -> Tensor {
    let count = size.iter().product::<i64>();
    let i = Tensor::arange(count, (Kind::Double, Device::Cpu)) + seed;
    let x: Tensor = i.sin() * 1e4;
    (&x - x.floor()).to_kind(Kind::Float).view(size)
}

fn conv(values: &Tensor) -> Op {
    Op::Conv2d(Conv2d::new(values.shallow_clone(), None))
}

/// Two convolutions and a classifier of three classes on 13 x 17 pictures.
fn net() -> Net {
    let last = Op::Linear { weight: noise(&[3, 6], 3.0) - 0.5, bias: noise(&[3], 4.0) };
    let net = Net::new("small").then("low.conv", conv(&(noise(&[5, 3, 3, 3], 1.0) - 0.5))).unwrap();
    let net = net.then("low.relu", Op::Relu).unwrap();
    let net = net.then("high.conv", conv(&(noise(&[6, 5, 3, 3], 2.0) - 0.5))).unwrap();
    let net = net.then("high.relu", Op::Relu).unwrap();
    let net = net.then("pool", Op::AdaptiveAvgPool2d { out: [1, 1] }).unwrap();
    let net = net.then("flatten", Op::Flatten).unwrap().then("fc", last).unwrap();
    net.with_classes(vec!["a".into(), "b".into(), "c".into()])
}

fn picture() -> Tensor {
    noise(&[1, 3, 13, 17], 9.0)
}

fn numbers(x: &Tensor) -> Vec<f64> {
    Vec::<f64>::try_from(x.to_kind(Kind::Double).contiguous().flatten(0, -1)).unwrap()
}

fn sentence<T: std::fmt::Debug>(r: Result<T>) -> String {
    r.unwrap_err().to_string()
}

fn scene(thing: f64) -> Scene {
    let mask = Tensor::zeros([1, 1, 13, 17], (Kind::Float, Device::Cpu));
    let _ = mask.narrow(2, 2, 6).narrow(3, 3, 8).fill_(1.0);
    let image = picture() * (1.0 - &mask) * 0.1 + &mask * thing;
    let nowhere = std::path::PathBuf::new();
    Scene { image, mask, category: "thing".into(), file: nowhere.clone(), background: nowhere }
}
