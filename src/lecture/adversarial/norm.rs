//! How far apart two images are, and which way is steepest.

use crate::Result;
use tch::{Kind, Tensor};

/// How the size of a perturbation is measured, over all pixels and colours of an image in 0..1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Norm {
    /// The largest change of any value.
    Linf,
    /// The Euclidean length of the change.
    L2,
}

/// All axes but the first.
pub(crate) const PIXELS: [i64; 3] = [1, 2, 3];

impl Norm {
    /// The direction of length 1 in which a loss of gradient `g`, `[n, 3, h, w]`, grows most; none
    /// where the gradient is 0.
    pub(crate) fn steepest(self, g: &Tensor) -> Result<Tensor> {
        match self {
            Norm::Linf => Ok(g.f_sign()?),
            Norm::L2 => Ok(g.f_div(&self.size(g)?.f_clamp_min(1e-12)?)?),
        }
    }

    /// The size of each image of `x`, `[n, 1, 1, 1]`, in its own precision.
    pub(crate) fn size(self, x: &Tensor) -> Result<Tensor> {
        match self {
            Norm::Linf => Ok(x.f_abs()?.f_amax(PIXELS.as_slice(), true)?),
            Norm::L2 => {
                Ok(x.f_square()?.f_sum_dim_intlist(PIXELS.as_slice(), true, x.kind())?.f_sqrt()?)
            }
        }
    }

    /// How far each of two batches' images are apart, in double precision.
    pub(crate) fn distances(self, x: &Tensor, y: &Tensor) -> Result<Vec<f64>> {
        let apart = x.f_to_kind(Kind::Double)?.f_sub(&y.f_to_kind(Kind::Double)?)?;
        Ok(Vec::try_from(self.size(&apart)?.f_reshape([-1])?)?)
    }
}
