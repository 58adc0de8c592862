//! The frames of an animated GIF.

use super::{Decode, file, from_rgb8};
use crate::check::MOST_VALUES;
use crate::{Error, Result};
use gif::DecodeOptions;
use image::codecs::gif::GifDecoder;
use image::{AnimationDecoder, DynamicImage, ImageError, ImageFormat};
use std::io::Cursor;
use std::path::Path;
use tch::Tensor;

/// Each frame as a `[1, 3, h, w]` image, over those before it where it is transparent.
///
/// Refused by size and number before any is decoded: over 64 million pixels, over 2^29 values in all.
pub(crate) fn frames_of_gif(path: &Path) -> Result<Vec<Tensor>> {
    let (bytes, format) = file::read(path, MOST_VALUES as u64)?;
    if format != ImageFormat::Gif {
        let why = format!("is a {format:?} picture, which does not move");
        return Err(Error::file(path, why, "name an animated GIF, or a folder of pictures"));
    }
    let damaged = |e: ImageError| file::unreadable(path, e);
    check(path, &bytes)?;
    let frames = GifDecoder::new(Cursor::new(&bytes)).map_err(damaged)?.into_frames();
    let frames = frames.map(|frame| {
        let picture = frame.map_err(damaged)?.into_buffer();
        from_rgb8(&DynamicImage::ImageRgba8(picture).into_rgb8())
    });
    frames.collect()
}

/// Looks at the film's size and counts its frames, without decoding them.
fn check(path: &Path, bytes: &[u8]) -> Result<()> {
    let damaged = |e: gif::DecodingError| file::damaged(path, &e.to_string());
    let mut options = DecodeOptions::new();
    options.skip_frame_decoding(true);
    let mut film = options.read_info(bytes).map_err(damaged)?;
    let (w, h) = (u32::from(film.width()), u32::from(film.height()));
    let decode = Decode::default();
    decode.check_pixels(path, (w, h))?;
    let (mut count, mut pixels) = (0, 0);
    while let Some(frame) = film.next_frame_info().map_err(damaged)? {
        // A frame may be larger than the film, and is unpacked as a whole.
        let (wide, high) = (u32::from(frame.width), u32::from(frame.height));
        decode.check_pixels(path, (wide.max(1), high.max(1)))?;
        count += 1;
        pixels += (i64::from(w) * i64::from(h)).max(i64::from(wide) * i64::from(high));
    }
    if count == 0 {
        return Err(Error::file(path, "the film has no frames", "copy or download it again"));
    }
    if 3 * pixels > MOST_VALUES {
        let why =
            format!("{count} frames of {h}x{w} (height x width) are over {MOST_VALUES} values");
        return Err(Error::file(path, why, "save it smaller, or fewer of its frames"));
    }
    Ok(())
}
