//! Tool 3: files to tensors and back, sizes, crops and colour.
//!
//! An image is a `[n, 3, h, w]` tensor of f32, red, green and blue in 0..1, top row first.

mod batches;
mod blur;
mod cifar10;
mod colour;
mod file;
mod load;
mod moving;
mod pad;
mod photos;
mod png;
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
pub(crate) use moving::frames_of_gif;
pub(crate) use resize::resized;
pub(crate) use save::{write_file, write_jpeg, write_png, write_whole};

use crate::check::finite;
use crate::{Error, Result};
use tch::Tensor;

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

/// The sizes of a batch of images or maps without NaN or infinities.
pub(crate) fn finite_batch(x: &Tensor, what: &str) -> Result<[i64; 4]> {
    let size = batch_size(x, what)?;
    finite(x, what).map(|()| size)
}

/// The sizes of a batch of colour images without NaN or infinities: the door of what works on photos.
pub(crate) fn finite_rgb(x: &Tensor, what: &str) -> Result<[i64; 4]> {
    let size = rgb_size(x, what)?;
    finite(x, what).map(|()| size)
}
