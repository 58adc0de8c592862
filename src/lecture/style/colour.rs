//! The photo's colours kept, in two ways.

use super::{Colour, Painting, Style};
use crate::check::within;
use crate::pixels::{finite_rgb, to_grey, to_rgb};
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// Which of the matrices that turn one covariance of colours into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// By their triangular roots: red is mapped to red alone, so the order of colours matters.
    Cholesky,
    /// By their symmetric roots.
    Pca,
    /// The one that moves colours least (optimal transport between two normal distributions).
    Symmetric,
}

/// The brightness of `made` with the colours of `photo`, both `[n, 3, h, w]`.
///
/// Gatys et al. 2017, "Controlling perceptual factors", section 5.1: Y of one, I and Q of the other. In
/// RGB that adds the difference of their luma ([`to_grey`]) to all three colours; clamped to 0..1.
///
/// ```
/// use convlens::style::keep_colour;
/// use tch::Tensor;
/// let pixel = |x: &[f32]| Tensor::from_slice(x).view([1, 3, 1, 1]);
/// // Grey 0.6 over a red of luma 0.299 * 0.5 + 0.2 * 0.701 = 0.2897: 0.3103 brighter.
/// let made = keep_colour(&pixel(&[0.6, 0.6, 0.6]), &pixel(&[0.5, 0.2, 0.2]))?;
/// let apart = made - pixel(&[0.8103, 0.5103, 0.5103]);
/// assert!(apart.abs().max().double_value(&[]) < 1e-6);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn keep_colour(made: &Tensor, photo: &Tensor) -> Result<Tensor> {
    let size = finite_rgb(made, "image")?;
    if finite_rgb(photo, "photo")? != size {
        let (expected, got) = (format!("{size:?}"), format!("{:?}", photo.size()));
        return Err(Error::argument("photo", expected, got, "resize it to the image"));
    }
    let brighter = to_grey(made)?.f_sub(&to_grey(photo)?)?;
    Ok(photo.f_add(&brighter)?.f_clamp(0.0, 1.0)?)
}

/// `painting` with the mean and covariance of the colours of `photo`, both `[1, 3, any, any]`.
///
/// Gatys et al. 2017, section 5.2; clamped to 0..1. A thousandth of a grey level squared is added to both
/// covariances, so that a grey picture has roots too. ProGamerGov/neural-style-pt calls the three `chol`,
/// `pca` and `sym`.
///
/// ```
/// use convlens::style::{Transport, match_colours};
/// use tch::Tensor;
/// // Red, green and blue of 0.2 and 0.4; the photo's are twice as far apart around 0.5.
/// let pixels = |a: f32, b: f32| Tensor::from_slice(&[a, b, a, b, a, b]).view([1, 3, 1, 2]);
/// let matched = match_colours(&pixels(0.2, 0.4), &pixels(0.3, 0.7), Transport::Symmetric)?;
/// assert!((matched - pixels(0.3, 0.7)).abs().max().double_value(&[]) < 1e-3);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn match_colours(painting: &Tensor, photo: &Tensor, how: Transport) -> Result<Tensor> {
    let [n, _, h, w] = finite_rgb(painting, "painting")?;
    finite_rgb(photo, "photo")?;
    within("painting", n, 1..=1, "pick one with `.narrow(0, index, 1)`")?;
    let (points, from, mean) = moments(painting)?;
    let (_, to, goal) = moments(photo)?;
    let matrix = match how {
        Transport::Cholesky => {
            to.f_linalg_cholesky(false)?.f_matmul(&from.f_linalg_cholesky(false)?.f_inverse()?)?
        }
        Transport::Pca => power(&to, 0.5)?.f_matmul(&power(&from, -0.5)?)?,
        Transport::Symmetric => {
            let (root, back) = (power(&from, 0.5)?, power(&from, -0.5)?);
            let middle = power(&root.f_matmul(&to)?.f_matmul(&root)?, 0.5)?;
            back.f_matmul(&middle)?.f_matmul(&back)?
        }
    };
    let moved = matrix.f_matmul(&points.f_sub(&mean)?)?.f_add(&goal)?;
    Ok(moved.f_view([1, 3, h, w])?.f_to_kind(painting.kind())?.f_clamp(0.0, 1.0)?)
}

/// Pixels `[3, n]`, their covariance `[3, 3]` and mean `[3, 1]`, as doubles.
fn moments(x: &Tensor) -> Result<(Tensor, Tensor, Tensor)> {
    let points = x.f_to_kind(Kind::Double)?.f_transpose(0, 1)?.f_reshape([3, -1])?;
    let mean = points.f_mean_dim([1i64].as_slice(), true, Kind::Double)?;
    let off = points.f_sub(&mean)?;
    let covariance = off.f_matmul(&off.f_tr()?)? / points.size()[1] as f64;
    let little = Tensor::f_eye(3, (Kind::Double, x.device()))? * (1e-3 / 255.0f64.powi(2));
    Ok((points, covariance.f_add(&little)?, mean))
}

/// A symmetric positive matrix to a power, by its eigenvalues.
fn power(matrix: &Tensor, exponent: f64) -> Result<Tensor> {
    let (values, vectors) = matrix.f_linalg_eigh("L")?;
    let values = values.f_clamp_min(1e-12)?.f_pow_tensor_scalar(exponent)?;
    Ok(vectors.f_mul(&values)?.f_matmul(&vectors.f_tr()?)?)
}

impl Style {
    /// The photo and the paintings as `colour` wants the network to see them.
    pub(super) fn recoloured(
        &self,
        photo: &Tensor,
        paintings: &[Painting],
    ) -> Result<(Tensor, Vec<Painting>)> {
        let change = |image: &Tensor| match self.colour {
            Colour::Painting => Ok(image.shallow_clone()),
            Colour::Luminance => as_bright(image, photo),
            Colour::Matched(how) => match_colours(image, photo, how),
        };
        let changed = |p: &Painting| {
            let share = |mask: &Option<Tensor>| mask.as_ref().map(Tensor::shallow_clone);
            let (part, place) = (share(&p.part), share(&p.place));
            Ok(Painting { image: change(&p.image)?, weight: p.weight, part, place })
        };
        let paintings = paintings.iter().map(changed).collect::<Result<_>>()?;
        match self.colour {
            Colour::Luminance => Ok((to_rgb(&to_grey(photo)?)?, paintings)),
            _ => Ok((photo.shallow_clone(), paintings)),
        }
    }

    /// The result in the colours it should have.
    pub(super) fn finished(&self, made: &Tensor, photo: &Tensor) -> Result<Tensor> {
        match self.colour {
            Colour::Luminance => keep_colour(made, photo),
            _ => Ok(made.shallow_clone()),
        }
    }
}

/// A painting in grey with the mean and deviation of the photo's luma.
fn as_bright(painting: &Tensor, photo: &Tensor) -> Result<Tensor> {
    let (grey, goal) = (to_grey(painting)?, to_grey(photo)?);
    let mean = |x: &Tensor| x.f_mean(Kind::Float);
    let off = grey.f_sub(&mean(&grey)?)?.f_mul(&goal.f_std(false)?)?;
    let same = off.f_div(&grey.f_std(false)?.f_clamp_min(1e-6)?)?.f_add(&mean(&goal)?)?;
    to_rgb(&same.f_clamp(0.0, 1.0)?)
}
