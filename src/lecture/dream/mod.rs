//! Lecture: "DeepDream": more of whatever a layer sees.

mod clouds;
#[cfg(test)]
mod tests;
mod zoom;

use crate::net::Net;
use crate::pixels::{finite_rgb, with_luma};
use crate::{Climb, Climbed, Error, Method, Objective, Result};
pub use clouds::clouds;
use tch::{Device, Kind, Tensor};
pub use zoom::Zoom;

/// What does a layer see in a photo? Climb its energy from the photo itself, and it sees more of it.
///
/// The objective is usually [`Objective::layer`]; a channel ([`Objective::channel`]) dreams of one thing,
/// [`Objective::best_match`] of what is in another image. Several sizes, smallest first, give large
/// and small shapes; between them only what was dreamt is enlarged, so the photo stays sharp.
///
/// Source: Mordvintsev, Olah and Tyka 2015, "Inceptionism"; google/deepdream, `dream.ipynb`, which
/// reduces without antialiasing, from octave to octave. Cost: a pass forward and back for each step, as
/// far as the layer; with 4 octaves of scale 1.4 about as much as 2 of them at full size.
///
/// ```
/// use convlens::{Climb, dream::Dream, net::Net, prelude::*};
/// let x = Tensor::from_slice(&[0.2f32, 0.4, 0.2, 0.4, 0.2, 0.4]).view([1, 3, 1, 2]);
/// let mut dream = Dream::google();
/// dream.climb = Climb { steps: 1, octaves: 1, jitter: 0, ..dream.climb };
/// // The energy's slope is proportional to each value: a third below and above its mean.
/// let seen = dream.run(&Net::new("pixels"), &x, &Objective::layer("input"))?;
/// let step = 1.5 / 255.0;
/// assert!((seen.image.double_value(&[0, 0, 0, 0]) - (0.2 + step * 2.0 / 3.0)).abs() < 1e-6);
/// assert!((seen.image.double_value(&[0, 0, 0, 1]) - (0.4 + step * 4.0 / 3.0)).abs() < 1e-6);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Dream {
    /// How to climb.
    pub climb: Climb,
    /// Whether the dream takes its colours from the photo, and gives only light and dark.
    pub original_colour: bool,
}

impl Dream {
    /// google/deepdream: 10 steps in each of 4 octaves of scale 1.4, jitter by 32 pixels, steps by which
    /// a value moves 1.5 of 255 on average.
    pub fn google() -> Self {
        let climb = Climb {
            steps: 10,
            method: Method::MeanNormalised { rate: 1.5 / 255.0 },
            jitter: 32,
            octaves: 4,
            octave_scale: 1.4,
            keep_start: true,
            ..Climb::default()
        };
        Dream { climb, original_colour: false }
    }

    /// The images `[n, 3, h, w]` with more of what the objective likes, in 0..1.
    ///
    /// Shows its [`progress`](crate::show::progress); after Stop, the dream so far.
    /// Errors: an image whose smallest octave is too small for the network; [`Climb::run`]'s.
    pub fn run(&self, net: &Net, image: &Tensor, objective: &Objective) -> Result<Climbed> {
        self.check(net, image, objective)?;
        let dreamt = self.climb.run(net, image, objective)?;
        let [last, best] =
            [self.coloured(&dreamt.image, image)?, self.coloured(&dreamt.best, image)?];
        let frames = dreamt.frames.iter().map(|frame| self.coloured(frame, image));
        let frames = frames.collect::<Result<_>>()?;
        Ok(Climbed { image: last, best, scores: dreamt.scores, frames })
    }

    fn coloured(&self, dreamt: &Tensor, photo: &Tensor) -> Result<Tensor> {
        let dreamt = dreamt.f_clamp(0.0, 1.0)?;
        match self.original_colour {
            true => Ok(with_luma(photo, &dreamt)?.f_clamp(0.0, 1.0)?),
            false => Ok(dreamt),
        }
    }

    /// Fails where the network cannot take the smallest octave.
    fn check(&self, net: &Net, image: &Tensor, objective: &Objective) -> Result<()> {
        let [_, _, h, w] = finite_rgb(image, "image")?;
        let layers = objective.layers(net);
        let ids = layers.iter().map(|name| net.id(name)).collect::<Result<Vec<_>>>()?;
        let try_size = |[h, w]: [i64; 2]| {
            net.check_input(&Tensor::f_zeros([1, 3, h, w], (Kind::Float, Device::Cpu))?, &ids)
        };
        try_size([h, w])?;
        let [low, narrow] = self.climb.side(0, [h, w]);
        try_size([low, narrow]).map_err(|_| {
            let expected = format!("one whose smallest octave {} can take", net.name());
            let got = format!("{h}x{w}, which starts at {low}x{narrow}");
            Error::argument("image", expected, got, "take fewer octaves, or a larger image")
        })
    }
}
