//! From a gradient to a step.

use super::adam::Adam;
use super::lbfgs::Lbfgs;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// How a gradient becomes a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// `rate * g / |g|`, each image by its own Euclidean norm (CS231n 2017, `class_visualization`).
    Normalised {
        /// Length of each step.
        rate: f64,
    },
    /// Adam (Kingma and Ba 2015) with momenta 0.9 and 0.999, epsilon 1e-8.
    Adam {
        /// Size of a step for each pixel.
        rate: f64,
    },
    /// L-BFGS with steps of a fixed length, one pass a step (Liu and Nocedal 1989; the style transfer
    /// of Gatys et al. 2016 uses it).
    ///
    /// The same steps as `torch.optim.LBFGS` without line search; but each image of a batch has its own
    /// curvature, and a step counts as far as it came: what `clip` and the like took back is not in it.
    Lbfgs {
        /// The share of the step to the bottom of the bowl it sees; 1 in PyTorch.
        rate: f64,
        /// How many steps it remembers, each two images of memory; 100 in PyTorch.
        history: usize,
    },
}

/// What a method remembers of the steps so far.
pub(super) enum Memory {
    Nothing,
    Adam(Adam),
    Lbfgs(Lbfgs),
}

impl Method {
    pub(super) fn memory(self, parameters: &Tensor) -> Result<Memory> {
        Ok(match self {
            Method::Normalised { .. } => Memory::Nothing,
            Method::Adam { .. } => Memory::Adam(Adam::new(parameters)?),
            Method::Lbfgs { history, .. } => Memory::Lbfgs(Lbfgs::new(history)),
        })
    }

    fn rate(self) -> f64 {
        let (Method::Normalised { rate } | Method::Adam { rate } | Method::Lbfgs { rate, .. }) =
            self;
        rate
    }

    /// The step from the parameters `x`, `[n, ...]`, by their gradient.
    pub(super) fn step(self, x: &Tensor, g: &Tensor, memory: &mut Memory) -> Result<Tensor> {
        let direction = match memory {
            Memory::Nothing => unit(g)?,
            Memory::Adam(adam) => adam.step(g)?,
            Memory::Lbfgs(lbfgs) => lbfgs.step(x, g)?,
        };
        Ok(direction * self.rate())
    }

    pub(super) fn check(self) -> Result<()> {
        if !(self.rate() > 0.0 && self.rate().is_finite()) {
            let advice = "negate the objective to go downhill";
            return Err(Error::argument("rate", "above 0", self.rate(), advice));
        }
        if let Method::Lbfgs { history: 0, .. } = self {
            return Err(Error::argument("history", "1 or more", 0, "PyTorch remembers 100"));
        }
        Ok(())
    }
}

/// `g / |g|` for each image.
fn unit(g: &Tensor) -> Result<Tensor> {
    let all: Vec<i64> = (1..g.dim() as i64).collect();
    let squares = g.f_square()?.f_sum_dim_intlist(all.as_slice(), true, Kind::Float)?;
    Ok(g.f_div(&squares.f_sqrt()?.f_clamp_min(1e-12)?)?)
}
