//! The convolutional trunk of VGG-16.

use super::Weights;
use crate::Result;
use crate::net::{Conv2d, Net, Op, Pool};

/// Convolutions and channels of each of the five blocks.
const BLOCKS: [(usize, i64); 5] = [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)];

/// Build the trunk of VGG-16, `conv1_1` to `pool5`, from weights named `conv1_1.weight` and so on.
///
/// Layers by the lecture's names: `conv1_1`, `relu1_1`, ..., `pool1`, ... The weights are Caffe's: BGR
/// on 0..255, minus (103.939, 116.779, 123.68). The first layer takes care of that.
///
/// Source: Simonyan and Zisserman 2015, table 1, column D.
pub fn vgg16_trunk(mut weights: Weights) -> Result<Net> {
    let mean = [123.68 / 255.0, 116.779 / 255.0, 103.939 / 255.0];
    let normalize = Op::Normalize { mean, std: [1.0 / 255.0; 3], bgr: true };
    let mut net = Net::new("VGG-16 trunk").then("normalize", normalize)?;
    let mut channels = 3;
    for (block, (convs, out)) in (1..).zip(BLOCKS) {
        for conv in 1..=convs {
            let name = format!("conv{block}_{conv}");
            let weight = weights.take(&format!("{name}.weight"), &[out, channels, 3, 3])?;
            let bias = weights.take(&format!("{name}.bias"), &[out])?;
            let op = Op::Conv2d(Conv2d::new(weight, Some(bias)).padding(1));
            net = net.then(&name, op)?.then(&format!("relu{block}_{conv}"), Op::Relu)?;
            channels = out;
        }
        net = net.then(&format!("pool{block}"), Op::MaxPool2d(Pool::square(2)))?;
    }
    weights.finish()?;
    Ok(net)
}
