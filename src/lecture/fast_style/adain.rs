//! Adaptive instance normalisation: any style, by two numbers for each channel.

use super::network::normalised;
use crate::pixels::finite_batch;
use crate::{Error, Result};
use tch::Tensor;

/// The channels of `x` with the mean and deviation of those of `y`: `[n, c, h, w]` and `[1 or n, c, any,
/// any]` to the size of `x`.
///
/// Huang and Belongie 2017, equation 8, between an encoder (VGG to relu4_1) and a decoder that is trained
/// to undo it. `adain(x, x)` is `x`, up to the 1e-5 that is added to variances.
///
/// ```
/// use convlens::fast_style::adain;
/// use tch::Tensor;
/// // Mean 2 and deviation 1; mean 10 and deviation 3.
/// let x = Tensor::from_slice(&[1f32, 3.0]).view([1, 1, 1, 2]);
/// let y = Tensor::from_slice(&[7f32, 13.0, 7.0, 13.0]).view([1, 1, 2, 2]);
/// let made = Vec::<f32>::try_from(adain(&x, &y)?.flatten(0, -1)).unwrap();
/// assert!((made[0] - 7.0).abs() < 1e-4 && (made[1] - 13.0).abs() < 1e-4);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn adain(x: &Tensor, y: &Tensor) -> Result<Tensor> {
    let ([n, c, ..], [m, d, ..]) = (finite_batch(x, "x")?, finite_batch(y, "y")?);
    if c != d || ![1, n].contains(&m) {
        let (expected, got) = (format!("[1 or {n}, {c}, h, w]"), format!("{:?}", y.size()));
        return Err(Error::argument("y", expected, got, "take both at the same layer"));
    }
    let (var, mean) = y.f_var_mean_dim([2i64, 3].as_slice(), false, true)?;
    normalised(x, [&(var + super::network::EPSILON).f_sqrt()?, &mean])
}
