//! Photos on a grid without gaps, and the seams between them.

use super::Figure;
use super::canvas::{Canvas, sheet};
use super::colours::sequential;
use super::images::{WIDEST, colour};
use super::number::short;
use super::text::{Label, NOTE};
use crate::pixels::{batch_size, to_rgb8};
use crate::{Error, Result};
use image::{Rgb, imageops};
use plotters_backend::text_anchor::{HPos, VPos};
use tch::Tensor;

/// A grid of photos.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Rows and columns.
    pub size: [usize; 2],
    /// The photo in each cell, row by row; none where the cell is empty.
    pub photo: Vec<Option<usize>>,
}

const EMPTY: Rgb<u8> = Rgb([238; 3]);
const LARGEST: u32 = 52;

/// Photos `[n, 3, h, w]` or `[n, 1, h, w]` in the cells of a grid, squeezed into squares.
///
/// `seams` are distances to the cell on the right and to the one below, as
/// [`crate::embedding::seams`] gives them, drawn on the border between, dark where near, bright where
/// far; an empty list draws none.
/// Errors: a cell with a photo that is not there, more than 450 columns, more than 32 000 pixels down.
pub fn mosaic(images: &Tensor, cells: &Cells, seams: &[[Option<f64>; 2]]) -> Result<Figure> {
    let [n, ..] = batch_size(images, "images")?;
    let [rows, columns] = cells.size;
    let count = rows.saturating_mul(columns);
    let strange = cells.photo.iter().flatten().find(|&&photo| photo >= n as usize);
    let fits = cells.photo.len() == count && (seams.is_empty() || seams.len() == count);
    if strange.is_some() || !fits || !(1..=450).contains(&columns) || rows == 0 {
        let got = format!("{cells:?} and {} seams", seams.len());
        let got: String = got.chars().take(120).collect();
        let advice = "arrange these photos with `embedding::arrange`";
        return Err(Error::argument("cells", format!("photos 0..{n} on the grid"), got, advice));
    }
    let side = (WIDEST / columns as u32).min(LARGEST);
    sheet([rows as u64 * u64::from(side), u64::from(WIDEST)])?;
    let at = |cell: usize| [(cell / columns) as u32 * side, (cell % columns) as u32 * side];
    let [high, wide] = [rows as u32 * side, columns as u32 * side];
    let legend = legend(seams);
    let label = Label::new(NOTE, HPos::Left, VPos::Top);
    let [line, length] = label.extent(&legend)?;
    let below = if legend.is_empty() { 0 } else { line + 6 };
    let mut canvas = Canvas::new([high + below, wide.max(length)])?;
    canvas.fill([0, 0], [high, wide], EMPTY);
    let images = colour(images)?;
    for (cell, photo) in cells.photo.iter().enumerate() {
        if let Some(photo) = photo {
            let photo = to_rgb8(&images.f_narrow(0, *photo as i64, 1)?)?;
            let filter = imageops::FilterType::Triangle;
            canvas.paste(&imageops::resize(&photo, side, side, filter), at(cell));
        }
    }
    draw(&mut canvas, seams, side, &at);
    canvas.text(&legend, [high + 5, 0], label)?;
    let shown = cells.photo.iter().flatten().count();
    let alt = format!("{shown} of {count} cells with photos, {rows} rows by {columns} columns");
    let alt = if legend.is_empty() { alt } else { format!("{alt}; {legend}") };
    Figure::new(canvas.picture, alt)
}

fn range(seams: &[[Option<f64>; 2]]) -> Option<[f64; 2]> {
    let all = || seams.iter().flatten().flatten().copied();
    let (low, high) = (all().min_by(f64::total_cmp)?, all().max_by(f64::total_cmp)?);
    Some([low, high])
}

fn legend(seams: &[[Option<f64>; 2]]) -> String {
    let Some([low, high]) = range(seams).map(|ends| ends.map(short)) else { return String::new() };
    format!("borders: dark {low} apart, bright {high} apart")
}

fn draw(
    canvas: &mut Canvas,
    seams: &[[Option<f64>; 2]],
    side: u32,
    at: &dyn Fn(usize) -> [u32; 2],
) {
    let Some([low, high]) = range(seams) else { return };
    let ink = |v: f64| sequential((v - low) / (high - low).max(f64::MIN_POSITIVE));
    let width = (side / 12).max(2);
    for (cell, [right, below]) in seams.iter().enumerate() {
        let [row, column] = at(cell);
        if let Some(v) = right {
            canvas.fill([row, column + side - width / 2], [side, width], ink(*v));
        }
        if let Some(v) = below {
            canvas.fill([row + side - width / 2, column], [width, side], ink(*v));
        }
    }
}
