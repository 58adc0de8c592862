//! Lecture: "Texture synthesis": more of the same, by nearest neighbours and by Gram matrices.
//!
//! [`EfrosLeung`] copies one pixel after the other, [`Quilting`] patches; both return a [`Collage`] that
//! knows where each pixel comes from. [`GramTexture`] copies nothing: it climbs from noise until a
//! network's channels fire together as they do in the source.

mod canvas;
mod collage;
mod cut;
mod efros_leung;
mod gram;
mod order;
mod quilting;
mod search;
mod sheet;
mod shuffle;
#[cfg(test)]
mod tests;
mod window;

pub use collage::Collage;
pub use cut::boundary_cut;
pub use efros_leung::EfrosLeung;
pub use gram::{GramTexture, gram_distances};
pub use quilting::{Quilting, Seams};
pub use shuffle::Shuffle;

use crate::check::{size_within, within};
use crate::pixels::finite_rgb;
use crate::{Error, Result};
use tch::Tensor;

/// Height and width of one image, `[1, 3, h, w]`.
fn one_image(x: &Tensor, what: &str) -> Result<[i64; 2]> {
    let [n, _, h, w] = finite_rgb(x, what)?;
    if n == 1 {
        return Ok([h, w]);
    }
    let advice = "pick one with `.narrow(0, index, 1)`";
    Err(Error::argument(what, "one image", format!("{n} images"), advice))
}

/// An image to be made: one pixel or more.
fn some_pixels(size: [i64; 2], least: i64) -> Result<[usize; 2]> {
    if size.iter().all(|&side| side >= least) {
        return size_within("size", size).map(|()| size.map(|side| side as usize));
    }
    let expected = format!("{least}x{least} pixels or more");
    let got = format!("{}x{}", size[0], size[1]);
    Err(Error::argument("size", expected, got, "ask for a larger image"))
}

/// How much worse than the best a match may be: a share of the best one's distance.
fn share(tolerance: f64) -> Result<f32> {
    within("tolerance", tolerance, 0.0..=1e6, "both papers use 0.1")?;
    Ok(tolerance as f32)
}
