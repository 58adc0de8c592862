//! The window around a pixel.

use super::canvas::Canvas;
use super::search::Known;

/// A place in the window, down and across from its centre.
pub(super) struct Tap {
    pub place: [isize; 2],
    pub weight: f32,
}

impl Tap {
    /// What is known there around the pixel `at`, for a source so many pixels wide.
    pub(super) fn seen(&self, canvas: &Canvas, at: usize, width: usize) -> Option<Known> {
        let colour = canvas.known(at, self.place)?;
        let offset = self.place[0] * width as isize + self.place[1];
        Some(Known { offset, weight: self.weight, colour })
    }
}

/// The places of a window around its centre, weighted by a Gaussian, the heaviest first.
pub(super) fn window(side: isize) -> Vec<Tap> {
    let (reach, deviation) = (side / 2, side as f32 / 6.4);
    let places = (-reach..=reach).flat_map(|y| (-reach..=reach).map(move |x| [y, x]));
    let weigh = |place: [isize; 2]| {
        let squares = (place[0] * place[0] + place[1] * place[1]) as f32;
        Tap { place, weight: (-squares / (2.0 * deviation * deviation)).exp() }
    };
    let mut taps: Vec<Tap> = places.map(weigh).collect();
    taps.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    taps
}
