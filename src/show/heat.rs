//! Maps of numbers as colours, alone or over the photo they belong to.

use super::Figure;
use super::colour_bar::with_colour_bar;
use super::images::fit;
use super::number::short;
use super::scale::Colouring;
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
/// that is constant, all negative or NaN says so. [`HeatMap`] sets label and range.
/// Errors: another shape.
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
        let cell = |x: u32, y: u32| scale.colour(values[y as usize * w as usize + x as usize]);
        let picture = fit(RgbImage::from_fn(w as u32, h as u32, cell), 320, 640);
        let alt = self.alt(&values, &scale, [h, w]);
        let colour = |v| scale.colour(v);
        Figure::new(with_colour_bar(&picture, &scale, &colour, &self.label)?, alt)
    }

    /// The map over a photo: [`overlay`] with these settings.
    pub fn overlay(&self, photo: &Tensor, map: &Tensor) -> Result<Figure> {
        let [_, _, h, w] = rgb_size(photo, "photo")?;
        let (map, size) = plane(map)?;
        let scale = Colouring::of(&numbers(&map)?, self)?;
        let alt =
            self.alt(&numbers(&map)?, &scale, size).replacen(" map ", " map over a photo ", 1);
        let values = numbers(&resized(&map.f_reshape([1, 1, size[0], size[1]])?, [h, w])?)?;
        let mut picture = to_rgb8(&to_grey(photo)?.f_expand([1, 3, h, w], false)?)?;
        for (pixel, &v) in picture.pixels_mut().zip(&values) {
            *pixel = blend(*pixel, &scale, v);
        }
        let colour = |v| blend(Rgb([128; 3]), &scale, v);
        let picture = fit(picture, 320, 640);
        Figure::new(with_colour_bar(&picture, &scale, &colour, &self.label)?, alt)
    }

    fn alt(&self, values: &[f64], scale: &Colouring, [h, w]: [i64; 2]) -> String {
        let finite = || values.iter().copied().filter(|v| v.is_finite());
        let range = match (finite().reduce(f64::min), finite().reduce(f64::max)) {
            (Some(low), Some(high)) => format!("values {} to {}", short(low), short(high)),
            _ => "no finite values".into(),
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
    let cpu = map.f_detach()?.f_to_device(tch::Device::Cpu)?;
    Ok((cpu.f_to_kind(Kind::Double)?.f_reshape([h, w])?, [h, w]))
}

fn numbers(map: &Tensor) -> Result<Vec<f64>> {
    Ok(Vec::<f64>::try_from(map.f_reshape([-1])?)?)
}
