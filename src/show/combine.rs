//! Several figures in one, and titles.

use super::Figure;
use super::canvas::{Canvas, sheet};
use super::text::{Label, NOTE, TITLE};
use crate::{Error, Result};
use plotters_backend::text_anchor::{HPos, VPos};
use std::borrow::Borrow;

/// Pixels between figures.
pub(super) const GAP: u32 = 14;

/// Figures side by side, or references to them.
///
/// In a notebook pass references (`row(&[&a, &b])`): a cell whose last line moves a variable shows
/// its result as text.
/// Errors: no figures.
pub fn row<F: Borrow<Figure>>(figures: &[F]) -> Result<Figure> {
    grid(figures, figures.len())
}

/// Figures in rows of `columns`, left to right, top to bottom.
///
/// Each column is as wide as its widest figure, each row as high as its highest.
/// Errors: no figures, no columns, more than 32 000 pixels each way.
pub fn grid<F: Borrow<Figure>>(figures: &[F], columns: usize) -> Result<Figure> {
    arranged(&figures.iter().map(Borrow::borrow).collect::<Vec<_>>(), columns)
}

fn arranged(figures: &[&Figure], columns: usize) -> Result<Figure> {
    if figures.is_empty() || columns == 0 {
        let got = format!("{} figures in {columns} columns", figures.len());
        return Err(Error::argument("grid", "at least one of each", got, "pass some figures"));
    }
    let columns = columns.min(figures.len());
    let mut widths = vec![0; columns];
    let mut heights = vec![0; figures.len().div_ceil(columns)];
    for (i, figure) in figures.iter().enumerate() {
        let (w, h) = figure.picture.dimensions();
        widths[i % columns] = w.max(widths[i % columns]);
        heights[i / columns] = h.max(heights[i / columns]);
    }
    let mut canvas = Canvas::new(sheet([total(&heights), total(&widths)])?)?;
    for (i, figure) in figures.iter().enumerate() {
        let at = [start(&heights, i / columns), start(&widths, i % columns)];
        canvas.paste(&figure.picture, at);
    }
    let alts: Vec<&str> = figures.iter().map(|f| f.alt.as_str()).collect();
    Figure::new(canvas.picture, alts.join("; "))
}

/// Where the `i`-th of sides in a row begins.
fn start(sides: &[u32], i: usize) -> u32 {
    sides[..i].iter().map(|side| side + GAP).sum()
}

fn total(sides: &[u32]) -> u64 {
    sides.iter().map(|side| u64::from(side + GAP)).sum::<u64>() - u64::from(GAP)
}

impl Figure {
    /// The figure under a title.
    pub fn titled(&self, title: &str) -> Result<Figure> {
        let label = Label::new(TITLE, HPos::Left, VPos::Top);
        let [height, width] = label.extent(title)?;
        let (w, h) = self.picture.dimensions();
        let (all, band) = (w.max(width + 4), height + 4);
        let mut canvas = Canvas::new([h + band, all])?;
        canvas.paste(&self.picture, [band, 0]);
        canvas.text(title, [0, 0], label)?;
        Figure::new(canvas.picture, format!("{title}: {}", self.alt))
    }

    /// The figure over a line of small text.
    pub(super) fn noted(&self, note: &str) -> Result<Figure> {
        let label = Label::new(NOTE, HPos::Left, VPos::Top);
        let [height, width] = label.extent(note)?;
        let (w, h) = self.picture.dimensions();
        let mut canvas = Canvas::new([h + 4 + height, w.max(width + 2)])?;
        canvas.paste(&self.picture, [0, 0]);
        canvas.text(note, [h + 4, 0], label)?;
        Figure::new(canvas.picture, format!("{}; {note}", self.alt))
    }
}
