//! ResNet: every block adds something to what it was given.

use super::Weights;
use super::parts::{imagenet_net, mean_and_linear};
use crate::Result;
use crate::net::{Net, Op, Pool};

/// Blocks of the four stages, and whether a block is a bottleneck of three convolutions.
const TABLE: [(&str, [usize; 4], bool); 5] = [
    ("ResNet-18", [2, 2, 2, 2], false),
    ("ResNet-34", [3, 4, 6, 3], false),
    ("ResNet-50", [3, 4, 6, 3], true),
    ("ResNet-101", [3, 4, 23, 3], true),
    ("ResNet-152", [3, 8, 36, 3], true),
];

/// Build a ResNet, a row of the table, from torchvision's weights.
///
/// Layers by torchvision's names, which are also the names of the weights: `conv1`, `bn1`, `relu`,
/// `maxpool`; `layer1.0.conv1`, `layer1.0.bn1`, ..., `layer1.0.downsample.0`; `avgpool`, `fc`.
/// torchvision runs `layer1.0.relu` several times; here they are `layer1.0.relu1`, `.relu2` and so
/// on, the last of them after `layer1.0.add`.
///
/// Source: He et al. 2016, table 1. As in torchvision a bottleneck strides at its 3 x 3 convolution.
pub fn resnet(mut weights: Weights, row: usize) -> Result<Net> {
    let (w, (name, repeats, bottleneck)) = (&mut weights, TABLE[row]);
    let net = imagenet_net(name)?;
    let stem = Conv { from: 3, to: 64, size: 7, stride: 2 };
    let mut net = conv_bn(net, w, "normalize", ["conv1", "bn1"], stem)?
        .then("relu", Op::Relu)?
        .then("maxpool", Op::MaxPool2d(Pool::square(3).stride(2).padding(1)))?;
    let mut channels = 64;
    for (stage, repeats) in (1..).zip(repeats) {
        for index in 0..repeats {
            let stride = if stage > 1 && index == 0 { 2 } else { 1 };
            let convs = convs(bottleneck, channels, 32 << stage, stride);
            net = block(net, w, &format!("layer{stage}.{index}"), &convs)?;
            channels = convs[convs.len() - 1].to;
        }
    }
    net = mean_and_linear(net, w, "fc", channels)?;
    weights.finish()?;
    Ok(net.with_classes(super::imagenet_classes()))
}

#[derive(Clone, Copy)]
struct Conv {
    from: i64,
    to: i64,
    size: i64,
    stride: i64,
}

/// The convolutions of one block: two of 3 x 3, or 1 x 1, 3 x 3 and a four times wider 1 x 1.
fn convs(bottleneck: bool, from: i64, width: i64, stride: i64) -> Vec<Conv> {
    let conv = |from, to, size, stride| Conv { from, to, size, stride };
    match bottleneck {
        false => vec![conv(from, width, 3, stride), conv(width, width, 3, 1)],
        true => vec![
            conv(from, width, 1, 1),
            conv(width, width, 3, stride),
            conv(width, 4 * width, 1, 1),
        ],
    }
}

/// The convolutions, a ReLU after each; before the last ReLU the block's input is added.
fn block(mut net: Net, w: &mut Weights, name: &str, convs: &[Conv]) -> Result<Net> {
    let input = net.last().to_string();
    let at = |part: &str| format!("{name}.{part}");
    let (first, last) = (convs[0], convs.len());
    for (i, &conv) in (1..).zip(convs) {
        let from = net.last().to_string();
        net = conv_bn(net, w, &from, [&at(&format!("conv{i}")), &at(&format!("bn{i}"))], conv)?;
        if i < last {
            net = net.then(&at(&format!("relu{i}")), Op::Relu)?;
        }
    }
    let (sum, to) = (net.last().to_string(), convs[last - 1].to);
    let mut shortcut = input.clone();
    if first.from != to {
        shortcut = at("downsample.1");
        let stride = convs.iter().map(|c| c.stride).product();
        let conv = Conv { from: first.from, to, size: 1, stride };
        net = conv_bn(net, w, &input, [&at("downsample.0"), &shortcut], conv)?;
    }
    net.join(&at("add"), Op::Add, &[&sum, &shortcut])?.then(&at(&format!("relu{last}")), Op::Relu)
}

fn conv_bn(net: Net, w: &mut Weights, from: &str, names: [&str; 2], c: Conv) -> Result<Net> {
    let conv = w.conv(names[0], [c.to, c.from, c.size])?.stride(c.stride).padding(c.size / 2);
    let norm = w.batch_norm(names[1], c.to, 1e-5)?;
    net.join(names[0], Op::Conv2d(conv), &[from])?.then(names[1], norm)
}
