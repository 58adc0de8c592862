//! Colour to grey and back, tensors to 8-bit pictures and back.

use super::{finite_batch, finite_rgb, rgb_size};
use crate::{Error, Result};
use image::RgbImage;
use tch::{Kind, Tensor};

/// The luma of a colour image, `[n, 3, h, w]` to `[n, 1, h, w]`.
///
/// `0.299 R + 0.587 G + 0.114 B` (ITU-R BT.601, section 2.5.1), as PIL's `convert("L")`.
/// Errors: other than three channels, NaN.
///
/// ```
/// use convlens::{pixels, prelude::*};
/// let red = Tensor::from_slice(&[1f32, 0.0, 0.0]).reshape([1, 3, 1, 1]);
/// assert!((pixels::to_grey(&red)?.double_value(&[0, 0, 0, 0]) - 0.299).abs() < 1e-6);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn to_grey(x: &Tensor) -> Result<Tensor> {
    finite_rgb(x, "colour image")?;
    let luma = Tensor::f_from_slice(&[0.299, 0.587, 0.114])?
        .f_to_device(x.device())?
        .f_to_kind(x.kind())?
        .f_reshape([1, 3, 1, 1])?;
    Ok((x.f_mul(&luma)?).f_sum_dim_intlist(&[1i64][..], true, x.kind())?)
}

/// Images with another's brightness, both `[n, 3, h, w]`: the colours of `image`, the luma of `like`.
///
/// Every colour moves by the difference of the two lumas, so what is above or below the luma stays
/// exactly that. Values may leave 0..1. Errors: images of different sizes, NaN.
///
/// ```
/// use convlens::{pixels, prelude::*};
/// let red = Tensor::from_slice(&[1f32, 0.0, 0.0]).reshape([1, 3, 1, 1]);
/// let grey = Tensor::full([1, 3, 1, 1], 0.5, (Kind::Float, Device::Cpu));
/// // The luma of red is 0.299: 0.201 more of every colour.
/// let light = pixels::with_luma(&red, &grey)?;
/// assert!((light.double_value(&[0, 0, 0, 0]) - 1.201).abs() < 1e-6);
/// assert!((light.double_value(&[0, 1, 0, 0]) - 0.201).abs() < 1e-6);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn with_luma(image: &Tensor, like: &Tensor) -> Result<Tensor> {
    let (size, other) = (rgb_size(image, "image")?, rgb_size(like, "image of the luma")?);
    if size != other {
        let advice = "resize one to the size of the other";
        let (expected, got) = (format!("{size:?}"), format!("{other:?}"));
        return Err(Error::argument("image of the luma", expected, got, advice));
    }
    Ok(image.f_add(&to_grey(like)?.f_sub(&to_grey(image)?)?)?)
}

/// A grey image as colour with three equal channels, `[n, 1, h, w]` to `[n, 3, h, w]`.
///
/// Errors: other than one channel, NaN.
pub fn to_rgb(grey: &Tensor) -> Result<Tensor> {
    let [n, c, h, w] = finite_batch(grey, "grey image")?;
    if c != 1 {
        let got = format!("{:?}", grey.size());
        let advice = "pick a channel with `.narrow(1, channel, 1)`";
        return Err(Error::argument("grey image", "1 channel, [n, 1, h, w]", got, advice));
    }
    Ok(grey.f_expand([n, 3, h, w], false)?.f_contiguous()?)
}

/// One image `[1, 3, h, w]` as an 8-bit picture: clamped to 0..1, times 255, rounded.
///
/// Errors: another shape, NaN or an infinity.
pub fn to_rgb8(x: &Tensor) -> Result<RgbImage> {
    let [n, _, h, w] = rgb_size(x, "image")?;
    if n != 1 {
        let advice = "pick one with `.narrow(0, index, 1)`";
        return Err(Error::argument("image", "one, [1, 3, h, w]", format!("{n} images"), advice));
    }
    super::finite(x, "image")?;
    let bytes = x
        .f_detach()?
        .f_clamp(0.0, 1.0)?
        .f_mul_scalar(255.0)?
        .f_round()?
        .f_to_kind(Kind::Uint8)?
        .f_squeeze_dim(0)?
        .f_permute([1, 2, 0])?
        .f_contiguous()?
        .f_reshape([-1])?;
    let bytes = Vec::<u8>::try_from(&bytes)?;
    RgbImage::from_raw(w as u32, h as u32, bytes).ok_or_else(|| {
        Error::argument("image", "a size below 2^32", format!("{h}x{w}"), "resize it first")
    })
}

/// An 8-bit picture as an image `[1, 3, h, w]` in 0..1. Errors: a picture without pixels.
pub fn from_rgb8(picture: &RgbImage) -> Result<Tensor> {
    if picture.as_raw().is_empty() {
        let (w, h) = picture.dimensions();
        let advice = "use a picture with pixels";
        return Err(Error::argument("picture", "1x1 or more", format!("{h}x{w}"), advice));
    }
    let bytes = Tensor::f_from_slice(picture.as_raw())?;
    let unit = bytes.f_to_kind(Kind::Float)?.f_div_scalar(255.0)?;
    planes(&unit, picture.dimensions())
}

fn planes(pixels: &Tensor, (w, h): (u32, u32)) -> Result<Tensor> {
    let rows = pixels.f_reshape([1, i64::from(h), i64::from(w), 3])?;
    Ok(rows.f_permute([0, 3, 1, 2])?.f_contiguous()?)
}
