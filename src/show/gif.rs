//! Pictures into one looping GIF.

use crate::{Error, Result};
use image::codecs::gif::{GifEncoder, Repeat};
use image::{Delay, DynamicImage, Frame, RgbImage};
use std::time::Duration;

/// A picture and how long it stays.
pub(super) type Shot = (RgbImage, Duration);

/// How carefully each frame's 256 colours are chosen, 1 (slow) to 30; the GIF crate's middle.
const SPEED: i32 = 10;

/// The file: every frame whole, with 256 colours of its own, played for ever.
pub(super) fn gif(shots: &[Shot]) -> Result<Vec<u8>> {
    let failed = |e: image::ImageError| Error::Draw(e.to_string());
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new_with_speed(&mut bytes, SPEED);
    encoder.set_repeat(Repeat::Infinite).map_err(failed)?;
    for (picture, time) in shots {
        let pixels = DynamicImage::from(picture.clone()).into_rgba8();
        let delay = Delay::from_saturating_duration(*time);
        encoder.encode_frame(Frame::from_parts(pixels, 0, 0, delay)).map_err(failed)?;
    }
    drop(encoder);
    Ok(bytes)
}
