//! Margins around images.

use super::finite_batch;
use crate::check::{size_within, values_within};
use crate::{Error, Result};
use tch::Tensor;

/// How many pixels to add on each side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Margins {
    /// Rows above.
    pub top: i64,
    /// Rows below.
    pub bottom: i64,
    /// Columns on the left.
    pub left: i64,
    /// Columns on the right.
    pub right: i64,
}

impl Margins {
    /// The same margin on all four sides.
    pub fn all(pixels: i64) -> Self {
        Self { top: pixels, bottom: pixels, left: pixels, right: pixels }
    }
}

/// What margins are filled with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    /// One value everywhere.
    Constant(f64),
    /// The image mirrored at its edge; the edge itself is not repeated.
    Reflect,
    /// The nearest edge pixel.
    Replicate,
}

/// Images with margins, `[n, c, h, w]` to `[n, c, top + h + bottom, left + w + right]`.
///
/// Errors: a negative margin, a result of more than 64 million pixels, NaN in the image or
/// the fill; for [`Fill::Reflect`], a margin that is not smaller than the image.
///
/// ```
/// use convlens::{pixels::{self, Fill, Margins}, prelude::*};
/// let x = Tensor::from_slice(&[1f32, 2.0, 3.0]).reshape([1, 1, 1, 3]);
/// let wide = pixels::pad(&x, Margins { left: 2, ..Margins::default() }, Fill::Reflect)?;
/// assert_eq!(Vec::<f32>::try_from(wide.flatten(0, -1))?, [3.0, 2.0, 1.0, 2.0, 3.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pad(x: &Tensor, margins: Margins, fill: Fill) -> Result<Tensor> {
    let [n, c, h, w] = finite_batch(x, "image")?;
    let Margins { top, bottom, left, right } = margins;
    if [top, bottom, left, right].iter().any(|&m| m < 0) {
        let advice = "cut pixels off with `pixels::crop`";
        return Err(Error::argument("margins", "0 or more", format!("{margins:?}"), advice));
    }
    if fill == Fill::Reflect && (top.max(bottom) >= h || left.max(right) >= w) {
        let expected = format!("reflected margins below {h} rows and {w} columns");
        let advice = "use `Fill::Replicate`, or pad twice";
        return Err(Error::argument("margins", expected, format!("{margins:?}"), advice));
    }
    let size = [[top, h, bottom], [left, w, right]].map(total);
    size_within("image with its margins", size)?;
    values_within("images with their margins", &[n, c, size[0], size[1]])?;
    if let Fill::Constant(value) = fill
        && !value.is_finite()
    {
        return Err(Error::argument("fill", "a finite value", value, "use 0.5, for example"));
    }
    let (mode, value) = match fill {
        Fill::Constant(value) => ("constant", Some(value)),
        Fill::Reflect => ("reflect", None),
        Fill::Replicate => ("replicate", None),
    };
    Ok(x.f_pad([left, right, top, bottom], mode, value)?)
}

/// The sum, or the largest number there is.
fn total(parts: [i64; 3]) -> i64 {
    parts.into_iter().fold(0, i64::saturating_add)
}
