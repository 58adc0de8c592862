//! What each transform makes of a picture.

use crate::chance::uniform;
use crate::net::Net;
use crate::optimise::Adam;
use crate::pixels::{Fill, Margins, from_rgb8, pad, resize, to_rgb8, write_jpeg};
use crate::{Error, Objective, Result};
use tch::Tensor;

/// Each picture through a JPEG file of this quality.
pub(super) fn jpeg(x: &Tensor, quality: u8) -> Result<Tensor> {
    let one = |i: i64| {
        let mut file = vec![];
        let failed = |e: image::ImageError| Error::Draw(e.to_string());
        write_jpeg(&to_rgb8(&x.f_narrow(0, i, 1)?)?, quality, &mut file).map_err(failed)?;
        from_rgb8(&image::load_from_memory(&file).map_err(failed)?.into_rgb8())
    };
    Ok(Tensor::f_cat(&(0..x.size()[0]).map(one).collect::<Result<Vec<_>>>()?, 0)?)
}

/// The nearest of `2^bits` values from 0 to 1.
pub(super) fn bit_depth(x: &Tensor, bits: u32) -> Result<Tensor> {
    let most = 2f64.powi(bits as i32) - 1.0;
    Ok(x.f_clamp(0.0, 1.0)?.f_mul_scalar(most)?.f_round()?.f_div_scalar(most)?)
}

/// The middle value of the window around each pixel; edge pixels repeat outwards.
pub(super) fn median(x: &Tensor, size: i64) -> Result<Tensor> {
    let wide = pad(x, Margins::all(size / 2), Fill::Replicate)?;
    let windows = wide.f_unfold(2, size, 1)?.f_unfold(3, size, 1)?;
    Ok(windows.f_flatten(-2, -1)?.f_median_dim(-1, false)?.0)
}

/// Steps of [`total_variation`], and the size of the first.
const STEPS: usize = 30;
const RATE: f64 = 0.05;

/// The smoothest picture that agrees with a random share of the pixels.
pub(super) fn total_variation(x: &Tensor, share: f64, weight: f64, seed: u64) -> Result<Tensor> {
    let [_, _, h, w] = crate::pixels::rgb_size(x, "image")?;
    let kept = uniform(&[seed, 3], &[1, 1, h, w])?.f_lt(share)?.f_to_kind(x.kind())?;
    let kept = kept.f_to_device(x.device())?;
    let (net, rough) = (Net::new("pixels"), Objective::total_variation_beta(1.0));
    let (mut smooth, mut adam) = (x.detach(), Adam::new(x)?);
    for step in 0..STEPS {
        let apart = smooth.f_sub(x)?.f_mul(&kept)? * 2.0;
        let slope = net.score_and_gradient(&smooth, &rough)?.1 * weight;
        let rate = RATE * (1.0 - step as f64 / STEPS as f64);
        smooth = smooth.f_sub(&(adam.step(&slope.f_add(&apart)?)? * rate))?.f_clamp(0.0, 1.0)?;
    }
    Ok(smooth)
}

/// Each picture enlarged by up to `extra` rows and columns, at a random place on a black one that has
/// so many more.
pub(super) fn resize_pad(x: &Tensor, extra: i64, seed: u64) -> Result<Tensor> {
    let [_, _, h, w] = crate::pixels::rgb_size(x, "image")?;
    let draws = Vec::<f64>::try_from(uniform(&[seed, 4], &[3])?)?;
    let below = |draw: f64, count: i64| (draw * count as f64) as i64;
    let more = below(draws[0], extra + 1);
    let [rest, top, left] =
        [extra - more, below(draws[1], extra - more + 1), below(draws[2], extra - more + 1)];
    let margins = Margins { top, bottom: rest - top, left, right: rest - left };
    pad(&resize(x, [h + more, w + more])?, margins, Fill::Constant(0.0))
}
