//! Tool 4b: how to move an image towards an objective.

use crate::net::Net;
use crate::show::progress;
use crate::{Error, Objective, Result};
use tch::{Kind, Tensor};

/// Gradient ascent on the pixels of an image.
///
/// ```
/// use convlens::{Climb, Method, Objective, net::Net};
/// use tch::{Device, Kind, Tensor};
/// let grey = Tensor::full([1, 3, 1, 2], 0.5, (Kind::Float, Device::Cpu));
/// let climb = Climb { steps: 2, method: Method::Normalised { rate: 0.1 }, ..Climb::default() };
/// // One pixel of one colour is all the score sees, so all of each step goes there.
/// let up = climb.run(&Net::new("pixels"), &grey, &Objective::neuron("input", 0, [0, 1]))?;
/// assert!((up.image.double_value(&[0, 0, 0, 1]) - 0.7).abs() < 1e-6);
/// assert_eq!(up.image.double_value(&[0, 1, 0, 1]), 0.5);
/// assert_eq!(up.scores.len(), 3); // before, after one step, after two
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Climb {
    /// How many steps to take; each costs one pass forward and one back.
    pub steps: usize,
    /// How to turn a gradient into a step.
    pub method: Method,
    /// Darkest and brightest value a pixel may take; none to let it run.
    pub clip: Option<[f64; 2]>,
}

/// How a gradient becomes a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    /// `rate * g / |g|`, each image by its own Euclidean norm (CS231n 2017, `class_visualization`).
    Normalised {
        /// Length of each step.
        rate: f64,
    },
    /// Adam (Kingma and Ba 2015) with momenta 0.9 and 0.999, epsilon 1e-8.
    Adam {
        /// Size of a step for each pixel.
        rate: f64,
    },
}

impl Default for Climb {
    /// CS231n's 100 steps; Adam at lucid's rate 0.05; pixels stay in 0..1.
    fn default() -> Self {
        Climb { steps: 100, method: Method::Adam { rate: 0.05 }, clip: Some([0.0, 1.0]) }
    }
}

/// Where a climb ended.
#[derive(Debug)]
pub struct Climbed {
    /// The last image, `[n, 3, h, w]`.
    pub image: Tensor,
    /// The score summed over the images, before the first step and after each that was taken.
    pub scores: Vec<f64>,
}

impl Climb {
    /// Move `x`, `[n, 3, h, w]`, uphill; `x` itself is left as it is.
    ///
    /// Shows its [`progress`]; after Stop, the image and the scores of the steps taken so far.
    pub fn run(&self, net: &Net, x: &Tensor, objective: &Objective) -> Result<Climbed> {
        let (mut image, mut scores) = (x.detach().f_contiguous()?, vec![]);
        let mut momenta = [image.f_zeros_like()?, image.f_zeros_like()?];
        for step in progress("climbing", 0..self.steps) {
            let (score, gradient) = net.score_and_gradient(&image, objective)?;
            scores.push(finite(&score, step)?);
            image = image.f_add(&self.method.step(&gradient, &mut momenta, step)?)?;
            if let Some([low, high]) = self.clip {
                image = image.f_clamp(low, high)?;
            }
        }
        let taken = scores.len();
        scores.push(finite(&objective.score(net, &image)?, taken)?);
        Ok(Climbed { image, scores })
    }
}

fn finite(score: &Tensor, step: usize) -> Result<f64> {
    let total = score.f_sum(Kind::Double)?.double_value(&[]);
    if total.is_finite() {
        return Ok(total);
    }
    let got = format!("{total} after {step} steps");
    Err(Error::argument("score", "a finite number", got, "take smaller steps, or clip the image"))
}

impl Method {
    fn step(self, g: &Tensor, momenta: &mut [Tensor; 2], step: usize) -> Result<Tensor> {
        match self {
            Method::Normalised { rate } => {
                let all = [1i64, 2, 3];
                let squares = g.f_square()?.f_sum_dim_intlist(all.as_slice(), true, Kind::Float)?;
                Ok((g * rate).f_div(&squares.f_sqrt()?.f_clamp_min(1e-12)?)?)
            }
            Method::Adam { rate } => {
                let [mean, square] = momenta;
                *mean = &*mean * 0.9 + g * 0.1;
                *square = &*square * 0.999 + g.f_square()? * 0.001;
                let power = (step + 1) as i32;
                let mean = &*mean / (1.0 - 0.9f64.powi(power));
                let spread = (&*square / (1.0 - 0.999f64.powi(power))).f_sqrt()? + 1e-8;
                Ok(mean.f_div(&spread)? * rate)
            }
        }
    }
}
