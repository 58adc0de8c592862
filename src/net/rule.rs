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
///
/// A ReLU6 is dark above 6 as well as below 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReluRule {
    /// The derivative.
    Gradient,
    /// Ignores what the unit saw on the way up.
    Deconvnet,
    /// Needs a lit unit and a positive signal.
    Guided,
}

impl ReluRule {
    pub(crate) fn backward(self, relu: &Op, x: &Tensor, g: &Tensor) -> Result<Tensor> {
        Ok(match self {
            ReluRule::Gradient => derivative(relu, x, g)?,
            ReluRule::Deconvnet => g.f_relu()?,
            ReluRule::Guided => derivative(relu, x, g)?.f_relu_()?,
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
