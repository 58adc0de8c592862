//! Half the bits, for speed.

use super::{Layer, Net, Op};
use crate::Result;
use std::rc::Rc;
use tch::{Kind, Tensor};

/// The precision in which convolutions and fully connected layers compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Precision {
    /// 32 bits, 24 of them for the digits: what every network here starts with.
    #[default]
    Float,
    /// 16 bits, 8 of them for the digits (bfloat16): about two decimal digits, and the range of `Float`.
    Bf16,
}

impl Net {
    /// The same network in another precision, from the same weights; an option for speed only.
    ///
    /// Images, the last layer, activations that are asked for, scores and gradients are `Float` in any
    /// case. `Bf16` rounds all other weights and activations to 8 binary digits. In EfficientNet-Lite0
    /// logits move by 2 to 5 %, and where two classes are as close as that the first may change;
    /// gradients move much more (their cosine with the exact ones is 0.77 to 0.89), so use it to read
    /// features and scores. It pays on processors that multiply bfloat16 (AVX512-BF16, AMX, newer ARM);
    /// on others it is slower. `Float` does not bring lost digits back. Memory: a copy of the weights,
    /// half as large.
    ///
    /// ```
    /// use convlens::net::{Conv2d, Net, Op, Precision};
    /// use tch::{Kind, Tensor};
    /// let weight = Tensor::from_slice(&[1f32, 0.0, 1.0 / 256.0]).view([1, 3, 1, 1]);
    /// let conv1 = Op::Conv2d(Conv2d::new(weight, None));
    /// let net = Net::new("tiny").then("conv1", conv1)?.then("relu1", Op::Relu)?;
    /// let x = Tensor::ones([1, 3, 1, 2], (Kind::Float, tch::Device::Cpu));
    /// assert_eq!(net.tap(&x, "relu1")?.double_value(&[0, 0, 0, 1]), 1.00390625);
    /// let half = net.precision(Precision::Bf16)?;
    /// assert_eq!(half.tap(&x, "relu1")?.double_value(&[0, 0, 0, 1]), 1.0); // the ninth digit is lost
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn precision(&self, precision: Precision) -> Result<Net> {
        let kind = match precision {
            Precision::Float => Kind::Float,
            Precision::Bf16 => Kind::BFloat16,
        };
        let last = self.layers.len() - 1;
        let kind_of = |id| if id == last { Kind::Float } else { kind };
        let layers = self.layers.iter().enumerate().map(|(id, layer)| in_kind(layer, kind_of(id)));
        let layers = layers.collect::<Result<Vec<_>>>()?;
        Ok(Net { name: self.name.clone(), layers, classes: self.classes.clone() })
    }
}

/// The layer with the weights it multiplies in another kind; one without weights is shared.
fn in_kind(layer: &Rc<Layer>, kind: Kind) -> Result<Rc<Layer>> {
    let same = |t: &Tensor| Ok(t.shallow_clone());
    with_weights(layer, &|t| Ok(t.f_to_kind(kind)?), &same)
}

/// The layer with other weights: what it multiplies, and BatchNorm's numbers.
pub(super) fn with_weights(layer: &Rc<Layer>, weights: Change, norms: Change) -> Result<Rc<Layer>> {
    let op = match &layer.op {
        Op::Conv2d(conv) => Op::Conv2d(conv.changed(weights)?),
        Op::Linear { weight, bias } => {
            Op::Linear { weight: weights(weight)?, bias: weights(bias)? }
        }
        Op::BatchNorm { scale, shift, mean, var, eps } => Op::BatchNorm {
            scale: norms(scale)?,
            shift: norms(shift)?,
            mean: norms(mean)?,
            var: norms(var)?,
            eps: *eps,
        },
        _ => return Ok(Rc::clone(layer)),
    };
    let folded = layer.folded.as_ref().map(|conv| conv.changed(weights)).transpose()?;
    Ok(Rc::new(Layer { name: layer.name.clone(), op, inputs: layer.inputs.clone(), folded }))
}

/// What becomes of a tensor of weights.
pub(super) type Change<'a> = &'a dyn Fn(&Tensor) -> Result<Tensor>;
