//! Photos as figures.

use super::Figure;
use super::canvas::Canvas;
use super::number::short;
use super::text::{Label, NOTE};
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
/// Errors: as [`image()`], and no columns.
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
    let widest = ((WIDEST + GAP) / columns).saturating_sub(GAP).max(1);
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

/// Pictures of one size in rows of `columns`, each above its caption.
pub(super) fn tile(tiles: &[RgbImage], captions: &[String], columns: u32) -> Result<RgbImage> {
    let label = Label::new(NOTE, HPos::Center, VPos::Top);
    let (w, mut h) = tiles[0].dimensions();
    let below = h;
    if !captions.is_empty() {
        h += label.extent("x")?[0] + 2;
    }
    let rows = (tiles.len() as u32).div_ceil(columns);
    let mut canvas = Canvas::new([rows * (h + GAP) - GAP, columns * (w + GAP) - GAP]);
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
    let mut cut = text.to_string();
    let mut kept = text.chars().count();
    while label.extent(&cut)?[1] > width && kept > 0 {
        kept -= 1;
        cut = text.chars().take(kept).chain(['…']).collect();
    }
    Ok(cut)
}

/// Enlarges by the largest whole factor that keeps the longer side within `least`, so that cells
/// stay sharp squares; reduces what is longer than `most`.
pub(super) fn fit(picture: RgbImage, least: u32, most: u32) -> RgbImage {
    let (w, h) = picture.dimensions();
    let longer = w.max(h);
    let factor = least.min(most) / longer;
    if factor > 1 {
        return resize(&picture, w * factor, h * factor, FilterType::Nearest);
    }
    if longer > most {
        let side = |s: u32| (u64::from(s) * u64::from(most) / u64::from(longer)).max(1) as u32;
        return resize(&picture, side(w), side(h), FilterType::Triangle);
    }
    picture
}

pub(super) fn colour(x: &Tensor) -> Result<Tensor> {
    if x.size()[1] == 1 { to_rgb(x) } else { Ok(x.shallow_clone()) }
}

fn range(x: &Tensor) -> Result<String> {
    let [low, high] = [x.f_min()?, x.f_max()?].map(|v| v.double_value(&[]));
    let clamped = if low < -1e-6 || high > 1.0 + 1e-6 { ", clamped to 0..1" } else { "" };
    Ok(format!("values {} to {}{clamped}", short(low), short(high)))
}
