//! The best pictures of several runs.

use super::Goal;
use super::task::Task;
use super::victim::likeliest;
use crate::Result;
use tch::{Kind, Tensor};

/// The best picture of each image so far.
pub(super) struct Found {
    pub(super) images: Tensor,
    losses: Vec<f64>,
    fooled: Vec<bool>,
}

impl Found {
    pub(super) fn new(task: &Task) -> Self {
        let n = task.count() as usize;
        let losses = vec![f64::NEG_INFINITY; n];
        Found { images: task.images.shallow_clone(), losses, fooled: vec![false; n] }
    }

    /// The images not fooled yet.
    pub(super) fn open(&self) -> Vec<i64> {
        (0i64..).zip(&self.fooled).filter(|(_, fooled)| !**fooled).map(|(i, _)| i).collect()
    }

    pub(super) fn some(&self, x: &Tensor, images: &[i64]) -> Result<Tensor> {
        Ok(x.f_index_select(0, &Tensor::f_from_slice(images)?.f_to_device(x.device())?)?)
    }

    /// Keeps what is better than before for the images `open`.
    pub(super) fn keep(
        &mut self,
        open: &[i64],
        made: &Tensor,
        goal: &Goal,
        logits: &Tensor,
    ) -> Result<()> {
        let reached = goal.reached(&likeliest(logits)?);
        let losses = Vec::<f64>::try_from(goal.loss(logits)?.f_to_kind(Kind::Double)?)?;
        let (mut from, mut to) = (vec![], vec![]);
        for (i, &image) in open.iter().enumerate() {
            let at = image as usize;
            if reached[i] || losses[i] > self.losses[at] {
                (self.fooled[at], self.losses[at]) = (reached[i], losses[i]);
                from.push(i as i64);
                to.push(image);
            }
        }
        let to = Tensor::f_from_slice(&to)?.f_to_device(made.device())?;
        self.images = self.images.f_index_copy(0, &to, &self.some(made, &from)?)?;
        Ok(())
    }
}
