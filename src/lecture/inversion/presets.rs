//! Other people's settings, in our units, and our own.

use super::{Inversion, Part};
use crate::{Climb, Method, Space};

impl Inversion {
    /// Ours, for the best picture in little time: 60 steps of L-BFGS in the space of waves.
    ///
    /// In pixels, or with Adam, the same steps leave several times the loss (notebook 11 compares them).
    pub fn waves() -> Self {
        let method = Method::Lbfgs { rate: 1.0, history: 10 };
        let climb = Climb { steps: 60, method, space: Space::Fourier, ..Climb::default() };
        Inversion { climb, noise: 0.01, total_variation: 0.1, alpha_norm: 0.0, ..base() }
    }

    /// The authors' code for their paper (deep-goggle, `experiment_cnn.m`): 400 steps of gradient descent
    /// with momentum 0.9, the rate a tenth after 100 and a hundredth after 300; powers 2 and 6.
    ///
    /// `total_variation` is 6.86, their weight 1 for the first 6 of AlexNet's 20 layers; they take 10 times
    /// that for the next 6 and 100 times for the rest. (They weigh half of the sum over the squared size
    /// of a typical image, whose values deviate by 0.27 from their mean in our units.) `size` is the
    /// photo's height and width: the rate grows with their product. They set the momentum to 0 at a
    /// change of rate; here the rate scales it.
    pub fn deep_goggle(size: [i64; 2]) -> Self {
        let values = (3 * size[0] * size[1]) as f64;
        let method = Method::Momentum { rate: 0.004 * values * TYPICAL, momentum: 0.9 };
        let schedule = vec![(100, 0.1), (300, 0.1)];
        let climb = Climb { steps: 400, method, schedule, clip: None, ..Climb::default() };
        let total_variation = 0.5 / TYPICAL;
        let alpha_norm = 0.5 * 8e-10 * 255f64.powi(4) / TYPICAL;
        Inversion { climb, noise: TYPICAL.sqrt(), total_variation, alpha_norm, ..base() }
    }

    /// CS231n 2016, assignment 3, `invert_features`: 500 steps of gradient descent, an L2 penalty, a
    /// slight blur after each step, pixels within their range.
    ///
    /// Its rate of 1e4 and its penalty of 1e-7 belong to its own network and to a loss that is not
    /// normalised: here they are the first rate of [`Inversion::deep_goggle`] and the weight for which
    /// all black or white costs a hundredth of the features.
    pub fn cs231n(size: [i64; 2]) -> Self {
        let values = (3 * size[0] * size[1]) as f64;
        let method = Method::Momentum { rate: 0.004 * values * TYPICAL, momentum: 0.0 };
        let climb =
            Climb { steps: 500, method, blur_every: 1, blur_sigma: 0.36, ..Climb::default() };
        Inversion { climb, noise: 0.04, alpha_norm: 0.04, alpha: 2.0, ..base() }
    }
}

/// The mean square of a photo's values around their mean, in 0..1: a deviation of 0.27. deep-goggle has
/// it from a set of photos, as the length of a whole image.
const TYPICAL: f64 = 0.27 * 0.27;

fn base() -> Inversion {
    Inversion {
        climb: Climb::default(),
        starts: 1,
        noise: 0.0,
        part: Part::All,
        total_variation: 0.0,
        beta: 2.0,
        alpha_norm: 0.0,
        alpha: 6.0,
    }
}
