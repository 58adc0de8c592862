//! Tensors into picture files.

use super::{batch_size, to_rgb, to_rgb8};
use crate::{Error, Result};
use image::codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder};
use image::{ImageResult, RgbImage};
use std::path::Path;
use tch::Tensor;

/// Writes one image `[1, 3, h, w]`, or one grey map `[1, 1, h, w]`, as PNG, JPEG or WebP.
///
/// The name's extension picks the format: PNG and WebP keep every 8-bit value, JPEG has quality
/// 95. Values are clamped to 0..1 and rounded. The file appears whole or not at all.
/// Errors: another shape, NaN, another extension, a folder that cannot be written.
pub fn save(x: &Tensor, path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    let colour = if batch_size(x, "image")?[1] == 1 { to_rgb(x)? } else { x.shallow_clone() };
    let picture = to_rgb8(&colour)?;
    let mut bytes = Vec::new();
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let encoded = match extension.as_str() {
        "png" => write_png(&picture, &mut bytes),
        "jpg" | "jpeg" => write_jpeg(&picture, 95, &mut bytes),
        "webp" => picture.write_with_encoder(WebPEncoder::new_lossless(&mut bytes)),
        _ => {
            let why = format!("\".{extension}\" is not a format that can be written");
            return Err(Error::file(path, why, "end the name in .png, .jpg or .webp"));
        }
    };
    encoded.map_err(|e| Error::file(path, e, "resize the picture or choose PNG"))?;
    write_file(path, &bytes)
}

pub(crate) fn write_png(picture: &RgbImage, bytes: &mut Vec<u8>) -> ImageResult<()> {
    picture.write_with_encoder(PngEncoder::new(bytes))
}

pub(crate) fn write_jpeg(picture: &RgbImage, quality: u8, bytes: &mut Vec<u8>) -> ImageResult<()> {
    picture.write_with_encoder(JpegEncoder::new_with_quality(bytes, quality))
}

/// A file that appears whole or not at all.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    write_whole(path, |unfinished| std::fs::write(unfinished, bytes))
}

/// Lets `write` write beside the file and renames, so that no reader meets half a file.
pub(crate) fn write_whole(
    path: &Path,
    write: impl FnOnce(&Path) -> std::io::Result<()>,
) -> Result<()> {
    let Some(name) = path.file_name() else {
        return Err(Error::file(path, "names no file", "end the path in a file name"));
    };
    let unfinished = format!(".{}.{}.unfinished", name.to_string_lossy(), std::process::id());
    let unfinished = path.with_file_name(unfinished);
    write(&unfinished).and_then(|()| std::fs::rename(&unfinished, path)).map_err(|e| {
        // Nothing to clean up where the write itself failed.
        std::fs::remove_file(&unfinished).ok();
        let why = format!("cannot be written ({e})");
        Error::file(path, why, "check that its folder exists and may be written to")
    })
}
