//! Photos in coloured frames: right or wrong.

use super::Figure;
use super::images::{MOST_IMAGES, WIDEST, colour, fit, fitted, sheet_of, tile};
use crate::check::within;
use crate::pixels::{batch_size, to_rgb8};
use crate::{Error, Result};
use image::{Rgb, RgbImage, imageops};
use tch::Tensor;

/// What a frame says about its photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Nothing: white.
    None,
    /// Right: blue.
    Right,
    /// Wrong: orange.
    Wrong,
}

const WIDTH: u32 = 4;
const GAP: u32 = 6;

impl Frame {
    fn colour(self) -> Rgb<u8> {
        match self {
            Frame::None => Rgb([255; 3]),
            Frame::Right => Rgb([0, 114, 178]),
            Frame::Wrong => Rgb([230, 159, 0]),
        }
    }
}

/// A batch of photos `[n, 3, h, w]` or `[n, 1, h, w]` in frames, in rows of `columns`.
///
/// `captions` are written under the photos; none for no captions.
/// Errors: other than one frame for each photo, or than one caption if there are any; no columns, more than
/// 10 000 photos, a figure of more than 32 000 pixels each way.
pub fn framed(
    batch: &Tensor,
    frames: &[Frame],
    captions: &[String],
    columns: usize,
) -> Result<Figure> {
    let [n, _, h, w] = batch_size(batch, "images")?;
    let count = n as usize;
    let fits = frames.len() == count && [0, count].contains(&captions.len());
    if !fits || columns == 0 {
        let got =
            format!("{} frames, {} captions, {columns} columns", frames.len(), captions.len());
        let advice = "give one frame and one caption for each photo";
        return Err(Error::argument("framed", format!("{n} of each"), got, advice));
    }
    let across = columns.min(count) as u32;
    let widest = ((WIDEST + GAP) / across).saturating_sub(GAP + 2 * WIDTH).max(1);
    within("images", n, 1..=MOST_IMAGES, "show fewer at a time")?;
    let shape = fitted([h, w].map(|side| side as u32), 80, widest).map(|side| side + 2 * WIDTH);
    sheet_of(n as u32, shape, !captions.is_empty(), across)?;
    let batch = colour(batch)?;
    let framed = |(i, frame): (i64, &Frame)| -> Result<RgbImage> {
        let photo = fit(to_rgb8(&batch.f_narrow(0, i, 1)?)?, 80, widest);
        let (w, h) = photo.dimensions();
        let mut tile = RgbImage::from_pixel(w + 2 * WIDTH, h + 2 * WIDTH, frame.colour());
        imageops::replace(&mut tile, &photo, i64::from(WIDTH), i64::from(WIDTH));
        Ok(tile)
    };
    let tiles = (0..).zip(frames).map(framed).collect::<Result<Vec<_>>>()?;
    let number = |wanted| frames.iter().filter(|&&frame| frame == wanted).count();
    let (right, wrong) = (number(Frame::Right), number(Frame::Wrong));
    let alt = format!("{n} images of {h}x{w}; {right} framed blue (right), {wrong} orange (wrong)");
    let named =
        if captions.is_empty() { String::new() } else { format!(": {}", captions.join(", ")) };
    Figure::new(tile(&tiles, captions, across)?, alt + &named)
}
