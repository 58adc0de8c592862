//! Other people's settings, in our units.

use super::Ascent;
use crate::{Climb, Method, Space, Warp};

impl Ascent {
    /// Simonyan et al. 2014, section 2: from a zero image (here grey), the score less an L2 penalty.
    ///
    /// The paper gives neither rate nor weight; these are CS231n's.
    pub fn simonyan() -> Self {
        Ascent {
            climb: steps_of(RATE),
            size: SIZE,
            count: 1,
            noise: 0.0,
            l2: L2,
            total_variation: 0.0,
        }
    }

    /// Yosinski et al. 2015, section 3, set (c) of table 1, with which most of their figures were
    /// made: decay 1e-4, blur of deviation 1 every 4 steps.
    ///
    /// They take 1000 steps of 100 times the gradient of CaffeNet in units of 0..255; lengths of
    /// gradients differ between networks, so here are 200 normalised steps of CS231n's length. Their
    /// other sets drop pixels: `small_norm` 50 % with blur 0.5 (a), 20 % with decay 0.3 (b), and
    /// `small_contribution` 90 % with blur 0.5 (d).
    pub fn yosinski() -> Self {
        let climb =
            Climb { steps: 200, decay: 1e-4, blur_every: 4, blur_sigma: 1.0, ..steps_of(RATE) };
        Ascent { climb, noise: STD, l2: 0.0, ..Ascent::simonyan() }
    }

    /// CS231n 2017, assignment 3, `create_class_visualization`: from noise 100 steps of length 25, L2
    /// 1e-3, jitter by 16 pixels, blur of deviation 0.5 every 10 steps, at 224x224.
    ///
    /// Its images are normalised; with a standard deviation of about 0.226 of the colours, a step of 25
    /// is one of 5.65 here, and a weight of 1e-3 one of 0.0196.
    pub fn cs231n() -> Self {
        let climb = Climb { jitter: 16, blur_every: 10, blur_sigma: 0.5, ..steps_of(RATE) };
        Ascent { climb, noise: STD, l2: L2, ..Ascent::simonyan() }
    }

    /// Lucid's (Olah et al. 2017): waves scaled 1/f in decorrelated colours, seen shifted, scaled and
    /// turned; Adam at rate 0.05, 128x128.
    ///
    /// Lucid takes 512 steps, here 256; it draws scale from 0.9 to 1.1, turns by up to 10 degrees and
    /// shifts by up to 6 pixels in all (jitter 8 and 4).
    pub fn fourier() -> Self {
        let climb = Climb {
            steps: 256,
            method: Method::Adam { rate: 0.05 },
            space: Space::Fourier,
            warp: Warp { shift: 6.0, scale: 0.1, turn: 10.0 },
            ..Climb::default()
        };
        Ascent { climb, size: [128, 128], noise: 0.01, l2: 0.0, ..Ascent::simonyan() }
    }
}

/// The standard deviation of ImageNet's colours, which CS231n divides by: about 0.226.
const STD: f64 = 0.226;
/// Its step of length 25, in units of 0..1.
const RATE: f64 = 25.0 * STD;
/// Its L2 weight of 1e-3, for squares of values in 0..1.
const L2: f64 = 1e-3 / (STD * STD);
/// Its image.
const SIZE: [i64; 2] = [224, 224];

fn steps_of(rate: f64) -> Climb {
    Climb { steps: 100, method: Method::Normalised { rate }, ..Climb::default() }
}
