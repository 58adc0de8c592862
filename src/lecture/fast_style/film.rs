//! Many frames in one style, without the flicker.

use super::FastStyle;
use crate::check::values_within;
use crate::pixels::{Decode, Photos, blur, finite_rgb, frames_of_gif, to_grey};
use crate::show::progress;
use crate::{Error, Result};
use std::path::Path;
use std::time::Instant;
use tch::{Kind, Tensor};

/// How frames are painted one after the other.
///
/// A network paints each frame alone, so noise in a still scene becomes flicker. Here each pixel keeps a
/// share of what was painted before, as far as its photo has not changed: `smoothing * exp(-(d / still)²)`
/// for a change of luma `d`, blurred by 2 pixels. Ruder et al. 2016 follow what moves by optical flow
/// instead, at a hundred times the cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Film {
    /// The share of the last frame that a still pixel keeps; 0 paints each frame alone.
    pub smoothing: f64,
    /// The change of luma, in 0..1, that counts as movement.
    pub still: f64,
}

impl Default for Film {
    fn default() -> Self {
        Film { smoothing: 0.8, still: 0.01 }
    }
}

/// Painted frames.
#[derive(Debug)]
pub struct Filmed {
    /// Each `[1, 3, h, w]`.
    pub frames: Vec<Tensor>,
    /// How many were painted in a second.
    pub rate: f64,
}

impl Film {
    /// Frames `[1, 3, h, w]`, all of one size, in the named style.
    ///
    /// Shows its progress; after Stop, the frames so far. Errors: no frames, frames of several sizes,
    /// smoothing outside 0..1, [`FastStyle::run`]'s.
    pub fn run(&self, fast: &FastStyle, frames: &[Tensor], style: &str) -> Result<Filmed> {
        let still = self.still > 0.0 && self.still <= 1e6;
        if !still || !(0.0..1.0).contains(&self.smoothing) {
            let (expected, advice) = ("smoothing in 0..1, still above 0", "0.8 and 0.01 are usual");
            return Err(Error::argument("film", expected, format!("{self:?}"), advice));
        }
        check(frames)?;
        let started = Instant::now();
        let mut made: Vec<Tensor> = vec![];
        for at in progress("painting frames", 0..frames.len()) {
            let painted = fast.run(&frames[at], style)?;
            made.push(match made.last() {
                None => painted,
                Some(last) => {
                    let kept = self.kept(&frames[at - 1], &frames[at])?;
                    painted.f_add(&kept.f_mul(&last.f_sub(&painted)?)?)?
                }
            });
        }
        let rate = made.len() as f64 / started.elapsed().as_secs_f64();
        Ok(Filmed { frames: made, rate })
    }

    /// How much of the last painted frame each pixel keeps, `[1, 1, h, w]`.
    fn kept(&self, before: &Tensor, now: &Tensor) -> Result<Tensor> {
        let change = blur(&to_grey(&(now - before))?, 2.0)? / self.still;
        Ok(change.f_square()?.f_neg()?.f_exp()? * self.smoothing)
    }
}

/// How much a film changes from one frame to the next: the mean absolute difference over pixels and
/// colours, in 0..1. Of a still scene that is its flicker.
///
/// ```
/// use convlens::fast_style::flicker;
/// use tch::{Device, Kind, Tensor};
/// let grey = |level: f64| Tensor::full([1, 3, 2, 4], level, (Kind::Float, Device::Cpu));
/// assert_eq!(flicker(&[grey(0.25), grey(0.5), grey(0.375)])?, (0.25 + 0.125) / 2.0);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn flicker(frames: &[Tensor]) -> Result<f64> {
    check(frames)?;
    let apart = |pair: &[Tensor]| -> Result<f64> {
        Ok(pair[0].f_sub(&pair[1])?.f_abs()?.f_mean(Kind::Double)?.f_double_value(&[])?)
    };
    let all = frames.windows(2).map(apart).collect::<Result<Vec<_>>>()?;
    Ok(all.iter().sum::<f64>() / all.len().max(1) as f64)
}

/// The frames of an animated GIF, or the pictures of a folder in the order of their names.
///
/// Each `[1, 3, h, w]`; transparent pixels show what was there before. Together they have at most 2^29
/// values (2 GB): 178 frames of 1000 x 1000. A GIF of more, or of over 64 million pixels, is refused
/// before it is decoded. Errors: no such file, no pictures, too many of them.
pub fn frames(path: impl AsRef<Path>) -> Result<Vec<Tensor>> {
    let path = path.as_ref();
    if !path.is_dir() {
        return frames_of_gif(path);
    }
    let (decode, mut made, mut values) = (Decode::default(), vec![], 0);
    for file in &Photos::in_folder(path)?.files {
        let frame = decode.load(file)?;
        values += frame.numel() as i64;
        values_within("all pictures of the folder", &[values])?;
        made.push(frame);
    }
    Ok(made)
}

fn check(frames: &[Tensor]) -> Result<()> {
    let first = frames.first().ok_or_else(|| {
        Error::argument("frames", "one or more", 0, "load some with `fast_style::frames`")
    })?;
    for frame in frames {
        if frame.size() != first.size() || finite_rgb(frame, "frame")?[0] != 1 {
            let (expected, got) =
                (format!("all of {:?}", first.size()), format!("{:?}", frame.size()));
            return Err(Error::argument("frames", expected, got, "resize them to one size"));
        }
    }
    Ok(())
}
