//! SqueezeNet: AlexNet's accuracy with a fiftieth of its weights.

use super::Weights;
use super::parts::imagenet_net;
use crate::Result;
use crate::net::{Net, Op, Pool};

/// The first convolution's channels and size, and the places of the pools, of versions 1.0 and 1.1.
const VERSIONS: [(&str, i64, i64, [usize; 3]); 2] =
    [("SqueezeNet 1.0", 96, 7, [2, 6, 11]), ("SqueezeNet 1.1", 64, 3, [2, 5, 8])];

/// Channels that the eight fire modules squeeze to; each half expands them fourfold.
const SQUEEZED: [i64; 8] = [16, 16, 32, 32, 48, 48, 64, 64];

/// Build SqueezeNet 1.0 or 1.1, a row of the table, from torchvision's weights.
///
/// Layers by torchvision's names, which are also the names of the weights: `features.0`; a fire module
/// is `features.3.squeeze`, `.squeeze_activation`, `.expand1x1`, `.expand1x1_activation`,
/// `.expand3x3`, `.expand3x3_activation` and, for both one after the other, `features.3`. The
/// classifier is a convolution, `classifier.1`, then `classifier.2` (ReLU), `.3` (mean), `flatten`.
///
/// Source: Iandola et al. 2016, table 1; version 1.1 is the authors' faster one.
pub fn squeezenet(mut weights: Weights, row: usize) -> Result<Net> {
    let (w, (name, mut channels, size, pools)) = (&mut weights, VERSIONS[row]);
    let stem = w.conv_with_bias("features.0", [channels, 3, size])?.stride(2);
    let mut net =
        imagenet_net(name)?.then("features.0", Op::Conv2d(stem))?.then("features.1", Op::Relu)?;
    let mut squeezed = SQUEEZED.into_iter();
    for place in 2..=12 {
        let name = format!("features.{place}");
        if pools.contains(&place) {
            net = net.then(&name, Op::MaxPool2d(Pool::square(3).stride(2).ceil()))?;
        } else if let Some(narrow) = squeezed.next() {
            net = fire(net, w, &name, channels, narrow)?;
            channels = 8 * narrow;
        }
    }
    let classifier = Op::Conv2d(w.conv_with_bias("classifier.1", [1000, channels, 1])?);
    let net = net
        .then("classifier.1", classifier)?
        .then("classifier.2", Op::Relu)?
        .then("classifier.3", Op::AdaptiveAvgPool2d { out: [1, 1] })?
        .then("flatten", Op::Flatten)?;
    weights.finish()?;
    Ok(net.with_classes(super::imagenet_classes()))
}

/// Fewer channels, then two convolutions side by side on them.
fn fire(net: Net, w: &mut Weights, name: &str, channels: i64, narrow: i64) -> Result<Net> {
    let at = |part: &str| format!("{name}.{part}");
    let mut conv = |net: Net, part: &str, from: &str, shape: [i64; 3]| {
        let conv = w.conv_with_bias(&at(part), shape)?.padding(shape[2] / 2);
        net.join(&at(part), Op::Conv2d(conv), &[from])?
            .then(&at(&format!("{part}_activation")), Op::Relu)
    };
    let input = net.last().to_string();
    let net = conv(net, "squeeze", &input, [narrow, channels, 1])?;
    let squeezed = at("squeeze_activation");
    let net = conv(net, "expand1x1", &squeezed, [4 * narrow, narrow, 1])?;
    let net = conv(net, "expand3x3", &squeezed, [4 * narrow, narrow, 3])?;
    net.join(name, Op::Concat, &[&at("expand1x1_activation"), &at("expand3x3_activation")])
}
