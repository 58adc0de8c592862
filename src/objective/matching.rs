//! How far a layer is from what it should be, unit by unit or each place from its like.

use super::{Objective, Term, prior::total, read::per_image_mean};
use crate::{Error, Result};
use std::rc::Rc;
use tch::Tensor;

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
        let target = Rc::new(target.detach());
        Objective(Term::Features { layer: layer.into(), target, weight: None })
    }

    /// [`Objective::features`] with each unit's square times its `weight`: a mask of channels or places,
    /// or one number for each image.
    ///
    /// `weight` is as large as the target, or 1 in any direction: `[1, c, 1, 1]` for channels,
    /// `[1, 1, h, w]` for places, `[n, 1, 1, 1]` for images. Errors: another size.
    ///
    /// ```
    /// use convlens::{Objective, net::Net};
    /// use tch::Tensor;
    /// let [a, b] = [[0.5f32, 1.0, 0.0], [0.5, 0.0, 2.0]].map(|x| Tensor::from_slice(&x).view([1, 3, 1, 1]));
    /// let weight = Tensor::from_slice(&[1f32, 0.0, 0.5]).view([1, 3, 1, 1]);
    /// let apart = Objective::weighted_features("input", &a, &weight).score(&Net::new("pixels"), &b)?;
    /// assert_eq!(apart.double_value(&[0]), 0.5 * 4.0);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn weighted_features(layer: &str, target: &Tensor, weight: &Tensor) -> Self {
        let [target, weight] = [target, weight].map(|t| Rc::new(t.detach()));
        Objective(Term::Features { layer: layer.into(), target, weight: Some(weight) })
    }

    /// How well each place of `layer` finds its like in `guide`, the layer of another image `[1, c, h, w]`
    /// of any size: the largest dot product with any place of it, averaged over places.
    ///
    /// The guide image of google/deepdream, which takes the same gradient. Climb it. Memory: a number
    /// for each pair of places.
    ///
    /// ```
    /// use convlens::{Objective, net::Net};
    /// use tch::Tensor;
    /// let image = |x: &[f32]| Tensor::from_slice(x).view([1, 3, 1, -1]);
    /// // Two places, (1, 0, 0) and (0, 2, 0); a guide of one, (3, 1, 0): products 3 and 2.
    /// let (x, guide) = (image(&[1., 0., 0., 2., 0., 0.]), image(&[3., 1., 0.]));
    /// let score = Objective::best_match("input", &guide).score(&Net::new("pixels"), &x)?;
    /// assert_eq!(score.double_value(&[0]), 2.5);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn best_match(layer: &str, guide: &Tensor) -> Self {
        Objective(Term::BestMatch { layer: layer.into(), guide: Rc::new(guide.detach()) })
    }
}

/// The squared distance of `made` from `target` for each image.
pub(super) fn distance(layer: &str, made: &Tensor, target: &Tensor) -> Result<Tensor> {
    apart(layer, made, target, None)
}

/// The same, each square times its weight.
pub(super) fn apart(
    layer: &str,
    made: &Tensor,
    target: &Tensor,
    weight: Option<&Tensor>,
) -> Result<Tensor> {
    let (made_size, size) = (made.size(), target.size());
    let fits = size.len() == made_size.len() && size[1..] == made_size[1..];
    if !fits || ![1, made_size[0]].contains(&size[0]) {
        let what = format!("target of `{layer}`");
        let expected = format!("the layer's size here, {made_size:?}, or one for all images");
        let advice = "read the target from an image of the same size, at the same layer";
        return Err(Error::argument(&what, expected, format!("{size:?}"), advice));
    }
    let squares = made.f_sub(&target.f_to_device(made.device())?)?.f_square()?;
    match weight {
        None => total(&squares),
        Some(weight) => total(&weighted(layer, &squares, weight)?),
    }
}

fn weighted(layer: &str, squares: &Tensor, weight: &Tensor) -> Result<Tensor> {
    let (size, full) = (weight.size(), squares.size());
    let fits = size.len() == full.len() && size.iter().zip(&full).all(|(w, f)| [1, *f].contains(w));
    if !fits {
        let what = format!("weight of `{layer}`");
        let expected = format!("the layer's size here, {full:?}, or 1 in any direction");
        let advice = "a mask of places has the layer's rows and columns, not the image's";
        return Err(Error::argument(&what, expected, format!("{size:?}"), advice));
    }
    Ok(squares.f_mul(&weight.f_to_device(squares.device())?)?)
}

/// The mean over places of the best dot product with a place of `guide`, for each image.
pub(super) fn best_match(layer: &str, made: &Tensor, guide: &Tensor) -> Result<Tensor> {
    let [n, channels, h, w] = crate::pixels::batch_size(made, layer)?;
    if guide.dim() != 4 || guide.size()[..2] != [1, channels] {
        let what = format!("guide of `{layer}`");
        let (expected, got) = (format!("[1, {channels}, h, w]"), format!("{:?}", guide.size()));
        let advice = "read the guide from one image, at the same layer of the same network";
        return Err(Error::argument(&what, expected, got, advice));
    }
    let guide = guide.f_type_as(made)?.f_reshape([channels, -1])?;
    let places = made.f_reshape([n, channels, h * w])?.f_transpose(1, 2)?;
    let (best, _) = places.f_matmul(&guide)?.f_max_dim(2, false)?;
    per_image_mean(&best)
}
