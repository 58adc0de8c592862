//! GoogLeNet: four branches side by side in every module. The network of DeepDream.

use super::Weights;
use super::parts::mean_and_linear;
use crate::Result;
use crate::net::{Net, Op, Pool};

/// The paper's table: module, then channels of its `#1x1`, `#3x3 reduce`, `#3x3`, `#5x5 reduce`,
/// `#5x5` and `pool proj`.
const MODULES: [(&str, [i64; 6]); 9] = [
    ("inception3a", [64, 96, 128, 16, 32, 32]),
    ("inception3b", [128, 128, 192, 32, 96, 64]),
    ("inception4a", [192, 96, 208, 16, 48, 64]),
    ("inception4b", [160, 112, 224, 24, 64, 64]),
    ("inception4c", [128, 128, 256, 24, 64, 64]),
    ("inception4d", [112, 144, 288, 32, 64, 64]),
    ("inception4e", [256, 160, 320, 32, 128, 128]),
    ("inception5a", [256, 160, 320, 32, 128, 128]),
    ("inception5b", [384, 192, 384, 48, 128, 128]),
];

/// Build GoogLeNet from torchvision's weights.
///
/// Layers by torchvision's names, which are also the names of the weights: `conv1.conv`, `conv1.bn`,
/// `conv1.relu`, `maxpool1`, ...; in `inception3a` the branches are `inception3a.branch1.conv` and so
/// on, and `inception3a` is all four of them; `avgpool`, `flatten`, `fc`.
///
/// The two classifiers that only helped its training, `aux1` and `aux2`, are left out. torchvision
/// normalises the colours and then, for these weights, changes them once more (`transform_input`):
/// together that is a mean and standard deviation of 0.5.
///
/// Source: Szegedy et al. 2015, table 1, with BatchNorm; as in torchvision the `#5x5` are 3 x 3.
pub fn googlenet(mut weights: Weights) -> Result<Net> {
    weights.leave_out("aux1.");
    weights.leave_out("aux2.");
    let w = &mut weights;
    let normalize = Op::Normalize { mean: [0.5; 3], std: [0.5; 3], bgr: false };
    let pool = |size| Op::MaxPool2d(Pool::square(size).stride(2).ceil());
    let mut net = Net::new("GoogLeNet").then("normalize", normalize)?;
    net = unit(net, w, "conv1", "normalize", [64, 3, 7])?.then("maxpool1", pool(3))?;
    net = unit(net, w, "conv2", "maxpool1", [64, 64, 1])?;
    net = unit(net, w, "conv3", "conv2.relu", [192, 64, 3])?.then("maxpool2", pool(3))?;
    let mut channels = 192;
    for (name, widths) in MODULES {
        net = inception(net, w, name, channels, widths)?;
        net = match name {
            "inception3b" => net.then("maxpool3", pool(3))?,
            "inception4e" => net.then("maxpool4", pool(2))?,
            _ => net,
        };
        channels = widths[0] + widths[2] + widths[4] + widths[5];
    }
    net = mean_and_linear(net, w, "fc", channels)?;
    weights.finish()?;
    Ok(net.with_classes(super::imagenet_classes()))
}

/// Four branches on the same input, one after the other along the channels.
fn inception(
    net: Net,
    w: &mut Weights,
    name: &str,
    channels: i64,
    [one, reduce3, three, reduce5, five, project]: [i64; 6],
) -> Result<Net> {
    let at = |part: &str| format!("{name}.{part}");
    let input = net.last().to_string();
    let pool = Op::MaxPool2d(Pool::square(3).stride(1).padding(1).ceil());
    let mut net = unit(net, w, &at("branch1"), &input, [one, channels, 1])?;
    net = unit(net, w, &at("branch2.0"), &input, [reduce3, channels, 1])?;
    net = unit(net, w, &at("branch2.1"), &at("branch2.0.relu"), [three, reduce3, 3])?;
    net = unit(net, w, &at("branch3.0"), &input, [reduce5, channels, 1])?;
    net = unit(net, w, &at("branch3.1"), &at("branch3.0.relu"), [five, reduce5, 3])?;
    net = net.join(&at("branch4.0"), pool, &[&input])?;
    net = unit(net, w, &at("branch4.1"), &at("branch4.0"), [project, channels, 1])?;
    let ends = ["branch1", "branch2.1", "branch3.1", "branch4.1"].map(|b| at(b) + ".relu");
    net.join(name, Op::Concat, &ends.each_ref().map(String::as_str))
}

/// Convolution, BatchNorm and ReLU; only the 7 x 7 convolution, the first, has a stride.
fn unit(net: Net, w: &mut Weights, name: &str, from: &str, shape: [i64; 3]) -> Result<Net> {
    let at = |part: &str| format!("{name}.{part}");
    let stride = if shape[2] == 7 { 2 } else { 1 };
    let conv = w.conv(&at("conv"), shape)?.stride(stride).padding(shape[2] / 2);
    let norm = w.batch_norm(&at("bn"), shape[0], 1e-3)?;
    net.join(&at("conv"), Op::Conv2d(conv), &[from])?
        .then(&at("bn"), norm)?
        .then(&at("relu"), Op::Relu)
}
