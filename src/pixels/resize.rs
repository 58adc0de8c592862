//! Sizes and crops.

use super::{batch_size, finite_batch};
use crate::check::{MOST_PIXELS, size_within, values_within, within};
use crate::{Error, Result};
use tch::Tensor;

/// Images `[n, c, h, w]` at another size, heights before widths: antialiased bilinear.
///
/// A triangle filter that widens with the reduction, so that every pixel of the original counts
/// (PIL's and torchvision's default). Its own size gives an exact copy; gradients flow through.
/// Errors: a size of 0 or less, one of more than 64 million pixels, a batch of more than 2^29 values (2 GB),
/// NaN.
///
/// ```
/// use convlens::{pixels, prelude::*};
/// let x = Tensor::from_slice(&[0f32, 1.0, 0.0, 1.0]).reshape([1, 1, 1, 4]);
/// // Weights 3, 3 and 1 of 7 around each new pixel.
/// let half = pixels::resize(&x, [1, 2])?;
/// assert!((half.double_value(&[0, 0, 0, 0]) - 3.0 / 7.0).abs() < 1e-6);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn resize(x: &Tensor, size: [i64; 2]) -> Result<Tensor> {
    finite_batch(x, "image")?;
    resized(x, size)
}

/// [`resize`] of values that may be NaN, or that were looked at before.
pub(crate) fn resized(x: &Tensor, size: [i64; 2]) -> Result<Tensor> {
    let [n, c, h, w] = batch_size(x, "image")?;
    if size == [h, w] {
        return Ok(x.f_alias_copy()?);
    }
    size_within("size", size)?;
    values_within("resized images", &[n, c, size[0], size[1]])?;
    Ok(x.f_internal_upsample_bilinear2d_aa(size, false, None, None)?)
}

/// Images with their shorter side resized to `short` pixels, shape kept.
///
/// The longer side is rounded down, as torchvision's `Resize(short)` does.
/// Errors: as [`resize`]: of a picture that is long and thin, the result may be too large.
pub fn resize_short(x: &Tensor, short: i64) -> Result<Tensor> {
    let [_, _, h, w] = finite_batch(x, "image")?;
    within("shorter side", short, 1..=MOST_PIXELS, "use 256, for example")
        .map_err(|_| too_long(short, [h, w]))?;
    let long = i128::from(short) * i128::from(h.max(w)) / i128::from(h.min(w));
    let long = i64::try_from(long).unwrap_or(i64::MAX);
    let size = if h <= w { [short, long] } else { [long, short] };
    size_within("size", size).map_err(|_| too_long(short, [h, w]))?;
    resized(x, size)
}

fn too_long(short: i64, [h, w]: [i64; 2]) -> Error {
    let what = format!("shorter side of a {h}x{w} image (height x width)");
    let expected = format!("1 or more, for a result of at most {MOST_PIXELS} pixels");
    Error::argument(what, expected, short, "use a smaller one, or cut the image first with `crop`")
}

/// A part of an image, in pixels from the top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    /// The first row.
    pub top: i64,
    /// The first column.
    pub left: i64,
    /// The number of rows.
    pub height: i64,
    /// The number of columns.
    pub width: i64,
}

/// A part of every image, `[n, c, h, w]` to `[n, c, height, width]`.
///
/// Errors: a part that is empty or reaches over an edge, NaN.
pub fn crop(x: &Tensor, part: Rect) -> Result<Tensor> {
    let [_, _, h, w] = finite_batch(x, "image")?;
    positive([part.height, part.width])?;
    let inside = |start: i64, length: i64, all: i64| start >= 0 && length <= all - start;
    if !inside(part.top, part.height, h) || !inside(part.left, part.width, w) {
        let expected = format!("a part of the {h}x{w} image (height x width)");
        let advice = "make it smaller, or enlarge the image with `resize` or `pad`";
        return Err(Error::argument("crop", expected, format!("{part:?}"), advice));
    }
    let rows = x.f_narrow(2, part.top, part.height)?;
    Ok(rows.f_narrow(3, part.left, part.width)?.f_alias_copy()?)
}

/// The middle of every image, `[n, c, h, w]` to `[n, c, size[0], size[1]]`.
///
/// Odd margins are split as torchvision's `CenterCrop` splits them (half to even).
/// Errors: a size larger than the image, NaN.
pub fn centre_crop(x: &Tensor, size: [i64; 2]) -> Result<Tensor> {
    let [_, _, h, w] = batch_size(x, "image")?;
    positive(size)?;
    let start = |all: i64, part: i64| ((all - part) as f64 / 2.0).round_ties_even() as i64;
    let [height, width] = size;
    crop(x, Rect { top: start(h, height), left: start(w, width), height, width })
}

/// The crop ImageNet networks are measured on: shorter side 256, then the middle 224x224.
///
/// Krizhevsky et al. 2012 (section 2) and He et al. 2015 (section 3.4); torchvision's default.
/// Errors: an image more than 900 times as long as wide, NaN.
pub fn imagenet_crop(x: &Tensor) -> Result<Tensor> {
    centre_crop(&resize_short(x, 256)?, [224, 224])
}

fn positive(size: [i64; 2]) -> Result<()> {
    if size.iter().all(|&side| side > 0) {
        return Ok(());
    }
    let got = format!("{size:?}");
    Err(Error::argument("size", "[height, width] of at least [1, 1]", got, "use larger numbers"))
}
