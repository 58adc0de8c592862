//! Lecture: "Gradient ascent": images that a class, a channel or a neuron likes.

mod presets;
#[cfg(test)]
mod tests;

use crate::chance::normal;
use crate::check::{size_within, values_within, within};
use crate::net::Net;
use crate::optimise::GREY;
use crate::{Climb, Climbed, Objective, Result};
use tch::{Device, Kind, Tensor};

/// Which image would a class, a channel or a neuron like best? Climb its score from grey or noise.
///
/// Without rules for what a picture is, the answer is noise that fools the network. The presets are
/// the rules of four papers: [`Ascent::simonyan`], [`Ascent::yosinski`], [`Ascent::cs231n`],
/// [`Ascent::fourier`]; change a field to see what one rule does.
///
/// Source: Simonyan et al. 2014, section 2; Yosinski et al. 2015, section 3; CS231n 2017, assignment
/// 3; Olah et al. 2017. Those work around a mean colour of 0 after normalisation; here pixels are in
/// 0..1 and mid-grey takes its place, so published rates and weights are converted (see each preset).
/// A class without softmax: [`Objective::class`]. Below a ReLU6 choose the layer before it (its
/// BatchNorm), where more stays more; layers that are dark as a whole are woken ([`Climb::run`]).
/// Cost: one pass forward and one back for each step; memory: every activation of the batch.
///
/// ```
/// use convlens::{Objective, ascent::Ascent, net::Net};
/// let mut ascent = Ascent { size: [1, 2], noise: 0.0, ..Ascent::simonyan() };
/// // The score is one pixel of one colour; the penalty is l2 times the squares of distances from grey.
/// // Score p - l2 (p - 0.5)^2 is highest where 1 = 2 l2 (p - 0.5).
/// (ascent.l2, ascent.climb.steps) = (2.0, 400);
/// ascent.climb.method = convlens::Method::Adam { rate: 0.01 };
/// let best = ascent.run(&Net::new("pixels"), &Objective::neuron("input", 0, [0, 1]))?;
/// assert!((best.image.double_value(&[0, 0, 0, 1]) - 0.75).abs() < 1e-3);
/// assert_eq!(best.image.double_value(&[0, 2, 0, 0]), 0.5);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ascent {
    /// How to climb.
    pub climb: Climb,
    /// Height and width of the image. At most 64 million pixels.
    pub size: [i64; 2],
    /// How many images to climb at once, each from its own noise.
    /// From 1 to 100 000, and at most 2^29 values in all.
    pub count: i64,
    /// Deviation of the noise around mid-grey to start from; 0 to start from grey. From 0 to 1 000 000.
    pub noise: f64,
    /// Weight of [`Objective::l2`], subtracted from the score.
    pub l2: f64,
    /// Weight of [`Objective::total_variation`], subtracted from the score.
    pub total_variation: f64,
}

impl Ascent {
    /// `[count, 3, h, w]` images in 0..1 that the objective scores highly, from noise or grey.
    ///
    /// Errors: no image, no pixels, negative noise; [`Climb::run`]'s.
    pub fn run(&self, net: &Net, objective: &Objective) -> Result<Climbed> {
        self.run_from(net, objective, &self.start()?)
    }

    /// The same from given images, `[n, 3, h, w]`, whose number and size replace `count` and `size`.
    ///
    /// Different photos lead to different facets of one class (Nguyen, Yosinski and Clune 2016,
    /// "Multifaceted feature visualization", whose starts are means of clusters of photos).
    pub fn run_from(&self, net: &Net, objective: &Objective, images: &Tensor) -> Result<Climbed> {
        within("l2", self.l2, -1e30..=1e30, "begin with `Ascent::cs231n()`")?;
        let most = -1e30..=1e30;
        within("total_variation", self.total_variation, most, "begin with `Ascent::cs231n()`")?;
        let climbed = self.climb.run(net, images, &self.tamed(objective))?;
        Ok(Climbed { image: climbed.image.f_clamp(0.0, 1.0)?, ..climbed })
    }

    /// What to start from, `[count, 3, h, w]`, in 0..1.
    pub fn start(&self) -> Result<Tensor> {
        let ([h, w], count) = (self.size, self.count);
        let shape = [count, 3, h, w];
        size_within("size", self.size)?;
        within("count", count, 1..=100_000, "1 image is usual")?;
        values_within("count and size", &shape)?;
        within("noise", self.noise, 0.0..=1e6, "0.226 is one standard deviation")?;
        if self.noise == 0.0 {
            return Ok(Tensor::f_full(shape, GREY, (Kind::Float, Device::Cpu))?);
        }
        let noise = normal(&[self.climb.seed, 2], &shape)?.f_to_kind(Kind::Float)?;
        Ok((noise * self.noise + GREY).f_clamp(0.0, 1.0)?)
    }

    /// The objective less its penalties.
    fn tamed(&self, objective: &Objective) -> Objective {
        let penalties =
            [(self.l2, Objective::l2()), (self.total_variation, Objective::total_variation())];
        let used = penalties.into_iter().filter(|(weight, _)| *weight != 0.0);
        used.fold(objective.clone(), |sum, (weight, penalty)| sum - weight * penalty)
    }
}
