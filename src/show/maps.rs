//! Many maps as small pictures.

use super::Figure;
use super::colour_bar::with_colour_bar;
use super::filters::Scale;
use super::heat::HeatMap;
use super::images::{MOST_IMAGES, WIDEST, fit, tile};
use super::number::short;
use super::scale::Colouring;
use crate::check::within;
use crate::pixels::batch_size;
use crate::{Error, Result};
use image::RgbImage;
use tch::{Kind, Tensor};

/// The longer side of a tile, in pixels, where there is room for it.
const LARGEST: u32 = 168;

/// Maps `[n, 1, h, w]` as a square grid of tiles, each above its caption.
///
/// Zero and less than zero differ: where any value is negative, colours are centred on zero; else
/// they go from dark to bright. [`Scale::Shared`] draws all maps alike, with one colour bar;
/// [`Scale::PerFilter`] each up to its own largest value, and says so underneath.
/// Errors: another shape, another number of captions than maps, more than 10 000 maps.
///
/// ```
/// use convlens::prelude::*;
/// let maps = Tensor::from_slice(&[0f32, 2.0, 0.0, 8.0]).reshape([2, 1, 1, 2]);
/// let captions = ["faint".to_string(), "strong".to_string()];
/// let figure = show::map_grid(&maps, &captions, Scale::Shared)?;
/// assert_eq!(figure.alt, "2 maps, 1x2 (height x width), values 0 to 8, one scale for all: \
///                         faint, strong");
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn map_grid(maps: &Tensor, captions: &[String], scale: Scale) -> Result<Figure> {
    let [n, channels, h, w] = batch_size(maps, "maps")?;
    if channels != 1 || captions.len() as i64 != n {
        let got = format!("{:?} and {} captions", maps.size(), captions.len());
        let advice = "pick channels with `.select(0, photo)` and `.unsqueeze(1)`";
        return Err(Error::argument("maps", "[n, 1, h, w] and n captions", got, advice));
    }
    within("maps", n, 1..=MOST_IMAGES, "show fewer at a time")?;
    let cpu = maps.f_detach()?.f_to_device(tch::Device::Cpu)?.f_to_kind(Kind::Double)?;
    let values = Vec::<f64>::try_from(cpu.f_reshape([-1])?)?;
    let all = Colouring::of(&values, &HeatMap::default())?;
    let columns = (n as f64).sqrt().ceil() as u32;
    let mut tiles = vec![];
    for map in values.chunks((h * w) as usize) {
        let own = (scale == Scale::PerFilter).then(|| own_colours(map, all.signed)).transpose()?;
        tiles.push(tile_of(map, w as usize, own.as_ref().unwrap_or(&all), columns));
    }
    finished(&tile(&tiles, captions, columns)?, all, scale, about(maps, captions, scale)?)
}

/// Colours that end at the map's own largest value; a map of one value is dark.
fn own_colours(map: &[f64], signed: bool) -> Result<Colouring> {
    Colouring::of(map, &HeatMap { signed: Some(signed), ..HeatMap::default() })
}

fn tile_of(map: &[f64], width: usize, scale: &Colouring, columns: u32) -> RgbImage {
    let height = map.len() / width;
    let cell = |x: u32, y: u32| scale.colour(map[y as usize * width + x as usize]);
    let widest = (WIDEST / columns).saturating_sub(6).clamp(1, LARGEST);
    fit(RgbImage::from_fn(width as u32, height as u32, cell), LARGEST, widest)
}

fn about(maps: &Tensor, captions: &[String], scale: Scale) -> Result<String> {
    let [n, _, h, w] = batch_size(maps, "maps")?;
    let [low, high] = [maps.f_min()?, maps.f_max()?].map(|v| short(v.double_value(&[])));
    let scaled = match scale {
        Scale::Shared => "one scale for all",
        Scale::PerFilter => "each by its own scale",
    };
    let named = captions.join(", ");
    Ok(format!("{n} maps, {h}x{w} (height x width), values {low} to {high}, {scaled}: {named}"))
}

/// The sheet with its colour bar, or with a line that says why there is none.
fn finished(sheet: &RgbImage, mut all: Colouring, scale: Scale, alt: String) -> Result<Figure> {
    if scale == Scale::PerFilter {
        let ends = if all.signed { "blue −, white 0, red +" } else { "dark least, bright most" };
        all.notes.push(format!("each map by its own scale: {ends}"));
        all.empty = true;
    }
    let colour = |v| all.colour(v);
    Figure::new(with_colour_bar(sheet, &all, &colour, "activation")?, alt)
}
