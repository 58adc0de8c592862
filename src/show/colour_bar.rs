//! The colour bar beside a map, its numbers and its label.

use super::canvas::{Canvas, INK};
use super::number::ticks;
use super::scale::Colouring;
use super::text::{Label, NOTE, TEXT};
use crate::Result;
use image::{Rgb, RgbImage};
use plotters_backend::text_anchor::{HPos, VPos};

const GAP: u32 = 10;
const WIDTH: u32 = 16;
const SHORTEST: u32 = 120;

/// A picture with its colour bar on the right, the label along the bar and the notes below.
pub(super) fn with_colour_bar(
    picture: &RgbImage,
    scale: &Colouring,
    colour: &dyn Fn(f64) -> Rgb<u8>,
    label: &str,
) -> Result<RgbImage> {
    let bar = colour_bar(scale, colour, picture.height().max(SHORTEST), label)?;
    let note = Label::new(NOTE, HPos::Left, VPos::Top);
    let line = note.extent("x")?[0];
    let mut width = picture.width() + GAP + bar.width();
    for text in &scale.notes {
        width = width.max(note.extent(text)?[1] + 2);
    }
    let below = picture.height().max(bar.height()) + 3;
    let mut canvas = Canvas::new([below + line * scale.notes.len() as u32, width])?;
    canvas.paste(picture, [0, 0]);
    canvas.paste(&bar, [0, picture.width() + GAP]);
    for (i, text) in (0u32..).zip(&scale.notes) {
        canvas.text(text, [below + line * i, 0], note)?;
    }
    Ok(canvas.picture)
}

/// An upright bar, the highest value on top, with ticks and a label that reads upwards.
fn colour_bar(
    scale: &Colouring,
    colour: &dyn Fn(f64) -> Rgb<u8>,
    height: u32,
    label: &str,
) -> Result<RgbImage> {
    if scale.empty {
        return Ok(RgbImage::from_pixel(1, height, Rgb([255; 3])));
    }
    let ticks = ticks(scale.range);
    let tick = Label::new(NOTE, HPos::Left, VPos::Center);
    let mut widest = 0;
    for text in &ticks.texts {
        widest = widest.max(tick.extent(text)?[1]);
    }
    let upwards = Label { upwards: true, ..Label::new(TEXT, HPos::Center, VPos::Top) };
    let label = format!("{label} {}", ticks.unit);
    let [line, length] = upwards.extent(label.trim_end())?;
    let left = WIDTH + 8 + widest + 4;
    let mut canvas = Canvas::new([height.max(length + 2), left + line])?;
    let [low, high] = scale.range;
    let last = height - 1;
    for row in 0..height {
        let v = high - (high - low) * f64::from(row) / f64::from(last);
        canvas.fill([row, 0], [1, WIDTH], colour(v));
    }
    let half = tick.extent("0")?[0] / 2;
    for (&v, text) in ticks.values.iter().zip(&ticks.texts) {
        let t = scale.position(v).unwrap_or(0.0);
        let row = ((1.0 - t) * f64::from(last)).round() as u32;
        canvas.fill([row, WIDTH], [1, 4], INK);
        canvas.text(text, [row.clamp(half, last - half), WIDTH + 8], tick)?;
    }
    canvas.text(label.trim_end(), [canvas.picture.height() / 2, left], upwards)?;
    Ok(canvas.picture)
}
