//! How far a layer's channels are from the company they should keep.

use super::{Objective, Term};
use crate::check::finite;
use crate::{Error, Result};
use std::rc::Rc;
use tch::{Kind, Tensor};

impl Objective {
    /// The squared distance of `layer`'s Gram matrix from `target`, `[1, c, c]` or `[n, c, c]`: texture
    /// and style (Gatys et al. 2016, equation 4). Climb its negative.
    ///
    /// Both are normalised as by [`gram_matrix`], so the target may come from an image of any size.
    pub fn gram(layer: &str, target: &Tensor) -> Self {
        Objective(Term::Gram { layer: layer.into(), target: Rc::new(target.detach()) })
    }

    /// [`Objective::gram`] of the part of the image that `mask`, `[1, 1, h, w]` at the image's size,
    /// covers: spatial control (Gatys et al. 2017, "Controlling perceptual factors", section 4).
    ///
    /// Both are normalised as by [`gram_matrix_within`].
    pub fn gram_within(layer: &str, target: &Tensor, mask: &Tensor) -> Self {
        let [target, mask] = [target, mask].map(|t| Rc::new(t.detach()));
        Objective(Term::GramWithin { layer: layer.into(), target, mask })
    }
}

/// Which channels fire together: for features `[n, c, h, w]` the products of all pairs of channels,
/// averaged over positions and divided by `c`, `[n, c, c]` (CS231n's `gram_matrix`, Johnson et al. 2016,
/// equation 4).
///
/// Gatys et al. 2016 sum where this averages. Cost: `c * c * h * w` products. Errors: NaN.
///
/// ```
/// use convlens::gram_matrix;
/// use tch::Tensor;
/// // Two channels at two positions: (1, 2) and (3, 0).
/// let features = Tensor::from_slice(&[1f32, 2.0, 3.0, 0.0]).view([1, 2, 1, 2]);
/// let gram = gram_matrix(&features)? * 4.0;
/// assert_eq!(Vec::<f32>::try_from(gram.flatten(0, -1)).unwrap(), [5.0, 3.0, 3.0, 9.0]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn gram_matrix(features: &Tensor) -> Result<Tensor> {
    finite(features, "features")?;
    unchecked(features)
}

/// [`gram_matrix`] of values that may be NaN.
pub(super) fn unchecked(features: &Tensor) -> Result<Tensor> {
    let [n, c, h, w] = crate::pixels::batch_size(features, "features")?;
    let rows = places_by_channels(features, [n, h * w, c])?;
    Ok(products(&rows, &rows)? / (c * h * w) as f64)
}

/// [`gram_matrix`] of the positions that `mask`, `[1, 1, h, w]`, covers, averaged over its area.
///
/// The mask is resized to the layer (antialiased); its values weigh positions, so a mask of ones changes
/// nothing, however large the image. Errors: another shape, a mask that covers nothing here, NaN.
///
/// ```
/// use convlens::gram_matrix_within;
/// use tch::Tensor;
/// let features = Tensor::from_slice(&[1f32, 2.0, 3.0, 0.0]).view([1, 2, 1, 2]);
/// let first = Tensor::from_slice(&[1f32, 0.0]).view([1, 1, 1, 2]);
/// let gram = gram_matrix_within(&features, &first)? * 2.0; // 1 and 3 at one position
/// assert_eq!(Vec::<f32>::try_from(gram.flatten(0, -1)).unwrap(), [1.0, 3.0, 3.0, 9.0]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn gram_matrix_within(features: &Tensor, mask: &Tensor) -> Result<Tensor> {
    finite(features, "features")?;
    finite(mask, "mask")?;
    unchecked_within(features, mask)
}

/// [`gram_matrix_within`] of values that may be NaN.
pub(super) fn unchecked_within(features: &Tensor, mask: &Tensor) -> Result<Tensor> {
    let [n, c, h, w] = crate::pixels::batch_size(features, "features")?;
    let mask = crate::pixels::resized(mask, [h, w])?.f_to_device(features.device())?;
    let area = mask.f_sum(Kind::Double)?.f_double_value(&[])?;
    if mask.size()[..2] != [1, 1] || area.is_nan() || area <= 0.0 {
        let got = format!("{:?} of area {area}", mask.size());
        let advice = "mark with 1 what counts";
        return Err(Error::argument("mask", "[1, 1, h, w], somewhere above 0", got, advice));
    }
    let rows = places_by_channels(features, [n, h * w, c])?;
    let weighted = rows.f_mul(&mask.f_view([1, h * w, 1])?)?;
    Ok(products(&weighted, &rows)? / (c as f64 * area))
}

/// `[n, c, h, w]` as `[n, places, c]`, without a copy where channels come last in memory too.
fn places_by_channels(features: &Tensor, size: [i64; 3]) -> Result<Tensor> {
    Ok(features.f_permute([0, 2, 3, 1])?.f_reshape(size)?)
}

/// The products of all pairs of channels, summed over places, `[n, c, c]`.
fn products(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.size()[0] == 1 {
        // The same as below, whose derivative takes twice as long.
        return Ok(a.f_select(0, 0)?.f_tr()?.f_mm(&b.f_select(0, 0)?)?.f_unsqueeze(0)?);
    }
    Ok(a.f_transpose(1, 2)?.f_bmm(b)?)
}
