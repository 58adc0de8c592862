//! Tool 4b: how to move an image towards an objective.

mod adam;
mod climbed;
mod lbfgs;
mod method;
mod octaves;
mod space;
#[cfg(test)]
mod tests;
mod tidy;
mod view;
mod walk;

use crate::check::values_within;
use crate::net::Net;
use crate::pixels::{finite_batch, resize};
use crate::show::progress;
use crate::{Objective, Result};
pub(crate) use adam::Adam;
use climbed::Best;
pub use climbed::Climbed;
pub use method::Method;
pub use space::Space;
pub(crate) use space::wavelengths;
use tch::Tensor;
pub(crate) use view::Move;
pub use view::Warp;
use walk::{Walk, finite};

/// Neither dark nor bright: what decay leads to, and what lies outside an image.
pub(crate) const GREY: f64 = 0.5;

/// Gradient ascent on an image.
///
/// Every step: the image as the network gets to see it (`jitter`, `warp`), its score and gradient, a
/// step in its `space` by `method`, then what keeps it a picture, in the order of the fields (`decay`,
/// `blur_every`, `small_norm`, `small_contribution`, `clip`). Penalties are part of the objective:
/// [`Objective::l2`], [`Objective::total_variation`], [`Objective::diversity`].
///
/// ```
/// use convlens::{Climb, Method, Objective, net::Net};
/// use tch::{Device, Kind, Tensor};
/// let grey = Tensor::full([1, 3, 1, 2], 0.5, (Kind::Float, Device::Cpu));
/// let climb = Climb { steps: 2, method: Method::Normalised { rate: 0.1 }, ..Climb::default() };
/// // One pixel of one colour is all the score sees, so all of each step goes there.
/// let up = climb.run(&Net::new("pixels"), &grey, &Objective::neuron("input", 0, [0, 1]))?;
/// assert!((up.image.double_value(&[0, 0, 0, 1]) - 0.7).abs() < 1e-6);
/// assert_eq!(up.image.double_value(&[0, 1, 0, 1]), 0.5);
/// assert_eq!(up.scores.len(), 3); // before, after one step, after two
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Climb {
    /// How many steps to take in each octave, up to a million; each costs one pass forward and one back.
    pub steps: usize,
    /// How to turn a gradient into a step.
    pub method: Method,
    /// From which step of an octave on the rate is multiplied by what: `[(180, 0.1)]` for a tenth of it
    /// after 180 steps; empty for the same rate all the way.
    pub schedule: Vec<(usize, f64)>,
    /// What the steps move: pixels, or waves.
    pub space: Space,
    /// Before each look the image is rolled around its edges by up to so many pixels, 4096 at most, and back
    /// after.
    pub jitter: i64,
    /// Before each look the image is shifted, scaled and turned.
    pub warp: Warp,
    /// The share of its distance from mid-grey that each pixel loses after a step.
    pub decay: f64,
    /// After every so many steps the image is blurred; 0 for never.
    pub blur_every: usize,
    /// The standard deviation of that blur, in pixels, 0.01 to 256.
    pub blur_sigma: f64,
    /// After a step, this percentage of pixels becomes mid-grey: those nearest to it (the norm of
    /// their three colours' distance).
    pub small_norm: f64,
    /// After a step, this percentage of pixels becomes mid-grey: those that give the score least, by
    /// |distance from grey times gradient|, summed over colours.
    pub small_contribution: f64,
    /// Darkest and brightest value a pixel may take; none to let it run.
    pub clip: Option<[f64; 2]>,
    /// How many sizes to climb at, up to 16, smallest first, each enlarged to become the next one's start.
    pub octaves: usize,
    /// How much larger each of them is than the one before, 1 to 4.
    pub octave_scale: f64,
    /// Between sizes only what the climb changed is enlarged, and added to the start at the new size:
    /// the start keeps its sharpness (google/deepdream's octaves).
    pub keep_start: bool,
    /// Keep the image after every so many steps; 0 for never. All that are kept hold at most 2^29 values.
    pub frames_every: usize,
    /// Where `jitter` and `warp` draw from: the same seed gives the same image.
    pub seed: u64,
}

impl Default for Climb {
    /// CS231n's 100 steps; Adam at lucid's rate 0.05; pixels stay in 0..1; nothing else.
    fn default() -> Self {
        Climb {
            steps: 100,
            method: Method::Adam { rate: 0.05 },
            schedule: vec![],
            space: Space::Pixels,
            jitter: 0,
            warp: Warp::default(),
            decay: 0.0,
            blur_every: 0,
            blur_sigma: 0.5,
            small_norm: 0.0,
            small_contribution: 0.0,
            clip: Some([0.0, 1.0]),
            octaves: 1,
            octave_scale: 1.4,
            keep_start: false,
            frames_every: 0,
            seed: 0,
        }
    }
}

impl Climb {
    /// Move `x`, `[n, 3, h, w]`, uphill; `x` itself is left as it is.
    ///
    /// Where a layer passes no gradient at all because all its units are dark (a ReLU below 0, a ReLU6
    /// below 0 or above 6), the step follows [`ReluRule::Redirected`](crate::net::ReluRule) instead.
    ///
    /// Shows its [`progress`]; after Stop, the image and the scores of the steps taken so far.
    /// Errors: settings out of range, NaN in the start, a start that nothing leads away from, a score that is not finite.
    pub fn run(&self, net: &Net, x: &Tensor, objective: &Objective) -> Result<Climbed> {
        let [n, channels, h, w] = finite_batch(x, "image")?;
        self.check()?;
        if let Some(kept) = (self.steps * self.octaves).checked_div(self.frames_every) {
            values_within("frames that are kept", &[kept as i64, n, channels, h, w])?;
        }
        self.space.check(channels)?;
        let size = |octave| self.side(octave, [h, w]);
        let mut walk = Walk::at(self, &resize(&x.detach(), size(0))?)?;
        let (mut scores, mut frames, mut best) = (vec![], vec![], Best::default());
        for step in progress("climbing", 0..self.steps * self.octaves) {
            if step > 0 && step % self.steps == 0 {
                walk = Walk::at(self, &self.enlarged(&walk.image()?, x, size(step / self.steps))?)?;
                best = Best::default();
            }
            let (score, image) = walk.step(net, objective, step)?;
            scores.push(finite(&score, step)?);
            best.see(&score, &image)?;
            if self.frames_every > 0 && (step + 1).is_multiple_of(self.frames_every) {
                frames.push(self.enlarged(&walk.image()?, x, [h, w])?);
            }
        }
        let image = self.enlarged(&walk.image()?, x, [h, w])?;
        let score = objective.score_of(net, &image)?;
        scores.push(finite(&score, scores.len())?);
        let best = best.of(&score, &image)?;
        Ok(Climbed { image, best, scores, frames })
    }
}
