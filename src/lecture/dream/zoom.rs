//! Dreaming into the picture.

use super::Dream;
use crate::check::within;
use crate::net::Net;
use crate::optimise::Move;
use crate::show::progress;
use crate::{Objective, Result};
use tch::Tensor;

/// How to fall into a dream: dream, come nearer, dream again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zoom {
    /// How many pictures to make. From 1 to 100 000.
    pub frames: usize,
    /// Which share of the height and width is lost from one to the next.
    pub share: f64,
}

impl Default for Zoom {
    /// google/deepdream: 100 pictures, 5 % each.
    fn default() -> Self {
        Zoom { frames: 100, share: 0.05 }
    }
}

impl Dream {
    /// Pictures of an endless fall, each `[1, 3, h, w]`: [`show::animation`](crate::show::animation) plays
    /// them.
    ///
    /// Each is the dream of the one before, enlarged about its middle; its seed is one more. After Stop,
    /// the pictures so far. Cost: [`Dream::run`] for each.
    /// Errors: a share that leaves nothing; those of [`Dream::run`].
    pub fn zoom(
        &self,
        net: &Net,
        image: &Tensor,
        objective: &Objective,
        zoom: Zoom,
    ) -> Result<Vec<Tensor>> {
        within("share", zoom.share, 0.0..=0.5, "0.05 is usual")?;
        within("frames", zoom.frames, 1..=100_000, "100 is usual")?;
        let (mut frames, mut view): (Vec<Tensor>, _) = (vec![], image.shallow_clone());
        for frame in progress("zooming", 0..zoom.frames) {
            let mut dream = self.clone();
            dream.climb.seed = self.climb.seed.wrapping_add(frame as u64);
            let seen = dream.run(net, &view, objective)?.image;
            view = nearer(&seen, zoom.share)?;
            frames.push(seen);
        }
        Ok(frames)
    }
}

/// The middle of an image at the size of the whole.
fn nearer(image: &Tensor, share: f64) -> Result<Tensor> {
    Move { shift: [0.0; 2], scale: 1.0 / (1.0 - share), turn: 0.0 }.of(image)
}
