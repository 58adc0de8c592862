//! Whether a descent still gains anything, image by image.

use crate::Result;
use tch::{Kind, Tensor};

pub(super) struct Gains {
    before: Vec<f64>,
    going: Vec<bool>,
    /// Whether each image was fooled while it gained.
    pub(super) fooled: Vec<bool>,
}

impl Gains {
    pub(super) fn new(n: usize) -> Self {
        Gains { before: vec![f64::INFINITY; n], going: vec![true; n], fooled: vec![false; n] }
    }

    /// Ends the images whose loss, `[n]`, fell by less than 0.01 % since the last check.
    pub(super) fn check(&mut self, loss: &Tensor) -> Result<()> {
        let loss = Vec::<f64>::try_from(loss.f_to_kind(Kind::Double)?)?;
        for (going, (now, before)) in self.going.iter_mut().zip(loss.iter().zip(&self.before)) {
            *going &= *now <= 0.9999 * before;
        }
        self.before = loss;
        Ok(())
    }

    /// Whether no image gains any more.
    pub(super) fn over(&self) -> bool {
        !self.going.contains(&true)
    }

    /// The images among those fooled now that still count.
    pub(super) fn counted(&mut self, mut fooled: Vec<bool>) -> Vec<bool> {
        for (i, fooled) in fooled.iter_mut().enumerate() {
            *fooled &= self.going[i];
            self.fooled[i] |= *fooled;
        }
        fooled
    }
}
