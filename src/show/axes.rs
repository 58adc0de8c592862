//! The axes of a chart of lines.

use super::canvas::{Canvas, INK};
use super::images::shortened;
use super::number::{Ticks, round_step, ticks};
use super::plot::{FIELD, Plot, ROOM, STEP, widest};
use super::text::{Label, NOTE, TEXT};
use crate::{Error, Result};
use image::Rgb;
use plotters_backend::text_anchor::{HPos, VPos};

const GRID: Rgb<u8> = Rgb([225; 3]);
const ZERO: Rgb<u8> = Rgb([170; 3]);

/// The smallest and the largest value.
pub(super) fn extremes(values: &[f64]) -> Result<[f64; 2]> {
    let low = values.iter().copied().min_by(f64::total_cmp);
    let high = values.iter().copied().max_by(f64::total_cmp);
    let none = || Error::argument("series", "values", "only NaN", "look where they come from");
    low.zip(high).map(|(low, high)| [low, high]).ok_or_else(none)
}

/// The same range, or one around its only value.
pub(super) fn widened([low, high]: [f64; 2]) -> [f64; 2] {
    let around = (low.abs() * 0.1).max(f64::MIN_POSITIVE);
    match (low < high, low == 0.0) {
        (true, _) => [low, high],
        (false, true) => [-1.0, 1.0],
        (false, false) => [low - around, high + around],
    }
}

/// The range outwards to the next ticks.
pub(super) fn rounded([low, high]: [f64; 2]) -> [f64; 2] {
    let step = round_step((high - low) / 5.0);
    [(low / step + 1e-6).floor() * step, (high / step - 1e-6).ceil() * step]
}

impl Plot<'_> {
    /// The marks of the lower axis: the names, or round numbers.
    pub fn across(&self, x: &[f64]) -> Ticks {
        match &self.chart.x_names[..] {
            [] => ticks(self.x),
            names => Ticks { values: x.to_vec(), texts: names.to_vec(), unit: String::new() },
        }
    }

    /// Whether the texts of the lower axis must stand upwards to have room.
    fn upwards(&self, across: &Ticks) -> Result<bool> {
        let between = FIELD[1] / (across.texts.len() as u32).max(1);
        Ok(!self.chart.x_names.is_empty() && widest(&across.texts)? + 6 > between)
    }

    /// The pixels that the lower axis takes with its label.
    pub fn below(&self, across: &Ticks) -> Result<u32> {
        let texts = if self.upwards(across)? { widest(&across.texts)? } else { STEP - 4 };
        Ok(texts + 6 + 24)
    }

    pub fn upright_axis(&self, canvas: &mut Canvas, up: &Ticks, left: u32) -> Result<()> {
        let [high, wide] = FIELD.map(|v| v + 2 * ROOM);
        let tick = Label::new(NOTE, HPos::Right, VPos::Center);
        canvas.fill([0, left], [high, 1], INK);
        for (v, text) in up.values.iter().zip(&up.texts) {
            let row = self.row(*v).round() as u32;
            let shade = if *v == 0.0 { ZERO } else { GRID };
            canvas.fill([row, left + 1], [1, wide - 1], shade);
            canvas.fill([row, left - 4], [1, 4], INK);
            canvas.text(text, [row.max(ROOM + 1), left - 7], tick)?;
        }
        let label = Label { upwards: true, ..Label::new(TEXT, HPos::Center, VPos::Top) };
        let text = format!("{} {}", self.chart.y_label, up.unit);
        let text = shortened(text.trim_end(), high, label)?;
        canvas.text(&text, [high / 2, 0], label)
    }

    pub fn lower_axis(&self, canvas: &mut Canvas, across: &Ticks, at: [u32; 2]) -> Result<()> {
        let [left, below] = at;
        let [high, wide] = FIELD.map(|v| v + 2 * ROOM);
        let upwards = self.upwards(across)?;
        let tick = match upwards {
            true => Label { upwards, ..Label::new(NOTE, HPos::Right, VPos::Center) },
            false => Label::new(NOTE, HPos::Center, VPos::Top),
        };
        canvas.fill([high, left], [1, wide], INK);
        for (v, text) in across.values.iter().zip(&across.texts) {
            let column = self.column(*v, left).round() as u32;
            canvas.fill([high, column], [4, 1], INK);
            canvas.text(text, [high + 6, column], tick)?;
        }
        let label = Label::new(TEXT, HPos::Center, VPos::Top);
        let text = format!("{} {}", self.chart.x_label, across.unit);
        let text = shortened(text.trim_end(), wide, label)?;
        canvas.text(&text, [high + below - 20, left + wide / 2], label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::short;

    #[test]
    fn axes_end_at_ticks_around_all_values() {
        let axis = |low, high| rounded(widened([low, high])).map(short);
        assert_eq!(axis(0.03, 0.97), ["0", "1"]);
        assert_eq!(axis(0.52, 0.71), ["0.5", "0.75"]);
        assert_eq!(axis(-1.0, 1.0), ["−1", "1"]);
        assert_eq!(axis(0.0, 0.0), ["−1", "1"]);
        assert_eq!(axis(5.0, 5.0), ["4.4", "5.6"]);
    }
}
