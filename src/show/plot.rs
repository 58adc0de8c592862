//! The drawing of a chart of lines.

use super::canvas::Canvas;
use super::images::shortened;
use super::lines::Lines;
use super::marks::{COLOURS, Shape, mark, stroke};
use super::number::ticks;
use super::text::{Label, NOTE};
use crate::Result;
use image::RgbImage;
use plotters_backend::text_anchor::{HPos, VPos};

/// Height and width of the field, in pixels, and the room between it and its values.
pub(super) const FIELD: [u32; 2] = [280, 440];
pub(super) const ROOM: u32 = 7;
pub(super) const STEP: u32 = 20;

/// A chart with its axes settled.
pub(super) struct Plot<'a> {
    /// The positions at the left and the right end.
    pub x: [f64; 2],
    /// The values at the lower and the upper end.
    pub y: [f64; 2],
    /// Whether each value has a mark.
    pub marks: bool,
    /// What is written.
    pub chart: &'a Lines,
}

impl Plot<'_> {
    pub fn draw(&self, x: &[f64], series: &[(String, Vec<f64>)]) -> Result<RgbImage> {
        let (across, up) = (self.across(x), ticks(self.y));
        let left = NOTE as u32 + 14 + widest(&up.texts)?;
        let right = left + FIELD[1] + 2 * ROOM;
        let (names, legend) = legend(series)?;
        let below = self.below(&across)?;
        let height = (FIELD[0] + 2 * ROOM + below).max(legend[0]);
        let mut canvas = Canvas::new([height, right + legend[1]])?;
        self.upright_axis(&mut canvas, &up, left)?;
        self.lower_axis(&mut canvas, &across, [left, below])?;
        for (i, (_, values)) in series.iter().enumerate() {
            self.line(&mut canvas, x.iter().zip(values), left, look(i));
        }
        for (i, name) in names.iter().enumerate() {
            self.entry(&mut canvas, name, [i as u32 * STEP + STEP / 2, right + 8], look(i))?;
        }
        Ok(canvas.picture)
    }

    pub fn row(&self, v: f64) -> f64 {
        let t = (v - self.y[0]) / (self.y[1] - self.y[0]);
        f64::from(ROOM) + (1.0 - t) * f64::from(FIELD[0])
    }

    pub fn column(&self, v: f64, left: u32) -> f64 {
        let t = (v - self.x[0]) / (self.x[1] - self.x[0]);
        f64::from(left + ROOM) + t * f64::from(FIELD[1])
    }

    /// One series: its pieces between gaps, and its marks inside the axes.
    fn line<'b>(
        &self,
        canvas: &mut Canvas,
        points: impl Iterator<Item = (&'b f64, &'b f64)>,
        left: u32,
        look: (Shape, [u8; 3]),
    ) {
        // A pixel's middle is half a pixel after its edge.
        let place = |(x, y): (&f64, &f64)| [self.row(*y) + 0.5, self.column(*x, left) + 0.5];
        let places: Vec<[f64; 2]> = points.map(place).collect();
        let [high, wide] = FIELD.map(|v| v + 2 * ROOM);
        for piece in places.split(|at| at[0].is_nan()) {
            stroke(canvas, piece, look.1, [0, left + 1, high, left + wide]);
            let inside = |at: &&[f64; 2]| (0.0..=f64::from(high)).contains(&at[0]);
            // A value between two gaps has no line; only a mark shows it.
            for at in piece.iter().filter(inside).filter(|_| self.marks || piece.len() == 1) {
                mark(canvas, *at, 4.0, look);
            }
        }
    }

    fn entry(
        &self,
        canvas: &mut Canvas,
        name: &str,
        [row, column]: [u32; 2],
        look: (Shape, [u8; 3]),
    ) -> Result<()> {
        let [y, x] = [row, column].map(f64::from);
        let clip = [row.saturating_sub(4), column, row + 5, column + 26];
        stroke(canvas, &[[y + 0.5, x], [y + 0.5, x + 26.0]], look.1, clip);
        if self.marks {
            mark(canvas, [y + 0.5, x + 13.0], 4.0, look);
        }
        canvas.text(name, [row, column + 32], Label::new(NOTE, HPos::Left, VPos::Center))
    }
}

/// A series' mark and colour: neighbours differ in both.
fn look(i: usize) -> (Shape, [u8; 3]) {
    (Shape::numbered(i % 3), COLOURS[i % 10])
}

/// The names cut to the room beside the field, and the height and width of the legend.
fn legend(series: &[(String, Vec<f64>)]) -> Result<(Vec<String>, [u32; 2])> {
    let label = Label::new(NOTE, HPos::Left, VPos::Center);
    let names = series.iter().map(|(name, _)| shortened(name, 280, label));
    let names = names.collect::<Result<Vec<_>>>()?;
    let width = 42 + widest(&names)?;
    let height = STEP * names.len() as u32;
    Ok((names, [height, width]))
}

/// The pixels of the longest of some small texts.
pub(super) fn widest(texts: &[String]) -> Result<u32> {
    let label = Label::new(NOTE, HPos::Left, VPos::Center);
    texts.iter().try_fold(0, |most, text| Ok(most.max(label.extent(text)?[1])))
}
