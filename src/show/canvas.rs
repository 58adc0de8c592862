//! The white sheet that figures are drawn on: plotters' bitmap backend over an RGB picture.

use super::text::Label;
use crate::check::MOST_PIXELS;
use crate::{Error, Result};
use image::{Rgb, RgbImage};
use plotters::prelude::{BitMapBackend, DrawingBackend};

pub(super) const INK: Rgb<u8> = Rgb([96, 96, 96]);

/// A figure has at most so many pixels each way: a JPEG can have twice as many, no screen shows them.
pub(super) const MOST: u64 = 32_000;

/// Fails where a sheet, `[height, width]` in pixels, would be too large: asked before anything is drawn.
pub(super) fn sheet([height, width]: [u64; 2]) -> Result<[u32; 2]> {
    if height <= MOST && width <= MOST && height * width <= MOST_PIXELS as u64 {
        return Ok([height as u32, width as u32]);
    }
    let expected = format!("at most {MOST} pixels high and wide and {MOST_PIXELS} pixels in all");
    let advice = "show fewer at a time, or shorter texts";
    Err(Error::argument("figure", expected, format!("{height}x{width}"), advice))
}

pub(super) struct Canvas {
    pub picture: RgbImage,
}

impl Canvas {
    /// A white sheet, `[height, width]` in pixels. Errors: one that is too large ([`sheet`]).
    pub fn new(size: [u32; 2]) -> Result<Self> {
        let [height, width] = sheet(size.map(u64::from))?;
        Ok(Self { picture: RgbImage::from_pixel(width, height, Rgb([255; 3])) })
    }

    /// Puts a picture with its top left corner at `[row, column]`.
    pub fn paste(&mut self, picture: &RgbImage, [row, column]: [u32; 2]) {
        image::imageops::replace(&mut self.picture, picture, i64::from(column), i64::from(row));
    }

    /// Writes a text hung at `[row, column]`.
    pub fn text(&mut self, text: &str, [row, column]: [u32; 2], label: Label) -> Result<()> {
        self.backend()?.draw_text(text, &label, (column as i32, row as i32)).map_err(failed)
    }

    /// Fills the pixels from `[row, column]` on, `[height, width]` of them.
    pub fn fill(&mut self, [row, column]: [u32; 2], size: [u32; 2], colour: Rgb<u8>) {
        let [height, width] = size;
        self.paste(&RgbImage::from_pixel(width, height, colour), [row, column]);
    }

    fn backend(&mut self) -> Result<BitMapBackend<'_>> {
        let size = self.picture.dimensions();
        BitMapBackend::with_buffer_and_format(&mut self.picture, size).map_err(failed)
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Draw(error.to_string())
}
