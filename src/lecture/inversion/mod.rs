//! Lecture: "Feature inversion": what does a layer still know of the photo?

mod part;
mod presets;
#[cfg(test)]
mod tests;

use crate::chance::normal;
use crate::check::{values_within, within};
use crate::net::Net;
use crate::optimise::GREY;
use crate::pixels::finite_rgb;
use crate::{Climb, Error, Objective, Result, Warp};
pub use part::Part;
use tch::{Kind, Tensor};

/// Which image has the same features? Climb from noise until a layer is as it was for the photo.
///
/// Minimises, over images x, `|f(x) - f(photo)|^2 / |f(photo)|^2` plus two priors of what a picture is:
/// total variation, and a norm that keeps values near mid-grey. What the layer has forgotten is up to
/// them. Presets: [`Inversion::waves`] (ours, quick), [`Inversion::deep_goggle`] (the paper's code),
/// [`Inversion::cs231n`].
///
/// Source: Mahendran and Vedaldi 2015, section 2. Differences: weights are of means over pixels and
/// colours, so they suit any size; the settings' docs convert the authors'. Cost: a pass forward and
/// back for each step, as far as the layer; memory: every activation of all starts up to there.
///
/// ```
/// use convlens::{inversion::Inversion, net::{Conv2d, Net, Op}, prelude::*};
/// // The layer knows brightness only, one number for each pixel; it is matched, colour is lost.
/// let grey = Op::Conv2d(Conv2d::new(Tensor::full([1, 3, 1, 1], 1.0, (Kind::Float, Device::Cpu)), None));
/// let net = Net::new("tiny").then("conv1", grey)?;
/// let red = Tensor::from_slice(&[0.9f32, 0.6, 0.0, 0.0, 0.0, 0.0]).view([1, 3, 1, 2]);
/// let plain = Inversion { noise: 0.0, total_variation: 0.0, ..Inversion::waves() };
/// let found = plain.run(&net, &red, "conv1")?;
/// assert!((found.image.double_value(&[0, 0, 0, 0]) - 0.3).abs() < 0.01); // grey of the same brightness
/// assert!(found.loss[0] < 1e-4);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Inversion {
    /// How to climb. One octave, and neither `jitter` nor `warp`: a layer is compared place by place.
    /// What it climbs is minus the loss times the number of values in the image, so rates suit any size.
    pub climb: Climb,
    /// How many reconstructions to make at once, each from its own noise.
    /// From 1 to 100 000, and at most 2^29 values in all.
    pub starts: i64,
    /// Deviation of the noise around mid-grey to start from. From 0 to 1 000 000.
    pub noise: f64,
    /// What has to match.
    pub part: Part,
    /// Weight of the mean of [`Objective::total_variation_beta`] over pixels and colours.
    pub total_variation: f64,
    /// Its power.
    pub beta: f64,
    /// Weight of the mean of [`Objective::alpha_norm`] over pixels and colours.
    pub alpha_norm: f64,
    /// Its power: a large one bounds the range softly.
    pub alpha: f64,
}

/// Images with the features asked for.
#[derive(Debug)]
pub struct Inverted {
    /// The layer that was inverted.
    pub layer: String,
    /// One image for each start, `[starts, 3, h, w]`, in 0..1: the best seen.
    pub image: Tensor,
    /// How far their features are from the photo's, over the size of the photo's: 0 for the same, 1 for
    /// no better than features of 0.
    pub loss: Vec<f64>,
    /// That loss with the priors, averaged over the starts, before the first step and after each.
    pub curve: Vec<f64>,
    /// Images kept on the way, if [`Climb::frames_every`] asks for some, each `[starts, 3, h, w]`.
    pub frames: Vec<Tensor>,
}

impl Inversion {
    /// Images whose `layer` is as that of `photo`, `[1, 3, h, w]`; any network, any layer.
    ///
    /// Shows its [`progress`](crate::show::progress); after Stop, the best images so far.
    /// Errors: more than one photo, an unknown layer, a part that is not of the layer or dark,
    /// settings of `climb` that move the image; [`Climb::run`]'s.
    pub fn run(&self, net: &Net, photo: &Tensor, layer: &str) -> Result<Inverted> {
        self.check(photo)?;
        let matched = self.matched(&net.tap(photo, layer)?, layer)?;
        let values = photo.numel() as f64;
        let energy = self.with_priors(&matched, values);
        let climbed = self.climb.run(net, &self.start(photo)?, &-energy)?;
        let image = climbed.best.f_clamp(0.0, 1.0)?;
        let loss = Vec::<f64>::try_from(matched.score(net, &image)?.f_to_kind(Kind::Double)?)?;
        let each = -values * self.starts as f64;
        let curve = climbed.scores.iter().map(|score| score / each).collect();
        Ok(Inverted { layer: layer.into(), image, loss, curve, frames: climbed.frames })
    }

    /// The normalised distance from `target`, the photo's layer.
    fn matched(&self, target: &Tensor, layer: &str) -> Result<Objective> {
        let mask = self.part.mask(&target.size())?.f_to_device(target.device())?;
        let size = target.f_square()?.f_mul(&mask)?.f_sum(Kind::Float)?;
        if size.f_double_value(&[])? > 0.0 {
            return Ok(Objective::weighted_features(layer, target, &mask.f_div(&size)?));
        }
        let advice = "choose another part, or the layer before the ReLU";
        Err(Error::argument("part", "some unit that is not 0 for the photo", "none", advice))
    }

    /// The whole loss times the number of values: so the slope of a pixel does not shrink as images grow.
    fn with_priors(&self, matched: &Objective, values: f64) -> Objective {
        let tv = (self.total_variation, Objective::total_variation_beta(self.beta));
        let norm = (self.alpha_norm, Objective::alpha_norm(self.alpha));
        let used = [tv, norm].into_iter().filter(|(weight, _)| *weight != 0.0);
        used.fold(values * matched.clone(), |sum, (weight, prior)| sum + weight * prior)
    }

    /// What to start from, `[starts, 3, h, w]`; a start does not depend on how many there are.
    fn start(&self, photo: &Tensor) -> Result<Tensor> {
        let noise = |i| {
            let noise = normal(&[self.climb.seed, 3, i as u64], &photo.size())?;
            Ok(noise.f_to_kind(Kind::Float)?.f_to_device(photo.device())? * self.noise + GREY)
        };
        let starts = (0..self.starts).map(noise).collect::<Result<Vec<_>>>()?;
        Ok(Tensor::f_cat(&starts, 0)?.f_clamp(0.0, 1.0)?)
    }

    fn check(&self, photo: &Tensor) -> Result<()> {
        let size = finite_rgb(photo, "photo")?;
        let Climb { octaves, jitter, warp, .. } = self.climb;
        if size[0] != 1 {
            let advice = "pick one with `.narrow(0, index, 1)`";
            return Err(Error::argument("photo", "one, [1, 3, h, w]", format!("{size:?}"), advice));
        }
        let advice = "begin with `Inversion::cs231n()`";
        within("starts", self.starts, 1..=100_000, advice)?;
        values_within("starts of this photo", &[self.starts, 3, size[2], size[3]])?;
        within("noise", self.noise, 0.0..=1e6, advice)?;
        within("total_variation", self.total_variation, 0.0..=1e30, advice)?;
        within("alpha_norm", self.alpha_norm, 0.0..=1e30, advice)?;
        if octaves != 1 || jitter != 0 || warp != Warp::default() {
            let expected = "1 octave, no jitter and no warp";
            let got = format!("{octaves} octaves, jitter {jitter}, {warp:?}");
            let advice = "a layer is compared with the photo's place by place";
            return Err(Error::argument("climb", expected, got, advice));
        }
        Ok(())
    }
}
