//! Gaussian blur.

use super::finite_batch;
use crate::Result;
use crate::check::within;
use tch::Tensor;

/// Images `[n, c, h, w]` under a Gaussian of `sigma` pixels; its tails are cut at three of them.
///
/// Edge pixels repeat outwards. Errors: a `sigma` outside 0.01 to 256, NaN.
///
/// ```
/// use convlens::{pixels, prelude::*};
/// let dot = Tensor::from_slice(&[0f32, 0.0, 1.0, 0.0, 0.0]).reshape([1, 1, 1, 5]);
/// // exp(0), exp(-1/2) and exp(-2), next to nothing further out, divided by their sum 2.48.
/// let soft = pixels::blur(&dot, 1.0)?;
/// assert!((soft.double_value(&[0, 0, 0, 1]) - 0.242).abs() < 1e-3);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn blur(x: &Tensor, sigma: f64) -> Result<Tensor> {
    let [_, channels, _, _] = finite_batch(x, "image")?;
    within("sigma", sigma, 0.01..=256.0, "use 10 pixels, for example")?;
    let reach = (3.0 * sigma).ceil() as i64;
    let at = Tensor::f_arange(2 * reach + 1, (x.kind(), x.device()))? - reach;
    let bell = (at.f_square()? * (-0.5 / (sigma * sigma))).f_exp()?;
    let bell = &bell / bell.f_sum(x.kind())?;
    let wide = x.f_pad([reach; 4], "replicate", None)?;
    let each = |shape: [i64; 4]| bell.f_view(shape)?.f_repeat([channels, 1, 1, 1]);
    let [rows, columns] = [each([1, 1, -1, 1])?, each([1, 1, 1, -1])?];
    let slide = |x: &Tensor, w: &Tensor| x.f_conv2d(w, None::<Tensor>, [1], [0], [1], channels);
    Ok(slide(&slide(&wide, &rows)?, &columns)?)
}
