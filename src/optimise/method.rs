//! From a gradient to a step.

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
}

impl Method {
    /// The step for the gradient `g` of the parameters, `[n, ...]`; `step` counts from 0.
    pub(super) fn step(self, g: &Tensor, momenta: &mut [Tensor; 2], step: usize) -> Result<Tensor> {
        match self {
            Method::Normalised { rate } => {
                let all: Vec<i64> = (1..g.dim() as i64).collect();
                let squares = g.f_square()?.f_sum_dim_intlist(all.as_slice(), true, Kind::Float)?;
                Ok((g * rate).f_div(&squares.f_sqrt()?.f_clamp_min(1e-12)?)?)
            }
            Method::Adam { rate } => {
                let [mean, square] = momenta;
                *mean = &*mean * 0.9 + g * 0.1;
                *square = &*square * 0.999 + g.f_square()? * 0.001;
                let power = (step + 1) as i32;
                let mean = &*mean / (1.0 - 0.9f64.powi(power));
                let spread = (&*square / (1.0 - 0.999f64.powi(power))).f_sqrt()? + 1e-8;
                Ok(mean.f_div(&spread)? * rate)
            }
        }
    }

    pub(super) fn check(self) -> Result<()> {
        let (Method::Normalised { rate } | Method::Adam { rate }) = self;
        if rate > 0.0 && rate.is_finite() {
            return Ok(());
        }
        let advice = "negate the objective to go downhill";
        Err(Error::argument("rate", "above 0", rate, advice))
    }
}
