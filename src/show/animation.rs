//! Pictures that move.

use super::canvas::{Canvas, INK};
use super::gif::{Shot, gif};
use super::number::short;
use super::{Figure, images};
use crate::check::within;
use crate::{Error, Result};
use image::RgbImage;
use image::imageops::{FilterType, resize};
use std::time::Duration;
use tch::Tensor;

/// Frames one after the other, over and over: a looping GIF.
///
/// A line beneath grows from left to right as the frames go by. What needs more than `most_bytes`
/// loses every second frame, again and again down to 8, and is then made smaller; the alt text says
/// what became of it. Browsers and JupyterLab play it; a [`row`](super::row), a title or a PNG takes
/// the last frame. [`Figure::save`] writes it to a .gif.
#[derive(Debug, Clone, PartialEq)]
pub struct Animation {
    /// Frames a second, at most 50.
    pub rate: f64,
    /// How long the last frame stays, in seconds.
    pub hold: f64,
    /// How many images of a batch stand in a row.
    pub columns: usize,
    /// The size of the file, 20 000 or more.
    pub most_bytes: usize,
}

impl Default for Animation {
    fn default() -> Self {
        Animation { rate: 8.0, hold: 1.5, columns: 4, most_bytes: 400_000 }
    }
}

/// Frames, each a batch of images `[n, 3, h, w]`, as a looping GIF of at most 400 kB.
///
/// ```
/// use convlens::show;
/// use tch::{Device, Kind, Tensor};
/// let grey = |level: f64| Tensor::full([1, 3, 20, 30], level, (Kind::Float, Device::Cpu));
/// let moving = show::animation(&[grey(0.0), grey(0.5), grey(1.0)])?;
/// assert_eq!(moving.mime, "image/gif");
/// assert!(moving.to_string().starts_with("3 frames at 8 a second"));
/// # Ok::<(), convlens::Error>(())
/// ```
/// Errors: no frames; as [`images`].
pub fn animation(frames: &[Tensor]) -> Result<Figure> {
    Animation::default().draw(frames)
}

/// With so few frames, smaller ones are better than fewer.
const FEW: usize = 8;
/// The most frames of one file.
const MOST_FRAMES: usize = 1000;
/// The height of the line beneath, in pixels.
const LINE: u32 = 3;

impl Animation {
    /// Frames, each a batch of images `[n, 3, h, w]` or `[n, 1, h, w]`.
    ///
    /// Errors: no frames or more than 1000, settings out of range; as [`images`].
    pub fn draw(&self, frames: &[Tensor]) -> Result<Figure> {
        within("frames", frames.len(), 0..=MOST_FRAMES, "keep some of them")?;
        self.of(&frames.iter().map(|x| images(x, self.columns)).collect::<Result<Vec<_>>>()?)
    }

    /// Figures as frames, for captions, titles and heat maps that move.
    ///
    /// Errors: no figures, more than 1000 or of more than 256 million pixels in all, settings out of range.
    pub fn of(&self, figures: &[Figure]) -> Result<Figure> {
        self.check()?;
        let Some(last) = figures.last() else {
            let advice = "set `frames_every` to keep some";
            return Err(Error::argument("animation", "one frame or more", "none", advice));
        };
        within("frames", figures.len(), 0..=MOST_FRAMES, "keep some of them")?;
        let (bytes, kept) = self.fitted(&sheets(figures)?)?;
        let [frames, kilobytes] = [figures.len(), bytes.len().div_ceil(1000)];
        let alt = format!(
            "{frames} frames at {} a second{kept}, {kilobytes} kB, the last one: {}",
            short(self.rate),
            last.alt,
        );
        Ok(Figure { bytes, mime: "image/gif", alt, picture: last.picture.clone() })
    }

    /// The file, and what had to be left out to make it fit.
    fn fitted(&self, sheets: &[RgbImage]) -> Result<(Vec<u8>, String)> {
        let (mut every, mut scale) = (1, 1.0);
        loop {
            let kept = sheets.iter().rev().step_by(every).rev();
            let kept: Vec<RgbImage> = kept.map(|sheet| smaller(sheet, scale)).collect();
            let bytes = self.encoded(&kept, every)?;
            if bytes.len() <= self.most_bytes {
                return Ok((bytes, left_out(every, scale)));
            }
            if kept.len() > FEW { every *= 2 } else { scale *= 0.75 }
        }
    }

    fn encoded(&self, pictures: &[RgbImage], every: usize) -> Result<Vec<u8>> {
        let short = Duration::from_secs_f64(every as f64 / self.rate);
        let last = pictures.len() - 1;
        let time = |i| if i == last { Duration::from_secs_f64(self.hold) } else { short };
        let shots = pictures.iter().enumerate();
        let shots = shots.map(|(i, picture)| Ok((lined(picture, i, last)?, time(i))));
        gif(&shots.collect::<Result<Vec<Shot>>>()?)
    }

    fn check(&self) -> Result<()> {
        let fails = |what, range, got: f64| Err(Error::argument(what, range, got, "change it"));
        if !(self.rate > 0.0 && self.rate <= 50.0) {
            return fails("rate", "more than 0, at most 50 frames a second", self.rate);
        }
        if !(0.0..=600.0).contains(&self.hold) {
            return fails("hold", "0 to 600 seconds", self.hold);
        }
        if self.most_bytes < 20_000 {
            return fails("most_bytes", "20000 or more", self.most_bytes as f64);
        }
        Ok(())
    }
}

fn left_out(every: usize, scale: f64) -> String {
    let fewer = if every > 1 { format!(", one in {every} kept") } else { String::new() };
    let smaller = if scale < 1.0 {
        format!(", at {:.0} % of the size", 100.0 * scale)
    } else {
        String::new()
    };
    fewer + &smaller
}

/// The figures' pictures on white sheets of one size.
///
/// Errors: more than 256 million pixels in all.
fn sheets(figures: &[Figure]) -> Result<Vec<RgbImage>> {
    let most = |side: fn(&RgbImage) -> u32| figures.iter().map(|f| side(&f.picture)).max();
    let size = [most(RgbImage::height), most(RgbImage::width)].map(|side| side.unwrap_or(1));
    let pixels = figures.len() as u64 * u64::from(size[0]) * u64::from(size[1]);
    within("pixels of all frames", pixels, 1..=256_000_000, "keep fewer, or draw them smaller")?;
    let sheet = |figure: &Figure| {
        let mut canvas = Canvas::new(size)?;
        canvas.paste(&figure.picture, [0, 0]);
        Ok(canvas.picture)
    };
    figures.iter().map(sheet).collect()
}

fn smaller(picture: &RgbImage, scale: f64) -> RgbImage {
    if scale == 1.0 {
        return picture.clone();
    }
    let side = |s: u32| (f64::from(s) * scale).round().max(1.0) as u32;
    resize(picture, side(picture.width()), side(picture.height()), FilterType::Triangle)
}

/// The picture over a line that is as long as the share of the frames gone by.
fn lined(picture: &RgbImage, i: usize, last: usize) -> Result<RgbImage> {
    let (w, h) = picture.dimensions();
    let mut canvas = Canvas::new([h + 1 + LINE, w])?;
    canvas.paste(picture, [0, 0]);
    let gone = (u64::from(w) * (i as u64 + 1) / (last as u64 + 1)) as u32;
    canvas.fill([h + 1, 0], [LINE, gone], INK);
    Ok(canvas.picture)
}

#[cfg(test)]
#[path = "animation_tests.rs"]
mod tests;
