//! Files, sizes and colour, against numbers worked out by hand or by PIL.

mod bounds;
mod errors;
mod files;
mod films;
mod memory;
mod photos;
mod scenes;
mod sizes;

use tch::{Kind, Tensor};

fn values(x: &Tensor) -> Vec<f64> {
    Vec::try_from(x.to_kind(Kind::Double).flatten(0, -1)).unwrap()
}
