//! DenseNet: every layer reads all earlier ones of its block.

use super::Weights;
use super::parts::{imagenet_net, mean_and_linear};
use crate::Result;
use crate::net::{Net, Op, Pool};

/// Channels after the first convolution, channels that each layer adds, layers of the four blocks.
const TABLE: [(&str, i64, i64, [usize; 4]); 4] = [
    ("DenseNet-121", 64, 32, [6, 12, 24, 16]),
    ("DenseNet-161", 96, 48, [6, 12, 36, 24]),
    ("DenseNet-169", 64, 32, [6, 12, 32, 32]),
    ("DenseNet-201", 64, 32, [6, 12, 48, 32]),
];

/// Names in the published files, which are older than torchvision's of today.
const OLD_NAMES: [(&str, &str); 4] = [
    (".norm.1.", ".norm1."),
    (".conv.1.", ".conv1."),
    (".norm.2.", ".norm2."),
    (".conv.2.", ".conv2."),
];

/// Build a DenseNet, a row of the table, from torchvision's weights, old names or new.
///
/// Layers by torchvision's names, which are also the names of the weights: `features.conv0`, `.norm0`,
/// `.relu0`, `.pool0`; in `features.denseblock1.denselayer1` there are `.norm1`, `.relu1`, `.conv1`,
/// `.norm2`, `.relu2`, `.conv2`, and `.cat` is all that the next layer reads; `features.transition1`
/// has `.norm`, `.relu`, `.conv`, `.pool`; then `features.norm5`, `features.relu5`, `avgpool`,
/// `flatten`, `classifier`.
///
/// Source: Huang et al. 2017, table 1.
pub fn densenet(mut weights: Weights, row: usize) -> Result<Net> {
    let (name, mut channels, growth, blocks) = TABLE[row];
    OLD_NAMES.iter().for_each(|(old, new)| weights.rename(old, new));
    let w = &mut weights;
    let stem = w.conv("features.conv0", [channels, 3, 7])?.stride(2).padding(3);
    let mut net = imagenet_net(name)?.then("features.conv0", Op::Conv2d(stem))?;
    net = norm_relu(net, w, "features.norm0", channels)?
        .then("features.pool0", Op::MaxPool2d(Pool::square(3).stride(2).padding(1)))?;
    for (block, layers) in (1..).zip(blocks) {
        if block > 1 {
            net = transition(net, w, &format!("features.transition{}", block - 1), channels)?;
            channels /= 2;
        }
        for layer in (1..=layers).map(|i| format!("features.denseblock{block}.denselayer{i}")) {
            net = dense_layer(net, w, &layer, channels, growth)?;
            channels += growth;
        }
    }
    net = norm_relu(net, w, "features.norm5", channels)?;
    net = mean_and_linear(net, w, "classifier", channels)?;
    weights.finish()?;
    Ok(net.with_classes(super::imagenet_classes()))
}

/// Squeeze the channels to four times the growth, convolve to the growth, and append.
fn dense_layer(net: Net, w: &mut Weights, name: &str, channels: i64, growth: i64) -> Result<Net> {
    let at = |part: &str| format!("{name}.{part}");
    let input = net.last().to_string();
    let net = norm_relu(net, w, &at("norm1"), channels)?;
    let squeeze = w.conv(&at("conv1"), [4 * growth, channels, 1])?;
    let net = net.then(&at("conv1"), Op::Conv2d(squeeze))?;
    let net = norm_relu(net, w, &at("norm2"), 4 * growth)?;
    let grow = w.conv(&at("conv2"), [growth, 4 * growth, 3])?.padding(1);
    net.then(&at("conv2"), Op::Conv2d(grow))?.join(&at("cat"), Op::Concat, &[&input, &at("conv2")])
}

/// Between two blocks: half the channels, half the height and width.
fn transition(net: Net, w: &mut Weights, name: &str, channels: i64) -> Result<Net> {
    let at = |part: &str| format!("{name}.{part}");
    let net = norm_relu(net, w, &at("norm"), channels)?;
    let halve = w.conv(&at("conv"), [channels / 2, channels, 1])?;
    net.then(&at("conv"), Op::Conv2d(halve))?.then(&at("pool"), Op::AvgPool2d(Pool::square(2)))
}

/// BatchNorm and the ReLU that is named like it.
fn norm_relu(net: Net, w: &mut Weights, norm: &str, channels: i64) -> Result<Net> {
    net.then(norm, w.batch_norm(norm, channels, 1e-5)?)?
        .then(&norm.replace("norm", "relu"), Op::Relu)
}
