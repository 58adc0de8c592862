//! How far a layer is from what it should be: in every unit, or in its channels' company.

use super::{Objective, Term, prior::total};
use crate::{Error, Result};
use std::rc::Rc;
use tch::{Kind, Tensor};

impl Objective {
    /// The squared distance of `layer` from `target`, summed over units: feature inversion, and the
    /// content of a style transfer (Gatys et al. 2016, equation 1, without its 1/2). Climb its negative.
    ///
    /// `target` is the layer of another image of the same size, `[1, ...]` for all images or `[n, ...]`.
    ///
    /// ```
    /// use convlens::{Objective, net::Net};
    /// use tch::Tensor;
    /// let [a, b] = [[0.5f32, 1.0, 0.0], [0.5, 0.0, 2.0]].map(|x| Tensor::from_slice(&x).view([1, 3, 1, 1]));
    /// let apart = Objective::features("input", &a).score(&Net::new("pixels"), &b)?;
    /// assert_eq!(apart.double_value(&[0]), 1.0 + 4.0);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn features(layer: &str, target: &Tensor) -> Self {
        Objective(Term::Features { layer: layer.into(), target: Rc::new(target.detach()) })
    }

    /// The squared distance of `layer`'s Gram matrix from `target`, `[1, c, c]` or `[n, c, c]`: texture
    /// and style (Gatys et al. 2016, equation 4). Climb its negative.
    ///
    /// Both are normalised as by [`gram_matrix`], so the target may come from an image of any size.
    pub fn gram(layer: &str, target: &Tensor) -> Self {
        Objective(Term::Gram { layer: layer.into(), target: Rc::new(target.detach()) })
    }
}

impl Objective {
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
/// Gatys et al. 2016 sum where this averages. Cost: `c * c * h * w` products.
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
    let [n, c, h, w] = crate::pixels::batch_size(features, "features")?;
    let rows = features.f_reshape([n, c, h * w])?;
    Ok(rows.f_bmm(&rows.f_transpose(1, 2)?)? / (c * h * w) as f64)
}

/// [`gram_matrix`] of the positions that `mask`, `[1, 1, h, w]`, covers, averaged over its area.
///
/// The mask is resized to the layer (antialiased); its values weigh positions, so a mask of ones changes
/// nothing, however large the image. Errors: another shape, a mask that covers nothing here.
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
    let [n, c, h, w] = crate::pixels::batch_size(features, "features")?;
    let mask = crate::pixels::resize(mask, [h, w])?.f_to_device(features.device())?;
    let area = mask.f_sum(Kind::Double)?.f_double_value(&[])?;
    if mask.size()[..2] != [1, 1] || area.is_nan() || area <= 0.0 {
        let got = format!("{:?} of area {area}", mask.size());
        let advice = "mark with 1 what counts";
        return Err(Error::argument("mask", "[1, 1, h, w], somewhere above 0", got, advice));
    }
    let rows = features.f_reshape([n, c, h * w])?;
    let weighted = rows.f_mul(&mask.f_view([1, 1, h * w])?)?;
    Ok(weighted.f_bmm(&rows.f_transpose(1, 2)?)? / (c as f64 * area))
}

/// The squared distance of `made` from `target` for each image.
pub(super) fn distance(layer: &str, made: &Tensor, target: &Tensor) -> Result<Tensor> {
    let (made_size, size) = (made.size(), target.size());
    let fits = size.len() == made_size.len() && size[1..] == made_size[1..];
    if !fits || ![1, made_size[0]].contains(&size[0]) {
        let what = format!("target of `{layer}`");
        let expected = format!("the layer's size here, {made_size:?}, or one for all images");
        let advice = "read the target from an image of the same size, at the same layer";
        return Err(Error::argument(&what, expected, format!("{size:?}"), advice));
    }
    total(&made.f_sub(&target.f_to_device(made.device())?)?.f_square()?)
}
