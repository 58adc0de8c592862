//! VGG: blocks of 3 x 3 convolutions, a pool after each.

use super::Weights;
use super::parts::{fully_connected, imagenet_net};
use crate::Result;
use crate::net::{Net, Op, Pool};

/// Convolutions in each of the five blocks: columns A, B, D and E of the paper's table.
const COLUMNS: [(usize, [usize; 5]); 4] =
    [(11, [1, 1, 2, 2, 2]), (13, [2; 5]), (16, [2, 2, 3, 3, 3]), (19, [2, 2, 4, 4, 4])];

/// Channels of the blocks.
const CHANNELS: [i64; 5] = [64, 128, 256, 512, 512];

/// Build VGG-11, 13, 16 or 19, a column of the table, from torchvision's weights; `norm` for the form
/// with BatchNorm.
///
/// Layers by the lecture's names: `conv1_1`, (`bn1_1`,) `relu1_1`, ..., `pool5`, `avgpool`, `flatten`,
/// `fc6`, `relu6`, `fc7`, `relu7`, `fc8`. torchvision counts them instead: `features.0`, ...
///
/// Source: Simonyan and Zisserman 2015, table 1.
pub fn vgg(mut weights: Weights, column: usize, norm: bool) -> Result<Net> {
    let (w, (depth, convs)) = (&mut weights, COLUMNS[column]);
    let net = imagenet_net(&format!("VGG-{depth}{}", if norm { " with BatchNorm" } else { "" }))?;
    let net = trunk(net, w, &convs, norm)?;
    let keys = ["classifier.0", "classifier.3", "classifier.6"];
    let net = fully_connected(net, w, keys, [512, 7, 7])?;
    weights.finish()?;
    Ok(net.with_classes(super::imagenet_classes()))
}

/// The trunk of any VGG, `conv1_1` to its last pool, from torchvision's weights named `features.0.weight`
/// and so on, whatever its depth and with BatchNorm or without.
///
/// Weights under `classifier.` are left out, so that a whole VGG's file serves too.
///
/// ```
/// use convlens::prelude::*;
/// use convlens::zoo::{Weights, vgg_trunk};
/// let ones = |shape: &[i64]| Tensor::ones(shape, (Kind::Float, Device::Cpu));
/// let weights = Weights::from_tensors(vec![
///     ("features.0.weight".to_string(), ones(&[64, 3, 3, 3])),
///     ("features.0.bias".to_string(), ones(&[64])),
/// ]);
/// let net = vgg_trunk(weights)?;
/// assert_eq!(net.names(), ["input", "normalize", "conv1_1", "relu1_1", "pool1"]);
/// # Ok::<(), convlens::Error>(())
/// ```
///
/// # Errors
/// Weights of another architecture, by the first tensor that differs.
pub fn vgg_trunk(mut weights: Weights) -> Result<Net> {
    weights.leave_out("classifier.");
    let norm = weights.shape("features.1.weight").is_some();
    let convs = blocks(&weights, if norm { 3 } else { 2 });
    let net = trunk(imagenet_net("VGG trunk")?, &mut weights, &convs, norm)?;
    weights.finish()?;
    Ok(net)
}

/// Convolutions in each block, `step` places apart; a pool makes it one place more.
fn blocks(weights: &Weights, step: usize) -> Vec<usize> {
    let is_conv = |place| weights.shape(&format!("features.{place}.weight")).is_some();
    let (mut convs, mut place) = (vec![1], step);
    loop {
        if is_conv(place) {
            let block = convs.len() - 1;
            convs[block] += 1;
        } else if is_conv(place + 1) {
            convs.push(1);
            place += 1;
        } else {
            return convs;
        }
        place += step;
    }
}

/// Build VGG-16 without its classifier, `conv1_1` to `pool5`, from torchvision's weights; a whole VGG-16's
/// file serves too.
pub fn vgg16_features(mut weights: Weights) -> Result<Net> {
    weights.leave_out("classifier.");
    let net = imagenet_net("VGG-16 features")?;
    let net = trunk(net, &mut weights, &COLUMNS[2].1, false)?;
    weights.finish()?;
    Ok(net)
}

fn trunk(mut net: Net, w: &mut Weights, convs: &[usize], norm: bool) -> Result<Net> {
    let key = |place| format!("features.{place}");
    let (mut place, mut channels) = (0, 3);
    for (block, (&convs, out)) in (1..).zip(convs.iter().zip(CHANNELS)) {
        for conv in (1..=convs).map(|i| format!("{block}_{i}")) {
            let name = format!("conv{conv}");
            let op = w.conv_with_bias(&key(place), [out, channels, 3])?.padding(1);
            net = net.then(&name, Op::Conv2d(op))?;
            if norm {
                let name = format!("bn{conv}");
                place += 1;
                net = net.then(&name, w.batch_norm(&key(place), out, 1e-5)?)?;
            }
            net = net.then(&format!("relu{conv}"), Op::Relu)?;
            (place, channels) = (place + 2, out);
        }
        net = net.then(&format!("pool{block}"), Op::MaxPool2d(Pool::square(2)))?;
        place += 1;
    }
    Ok(net)
}
