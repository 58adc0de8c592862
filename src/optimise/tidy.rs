//! What is done to the pixels after a step, so that a climb ends in a picture and not in noise.

use super::{Climb, GREY};
use crate::check::within;
use crate::pixels::blur;
use crate::{Error, Result};
use tch::Tensor;

impl Climb {
    /// Whether pixels are changed by anything but the steps.
    pub(super) fn tidies(&self) -> bool {
        let within = self.space == super::Space::Fourier && self.clip == Some([0.0, 1.0]);
        let shares = self.decay > 0.0 || self.small_norm > 0.0 || self.small_contribution > 0.0;
        shares || self.blur_every > 0 || (self.clip.is_some() && !within)
    }

    /// Whether each look is another one, so that scores of two steps do not compare.
    pub(super) fn draws(&self) -> bool {
        self.jitter > 0 || self.warp != super::Warp::default()
    }

    /// The image `[n, c, h, w]` after decay, blur, the two clippings and the range, in this order.
    ///
    /// `g` is the score's gradient by its pixels; `step` counts from 0.
    pub(super) fn tidied(&self, image: &Tensor, g: &Tensor, step: usize) -> Result<Tensor> {
        let mut x = (image - GREY) * (1.0 - self.decay);
        if self.blur_every > 0 && (step + 1).is_multiple_of(self.blur_every) {
            x = blur(&x, self.blur_sigma)?;
        }
        let norm = x.f_square()?.f_sum_dim_intlist([1i64].as_slice(), true, x.kind())?;
        x = without_least(&x, &norm, self.small_norm)?;
        let contribution = x.f_mul(g)?.f_sum_dim_intlist([1i64].as_slice(), true, x.kind())?;
        x = without_least(&x, &contribution.f_abs()?, self.small_contribution)?;
        match self.clip {
            Some([low, high]) => Ok((x + GREY).f_clamp(low, high)?),
            None => Ok(x + GREY),
        }
    }

    /// What the rate is multiplied by at a step that counts from 0.
    pub(super) fn rate_at(&self, step: usize) -> f64 {
        self.schedule.iter().filter(|(from, _)| *from <= step).map(|(_, factor)| factor).product()
    }

    pub(super) fn check(&self) -> Result<()> {
        self.method.check()?;
        within("steps", self.steps, 0..=1_000_000, "100 are usual")?;
        let least = |what, value: f64, low: f64, most: f64| match value >= low && value <= most {
            true => Ok(()),
            false => Err(Error::argument(what, format!("{low}..={most}"), value, "change it")),
        };
        for (_, factor) in &self.schedule {
            least("schedule", *factor, 1e-6, 1e6)?;
        }
        least("decay", self.decay, 0.0, 1.0)?;
        least("small_norm", self.small_norm, 0.0, 100.0)?;
        least("small_contribution", self.small_contribution, 0.0, 100.0)?;
        if self.blur_every > 0 {
            least("blur_sigma", self.blur_sigma, 0.01, 256.0)?;
        }
        if let Some([low, high]) = self.clip
            && !(low <= high && (high - low).is_finite())
        {
            let got = format!("{low} and {high}");
            let expected = "two finite numbers, the lower one first";
            return Err(Error::argument("clip", expected, got, "0 and 1 are usual"));
        }
        least("jitter", self.jitter as f64, 0.0, 4096.0)?;
        least("warp.shift", self.warp.shift, 0.0, 4096.0)?;
        least("warp.scale", self.warp.scale, 0.0, 0.9)?;
        least("warp.turn", self.warp.turn, 0.0, 180.0)?;
        least("octaves", self.octaves as f64, 1.0, 16.0)?;
        least("octave_scale", self.octave_scale, 1.0, 4.0)
    }
}

/// The image with the `percent` of its pixels that have the least of something made 0.
fn without_least(x: &Tensor, amount: &Tensor, percent: f64) -> Result<Tensor> {
    let [n, pixels] = [amount.size()[0], amount.numel() as i64 / amount.size()[0]];
    let count = (pixels as f64 * percent / 100.0).floor() as i64;
    if count == 0 {
        return Ok(x.shallow_clone());
    }
    let (most, _) = amount.f_view([n, pixels])?.f_kthvalue(count, 1, true)?;
    let kept = amount.f_gt_tensor(&most.f_view([n, 1, 1, 1])?)?;
    Ok(x.f_mul(&kept)?)
}
