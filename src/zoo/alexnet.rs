//! AlexNet, the network of the lecture's first slides.

use super::Weights;
use super::parts::{fully_connected, imagenet_net};
use crate::Result;
use crate::net::{Net, Op, Pool};

/// Convolutions: torchvision's name, channels, size, stride, padding, and whether a pool follows.
const CONVS: [(&str, i64, i64, i64, i64, bool); 5] = [
    ("features.0", 64, 11, 4, 2, true),
    ("features.3", 192, 5, 1, 2, true),
    ("features.6", 384, 3, 1, 1, false),
    ("features.8", 256, 3, 1, 1, false),
    ("features.10", 256, 3, 1, 1, true),
];

/// Build AlexNet from torchvision's weights.
///
/// Layers by the lecture's names: `conv1`, `relu1`, `pool1`, `conv2`, `relu2`, `pool2`, `conv3`, `relu3`,
/// `conv4`, `relu4`, `conv5`, `relu5`, `pool5`, `avgpool`, `flatten`, `fc6`, `relu6`, `fc7`, `relu7`,
/// `fc8`. torchvision counts them instead: `features.0`, ...
///
/// Source: Krizhevsky 2014, "One weird trick": one column, without the response normalisation of 2012.
pub fn alexnet(mut weights: Weights) -> Result<Net> {
    let net = convolutions(imagenet_net("AlexNet")?, &mut weights)?;
    let keys = ["classifier.1", "classifier.4", "classifier.6"];
    let net = fully_connected(net, &mut weights, keys, [256, 6, 6])?;
    weights.finish()?;
    Ok(net.with_classes(super::imagenet_classes()))
}

/// Build AlexNet without its classifier, `conv1` to `pool5`; a whole AlexNet's file serves too.
pub fn alexnet_features(mut weights: Weights) -> Result<Net> {
    weights.leave_out("classifier.");
    let net = convolutions(imagenet_net("AlexNet features")?, &mut weights)?;
    weights.finish()?;
    Ok(net)
}

fn convolutions(mut net: Net, w: &mut Weights) -> Result<Net> {
    let mut channels = 3;
    for (i, (key, out, size, stride, padding, pool)) in (1..).zip(CONVS) {
        let conv = w.conv_with_bias(key, [out, channels, size])?.stride(stride).padding(padding);
        net =
            net.then(&format!("conv{i}"), Op::Conv2d(conv))?.then(&format!("relu{i}"), Op::Relu)?;
        if pool {
            net = net.then(&format!("pool{i}"), Op::MaxPool2d(Pool::square(3).stride(2)))?;
        }
        channels = out;
    }
    Ok(net)
}
