//! Horizontal bars: the top classes and their probabilities.

use super::Figure;
use super::canvas::{Canvas, INK, sheet};
use super::images::shortened;
use super::number::{fixed, short, ticks};
use super::text::{Label, NOTE, TEXT};
use crate::{Error, Result};
use image::Rgb;
use plotters_backend::text_anchor::{HPos, VPos};

const BAR: u32 = 18;
const STEP: u32 = 26;
const LENGTH: u32 = 320;
const COLOUR: Rgb<u8> = Rgb([49, 104, 142]);

/// A bar for each name, longest value first or in whatever order they come.
///
/// `label` says what the values are. The axis is 0..1 where all of them are; else it reaches
/// from the smallest to the largest, with zero.
/// Errors: no bars, more than 1229 (32 000 pixels), a value that is NaN or infinite, values further apart
/// than the largest number.
///
/// ```
/// let top = [("espresso".to_string(), 0.957), ("cup".to_string(), 0.021)];
/// let figure = convlens::show::bars(&top, "probability")?;
/// assert_eq!(figure.alt, "bar chart of probability: espresso 0.957, cup 0.021");
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn bars(values: &[(String, f64)], label: &str) -> Result<Figure> {
    let range = axis(values)?;
    sheet([u64::from(STEP) * values.len() as u64 + 44, u64::from(LENGTH)])?;
    let name = Label::new(TEXT, HPos::Right, VPos::Center);
    let mut names = Vec::new();
    let (mut left, mut right) = (0, 0);
    for (text, v) in values {
        names.push(shortened(text, 300, name)?);
        left = left.max(name.extent(names.last().map_or("", |n| n))?[1]);
        right = right.max(name.extent(&written(*v, range))?[1]);
    }
    left += 12;
    let bottom = STEP * values.len() as u32;
    let mut canvas = Canvas::new([bottom + 44, left + LENGTH + right + 12])?;
    draw_axis(&mut canvas, range, [bottom, left], label)?;
    let at =
        |v: f64| left + ((v - range[0]) / (range[1] - range[0]) * LENGTH as f64).round() as u32;
    for (i, ((_, v), text)) in (0u32..).zip(values.iter().zip(&names)) {
        let middle = i * STEP + STEP / 2;
        let (from, to) = (at(v.min(0.0)), at(v.max(0.0)));
        canvas.fill([middle - BAR / 2, from], [BAR, to - from], COLOUR);
        canvas.text(text, [middle, left - 8], name)?;
        let value = Label { anchor: (HPos::Left, VPos::Center), ..name };
        canvas.text(&written(*v, range), [middle, to + 5], value)?;
    }
    let each: Vec<String> =
        values.iter().map(|(n, v)| format!("{n} {}", written(*v, range))).collect();
    Figure::new(canvas.picture, format!("bar chart of {label}: {}", each.join(", ")))
}

/// Values in 0..1 all have three decimals, so that they read as a column.
fn written(v: f64, range: [f64; 2]) -> String {
    match range {
        [0.0, 1.0] if v > 0.0 && v < 0.0005 => "<0.001".into(),
        [0.0, 1.0] => fixed(v, 3),
        _ => short(v),
    }
}

fn axis(values: &[(String, f64)]) -> Result<[f64; 2]> {
    if values.is_empty() {
        return Err(Error::argument("bars", "at least one", 0, "pass names with values"));
    }
    if let Some((name, v)) = values.iter().find(|(_, v)| !v.is_finite()) {
        let got = format!("{v} for {name}");
        return Err(Error::argument("bars", "finite values", got, "leave it out"));
    }
    let low = values.iter().fold(0f64, |m, (_, v)| m.min(*v));
    let high = values.iter().fold(0f64, |m, (_, v)| m.max(*v));
    if !(high - low).is_finite() {
        let got = format!("{low:e} to {high:e}");
        return Err(Error::argument("bars", "values of a finite range", got, "leave some out"));
    }
    if low >= 0.0 && high <= 1.0 { Ok([0.0, 1.0]) } else { Ok([low, high]) }
}

fn draw_axis(
    canvas: &mut Canvas,
    range: [f64; 2],
    [bottom, left]: [u32; 2],
    label: &str,
) -> Result<()> {
    let ticks = ticks(range);
    let note = Label::new(NOTE, HPos::Center, VPos::Top);
    canvas.fill([bottom, left], [1, LENGTH], INK);
    for (v, text) in ticks.values.iter().zip(&ticks.texts) {
        let t = (v - range[0]) / (range[1] - range[0]);
        let column = left + (t * f64::from(LENGTH)).round() as u32;
        canvas.fill([0, column], [bottom, 1], Rgb([225; 3]));
        canvas.fill([bottom, column], [4, 1], INK);
        canvas.text(text, [bottom + 5, column], note)?;
    }
    let title = format!("{label} {}", ticks.unit);
    canvas.text(title.trim_end(), [bottom + 23, left + LENGTH / 2], note)
}
