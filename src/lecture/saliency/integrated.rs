//! Integrated gradients: what each pixel adds on the way from a baseline to the image.

use super::pairs::{in_batches, stopped};
use super::{Quadrature, colours_summed};
use crate::check::within;
use crate::net::{Net, ReluRule};
use crate::occlusion::Baseline;
use crate::pixels::finite_rgb;
use crate::{Error, Objective, Result};
use tch::{Kind, Tensor};

/// The gradient, averaged on the straight line from a baseline to the image, times their difference.
///
/// Lecture: saliency via backprop. Source: Sundararajan et al. 2017, section 3. A slope says what the
/// next small change would do; this map says where the score came from: its values add up to
/// score(image) − score(baseline), but for an error that is returned with it. captum's
/// `IntegratedGradients` keeps the colours apart, and its baseline is in the network's own units.
///
/// ```
/// use convlens::{Objective, net::{Conv2d, Net, Op}, saliency::IntegratedGradients};
/// use tch::Tensor;
/// // max(0, 2 red - 1): flat up to red = 0.5, then slope 2.
/// let weight = Tensor::from_slice(&[2f32, 0.0, 0.0]).view([1, 3, 1, 1]);
/// let conv = Conv2d::new(weight, Some(Tensor::from_slice(&[-1f32])));
/// let net = Net::new("tiny").then("conv1", Op::Conv2d(conv))?.then("relu1", Op::Relu)?;
/// let x = Tensor::from_slice(&[1f32, 1.0, 1.0]).view([1, 3, 1, 1]);
/// let score = Objective::neuron("relu1", 0, [0, 0]);
/// let found = IntegratedGradients { steps: 4, ..IntegratedGradients::default() }
///     .run(&net, &x, &score)?;
/// // Half of the way has slope 2: the whole score of 1 comes from this pixel.
/// assert!((found.map.double_value(&[0, 0, 0, 0]) - 1.0).abs() < 1e-6);
/// assert!(found.gap()?.double_value(&[0]).abs() < 1e-6);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct IntegratedGradients {
    /// At how many points the gradient is read. From 1 to 10 000.
    pub steps: usize,
    /// Where they are.
    pub rule: Quadrature,
    /// Where the line begins: the picture that shows nothing.
    pub baseline: Baseline,
    /// The most points in one pass. From 1 to 100 000.
    pub batch: usize,
}

impl Default for IntegratedGradients {
    /// captum's 50 points by Gauss and Legendre, from the paper's black picture.
    fn default() -> Self {
        let rule = Quadrature::GaussLegendre;
        IntegratedGradients { steps: 50, rule, baseline: Baseline::Zero, batch: 8 }
    }
}

/// Where a score came from.
#[derive(Debug)]
pub struct Integrated {
    /// What each pixel adds to the score, all its colours together, `[n, 1, h, w]`.
    pub map: Tensor,
    /// The scores of the images, `[n]`.
    pub scores: Tensor,
    /// The scores of their baselines, `[n]`.
    pub baseline_scores: Tensor,
}

impl IntegratedGradients {
    /// The map for each image of `x`, `[n, 3, h, w]`, with the scores at both ends.
    ///
    /// Cost: `steps` passes forward and back and two forward for each image, shown with
    /// [`progress`](crate::show::progress). Memory: the activations of `batch` images, or of all `n`
    /// without a gradient. Errors: no steps, an empty batch, Stop before the last point (a part of an
    /// integral says nothing).
    pub fn run(&self, net: &Net, x: &Tensor, objective: &Objective) -> Result<Integrated> {
        let [n, ..] = finite_rgb(x, "image")?;
        within("steps", self.steps, 1..=10_000, "Sundararajan et al. take 20 to 300")?;
        within("batch", self.batch, 1..=100_000, "8 is usual")?;
        let start = self.baseline.images(x)?;
        let way = x.f_sub(&start)?;
        let (at, weights) = self.points(x)?;
        let mut slope = x.f_zeros_like()?;
        let all = n * self.steps as i64;
        let done = in_batches("integrating", [n, self.steps as i64], self.batch, |some| {
            let (image, point) = (some.images(x)?, some.versions(x)?);
            let step = way.f_index_select(0, &image)?.f_mul(&at.f_index_select(0, &point)?)?;
            let between = start.f_index_select(0, &image)?.f_add(&step)?;
            let g = net.gradient(&between, objective, ReluRule::Gradient)?;
            let share = g.f_mul(&weights.f_index_select(0, &point)?)?;
            let _ = slope.f_index_add_(0, &image, &share)?;
            Ok(())
        })?;
        if done < all {
            return Err(stopped("IntegratedGradients", all, done));
        }
        let map = colours_summed(&slope.f_mul(&way)?)?;
        let [scores, baseline_scores] = [x, &start].map(|x| objective.score(net, x));
        Ok(Integrated { map, scores: scores?, baseline_scores: baseline_scores? })
    }

    /// The points between 0 and 1 and their weights, each `[steps, 1, 1, 1]`.
    fn points(&self, x: &Tensor) -> Result<(Tensor, Tensor)> {
        let (at, weights): (Vec<f64>, Vec<f64>) = self.rule.points(self.steps).into_iter().unzip();
        let column = |values: &[f64]| -> Result<Tensor> {
            let values = Tensor::f_from_slice(values)?.f_view([-1, 1, 1, 1])?;
            Ok(values.f_to_kind(x.kind())?.f_to_device(x.device())?)
        };
        Ok((column(&at)?, column(&weights)?))
    }
}

impl Integrated {
    /// How far the score rose on the way, `[n]`: what the map should add up to.
    pub fn rise(&self) -> Result<Tensor> {
        Ok(self.scores.f_sub(&self.baseline_scores)?)
    }

    /// What the map misses, in units of score, `[n]`: the rise less the sum of the map.
    ///
    /// Far from 0 there are too few steps. captum's convergence delta is its negative.
    pub fn gap(&self) -> Result<Tensor> {
        let sum = self.map.f_sum_dim_intlist([1i64, 2, 3].as_slice(), false, Kind::Double)?;
        Ok(self.rise()?.f_to_kind(Kind::Double)?.f_sub(&sum)?)
    }

    /// The size of the gap as a share of the size of the rise, `[n]`; infinite or NaN where the score
    /// did not rise.
    pub fn relative_gap(&self) -> Result<Tensor> {
        let rise = self.rise()?;
        if rise.f_eq(0.0)?.f_any()?.f_is_nonzero()? {
            let advice = "the image says no more than its baseline: take another baseline";
            return Err(Error::argument("rise", "a score other than the baseline's", 0, advice));
        }
        Ok(self.gap()?.f_div(&rise)?.f_abs()?)
    }
}
