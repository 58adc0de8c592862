//! The one line that separates three papers.

use super::Op;
use crate::Result;
use tch::Tensor;

/// What a ReLU passes backwards to its input `x` of the signal `g` that arrives at its output.
///
/// | rule | passes on | paper |
/// |---|---|---|
/// | `Gradient` | `g` where `x > 0` | Simonyan et al. 2014, section 3 |
/// | `Deconvnet` | `g` where `g > 0` | Zeiler and Fergus 2014, section 2.1 |
/// | `Guided` | `g` where both | Springenberg et al. 2015, section 3.4 |
/// | `Redirected` | the gradient; where that is 0 all over, `g` that would light a unit | lucid |
///
/// A ReLU6 is dark above 6 as well as below 0. `Redirected` decides for each image; it wakes a climb
/// that starts where every unit of a layer is dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReluRule {
    /// The derivative.
    Gradient,
    /// Ignores what the unit saw on the way up.
    Deconvnet,
    /// Needs a lit unit and a positive signal.
    Guided,
    /// The derivative, except in a layer that would pass on nothing.
    Redirected,
}

impl ReluRule {
    pub(crate) fn backward(self, relu: &Op, x: &Tensor, g: &Tensor) -> Result<Tensor> {
        Ok(match self {
            ReluRule::Gradient => derivative(relu, x, g)?,
            ReluRule::Deconvnet => g.f_relu()?,
            ReluRule::Guided => derivative(relu, x, g)?.f_relu_()?,
            ReluRule::Redirected => redirected(&derivative(relu, x, g)?, x, g)?,
        })
    }
}

/// `g` where the unit answers to a change of its input, else 0.
fn derivative(relu: &Op, x: &Tensor, g: &Tensor) -> Result<Tensor> {
    Ok(match relu {
        Op::Relu6 => x.f_hardtanh_backward(g, 0.0, 6.0)?,
        _ => x.f_threshold_backward(g, 0.0)?,
    })
}

/// `passed`, or for an image of which it is all 0 the part of `g` that moves units towards 0..6.
fn redirected(passed: &Tensor, x: &Tensor, g: &Tensor) -> Result<Tensor> {
    let rest: Vec<i64> = (1..x.dim() as i64).collect();
    let alive = passed.f_abs()?.f_amax(rest.as_slice(), true)?.f_gt(0.0)?;
    let lights = g.f_mul(&(x.f_neg()? + 3.0))?.f_gt(0.0)?;
    Ok(passed.f_where_self(&alive, &g.f_mul(&lights)?)?)
}
