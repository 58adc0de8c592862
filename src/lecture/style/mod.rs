//! Lecture: "Neural style transfer": the content of one image in the manner of another.

#[cfg(test)]
mod assignment_tests;
mod colour;
pub mod cs231n;
mod measure;
mod memory;
mod painting;
mod presets;
mod stylised;
#[cfg(test)]
mod tests;
mod wish;

use crate::chance::normal;
use crate::check::within;
use crate::net::Net;
use crate::optimise::GREY;
use crate::pixels::{finite_rgb, resize};
use crate::{Climb, Error, Result};
pub use colour::{Transport, keep_colour, match_colours};
pub use measure::Measure;
pub use painting::Painting;
pub use stylised::Stylised;
use tch::{Kind, Tensor};

/// What to start from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// The photo: few steps are needed, and its composition stays.
    Content,
    /// Noise around mid-grey of this deviation.
    Noise(f64),
}

/// Whose colours the result has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Colour {
    /// The painting's: they are part of its style.
    Painting,
    /// The photo's: only brightness is painted, and the photo's two colour channels are put back
    /// (Gatys et al. 2017, "Controlling perceptual factors", section 5.1).
    Luminance,
    /// The photo's: the painting takes on their mean and covariance first (section 5.2).
    Matched(Transport),
}

/// A photo painted like a painting: climb towards the photo's units in deep layers, and the painting's
/// Gram matrices in all.
///
/// Gatys, Ecker and Bethge 2016. The loss is a weighted sum: for `content` layers the distance of units,
/// for `style` layers that of Gram matrices, and the image's roughness. Every code divides these by
/// something else, so weights mean nothing without their [`Measure`]: take both from a preset,
/// [`Style::gatys`], [`Style::cs231n`], [`Style::johnson`], or the default, whose weights mean the same
/// for every layer, network and size.
///
/// Cost: a pass forward and back for each step. Memory: [`Style::memory`].
///
/// ```
/// use convlens::{net::Net, style::{Measure, Style}, Climb, Method};
/// use tch::{Device, Kind, Tensor};
/// let [grey, red] = [[0.5f32, 0.5, 0.5], [1.0, 0.0, 0.0]].map(|x| Tensor::from_slice(&x).view([1, 3, 1, 1]));
/// let climb = Climb { steps: 200, method: Method::Adam { rate: 0.01 }, ..Climb::default() };
/// let layer = |weight| vec![("input".to_string(), weight)];
/// let style = Style {
///     content: layer(1.0), style: layer(1e-9), measure: Measure::Cs231n, climb, ..Style::default()
/// };
/// // Next to nothing but content counts: the photo stays as it is.
/// let made = style.run(&Net::new("pixels"), &grey, &red)?;
/// assert!((made.image - grey).abs().max().double_value(&[]) < 1e-3);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Style {
    /// The layers whose units should stay the photo's, and their weights.
    pub content: Vec<(String, f64)>,
    /// The layers whose Gram matrices should be the painting's, and their weights.
    pub style: Vec<(String, f64)>,
    /// Weight of the image's roughness, [`Objective::total_variation`](crate::Objective::total_variation).
    pub total_variation: f64,
    /// What each distance is divided by before it is weighted.
    pub measure: Measure,
    /// The painting's longer side as a multiple of the photo's: less for finer strokes.
    pub style_scale: f64,
    /// What to start from.
    pub start: Start,
    /// Whose colours the result has.
    pub colour: Colour,
    /// Smaller sizes to begin at, as shares of the photo's, each with its number of steps: `[(0.5, 100)]`.
    pub coarse: Vec<(f64, usize)>,
    /// Refuse photos that would need more bytes than this; by default 4 GB.
    pub memory: u64,
    /// How to climb at full size.
    pub climb: Climb,
}

impl Style {
    /// `content`, `[1, 3, h, w]`, in the style of `painting`, `[1, 3, any, any]`.
    ///
    /// Shows its progress; after Stop, the image so far. Errors: a layer that does not exist, no weight
    /// above 0, images too small for the network or too large for [`Style::memory`].
    pub fn run(&self, net: &Net, content: &Tensor, painting: &Tensor) -> Result<Stylised> {
        self.run_with(net, content, &[Painting::new(painting)])
    }

    /// The same with several paintings, each with its weight and its place.
    pub fn run_with(
        &self,
        net: &Net,
        content: &Tensor,
        paintings: &[Painting],
    ) -> Result<Stylised> {
        let [_, _, h, w] = finite_rgb(content, "content")?;
        self.check(net, [h, w], paintings)?;
        let (photo, paintings) = self.recoloured(content, paintings)?;
        let mut image = self.first(&photo)?;
        let (mut losses, mut frames) = (vec![], vec![]);
        let full = (1.0, self.climb.steps);
        for (share, steps) in self.coarse.iter().copied().chain([full]) {
            let size = [h, w].map(|side| ((side as f64 * share).round() as i64).max(1));
            let wish = self.wish(net, &resize(&photo, size)?, &paintings)?;
            let climb = Climb { steps, ..self.climb.clone() };
            let climbed = climb.run(net, &resize(&image, size)?, &-wish)?;
            losses.extend(climbed.scores.iter().map(|score| -score));
            for frame in climbed.frames {
                frames.push(self.finished(&resize(&frame, [h, w])?, content)?);
            }
            image = climbed.best;
        }
        let [kept, taken] = self.distances(net, &image, &photo, &paintings)?;
        let image = self.finished(&image, content)?;
        Ok(Stylised { image, losses, frames, content: kept, style: taken })
    }

    fn first(&self, photo: &Tensor) -> Result<Tensor> {
        match self.start {
            Start::Content => Ok(photo.shallow_clone()),
            Start::Noise(deviation) => {
                let noise = normal(&[self.climb.seed, 3], &photo.size())?.f_to_kind(Kind::Float)?;
                Ok((noise * deviation + GREY).f_clamp(0.0, 1.0)?.f_to_device(photo.device())?)
            }
        }
    }

    fn check(&self, net: &Net, size: [i64; 2], paintings: &[Painting]) -> Result<()> {
        let weights = self.content.iter().chain(&self.style).map(|(_, weight)| *weight);
        let all: Vec<f64> = weights.chain([self.total_variation]).collect();
        if all.iter().any(|w| !w.is_finite() || *w < 0.0) || all.iter().all(|w| *w == 0.0) {
            let advice = "a larger style weight paints more, a larger content weight less";
            let got = format!("{all:?}");
            return Err(Error::argument("weights", "some above 0, none below", got, advice));
        }
        let shares = self.coarse.iter().map(|(share, _)| *share).chain([self.style_scale]);
        if let Some(share) = shares.into_iter().find(|s| !(*s > 0.0 && *s <= 16.0)) {
            let advice = "1 is the photo's own size";
            return Err(Error::argument("scale", "above 0, at most 16", share, advice));
        }
        if let Start::Noise(deviation) = self.start {
            within("start", deviation, 0.0..=1e6, "`Start::Noise(0.2)` is usual")?;
        }
        painting::check(paintings, size)?;
        self.check_memory(net, size)
    }
}
