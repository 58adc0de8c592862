//! A climb's parts on pictures of a few pixels, with numbers done by hand.

mod climb;
mod methods;
mod space;
mod tidy;

use super::*;
use tch::{Device, Kind};

fn image(values: &[f32], h: i64, w: i64) -> Tensor {
    Tensor::from_slice(values).view([1, -1, h, w])
}

fn numbers(x: &Tensor) -> Vec<f32> {
    Vec::<f32>::try_from(x.contiguous().flatten(0, -1)).unwrap()
}

fn close(got: &Tensor, by_hand: &[f32]) {
    let got = numbers(got);
    let near = got.iter().zip(by_hand).all(|(a, b)| (a - b).abs() < 1e-5);
    assert!(near && got.len() == by_hand.len(), "{got:?}, by hand {by_hand:?}");
}

/// `[n, 3, h, w]` in 0.1..0.9, every value another.
fn colourful(n: i64, h: i64, w: i64) -> Tensor {
    let x = Tensor::arange(n * 3 * h * w, (Kind::Float, Device::Cpu)) * 0.7;
    (x.sin() * 0.4 + 0.5).view([n, 3, h, w])
}
