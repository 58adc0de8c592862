//! Adam: a step by the gradient's mean, over its root mean square.

use crate::Result;
use tch::Tensor;

/// The momenta of Adam, one number for each that moves (Kingma and Ba 2015, algorithm 1).
#[derive(Debug)]
pub(crate) struct Adam {
    mean: Tensor,
    square: Tensor,
    taken: i32,
}

impl Adam {
    pub(crate) fn new(like: &Tensor) -> Result<Self> {
        Ok(Adam { mean: like.f_zeros_like()?, square: like.f_zeros_like()?, taken: 0 })
    }

    /// The step up the gradient `g` at rate 1; momenta 0.9 and 0.999, epsilon 1e-8.
    pub(crate) fn step(&mut self, g: &Tensor) -> Result<Tensor> {
        self.taken += 1;
        self.mean = &self.mean * 0.9 + g * 0.1;
        self.square = &self.square * 0.999 + g.f_square()? * 0.001;
        let mean = &self.mean / (1.0 - 0.9f64.powi(self.taken));
        let spread = (&self.square / (1.0 - 0.999f64.powi(self.taken))).f_sqrt()? + 1e-8;
        Ok(mean.f_div(&spread)?)
    }
}
