//! Maps of numbers as colours, alone or over the photo they belong to.

use super::Figure;
use super::colour_bar::with_colour_bar;
use super::images::fit;
use super::number::short;
use super::scale::Colouring;
use crate::check::size_within;
use crate::pixels::{resized, rgb_size, to_grey, to_rgb8};
use crate::{Error, Result};
use image::{Rgb, RgbImage};
use tch::{Kind, Tensor};

/// How a map of numbers is drawn.
///
/// ```
/// use convlens::{prelude::*, show::HeatMap};
/// let map = Tensor::from_slice(&[0f32, 1.0, 2.0, 3.0, 4.0, 5.0]).reshape([2, 3]);
/// let figure = HeatMap { label: "activation".into(), ..HeatMap::default() }.draw(&map)?;
/// assert_eq!(figure.alt, "activation, 2x3 map (height x width), values 0 to 5");
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct HeatMap {
    /// What the numbers are, with their unit; written along the colour bar.
    pub label: String,
    /// The values at the two ends of the colours; by default those of the map. Signed maps use the
    /// larger one on both sides of zero.
    pub range: Option<[f64; 2]>,
    /// The percentile of the values (of their sizes, if signed) at which the colours end; 100.
    pub clip_percentile: f64,
    /// Colours centred on zero, or not; by default where there are values on both sides of it.
    pub signed: Option<bool>,
}

impl Default for HeatMap {
    fn default() -> Self {
        Self { label: "value".into(), range: None, clip_percentile: 100.0, signed: None }
    }
}

/// A map, `[h, w]` or `[1, 1, h, w]`, as colours with a colour bar.
///
/// Values on both sides of zero: blue, white, red around zero. Others: dark to bright. A map
/// that is constant, all negative or NaN says so. [`HeatMap`] sets label and range. Of more than 1280 rows or
/// columns, means of equal squares are drawn.
/// Errors: another shape, more than 64 million values.
pub fn heat_map(map: &Tensor) -> Result<Figure> {
    HeatMap::default().draw(map)
}

/// A map over the greyed photo `[1, 3, h, w]` it belongs to, stronger where its values are.
///
/// The map is resized to the photo. Colours, warnings and errors as in [`heat_map`].
pub fn overlay(photo: &Tensor, map: &Tensor) -> Result<Figure> {
    HeatMap::default().overlay(photo, map)
}

impl HeatMap {
    /// The map as a figure: [`heat_map`] with these settings.
    pub fn draw(&self, map: &Tensor) -> Result<Figure> {
        let (map, [h, w]) = plane(map)?;
        let values = numbers(&map)?;
        let scale = Colouring::of(&values, self)?;
        let alt = self.alt(&scale, [h, w]);
        let (map, [h, w]) = fewer(&map)?;
        let values = numbers(&map)?;
        let cell = |x: u32, y: u32| scale.colour(values[y as usize * w as usize + x as usize]);
        let picture = fit(RgbImage::from_fn(w as u32, h as u32, cell), 320, 640);
        let colour = |v| scale.colour(v);
        Figure::new(with_colour_bar(&picture, &scale, &colour, &self.label)?, alt)
    }

    /// The map over a photo: [`overlay`] with these settings.
    pub fn overlay(&self, photo: &Tensor, map: &Tensor) -> Result<Figure> {
        let [_, _, h, w] = rgb_size(photo, "photo")?;
        let (map, size) = plane(map)?;
        let values = numbers(&map)?;
        let scale = Colouring::of(&values, self)?;
        let alt = self.alt(&scale, size).replacen(" map ", " map over a photo ", 1);
        let photo = smaller(photo, [h, w])?;
        let [_, _, h, w] = rgb_size(&photo, "photo")?;
        let values = numbers(&resized(&map.f_reshape([1, 1, size[0], size[1]])?, [h, w])?)?;
        let mut picture = to_rgb8(&to_grey(&photo)?.f_expand([1, 3, h, w], false)?)?;
        for (pixel, &v) in picture.pixels_mut().zip(&values) {
            *pixel = blend(*pixel, &scale, v);
        }
        let colour = |v| blend(Rgb([128; 3]), &scale, v);
        let picture = fit(picture, 320, 640);
        Figure::new(with_colour_bar(&picture, &scale, &colour, &self.label)?, alt)
    }

    fn alt(&self, scale: &Colouring, [h, w]: [i64; 2]) -> String {
        let range = match scale.reach.map(short) {
            _ if scale.empty => "no finite values".into(),
            [low, high] => format!("values {low} to {high}"),
        };
        let notes: String = scale.notes.iter().map(|note| format!("; {note}")).collect();
        format!("{}, {h}x{w} map (height x width), {range}{notes}", self.label)
    }
}

fn blend(Rgb(grey): Rgb<u8>, scale: &Colouring, v: f64) -> Rgb<u8> {
    let Rgb(heat) = scale.colour(v);
    let share = 0.9 * scale.strength(v);
    let mix = |c: usize| share * f64::from(heat[c]) + (1.0 - share) * f64::from(grey[c]);
    Rgb(std::array::from_fn(|c| mix(c).round() as u8))
}

/// A map as `[h, w]` doubles.
fn plane(map: &Tensor) -> Result<(Tensor, [i64; 2])> {
    let size = map.size();
    let (&[h, w] | &[1, h, w] | &[1, 1, h, w]) = &size[..] else {
        let advice = "pick one with `.narrow`, or reduce the channels, for example with `amax`";
        let got = format!("{size:?}");
        return Err(Error::argument("map", "one map, [h, w] or [1, 1, h, w]", got, advice));
    };
    if h == 0 || w == 0 {
        let got = format!("{size:?}");
        return Err(Error::argument("map", "at least one value", got, "check the layer's size"));
    }
    size_within("map", [h, w])?;
    let cpu = map.f_detach()?.f_to_device(tch::Device::Cpu)?;
    Ok((cpu.f_to_kind(Kind::Double)?.f_reshape([h, w])?, [h, w]))
}

/// A map has at most so many cells each way once it is drawn, twice as many as the figure has pixels.
const MOST_CELLS: i64 = 1280;

/// A map `[h, w]` of few enough cells: where it has more, the means of equal squares. A square with a value
/// that is NaN is NaN.
fn fewer(map: &Tensor) -> Result<(Tensor, [i64; 2])> {
    let [h, w] = [map.size()[0], map.size()[1]];
    let factor = (h.max(w) + MOST_CELLS - 1) / MOST_CELLS;
    if factor <= 1 {
        return Ok((map.shallow_clone(), [h, w]));
    }
    let size = [factor.min(h), factor.min(w)];
    let means = map.f_unsqueeze(0)?.f_avg_pool2d(size, size, [0, 0], true, false, None)?;
    let means = means.f_squeeze_dim(0)?;
    let [h, w] = [means.size()[0], means.size()[1]];
    Ok((means, [h, w]))
}

/// A photo `[n, 3, h, w]` with at most [`MOST_CELLS`] pixels each way.
fn smaller(photo: &Tensor, [h, w]: [i64; 2]) -> Result<Tensor> {
    let most = h.max(w).max(MOST_CELLS);
    resized(photo, [h, w].map(|side| (side * MOST_CELLS / most).max(1)))
}

fn numbers(map: &Tensor) -> Result<Vec<f64>> {
    Ok(Vec::<f64>::try_from(map.f_reshape([-1])?)?)
}
