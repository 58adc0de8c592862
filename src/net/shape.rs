//! Shapes by arithmetic, before anything runs.

use super::{Conv2d, LayerId, Net, Op, Pool};
use crate::{Error, Result};

impl Net {
    /// The output shape of every layer up to `last` for an input of shape `input`.
    ///
    /// An image too small for a layer, or of the wrong number of channels, is an error.
    pub(crate) fn shapes(&self, input: &[i64], last: LayerId) -> Result<Vec<Vec<i64>>> {
        let mut shapes: Vec<Vec<i64>> = vec![input.to_vec()];
        for layer in &self.layers[1..=last] {
            let inputs: Vec<&[i64]> = layer.inputs.iter().map(|&i| shapes[i].as_slice()).collect();
            let shape = layer.op.shape(&inputs).and_then(bounded).map_err(|expected| {
                let what = format!("input of {} ({input:?} into {})", layer.name, self.name);
                let advice = match expected.contains("at most") {
                    true => "give the network fewer or smaller images",
                    false => "give the network a larger image, RGB, [n, 3, h, w]",
                };
                Error::argument(what, expected, format!("{:?}", inputs[0]), advice)
            })?;
            shapes.push(shape);
        }
        Ok(shapes)
    }
}

impl Op {
    /// The output shape, or what was expected of the input.
    fn shape(&self, xs: &[&[i64]]) -> std::result::Result<Vec<i64>, String> {
        let x = xs[0];
        match self {
            Op::Normalize { .. } => four(x, Some(3)).map(<[i64]>::to_vec),
            Op::Conv2d(conv) => conv.shape(x),
            Op::BatchNorm { scale, .. } => four(x, Some(scale.size()[0])).map(<[i64]>::to_vec),
            Op::MaxPool2d(pool) | Op::AvgPool2d(pool) => pool.shape(x),
            Op::AdaptiveAvgPool2d { out } => {
                four(x, None).map(|x| vec![x[0], x[1], out[0], out[1]])
            }
            Op::Linear { weight, .. } => linear(x, &weight.size()),
            Op::Flatten => Ok(vec![x[0], x[1..].iter().copied().fold(1, i64::saturating_mul)]),
            Op::Add if xs.iter().any(|y| *y != x) => Err(format!("{} equal shapes", xs.len())),
            Op::Concat => concat(xs),
            _ => Ok(x.to_vec()),
        }
    }
}

/// The values of one layer's output, 8 GB.
const MOST_VALUES: i64 = 1 << 31;

fn bounded(shape: Vec<i64>) -> std::result::Result<Vec<i64>, String> {
    match shape.iter().copied().fold(1, i64::saturating_mul) <= MOST_VALUES {
        true => Ok(shape),
        false => Err(format!("what leads to an output of at most {MOST_VALUES} values")),
    }
}

fn four(x: &[i64], channels: Option<i64>) -> std::result::Result<&[i64], String> {
    match (x, channels) {
        ([_, c, _, _], Some(wanted)) if *c != wanted => Err(format!("{wanted} channels")),
        ([_, _, _, _], _) => Ok(x),
        _ => Err("shape [n, c, h, w]".into()),
    }
}

impl Conv2d {
    fn shape(&self, x: &[i64]) -> std::result::Result<Vec<i64>, String> {
        let weight = self.weight.size();
        let x = four(x, Some(weight[1] * self.groups))?;
        let extent = self.extent();
        let side = |d: usize| {
            let room = x[2 + d] + self.before[d] + self.after[d] - extent[d];
            windows(room, self.stride[d], false, extent[d])
        };
        Ok(vec![x[0], weight[0], side(0)?, side(1)?])
    }
}

impl Pool {
    fn shape(&self, x: &[i64]) -> std::result::Result<Vec<i64>, String> {
        let x = four(x, None)?;
        let side = |d: usize| {
            let room = x[2 + d] + 2 * self.padding[d] - self.size[d];
            let count = windows(room, self.stride[d], self.ceil, self.size[d])?;
            let last_starts_outside = (count - 1) * self.stride[d] >= x[2 + d] + self.padding[d];
            Ok::<i64, String>(if self.ceil && last_starts_outside { count - 1 } else { count })
        };
        Ok(vec![x[0], x[1], side(0)?, side(1)?])
    }
}

fn windows(room: i64, stride: i64, ceil: bool, size: i64) -> std::result::Result<i64, String> {
    if room < 0 && !(ceil && room + stride > 0) {
        return Err(format!("room for a window of {size} pixels"));
    }
    let extra = if ceil { stride - 1 } else { 0 };
    Ok((room + extra).div_euclid(stride) + 1)
}

fn linear(x: &[i64], weight: &[i64]) -> std::result::Result<Vec<i64>, String> {
    match x {
        [n, features] if *features == weight[1] => Ok(vec![*n, weight[0]]),
        _ => Err(format!("shape [n, {}]", weight[1])),
    }
}

fn concat(xs: &[&[i64]]) -> std::result::Result<Vec<i64>, String> {
    let first = four(xs[0], None)?;
    let channels =
        xs.iter().map(|x| four(x, None).map(|x| x[1])).sum::<std::result::Result<i64, _>>()?;
    if xs.iter().any(|x| x[2..] != first[2..]) {
        return Err("inputs of equal height and width".into());
    }
    Ok(vec![first[0], channels, first[2], first[3]])
}
