//! Where a climb went.

use crate::Result;
use crate::pixels::resized;
use tch::Tensor;

/// Where a climb ended, and how it went there.
#[derive(Debug)]
pub struct Climbed {
    /// The last image, `[n, 3, h, w]`.
    pub image: Tensor,
    /// Of each, the image with the highest score of the last octave, `[n, 3, h, w]`; with `jitter` or
    /// `warp` a lucky look counts too.
    pub best: Tensor,
    /// The score summed over the images, before the first step and after each that was taken: of what
    /// the network saw (moved by `jitter` and `warp`), the last one of the image itself.
    pub scores: Vec<f64>,
    /// The images that were kept on the way, each `[n, 3, h, w]`.
    pub frames: Vec<Tensor>,
}

/// Of each image, the highest score so far, `[n]`, and the image that had it.
#[derive(Default)]
pub(super) struct Best(Option<[Tensor; 2]>);

impl Best {
    pub(super) fn see(&mut self, score: &Tensor, image: &Tensor) -> Result<()> {
        self.0 = Some(match self.0.take() {
            None => [score.shallow_clone(), image.shallow_clone()],
            Some([top, best]) => {
                let higher = score.f_gt_tensor(&top)?.f_view([-1, 1, 1, 1])?;
                let best = resized(&best, [2, 3].map(|dim| image.size()[dim]))?;
                [score.f_maximum(&top)?, image.f_where_self(&higher, &best)?]
            }
        });
        Ok(())
    }

    /// The best images, `image` with its score among them.
    pub(super) fn of(mut self, score: &Tensor, image: &Tensor) -> Result<Tensor> {
        self.see(score, image)?;
        Ok(self.0.map_or_else(|| image.shallow_clone(), |[_, best]| best))
    }
}
