//! Weights of a convolution as small pictures.

use super::Figure;
use super::canvas::Canvas;
use super::combine::{self, grid};
use super::images::WIDEST;
use super::number::short;
use crate::check::finite;
use crate::pixels::batch_size;
use crate::{Error, Result};
use image::{Rgb, RgbImage};
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
    let [n, channels, kh, kw] = checked(weights)?;
    let (unit, legend) = rescaled(weights, scale)?;
    let alt = format!("{n} filters of {kh}x{kw} (height x width), {channels} channels");
    Figure::new(sheet(&unit, WIDEST)?, alt.replace("1 channels", "1 channel"))?.noted(&legend)
}

/// The filters of several networks side by side, in rows of `columns`, name above and shape below.
///
/// Each filter is scaled by itself, as [`Scale::PerFilter`]; the whole fits a notebook.
/// Errors: no network, no columns, and as [`filter_grid`].
pub fn filter_grids(networks: &[(String, Tensor)], columns: usize) -> Result<Figure> {
    let side_by_side = columns.clamp(1, networks.len().max(1)) as u32;
    let widest = ((WIDEST + combine::GAP) / side_by_side).saturating_sub(combine::GAP);
    let grids = networks.iter().map(|(name, weights)| small(weights, widest)?.titled(name));
    grid(&grids.collect::<Result<Vec<_>>>()?, columns)?.noted(BY_ITSELF)
}

fn small(weights: &Tensor, widest: u32) -> Result<Figure> {
    let shape = checked(weights)?.map(|side| side.to_string()).join(" × ");
    let (unit, range) = by_itself(weights)?;
    Figure::new(sheet(&unit, widest)?, format!("filters, {range}"))?.noted(&shape)
}

fn checked(weights: &Tensor) -> Result<[i64; 4]> {
    let size = batch_size(weights, "filters")?;
    if size[1] != 3 && size[1] != 1 {
        let advice = "pick an input channel with `.narrow(1, channel, 1)`, or show every one in \
                      grey with `.reshape([-1, 1, kh, kw])`";
        let got = format!("{:?}", weights.size());
        return Err(Error::argument("filters", "1 or 3 input channels", got, advice));
    }
    finite(weights, "filters")?;
    Ok(size)
}

const BY_ITSELF: &str = "each filter scaled by itself";
const GAP: u32 = 2;
/// No grey that a weight can have.
const FRAME: Rgb<u8> = Rgb([176, 196, 222]);

/// Pixels for each weight: tiles of about 60 pixels, fewer where the sheet would be too wide.
fn enlargement(columns: u32, kw: u32, width: u32) -> Result<u32> {
    let widest = (width / columns).saturating_sub(GAP);
    if widest < kw {
        let most = (width / (kw + GAP)).pow(2);
        let advice = "show a part of them with `.narrow(0, first, count)`";
        return Err(Error::argument("filters", format!("at most {most}"), "more", advice));
    }
    Ok((widest / kw).min(60u32.div_ceil(kw)).max(1))
}

/// Weights in 0..1, and what the brightness means.
fn rescaled(weights: &Tensor, scale: Scale) -> Result<(Tensor, String)> {
    if scale == Scale::PerFilter {
        let (unit, range) = by_itself(weights)?;
        return Ok((unit, format!("{BY_ITSELF}; {range}")));
    }
    let w = weights.f_detach()?.f_to_device(tch::Device::Cpu)?.f_to_kind(Kind::Float)?;
    let most = w.f_abs()?.f_max()?.double_value(&[]);
    let halved = w.f_div_scalar(2.0 * if most > 0.0 { most } else { 1.0 })?;
    let legend = format!("one scale for all: −{m} dark, 0 grey, {m} bright", m = short(most));
    Ok((halved.f_add_scalar(0.5)?, legend))
}

/// Weights in 0..1, each filter from its smallest to its largest, and their range before.
fn by_itself(weights: &Tensor) -> Result<(Tensor, String)> {
    let w = weights.f_detach()?.f_to_device(tch::Device::Cpu)?.f_to_kind(Kind::Float)?;
    let low_each = w.f_amin([1i64, 2, 3], true)?;
    let span = w.f_amax([1i64, 2, 3], true)?.f_sub(&low_each)?;
    let flat = span.f_eq(0.0)?;
    let same = flat.f_sum(Kind::Int64)?.f_int64_value(&[])?;
    let unit = w.f_sub(&low_each)?.f_div(&span)?.f_masked_fill(&flat, 0.5)?;
    let constant = if same > 0 { format!("; {same} constant (grey)") } else { String::new() };
    let [low, high] = [w.f_min()?, w.f_max()?].map(|v| short(v.double_value(&[])));
    Ok((unit, format!("weights {low} to {high}{constant}")))
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

/// Tiles of weights in 0..1 as a square, at most `width` pixels wide.
fn sheet(unit: &Tensor, width: u32) -> Result<RgbImage> {
    let [n, channels, kh, kw] = batch_size(unit, "filters")?;
    let columns = (n as f64).sqrt().ceil() as u32;
    let factor = enlargement(columns, kw as u32, width)?;
    let [w, h] = [kw as u32 * factor, kh as u32 * factor];
    let rows = (n as u32).div_ceil(columns);
    let mut canvas = Canvas::new([rows * (h + GAP) + GAP, columns * (w + GAP) + GAP])?;
    let values = Vec::<f32>::try_from(unit.f_reshape([-1])?)?;
    let size = [channels, kh, kw].map(|s| s as usize);
    for (i, filter) in (0u32..).zip(values.chunks(size.iter().product())) {
        let [row, column] = [i / columns * (h + GAP), i % columns * (w + GAP)];
        canvas.fill([row, column], [h + 2 * GAP, w + 2 * GAP], FRAME);
        canvas.paste(&tile(filter, size, factor), [row + GAP, column + GAP]);
    }
    Ok(canvas.picture)
}
