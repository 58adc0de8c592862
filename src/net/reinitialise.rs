//! The same network before its training.

use super::conv::channels_last;
use super::plan::folded;
use super::{Conv2d, Layer, LayerId, Net, Op};
use crate::chance::normal;
use crate::check::finite;
use crate::{Error, Result};
use std::rc::Rc;
use tch::Tensor;

impl Net {
    /// The names of the parts with weights, the lowest first: layers' names up to their first dot.
    ///
    /// ```
    /// let net = convlens::zoo::efficientnet_lite0()?;
    /// assert_eq!(net.parts()[..3], ["stem", "block0", "block1"]);
    /// assert_eq!(net.parts()[16..], ["block15", "head", "fc"]);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn parts(&self) -> Vec<String> {
        let weighty = self.layers.iter().filter(|l| has_weights(&l.op));
        let mut parts: Vec<String> = weighty.map(|l| part(&l.name).to_string()).collect();
        parts.dedup();
        parts
    }

    /// The network with the named layers or parts as before training; shares all others.
    ///
    /// Weights of convolutions and linear layers are drawn from a normal distribution of deviation
    /// √(2 / inputs of a unit) (He et al. 2015, section 2.2), biases are 0. A BatchNorm has scale 1,
    /// shift 0, and the mean and variance that come to it from `x`, `[n, 3, h, w]`, as in training: so
    /// nothing dies or explodes, whatever was drawn; one right after a new convolution is always new.
    /// (Adebayo et al. 2018 leave the trained network's running statistics, which no longer fit.) Each layer's numbers hang on `seed` and the layer alone.
    /// Cost: a pass of `x` as far as the last new BatchNorm, and the draws. Memory: all activations of `x`.
    /// Errors: an unknown name, a name without weights.
    pub fn reinitialised(&self, names: &[&str], x: &Tensor, seed: u64) -> Result<Net> {
        finite(x, "image")?;
        let chosen = self.chosen(names)?;
        self.check_input(x, &[self.layers.len() - 1])?;
        let measured =
            |id: &LayerId| chosen[*id] && matches!(self.layers[*id].op, Op::BatchNorm { .. });
        let last = (0..chosen.len()).rev().find(measured).unwrap_or(0);
        let mut net =
            Net { name: self.name.clone(), layers: vec![], classes: self.classes.clone() };
        let mut made = vec![channels_last(&x.detach())];
        for (id, layer) in self.layers.iter().enumerate() {
            let inputs: Vec<&Tensor> = layer.inputs.iter().filter_map(|&i| made.get(i)).collect();
            let new = match chosen[id] {
                true => redrawn(layer, &net.layers, inputs.first().copied(), [seed, id as u64])?,
                false => layer.clone(),
            };
            if (1..last).contains(&id) {
                made.push(new.op.apply(&inputs)?);
            }
            net.layers.push(new);
        }
        Ok(net)
    }

    /// Which layers with weights are named, or belong to a named part.
    fn chosen(&self, names: &[&str]) -> Result<Vec<bool>> {
        let mut chosen = vec![false; self.layers.len()];
        for name in names {
            let named = |l: &Layer| l.name == *name || part(&l.name) == *name;
            if !self.layers.iter().any(|l| named(l)) {
                self.id(name)?;
            }
            let found: Vec<LayerId> = (0..chosen.len())
                .filter(|&id| named(&self.layers[id]) && has_weights(&self.layers[id].op))
                .collect();
            if found.is_empty() {
                let advice = "`net.parts()` lists those that have some";
                return Err(Error::argument(
                    "layer",
                    "one with weights",
                    format!("`{name}`"),
                    advice,
                ));
            }
            found.iter().for_each(|&id| chosen[id] = true);
        }
        for (id, layer) in self.layers.iter().enumerate().filter(|(_, l)| l.folded.is_some()) {
            chosen[id] |= chosen[layer.inputs[0]];
        }
        Ok(chosen)
    }
}

fn part(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

fn has_weights(op: &Op) -> bool {
    matches!(op, Op::Conv2d(_) | Op::Linear { .. } | Op::BatchNorm { .. })
}

fn redrawn(
    old: &Layer,
    before: &[Rc<Layer>],
    x: Option<&Tensor>,
    seeds: [u64; 2],
) -> Result<Rc<Layer>> {
    let op = fresh(&old.op, x, seeds)?;
    let folded = folded(&before[old.inputs[0]].op, &op)?;
    Ok(Rc::new(Layer { name: old.name.clone(), op, inputs: old.inputs.clone(), folded }))
}

/// An operation with weights, as before training; a BatchNorm needs what comes into it.
fn fresh(op: &Op, x: Option<&Tensor>, seeds: [u64; 2]) -> Result<Op> {
    Ok(match (op, x) {
        (Op::Conv2d(conv), _) => {
            let bias = conv.bias.as_ref().map(Tensor::f_zeros_like).transpose()?;
            let weight = channels_last(&he(&conv.weight, seeds)?);
            Op::Conv2d(Conv2d { weight, bias, ..conv.share() })
        }
        (Op::Linear { weight, bias }, _) => {
            Op::Linear { weight: he(weight, seeds)?, bias: bias.f_zeros_like()? }
        }
        (Op::BatchNorm { scale, eps, .. }, Some(x)) => {
            let all: Vec<i64> = (0..x.dim() as i64).filter(|&d| d != 1).collect();
            let mean = x.f_mean_dim(all.as_slice(), false, x.kind())?;
            let var = x.f_var_dim(all.as_slice(), false, false)?;
            let (scale, shift) = (scale.f_ones_like()?, scale.f_zeros_like()?);
            Op::BatchNorm { scale, shift, mean, var, eps: *eps }
        }
        _ => return Err(Error::Torch("an operation without weights cannot be drawn".into())),
    })
}

/// Weights like `old`, with the deviation that keeps the size of what passes a ReLU.
fn he(old: &Tensor, seeds: [u64; 2]) -> Result<Tensor> {
    let size = old.size();
    let inputs: i64 = size[1..].iter().product();
    let drawn = normal(&seeds, &size)?.f_mul_scalar((2.0 / inputs as f64).sqrt())?;
    Ok(drawn.f_to_kind(old.kind())?.f_to_device(old.device())?)
}
