//! Half the bits, for speed; twice the bits, to know what rounding does.

use super::plan::folded;
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
    /// 64 bits, 53 of them for the digits: what `Float` is measured against.
    Double,
}

impl Net {
    /// The same network in another precision, from the same weights.
    ///
    /// `Double` is a reference: it takes images of kind `Double` and returns activations, scores and
    /// gradients of that kind, 9 decimal digits more exact than `Float`, at two to four times the cost.
    /// What `Float` differs from it by is rounding, which hangs on the processor and on how many threads
    /// share a sum.
    ///
    /// `Bf16` is for speed: images, the last layer, activations that are asked for, scores and gradients
    /// stay `Float`, all other weights and activations have 8 binary digits. In EfficientNet-Lite0
    /// logits move by 2 to 5 %, and where two classes are as close as that the first may change;
    /// gradients move much more (their cosine with the exact ones is 0.77 to 0.89), so use it to read
    /// features and scores. It pays on processors that multiply bfloat16 (AVX512-BF16, AMX, newer ARM);
    /// on others it is slower. `Float` does not bring lost digits back. Memory: a copy of the weights,
    /// half or twice as large.
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
    /// let double = net.precision(Precision::Double)?;
    /// let x = Tensor::full([1, 3, 1, 2], 1e-12, (Kind::Double, tch::Device::Cpu)) + 1.0;
    /// let y = double.tap(&x, "relu1")?.double_value(&[0, 0, 0, 1]);
    /// assert!((y - 1.00390625 * (1.0 + 1e-12)).abs() < 1e-15); // `Float` would lose the 1e-12
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn precision(&self, precision: Precision) -> Result<Net> {
        let kind = match precision {
            Precision::Float => Kind::Float,
            Precision::Bf16 => Kind::BFloat16,
            Precision::Double => Kind::Double,
        };
        let last = self.layers.len() - 1;
        let mut layers: Vec<Rc<Layer>> = vec![];
        for (id, layer) in self.layers.iter().enumerate() {
            let products = if id == last { least_float(kind) } else { kind };
            let mut layer = in_kinds(layer, products, least_float(kind))?;
            if kind == Kind::Double {
                fold_again(&mut layer, &layers)?;
            }
            layers.push(layer);
        }
        Ok(Net { name: self.name.clone(), layers, classes: self.classes.clone() })
    }

    /// The kind of the images that this network takes and of what it returns; none without weights.
    pub(super) fn kind(&self) -> Option<Kind> {
        self.layers.iter().find_map(|layer| match &layer.op {
            Op::Conv2d(conv) => Some(least_float(conv.weight.kind())),
            Op::Linear { weight, .. } => Some(least_float(weight.kind())),
            Op::BatchNorm { scale, .. } => Some(least_float(scale.kind())),
            _ => None,
        })
    }
}

/// The layer with the weights it multiplies in one kind and BatchNorm's numbers in another; one without
/// weights is shared.
fn in_kinds(layer: &Rc<Layer>, products: Kind, norms: Kind) -> Result<Rc<Layer>> {
    let to = |kind| move |t: &Tensor| Ok(t.f_to_kind(kind)?);
    with_weights(layer, &to(products), &to(norms))
}

/// Folds a BatchNorm into the convolution before it once more: the product in `Float` was rounded.
fn fold_again(layer: &mut Rc<Layer>, before: &[Rc<Layer>]) -> Result<()> {
    if let Some(own) = Rc::get_mut(layer).filter(|own| own.folded.is_some()) {
        own.folded = folded(&before[own.inputs[0]].op, &own.op)?;
    }
    Ok(())
}

/// What leaves the network: never less exact than `Float`.
pub(super) fn at_least_float(x: &Tensor) -> Result<Tensor> {
    Ok(x.f_to_kind(least_float(x.kind()))?)
}

/// `Float` for half the bits, else the kind itself.
pub(super) fn least_float(kind: Kind) -> Kind {
    match kind {
        Kind::BFloat16 => Kind::Float,
        kind => kind,
    }
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
