//! A defence on trial: three shares of right answers.

use super::{Adaptive, Defence};
use crate::Result;
use crate::adversarial::Goal;
use crate::net::Net;
use crate::train::{Labelled, share_right};
use tch::Tensor;

/// So many draws of a random defence are asked.
const DRAWS: u64 = 5;

/// The share of right answers of a network behind a defence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// On pictures as they are.
    pub clean: f64,
    /// On pictures made against the network alone.
    pub oblivious: f64,
    /// On pictures made against network and defence together.
    pub adaptive: f64,
}

impl Trial {
    /// The three shares in their order, as a row for [`show::table`](crate::show::table).
    pub fn row(&self) -> Vec<f64> {
        vec![self.clean, self.oblivious, self.adaptive]
    }
}

impl Defence {
    /// The defence against nobody, against pictures made without it, and against `attack` on both.
    ///
    /// `oblivious`, `[n, 3, h, w]`, are the pictures that some attack on the bare network made of those
    /// `asked`. Random defences answer five times, with draws that the attack has not seen. Cost: one
    /// attack and three passes, or fifteen. Errors: another number of pictures; those of
    /// [`Adaptive::run`].
    pub fn trial(
        &self,
        net: &Net,
        asked: &Labelled,
        oblivious: &Tensor,
        attack: &Adaptive,
    ) -> Result<Trial> {
        let goal = Goal::Away(asked.classes()?);
        let adaptive = attack.run(net, self, &asked.images, &goal)?.images;
        let right = |images: &Tensor| self.accuracy(net, images, &asked.labels);
        Ok(Trial {
            clean: right(&asked.images)?,
            oblivious: right(oblivious)?,
            adaptive: right(&adaptive)?,
        })
    }

    /// The share of `images`, `[n, 3, h, w]`, that a network behind the defence takes for their `labels`,
    /// `[n]` whole numbers; the mean of five draws where there is chance.
    pub fn accuracy(&self, net: &Net, images: &Tensor, labels: &Tensor) -> Result<f64> {
        let draws = if self.is_random() { DRAWS } else { 1 };
        let one = |seed| share_right(&self.logits(net, images, seed)?, labels);
        let all = (0..draws).map(one).collect::<Result<Vec<_>>>()?;
        Ok(all.iter().sum::<f64>() / draws as f64)
    }
}
