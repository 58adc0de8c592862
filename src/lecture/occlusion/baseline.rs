//! What a patch looks like.

use crate::Result;
use crate::chance::uniform;
use crate::pixels::blur;
use tch::{Kind, Tensor};

/// What part of the patch's rectangle covers the image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// All of it.
    Square,
    /// The largest ellipse inside it: no corners that look like edges of a thing.
    Round,
}

/// What is seen in place of the image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Baseline {
    /// Grey, 0.5 in all colours (Zeiler and Fergus 2014).
    Grey,
    /// The image's mean colour.
    Mean,
    /// The image itself, blurred.
    Blur {
        /// Standard deviation of the Gaussian, in pixels.
        sigma: f64,
    },
    /// Colours drawn evenly from 0..1 for each pixel.
    Noise {
        /// The same seed gives the same noise.
        seed: u64,
    },
    /// Black. (captum's 0 comes after the network's normalisation, where it is the mean of the
    /// training pictures, nearly grey.)
    Zero,
}

impl Shape {
    /// 1 where the patch covers, 0 elsewhere, `[1, 1, h, w]`.
    pub(super) fn mask(self, [h, w]: [i64; 2]) -> Result<Tensor> {
        let ones = Tensor::f_ones([1, 1, h, w], (Kind::Float, tch::Device::Cpu))?;
        if self == Shape::Square {
            return Ok(ones);
        }
        let [y, x] = [offsets(h)?.f_view([h, 1])?, offsets(w)?];
        Ok(ones.f_mul(&y.f_square()?.f_add(&x.f_square()?)?.f_le(1.0)?)?)
    }
}

/// Pixel centres from -1 to 1 across a side.
fn offsets(side: i64) -> Result<Tensor> {
    let centres = Tensor::f_arange(side, (Kind::Float, tch::Device::Cpu))? + 0.5;
    Ok(centres * (2.0 / side as f64) - 1.0)
}

impl Baseline {
    /// The whole image `[1, 3, h, w]` as it looks under a patch.
    pub(crate) fn image(self, x: &Tensor) -> Result<Tensor> {
        match self {
            Baseline::Grey => Ok(x.f_full_like(0.5)?),
            Baseline::Mean => {
                Ok(x.f_mean_dim([2i64, 3].as_slice(), true, x.kind())?.f_expand_as(x)?)
            }
            Baseline::Blur { sigma } => blur(x, sigma),
            Baseline::Noise { seed } => {
                Ok(uniform(&[seed], &x.size())?.f_to_kind(x.kind())?.f_to_device(x.device())?)
            }
            Baseline::Zero => Ok(x.f_zeros_like()?),
        }
    }

    /// The baseline of each image of `x`, `[n, 3, h, w]`, as large.
    pub(crate) fn images(self, x: &Tensor) -> Result<Tensor> {
        let one = |i| self.image(&x.f_narrow(0, i, 1)?);
        Ok(Tensor::f_cat(&(0..x.size()[0]).map(one).collect::<Result<Vec<_>>>()?, 0)?)
    }
}
