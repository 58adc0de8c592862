//! What a distance is divided by: the reason why weights do not carry over between codes.

use crate::Result;
use tch::{Kind, Tensor};

/// What each distance is divided by before it is weighted.
///
/// With `F` the units of a layer of `c` channels at `m` positions and `G = F Fᵀ / (c m)`
/// ([`gram_matrix`](crate::gram_matrix)), sums over all entries, `x` the image in 0..1:
///
/// | measure | content | style | roughness |
/// |---|---|---|---|
/// | `Relative` | 1000 sum (dF)² / sum F² | 1000 sum (dG)² / sum G² | 1000 mean (dx)² |
/// | `Gatys` | mean (dF / a)² | sum (dG / a²)² | sum (dx)² |
/// | `Cs231n` | sum (dF)² | sum (dG)² | sum (dx / 0.226)² |
/// | `Johnson` | mean (dF)² | mean (dG)² | sum (255 dx)² / 2 |
///
/// `F` and `G` below a fraction bar are the targets; `a` is the mean activation of the target's layer,
/// which Gatys et al. have scaled to 1 in their network (section 2). The others take the network as it is,
/// so their weights are for one range of activations: SqueezeNet of torchvision, VGG on 0..255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Per mille of the target's own size: the same for every layer, network and image size.
    Relative,
    /// leongatys/PytorchNeuralStyleTransfer.
    Gatys,
    /// CS231n, assignment 3.
    Cs231n,
    /// jcjohnson/neural-style.
    Johnson,
}

impl Measure {
    /// The standard deviation of ImageNet's colours, by which CS231n divides pixels.
    pub(super) const DEVIATION: f64 = 0.226;

    /// What the squared distance of units from `target` is multiplied by.
    pub(super) fn content(self, target: &Tensor) -> Result<f64> {
        Ok(match self {
            Measure::Relative => 1e3 / energy(target)?,
            Measure::Gatys => 1.0 / (mean(target)?.powi(2) * target.numel() as f64),
            Measure::Cs231n => 1.0,
            Measure::Johnson => 1.0 / target.numel() as f64,
        })
    }

    /// What the squared distance of Gram matrices from `target` is multiplied by; `layer` is the layer
    /// that the target is of.
    pub(super) fn style(self, target: &Tensor, layer: &Tensor) -> Result<f64> {
        Ok(match self {
            Measure::Relative => 1e3 / energy(target)?,
            Measure::Gatys => 1.0 / mean(layer)?.powi(4),
            Measure::Cs231n => 1.0,
            Measure::Johnson => 1.0 / target.numel() as f64,
        })
    }

    /// What the image's total variation is multiplied by.
    pub(super) fn roughness(self, image: &Tensor) -> f64 {
        match self {
            Measure::Relative => 1e3 / image.numel() as f64,
            Measure::Gatys => 1.0,
            Measure::Cs231n => 1.0 / Self::DEVIATION.powi(2),
            Measure::Johnson => 255.0f64.powi(2) / 2.0,
        }
    }
}

/// The sum of squares; a target without any counts as tiny.
fn energy(x: &Tensor) -> Result<f64> {
    Ok(x.f_square()?.f_sum(Kind::Double)?.f_double_value(&[])?.max(f64::MIN_POSITIVE.sqrt()))
}

fn mean(x: &Tensor) -> Result<f64> {
    Ok(x.f_abs()?.f_mean(Kind::Double)?.f_double_value(&[])?.max(1e-12))
}
