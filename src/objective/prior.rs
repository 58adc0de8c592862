//! Scores of the image itself, and of a batch of images: what tames a climb.

use super::{Objective, Term, read::per_image_mean};
use crate::{Error, Result};
use tch::Tensor;

/// A squared step this small counts as none: a root has no derivative at 0.
const FLAT: f64 = 1e-12;

impl Objective {
    /// How far the image is from mid-grey: the sum of `(x - 0.5)^2` over pixels and colours.
    ///
    /// Subtract it to keep an image from running away (Simonyan et al. 2014, section 2). Their images
    /// have the mean colour at 0; here that is grey.
    ///
    /// ```
    /// use convlens::{Objective, net::Net};
    /// use tch::Tensor;
    /// let x = Tensor::from_slice(&[0.5f32, 1.0, 0.0]).view([1, 3, 1, 1]);
    /// assert_eq!(Objective::l2().score(&Net::new("pixels"), &x)?.double_value(&[0]), 0.5);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn l2() -> Self {
        Self::alpha_norm(2.0)
    }

    /// `|x - 0.5|^alpha` summed over pixels and colours: for a large alpha a soft bound on the range
    /// (Mahendran and Vedaldi 2015, section 2.1, with alpha = 6). Subtract it.
    pub fn alpha_norm(alpha: f64) -> Self {
        Objective(Term::AlphaNorm(alpha))
    }

    /// How rough the image is: the sum of squared differences of neighbours, below and right.
    ///
    /// CS231n's `tv_loss` at weight 1; Mahendran and Vedaldi 2015, equation 6, with beta = 2.
    ///
    /// ```
    /// use convlens::{Objective, net::Net};
    /// use tch::Tensor;
    /// // One colour of a 2x2 image: 2 + 2 squared differences of 1 and 2.
    /// let x = Tensor::from_slice(&[0f32, 1.0, 2.0, 3.0]).view([1, 1, 2, 2]);
    /// let rough = Objective::total_variation().score(&Net::new("pixels"), &x)?;
    /// assert_eq!(rough.double_value(&[0]), 1.0 + 1.0 + 4.0 + 4.0);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn total_variation() -> Self {
        Self::total_variation_beta(2.0)
    }

    /// `((below - here)^2 + (right - here)^2)^(beta / 2)` summed over pixels and colours: a small beta
    /// prefers one sharp edge to many soft ones (Mahendran and Vedaldi 2015, equation 6). Subtract it.
    ///
    /// Along the last row and column, where one neighbour is missing, the other counts alone.
    pub fn total_variation_beta(beta: f64) -> Self {
        Objective(Term::TotalVariation(beta))
    }

    /// How unlike the other images of the batch each image is to `layer`: minus the mean cosine of
    /// its Gram matrix with theirs, -1 (alike) to 0; 0 for a single image.
    ///
    /// Add it to get several answers to one question (Olah et al. 2017, "Diversity"; lucid sums over
    /// pairs where this takes the mean).
    pub fn diversity(layer: &str) -> Self {
        Objective(Term::Diversity { layer: layer.into() })
    }
}

pub(super) fn alpha_norm(x: &Tensor, alpha: f64) -> Result<Tensor> {
    above_zero("alpha", alpha)?;
    total(&(x - 0.5).f_abs()?.f_pow_tensor_scalar(alpha)?)
}

pub(super) fn total_variation(x: &Tensor, beta: f64) -> Result<Tensor> {
    above_zero("beta", beta)?;
    let steps = |dim| x.f_diff(1, dim, None::<Tensor>, None::<Tensor>)?.f_square();
    let (down, right) = (steps(2)?, steps(3)?);
    if beta == 2.0 {
        return Ok(total(&down)?.f_add(&total(&right)?)?);
    }
    let both = down.f_constant_pad_nd([0, 0, 0, 1])?.f_add(&right.f_constant_pad_nd([0, 1])?)?;
    total(&both.f_clamp_min(FLAT)?.f_pow_tensor_scalar(beta / 2.0)?)
}

pub(super) fn diversity(features: &Tensor) -> Result<Tensor> {
    let [n, channels] = [0, 1].map(|dim| features.size()[dim]);
    let rows = features.f_reshape([n, channels, -1])?;
    let gram = rows.f_bmm(&rows.f_transpose(1, 2)?)?.f_reshape([n, -1])?;
    let length = gram.f_square()?.f_sum_dim_intlist([1i64].as_slice(), true, gram.kind())?;
    let gram = gram.f_div(&length.f_clamp_min(1e-24)?.f_sqrt()?)?;
    let cosines = gram.f_matmul(&gram.f_tr()?)?;
    let others = cosines.f_tril(-1)?.f_add(&cosines.f_triu(1)?)?;
    Ok(per_image_mean(&others)? * (-(n as f64) / (n - 1).max(1) as f64))
}

fn above_zero(what: &str, power: f64) -> Result<()> {
    match power > 0.0 && power.is_finite() {
        true => Ok(()),
        false => Err(Error::argument(what, "above 0", power, "the usual power is 2")),
    }
}

pub(super) fn total(x: &Tensor) -> Result<Tensor> {
    if x.dim() == 1 {
        return Ok(x.shallow_clone());
    }
    let each: Vec<i64> = (1..x.dim() as i64).collect();
    Ok(x.f_sum_dim_intlist(each.as_slice(), false, x.kind())?)
}
