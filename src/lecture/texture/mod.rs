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

use crate::{Error, Result};

/// An image to be made: one pixel or more.
fn some_pixels(size: [i64; 2], least: i64) -> Result<[usize; 2]> {
    if size.iter().all(|&side| side >= least) {
        return Ok(size.map(|side| side as usize));
    }
    let expected = format!("{least}x{least} pixels or more");
    let got = format!("{}x{}", size[0], size[1]);
    Err(Error::argument("size", expected, got, "ask for a larger image"))
}

/// How much worse than the best a match may be: a share of the best one's distance.
fn share(tolerance: f64) -> Result<f32> {
    if tolerance >= 0.0 && tolerance.is_finite() {
        return Ok(tolerance as f32);
    }
    let advice = "both papers use 0.1";
    Err(Error::argument("tolerance", "a share, 0 or more", tolerance, advice))
}
