//! One perturbation for all images.

use super::ball::absolute_sum;
use super::task::Task;
use super::{Attacked, Goal, Norm, Victim, predicted};
use crate::chance::uniform;
use crate::check::finite;
use crate::net::Net;
use crate::pixels::finite_rgb;
use crate::show::progress;
use crate::{Error, Result};
use tch::Tensor;

/// A single change that, added to most images, changes what the network says of them.
///
/// Stochastic gradient ascent on one change shared by all images: after every batch a step along the
/// sign (the direction, for [`Norm::L2`]) of the mean of its images' gradients, each divided by its L1
/// norm so that none dominates, and back to at most `epsilon`.
///
/// Source: the problem is that of Moosavi-Dezfooli et al. 2017, "Universal adversarial
/// perturbations", who run DeepFool on one image after the other; the method is the far cheaper one of
/// Shafahi et al. 2020, "Universal adversarial training", algorithm 1 (which clips the loss instead).
#[derive(Clone, Debug, PartialEq)]
pub struct Universal {
    /// The most the change may be, in `norm`.
    pub epsilon: f64,
    /// How that is measured.
    pub norm: Norm,
    /// How often to go through all images. From 1 to 100 000.
    pub epochs: usize,
    /// Images in a batch. From 1 to 100 000.
    pub batch: usize,
    /// The length of a step as a share of `epsilon`.
    pub step: f64,
    /// The same seed gives the same order of the images.
    pub seed: u64,
}

impl Default for Universal {
    /// Within 10 / 255 in the largest change, as in the paper of 2017; 10 epochs with steps of 0.1.
    fn default() -> Self {
        let (epsilon, norm) = (10.0 / 255.0, Norm::Linf);
        Universal { epsilon, norm, epochs: 10, batch: 8, step: 0.1, seed: 0 }
    }
}

/// A change for images of one size.
#[derive(Debug)]
pub struct Perturbation {
    /// What to add, `[1, 3, h, w]`.
    pub change: Tensor,
}

impl Universal {
    /// Finds a change away from what the network says of the images `x`, `[n, 3, h, w]` in 0..1.
    ///
    /// Cost: `epochs` passes forward and back over all images. Memory: the activations of a batch.
    /// Stop keeps the change so far. Errors: epsilon below 0, images outside 0..1, no epochs or batch.
    pub fn run(&self, net: &Net, x: &Tensor) -> Result<Perturbation> {
        self.check()?;
        let task = Task::leaving(net, x)?;
        let mut change = task.images.f_narrow(0, 0, 1)?.f_zeros_like()?;
        let batches = self.batches(task.count())?;
        for (draw, some) in (0u64..).zip(progress("one change for all", batches)) {
            let at = Tensor::f_from_slice(&some)?.f_to_device(x.device())?;
            let images = task.images.f_index_select(0, &at)?.f_add(&change)?.f_clamp(0.0, 1.0)?;
            let g = net.slope(&images, &task.goal.of(&some), draw)?;
            let each = g.f_div(&absolute_sum(&g)?.f_clamp_min(1e-12)?)?;
            let mean = each.f_mean_dim([0i64].as_slice(), true, each.kind())?;
            let step = self.norm.steepest(&mean)? * (self.step * self.epsilon);
            change = self.norm.within(&change.f_add(&step)?, self.epsilon)?;
        }
        Ok(Perturbation { change })
    }

    /// The images in a new order in each epoch, cut into batches.
    fn batches(&self, images: i64) -> Result<Vec<Vec<i64>>> {
        let mut all = vec![];
        for epoch in 0..self.epochs as u64 {
            let order = uniform(&[self.seed, epoch], &[images])?.f_argsort(0, false)?;
            let order = Vec::<i64>::try_from(order)?;
            all.extend(order.chunks(self.batch).map(<[i64]>::to_vec));
        }
        Ok(all)
    }

    fn check(&self) -> Result<()> {
        if !(self.epsilon >= 0.0 && self.epsilon.is_finite()) {
            let advice = "try 10.0 / 255.0";
            return Err(Error::argument("epsilon", "0 or more", self.epsilon, advice));
        }
        let counts = [self.epochs, self.batch].iter().all(|n| (1..=100_000).contains(n));
        if counts && self.step > 0.0 && self.step.is_finite() {
            return Ok(());
        }
        let got = format!("{self:?}");
        let expected = "1 to 100000 epochs and images in a batch, a step above 0";
        Err(Error::argument("universal perturbation", expected, got, "see `Universal::default`"))
    }
}

impl Perturbation {
    /// The images `x`, `[n, 3, h, w]`, with the change, kept in 0..1, and what the network says.
    ///
    /// The share of images of which it says something else is [`Attacked::success`]: the fooling rate.
    /// Errors: images of another size.
    pub fn on(&self, net: &Net, x: &Tensor) -> Result<Attacked> {
        finite_rgb(x, "image")?;
        finite(&self.change, "change")?;
        if x.size()[1..] != self.change.size()[1..] {
            let [ours, got] = [&self.change, x].map(|x| format!("{:?}", &x.size()[1..]));
            let advice = "resize them, or find a change for this size";
            return Err(Error::argument("image", ours, got, advice));
        }
        let task = Task::new(net, x, &Goal::away(&predicted(net, x)?))?;
        let images = task.images.f_add(&self.change)?.f_clamp(0.0, 1.0)?;
        Attacked::judge(net, task, images)
    }
}
