//! Textures of a few pixels, with answers known beforehand.

mod collages;
mod copies;
mod errors;
mod grams;
mod sewn;

use super::*;
use crate::net::Net;
use tch::{Device, Kind, Tensor};

/// `[1, 3, h, w]`, each pixel of its own colour.
fn colourful(h: i64, w: i64) -> Tensor {
    let places = Tensor::arange(h * w, (Kind::Float, Device::Cpu)) / (h * w) as f64;
    let waves = [1.0, 7.0, 31.0].map(|k| ((&places * k).sin() * 0.5 + 0.5).view([1, 1, h, w]));
    Tensor::cat(&waves, 1)
}

/// `[1, 3, h, w]` of values given by row and column, the same in all colours.
fn pattern(h: i64, w: i64, value: fn(i64, i64) -> bool) -> Tensor {
    let at = |i: i64| f32::from(u8::from(value(i / w, i % w)));
    let values: Vec<f32> = (0..h * w).map(at).collect();
    Tensor::from_slice(&values).view([1, 1, h, w]).expand([1, 3, h, w], false)
}

fn numbers(x: &Tensor) -> Vec<f32> {
    Vec::<f32>::try_from(x.contiguous().flatten(0, -1)).unwrap()
}

/// Whether every pixel is the pixel of the source it says it comes from.
fn is_copied(collage: &Collage, source: &Tensor) -> bool {
    let from = collage.from.flatten(2, -1);
    let at = from.select(1, 0) * source.size()[3] + from.select(1, 1);
    let there = source.flatten(2, -1).index_select(2, &at.view([-1]));
    there.equal(&collage.image.flatten(2, -1))
}
