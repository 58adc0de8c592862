//! Weights of a convolution as small pictures.

use super::Figure;
use super::canvas::Canvas;
use super::images::WIDEST;
use super::number::short;
use super::text::{Label, NOTE};
use crate::pixels::{batch_size, finite};
use crate::{Error, Result};
use image::{Rgb, RgbImage};
use plotters_backend::text_anchor::{HPos, VPos};
use tch::{Kind, Tensor};

/// How weights become brightness.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Each filter by itself: its smallest weight black, its largest full (CS231n's
    /// `visualize_grid`). Shows structure, hides which filters are strong.
    PerFilter,
    /// All filters alike: zero is mid-grey, the largest size of any weight black or full.
    Shared,
}

/// Filters `[o, 3, kh, kw]` in colour, or `[o, 1, kh, kw]` in grey, as a square grid of tiles.
///
/// Row by row, enlarged by a whole factor; the scale is written underneath.
/// Errors: other channels, NaN, more filters than can be told apart.
pub fn filter_grid(weights: &Tensor, scale: Scale) -> Result<Figure> {
    let [n, channels, kh, kw] = batch_size(weights, "filters")?;
    if channels != 3 && channels != 1 {
        let advice = "pick an input channel with `.narrow(1, channel, 1)`, or show every one in \
                      grey with `.reshape([-1, 1, kh, kw])`";
        let got = format!("{:?}", weights.size());
        return Err(Error::argument("filters", "1 or 3 input channels", got, advice));
    }
    finite(weights, "filters")?;
    let columns = (n as f64).sqrt().ceil() as u32;
    let factor = enlargement(columns, kw as u32)?;
    let (unit, legend) = rescaled(weights, scale)?;
    let values = Vec::<f32>::try_from(unit.f_reshape([-1])?)?;
    let size = [channels, kh, kw].map(|s| s as usize);
    let tiles: Vec<RgbImage> =
        values.chunks(size.iter().product()).map(|v| tile(v, size, factor)).collect();
    let alt = format!("{n} filters of {kh}x{kw} (height x width), {channels} channels; {legend}");
    Figure::new(sheet(&tiles, columns, &legend)?, alt.replace("1 channels", "1 channel"))
}

const GAP: u32 = 2;
/// No grey that a weight can have.
const FRAME: Rgb<u8> = Rgb([176, 196, 222]);

/// Pixels for each weight: tiles of about 60 pixels, fewer where the sheet would be too wide.
fn enlargement(columns: u32, kw: u32) -> Result<u32> {
    let widest = (WIDEST / columns).saturating_sub(GAP);
    if widest < kw {
        let most = (WIDEST / (kw + GAP)).pow(2);
        let advice = "show a part of them with `.narrow(0, first, count)`";
        return Err(Error::argument("filters", format!("at most {most}"), "more", advice));
    }
    Ok((widest / kw).min(60u32.div_ceil(kw)).max(1))
}

/// Weights in 0..1, and what the brightness means.
fn rescaled(weights: &Tensor, scale: Scale) -> Result<(Tensor, String)> {
    let w = weights.f_detach()?.f_to_device(tch::Device::Cpu)?.f_to_kind(Kind::Float)?;
    let [low, high] = [w.f_min()?, w.f_max()?].map(|v| v.double_value(&[]));
    if scale == Scale::Shared {
        let most = low.abs().max(high.abs());
        let halved = w.f_div_scalar(2.0 * if most > 0.0 { most } else { 1.0 })?;
        let legend = format!("one scale for all: −{m} dark, 0 grey, {m} bright", m = short(most));
        return Ok((halved.f_add_scalar(0.5)?, legend));
    }
    let low_each = w.f_amin([1i64, 2, 3], true)?;
    let span = w.f_amax([1i64, 2, 3], true)?.f_sub(&low_each)?;
    let flat = span.f_eq(0.0)?;
    let same = flat.f_sum(Kind::Int64)?.f_int64_value(&[])?;
    let unit = w.f_sub(&low_each)?.f_div(&span)?.f_masked_fill(&flat, 0.5)?;
    let constant = if same > 0 { format!("; {same} constant (grey)") } else { String::new() };
    let [low, high] = [low, high].map(short);
    Ok((unit, format!("each filter scaled by itself; weights {low} to {high}{constant}")))
}

fn tile(values: &[f32], [channels, kh, kw]: [usize; 3], factor: u32) -> RgbImage {
    RgbImage::from_fn(kw as u32 * factor, kh as u32 * factor, |x, y| {
        let at = (y / factor) as usize * kw + (x / factor) as usize;
        Rgb(std::array::from_fn(|c| {
            let plane = if channels == 3 { c } else { 0 };
            (values[plane * kh * kw + at].clamp(0.0, 1.0) * 255.0).round() as u8
        }))
    })
}

fn sheet(tiles: &[RgbImage], columns: u32, legend: &str) -> Result<RgbImage> {
    let label = Label::new(NOTE, HPos::Left, VPos::Top);
    let [line, text] = label.extent(legend)?;
    let (w, h) = tiles.first().map_or((1, 1), RgbImage::dimensions);
    let rows = (tiles.len() as u32).div_ceil(columns);
    let below = rows * (h + GAP) + GAP;
    let mut canvas = Canvas::new([below + 4 + line, (columns * (w + GAP) + GAP).max(text + 2)]);
    for (i, tile) in (0u32..).zip(tiles) {
        let [row, column] = [i / columns * (h + GAP), i % columns * (w + GAP)];
        canvas.fill([row, column], [h + 2 * GAP, w + 2 * GAP], FRAME);
        canvas.paste(tile, [row + GAP, column + GAP]);
    }
    canvas.text(legend, [below + 4, 0], label)?;
    Ok(canvas.picture)
}
