//! From a gradient to a step.

use super::adam::Adam;
use super::lbfgs::Lbfgs;
use crate::check::within;
use crate::{Error, Result};
use tch::Tensor;

/// How a gradient becomes a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// `rate * g / |g|`, each image by its own Euclidean norm (CS231n 2017, `class_visualization`).
    Normalised {
        /// Length of each step.
        rate: f64,
    },
    /// `rate * g / mean|g|`, each image by its own mean (google/deepdream).
    MeanNormalised {
        /// How far a pixel moves on average.
        rate: f64,
    },
    /// Plain gradient ascent, `rate * v` with `v = momentum * v + g` (`torch.optim.SGD`).
    Momentum {
        /// How far to go for a slope of 1.
        rate: f64,
        /// The share of the last step that goes on; 0 for none.
        momentum: f64,
    },
    /// Adam (Kingma and Ba 2015) with momenta 0.9 and 0.999, epsilon 1e-8.
    Adam {
        /// Size of a step for each pixel.
        rate: f64,
    },
    /// L-BFGS, one pass a step (Liu and Nocedal 1989; the style transfer of Gatys et al. 2016 uses it).
    ///
    /// The steps of `torch.optim.LBFGS` without line search, but for three things. Each image of a batch
    /// has its own curvature. A step counts as far as it came: what `clip` and the like took back is not
    /// in it. And where PyTorch's would creep or fly off: a step that made the score worse is shortened
    /// (unless `jitter` or `warp` drew another look), and while no curvature is found steps double.
    Lbfgs {
        /// The share of the step to the bottom of the bowl it sees; 1 in PyTorch.
        rate: f64,
        /// How many steps it remembers, up to 10 000, each two images of memory; 100 in PyTorch.
        history: usize,
    },
}

/// What a method remembers of the steps so far.
pub(super) enum Memory {
    Nothing,
    Speed(Tensor),
    Adam(Adam),
    Lbfgs(Lbfgs),
}

impl Method {
    pub(super) fn memory(self, parameters: &Tensor) -> Result<Memory> {
        Ok(match self {
            Method::Normalised { .. } | Method::MeanNormalised { .. } => Memory::Nothing,
            Method::Momentum { .. } => Memory::Speed(parameters.f_zeros_like()?),
            Method::Adam { .. } => Memory::Adam(Adam::new(parameters)?),
            Method::Lbfgs { history, .. } => Memory::Lbfgs(Lbfgs::new(history)),
        })
    }

    fn rate(self) -> f64 {
        match self {
            Method::Normalised { rate } | Method::MeanNormalised { rate } => rate,
            Method::Momentum { rate, .. } | Method::Adam { rate } => rate,
            Method::Lbfgs { rate, .. } => rate,
        }
    }

    /// The step from the parameters `x`, `[n, ...]`, by their score, `[n]`, and its gradient.
    pub(super) fn step(
        self,
        x: &Tensor,
        g: &Tensor,
        score: &Tensor,
        memory: &mut Memory,
    ) -> Result<Tensor> {
        let direction = match (memory, self) {
            (Memory::Speed(speed), Method::Momentum { momentum, .. }) => {
                *speed = (&*speed * momentum).f_add(g)?;
                speed.shallow_clone()
            }
            (Memory::Adam(adam), _) => adam.step(g)?,
            (Memory::Lbfgs(lbfgs), _) => return lbfgs.step(x, g, score, self.rate()),
            (_, Method::MeanNormalised { .. }) => over_mean(g)?,
            _ => unit(g)?,
        };
        Ok(direction * self.rate())
    }

    pub(super) fn check(self) -> Result<()> {
        if !(self.rate() > 0.0 && self.rate().is_finite()) {
            let advice = "negate the objective to go downhill";
            return Err(Error::argument("rate", "above 0", self.rate(), advice));
        }
        if let Method::Momentum { momentum, .. } = self
            && !(0.0..1.0).contains(&momentum)
        {
            return Err(Error::argument("momentum", "0 to below 1", momentum, "0.9 is usual"));
        }
        match self {
            Method::Lbfgs { history, .. } => {
                within("history", history, 1..=10_000, "PyTorch remembers 100")
            }
            _ => Ok(()),
        }
    }
}

/// `g / |g|` for each image.
fn unit(g: &Tensor) -> Result<Tensor> {
    let squares = g.f_square()?.f_sum_dim_intlist(all_but_first(g).as_slice(), true, g.kind())?;
    Ok(g.f_div(&squares.f_sqrt()?.f_clamp_min(1e-12)?)?)
}

/// `g / mean|g|` for each image.
fn over_mean(g: &Tensor) -> Result<Tensor> {
    let mean = g.f_abs()?.f_mean_dim(all_but_first(g).as_slice(), true, g.kind())?;
    Ok(g.f_div(&mean.f_clamp_min(1e-30)?)?)
}

fn all_but_first(g: &Tensor) -> Vec<i64> {
    (1..g.dim() as i64).collect()
}
