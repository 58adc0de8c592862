//! A small network to train in a notebook.

use crate::Result;
use crate::chance::normal;
use crate::net::{Conv2d, Net, Op, Pool};
use tch::{Kind, Tensor};

/// A small network for pictures of about 20x20 pixels of the digits 0 to 9, untrained: two
/// convolutions with pools, two fully connected layers, 58 000 numbers.
///
/// Weights are normal with He et al.'s deviation `sqrt(2 / inputs)` (2015, section 2.2), from `seed`;
/// biases are 0. A filter of the first layer begins alike for red, green and blue, and so it stays
/// where only grey pictures are seen: what such a network asks of a picture is grey too.
/// [`Training`](crate::train::Training) trains it.
///
/// ```
/// use convlens::zoo::digit_net;
/// use tch::{Device, Kind, Tensor};
/// let net = digit_net(1)?;
/// let x = Tensor::zeros([2, 3, 20, 20], (Kind::Float, Device::Cpu));
/// assert_eq!(net.logits(&x)?.size(), [2, 10]);
/// assert_eq!(net.tap(&x, "pool2")?.size(), [2, 32, 5, 5]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn digit_net(seed: u64) -> Result<Net> {
    let grey = he(&[seed, 1], [16, 1, 3, 3])?;
    let alike = grey.f_expand([16, 3, 3, 3], false)?.f_contiguous()? / 3.0;
    let conv = |weight: Tensor| -> Result<Op> {
        let bias = zeros(weight.size()[0])?;
        Ok(Op::Conv2d(Conv2d::new(weight, Some(bias)).padding(1)))
    };
    let linear = |layer: u64, shape: [i64; 2]| -> Result<Op> {
        Ok(Op::Linear { weight: he(&[seed, layer], shape)?, bias: zeros(shape[0])? })
    };
    let net = Net::new("digit net")
        .then("conv1", conv(alike)?)?
        .then("relu1", Op::Relu)?
        .then("pool1", Op::MaxPool2d(Pool::square(2)))?
        .then("conv2", conv(he(&[seed, 2], [32, 16, 3, 3])?)?)?
        .then("relu2", Op::Relu)?
        .then("pool2", Op::MaxPool2d(Pool::square(2)))?
        .then("mean", Op::AdaptiveAvgPool2d { out: [5, 5] })?
        .then("flatten", Op::Flatten)?
        .then("fc3", linear(3, [64, 800])?)?
        .then("relu3", Op::Relu)?
        .then("fc4", linear(4, [10, 64])?)?;
    Ok(net.with_classes((0..10).map(|digit| digit.to_string()).collect()))
}

fn he<const D: usize>(seeds: &[u64], shape: [i64; D]) -> Result<Tensor> {
    let inputs: i64 = shape[1..].iter().product();
    let deviation = (2.0 / inputs as f64).sqrt();
    Ok((normal(seeds, &shape)? * deviation).f_to_kind(Kind::Float)?)
}

fn zeros(count: i64) -> Result<Tensor> {
    Ok(Tensor::f_zeros([count], (Kind::Float, tch::Device::Cpu))?)
}
