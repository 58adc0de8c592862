//! Photos as figures.

use super::Figure;
use super::canvas::{Canvas, sheet};
use super::number::short;
use super::text::{Label, NOTE};
use crate::check::within;
use crate::pixels::{batch_size, to_rgb, to_rgb8};
use crate::{Error, Result};
use image::RgbImage;
use image::imageops::{FilterType, resize};
use plotters_backend::text_anchor::{HPos, VPos};
use tch::Tensor;

/// The widest figure, in pixels: what a notebook shows without shrinking.
pub(super) const WIDEST: u32 = 900;

/// One photo `[1, 3, h, w]`, or one grey picture `[1, 1, h, w]`, with values in 0..1.
///
/// Small ones are enlarged by a whole factor, every pixel a square; those over 900 pixels are
/// reduced. Values outside 0..1 are clamped, and the alt text says so.
/// Errors: another shape, NaN.
pub fn image(x: &Tensor) -> Result<Figure> {
    let [_, _, h, w] = batch_size(x, "image")?;
    let picture = fit(to_rgb8(&colour(x)?)?, 320, WIDEST);
    Figure::new(picture, format!("image, {h}x{w} (height x width), {}", range(x)?))
}

/// A batch of photos, `[n, 3, h, w]` or `[n, 1, h, w]`, in rows of `columns`.
///
/// Errors: as [`image()`], no columns, more than 10 000 images, a figure of more than 32 000 pixels each way.
pub fn images(batch: &Tensor, columns: usize) -> Result<Figure> {
    captioned(batch, &[], columns)
}

/// A batch of photos with a caption under each, in rows of `columns`.
///
/// A caption wider than its photo is cut short with "…".
/// Errors: as [`images`], and another number of captions than photos.
pub fn captioned(batch: &Tensor, captions: &[String], columns: usize) -> Result<Figure> {
    let [n, _, h, w] = batch_size(batch, "images")?;
    let columns = columns.min(n as usize) as u32;
    if columns == 0 {
        return Err(Error::argument("columns", "1 or more", 0, "use 4, for example"));
    }
    if !captions.is_empty() && captions.len() != n as usize {
        let got = captions.len();
        return Err(Error::argument("captions", n, got, "give one caption for each image"));
    }
    within("images", n, 1..=MOST_IMAGES, "show fewer at a time")?;
    let widest = ((WIDEST + GAP) / columns).saturating_sub(GAP).max(1);
    let shape = fitted([h, w].map(|side| side as u32), 160, widest);
    sheet_of(n as u32, shape, !captions.is_empty(), columns)?;
    let batch = colour(batch)?;
    let tiles = (0..n).map(|i| Ok(fit(to_rgb8(&batch.f_narrow(0, i, 1)?)?, 160, widest)));
    let tiles = tiles.collect::<Result<Vec<_>>>()?;
    let picture = tile(&tiles, captions, columns)?;
    let named =
        if captions.is_empty() { String::new() } else { format!(": {}", captions.join(", ")) };
    let alt = format!("{n} images, each {h}x{w} (height x width), {}{named}", range(&batch)?);
    Figure::new(picture, alt)
}

const GAP: u32 = 6;
/// The most images of one figure.
pub(super) const MOST_IMAGES: i64 = 10_000;

/// The sheet for so many tiles of `[height, width]`. Errors: one that is too large.
pub(super) fn sheet_of(n: u32, [h, w]: [u32; 2], captions: bool, columns: u32) -> Result<[u32; 2]> {
    let caption = if captions { CAPTION.extent("x")?[0] + 2 } else { 0 };
    let side = |count: u32, side: u32| u64::from(count) * u64::from(side + GAP) - u64::from(GAP);
    sheet([side(n.div_ceil(columns), h + caption), side(columns, w)])
}

const CAPTION: Label = Label { size: NOTE, anchor: (HPos::Center, VPos::Top), upwards: false };

/// Pictures of one size in rows of `columns`, each above its caption.
pub(super) fn tile(tiles: &[RgbImage], captions: &[String], columns: u32) -> Result<RgbImage> {
    let label = CAPTION;
    let (w, mut h) = tiles[0].dimensions();
    let below = h;
    let mut canvas =
        Canvas::new(sheet_of(tiles.len() as u32, [h, w], !captions.is_empty(), columns)?)?;
    if !captions.is_empty() {
        h += label.extent("x")?[0] + 2;
    }
    for (i, tile) in (0u32..).zip(tiles) {
        let [row, column] = [i / columns * (h + GAP), i % columns * (w + GAP)];
        canvas.paste(tile, [row, column]);
        if let Some(caption) = captions.get(i as usize) {
            let text = shortened(caption, w, label)?;
            canvas.text(&text, [row + below + 1, column + w / 2], label)?;
        }
    }
    Ok(canvas.picture)
}

/// A text that fits into so many pixels, cut with "…" if it must be.
pub(super) fn shortened(text: &str, width: u32, label: Label) -> Result<String> {
    if label.extent(text)?[1] <= width {
        return Ok(text.to_string());
    }
    let kept = label.room(text, width)?;
    Ok(text.chars().filter(|c| !c.is_control()).take(kept).chain(['…']).collect())
}

/// Enlarges by the largest whole factor that keeps the longer side within `least`, so that cells
/// stay sharp squares; reduces what is longer than `most`.
pub(super) fn fit(picture: RgbImage, least: u32, most: u32) -> RgbImage {
    let (w, h) = picture.dimensions();
    let [high, wide] = fitted([h, w], least, most);
    match (high, wide) {
        same if same == (h, w) => picture,
        larger if larger > (h, w) => resize(&picture, wide, high, FilterType::Nearest),
        _ => resize(&picture, wide, high, FilterType::Triangle),
    }
}

/// The `[height, width]` that [`fit`] makes of another.
pub(super) fn fitted([h, w]: [u32; 2], least: u32, most: u32) -> [u32; 2] {
    let longer = w.max(h);
    let factor = least.min(most) / longer;
    let side = |s: u32| (u64::from(s) * u64::from(most) / u64::from(longer)).max(1) as u32;
    match (factor > 1, longer > most) {
        (true, _) => [h * factor, w * factor],
        (_, true) => [side(h), side(w)],
        _ => [h, w],
    }
}

pub(super) fn colour(x: &Tensor) -> Result<Tensor> {
    if x.size()[1] == 1 { to_rgb(x) } else { Ok(x.shallow_clone()) }
}

fn range(x: &Tensor) -> Result<String> {
    let [low, high] = [x.f_min()?, x.f_max()?].map(|v| v.double_value(&[]));
    let clamped = if low < -1e-6 || high > 1.0 + 1e-6 { ", clamped to 0..1" } else { "" };
    Ok(format!("values {} to {}{clamped}", short(low), short(high)))
}
