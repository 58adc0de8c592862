//! The bytes of a picture file, and what can be wrong with them.

use crate::{Error, Result, regular};
use image::{ImageError, ImageFormat};
use std::path::Path;

/// The content of a file of at most `most` bytes, and the picture format it has.
pub(super) fn read(path: &Path, most: u64) -> Result<(Vec<u8>, ImageFormat)> {
    let about = std::fs::metadata(path).map_err(|e| no_file(path, e))?;
    if about.is_dir() {
        return Err(Error::file(path, "is a folder", "name one of the pictures in it"));
    }
    if about.len() > most {
        let why = format!("holds {} MB, too much for a photo", about.len() / 1_000_000);
        return Err(Error::file(path, why, "save it smaller, or raise `Decode::max_pixels`"));
    }
    let bytes = regular::read(path, most).map_err(|e| no_file(path, e))?;
    if bytes.is_empty() {
        return Err(Error::file(path, "the file is empty", "copy or download it again"));
    }
    let format = format_of(path, &bytes)?;
    if format == ImageFormat::Jpeg && !has_end_of_image(&bytes) {
        return Err(damaged(path, "the JPEG data stop before their end"));
    }
    Ok((bytes, format))
}

fn no_file(path: &Path, error: std::io::Error) -> Error {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_string(),
        _ => format!("cannot be read ({error})"),
    };
    let folder = std::env::current_dir().unwrap_or_default();
    let advice = format!("check the name; relative paths start at {}", folder.display());
    Error::file(path, why, advice)
}

fn format_of(path: &Path, bytes: &[u8]) -> Result<ImageFormat> {
    let advice = "open it in an image viewer and save it as PNG or JPEG";
    let Ok(format) = image::guess_format(bytes) else {
        let start: String = String::from_utf8_lossy(&bytes[..bytes.len().min(24)])
            .chars()
            .map(|c| if c.is_control() { '.' } else { c })
            .collect();
        let why = format!("is not a picture, its content starts with \"{start}\"");
        return Err(Error::file(path, why, advice));
    };
    if !format.reading_enabled() {
        let why = format!("is a {format:?} picture; PNG, JPEG, WebP and GIF can be read");
        return Err(Error::file(path, why, advice));
    }
    Ok(format)
}

/// Decoders accept a JPEG that was cut short and paint the rest grey; its end marker is missing.
fn has_end_of_image(bytes: &[u8]) -> bool {
    const START_OF_SCAN: u8 = 0xDA;
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        if marker == START_OF_SCAN {
            return bytes[at..].windows(2).any(|pair| pair == [0xFF, 0xD9]);
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    // Fill bytes and other rarities: left to the decoder.
    true
}

pub(super) fn unreadable(path: &Path, error: ImageError) -> Error {
    match error {
        ImageError::Limits(_) => Error::file(
            path,
            "needs more memory to decode than is allowed",
            "save it smaller, or raise `Decode::max_pixels`",
        ),
        ImageError::Unsupported(e) => Error::file(path, e, "save it as a plain PNG or JPEG"),
        e => damaged(path, &crate::error::first_sentence(&e.to_string())),
    }
}

pub(super) fn damaged(path: &Path, why: &str) -> Error {
    Error::file(path, format!("the picture is damaged: {why}"), "copy or download it again")
}
