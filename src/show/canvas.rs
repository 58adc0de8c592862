//! The white sheet that figures are drawn on: plotters' bitmap backend over an RGB picture.

use super::text::Label;
use crate::{Error, Result};
use image::{Rgb, RgbImage};
use plotters::prelude::{BitMapBackend, DrawingBackend};

pub(super) const INK: Rgb<u8> = Rgb([96, 96, 96]);

pub(super) struct Canvas {
    pub picture: RgbImage,
}

impl Canvas {
    /// A white sheet, `[height, width]` in pixels.
    pub fn new([height, width]: [u32; 2]) -> Self {
        Self { picture: RgbImage::from_pixel(width, height, Rgb([255; 3])) }
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
