//! Lecture: "Fooling images / adversarial examples": what protects a network, and against whom.

mod adaptive;
mod cooled;
mod settings;
mod smoothing;
#[cfg(test)]
mod tests;
mod transform;
mod trial;

pub use adaptive::Adaptive;
pub use cooled::cooled;
pub use smoothing::{Certificate, Smoothing, certified_accuracy};
pub use trial::Trial;

use crate::Result;
use crate::chance::normal;
use crate::net::Net;
use crate::pixels::finite_rgb;
use crate::train::logits;
use tch::Tensor;

/// What is done to a picture before the network sees it.
///
/// Lecture: fooling images, defences. They remove small changes, and so they look strong against an
/// attack that does not know of them. [`Adaptive`] is one that does: try each against both
/// ([`Defence::trial`]). A network eats pixels in 0..1, so all of them run before its normalisation.
///
/// | defence | paper | gradient for [`Adaptive`] |
/// |---|---|---|
/// | `Jpeg` | Dziugaite et al. 2016; Guo et al. 2018 | that of doing nothing |
/// | `BitDepth`, `Median` | Xu et al. 2018, sections III.A and III.B | that of doing nothing; the median's own |
/// | `TotalVariation` | Guo et al. 2018, section 4.2 | that of doing nothing |
/// | `ResizePad` | Xie et al. 2018, section 3.3 | its own, mean over draws |
/// | `Noise` | Cohen et al. 2019, section 3 | its own, mean over draws |
///
/// ```
/// use convlens::defence::Defence;
/// use tch::Tensor;
/// let x = Tensor::from_slice(&[0.1f32, 0.4, 0.8]).view([1, 3, 1, 1]);
/// // Two bits: 0, 1/3, 2/3 and 1.
/// let seen = Defence::BitDepth { bits: 2 }.apply(&x, 0)? * 3.0;
/// assert_eq!(Vec::<f32>::try_from(seen.flatten(0, -1)).unwrap(), [0.0, 1.0, 2.0]);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Defence {
    /// Nothing.
    None,
    /// A JPEG file and back.
    Jpeg {
        /// 1 to 100; ART has 50, Guo et al. 75.
        quality: u8,
    },
    /// Fewer values for each colour.
    BitDepth {
        /// `2^bits` values, 1 to 8 bits; Xu et al. take 1 for MNIST, 4 and 5 for ImageNet.
        bits: u32,
    },
    /// The median of the pixels around each pixel.
    Median {
        /// The window's rows and columns, an odd number; ART has 3, Xu et al. 2 and 3. From 1 to 99.
        size: i64,
    },
    /// The smoothest picture that agrees with a random share of the pixels: least
    /// `sum of kept (y - x)^2 + weight * sum of |slope of y|`.
    TotalVariation {
        /// The share of pixels that count; ART has 0.3, Guo et al. 0.5.
        share: f64,
        /// How much smoothness counts; ART has 0.5, Guo et al. 0.03.
        weight: f64,
    },
    /// Enlarged at random, then set at a random place on a black ground: `extra` more rows and columns.
    ResizePad {
        /// Xie et al. turn 299x299 into 331x331: 32. From 0 to 4096.
        extra: i64,
    },
    /// Gaussian noise; [`Smoothing`] is the vote under it.
    Noise {
        /// Its standard deviation. At most 1 000 000.
        sigma: f64,
    },
}

impl Defence {
    /// What the network sees of `x`, `[n, 3, h, w]` in 0..1: as large, but for `ResizePad`.
    ///
    /// `seed` decides where chance does; what is drawn is drawn once for all images. Cost: no pass
    /// through a network; a JPEG file for each image, or 30 steps of descent for `TotalVariation`.
    /// Errors: settings out of range, another shape.
    pub fn apply(&self, x: &Tensor, seed: u64) -> Result<Tensor> {
        finite_rgb(x, "image")?;
        self.check()?;
        match *self {
            Defence::None => Ok(x.shallow_clone()),
            Defence::Jpeg { quality } => transform::jpeg(x, quality),
            Defence::BitDepth { bits } => transform::bit_depth(x, bits),
            Defence::Median { size } => transform::median(x, size),
            Defence::TotalVariation { share, weight } => {
                transform::total_variation(x, share, weight, seed)
            }
            Defence::ResizePad { extra } => transform::resize_pad(x, extra, seed),
            Defence::Noise { sigma } => {
                let noise = normal(&[seed, 5], &x.size()[1..])? * sigma;
                Ok(x.f_add(&noise.f_to_kind(x.kind())?.f_to_device(x.device())?)?)
            }
        }
    }

    /// The same, with a gradient for attacks: the true one where there is a useful one; else that of
    /// doing nothing, which is near (BPDA: Athalye, Carlini and Wagner 2018, section 4.1).
    pub(crate) fn followed(&self, x: &Tensor, seed: u64) -> Result<Tensor> {
        match self {
            Defence::Jpeg { .. } | Defence::BitDepth { .. } | Defence::TotalVariation { .. } => {
                let change = self.apply(&x.detach(), seed)?.f_sub(&x.detach())?;
                Ok(x.f_add(&change)?)
            }
            _ => self.apply(x, seed),
        }
    }

    /// Whether another seed gives another picture.
    pub fn is_random(&self) -> bool {
        matches!(self, Self::TotalVariation { .. } | Self::ResizePad { .. } | Self::Noise { .. })
    }

    /// The scores of the classes, `[n, classes]`, of what the network sees; one pass.
    pub fn logits(&self, net: &Net, x: &Tensor, seed: u64) -> Result<Tensor> {
        logits(net, &self.apply(x, seed)?)
    }
}
