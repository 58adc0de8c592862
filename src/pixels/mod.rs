//! Tool 3: files to tensors and back, sizes, crops and colour.
//!
//! An image is a `[n, 3, h, w]` tensor of f32, red, green and blue in 0..1, top row first.

mod batches;
mod blur;
mod cifar10;
mod colour;
mod file;
mod load;
mod pad;
mod photos;
mod psnr;
mod resize;
mod save;
mod scene;

pub use batches::{Batch, Batches};
pub use blur::blur;
pub use colour::{from_rgb8, to_grey, to_rgb, to_rgb8, with_luma};
pub use load::{Decode, load, load_alpha};
pub use pad::{Fill, Margins, pad};
pub use photos::{Fit, Photos, Unreadable};
pub use psnr::psnr;
pub use resize::{Rect, centre_crop, crop, imagenet_crop, resize, resize_short};
pub use save::save;
pub use scene::{Scene, Scenes};

pub(crate) use cifar10::file_on_disk;
pub(crate) use save::{write_file, write_jpeg, write_png};

use crate::{Error, Result};
use tch::{Kind, Tensor};

/// The sizes of a batch of images or maps: `[n, c, h, w]` of a floating-point kind, nothing empty.
pub(crate) fn batch_size(x: &Tensor, what: &str) -> Result<[i64; 4]> {
    let expected = "a [n, c, h, w] tensor with no size of 0";
    let advice = "load a photo with `pixels::load`, or add the missing axis with `unsqueeze(0)`";
    let size = x.size();
    let [n, c, h, w] = size[..] else {
        return Err(Error::argument(what, expected, format!("{size:?}"), advice));
    };
    if size.contains(&0) {
        return Err(Error::argument(what, expected, format!("{size:?}"), advice));
    }
    if !x.is_floating_point() {
        let advice = "convert it with `.to_kind(Kind::Float) / 255`";
        return Err(Error::argument(what, "floats in 0..1", format!("{:?}", x.kind()), advice));
    }
    Ok([n, c, h, w])
}

/// The sizes of a batch of colour images: `[n, 3, h, w]`.
pub(crate) fn rgb_size(x: &Tensor, what: &str) -> Result<[i64; 4]> {
    let size = batch_size(x, what)?;
    if size[1] != 3 {
        let got = format!("{:?}", x.size());
        let advice = "turn grey into colour with `pixels::to_rgb`";
        return Err(Error::argument(what, "3 channels, [n, 3, h, w]", got, advice));
    }
    Ok(size)
}

/// Fails where a tensor holds NaN or an infinity.
///
/// One such value shows in the sum, which reads each value once and stores none; they are counted only
/// if it does (or if the sum overflows).
pub(crate) fn finite(x: &Tensor, what: &str) -> Result<()> {
    if x.f_sum(Kind::Float)?.f_double_value(&[])?.is_finite() {
        return Ok(());
    }
    let bad = x.f_isfinite()?.f_logical_not()?.f_sum(Kind::Int64)?.f_int64_value(&[])?;
    if bad == 0 {
        return Ok(());
    }
    let got = format!("{bad} of {} values NaN or infinite", x.numel());
    Err(Error::argument(what, "finite values", got, "look where the computation overflowed"))
}
