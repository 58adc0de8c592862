//! Where a notebook trains a small network on purpose.

mod labelled;
mod lesson;
mod scores;
mod step;
mod targets;
#[cfg(test)]
mod tests;

pub use labelled::Labelled;
pub use lesson::Lesson;
pub(crate) use scores::{logits, share_right};
pub use targets::soft_labels;

use crate::Result;
use crate::net::Net;
use crate::optimise::Adam;
use crate::pixels::finite_rgb;
use crate::show::progress;
use tch::Tensor;

/// Learning by gradient descent: cross-entropy, mini-batches, Adam with a rate that falls to 0.
///
/// ```
/// use convlens::{train::Training, net::{Net, Op}};
/// use tch::{Device, Kind, Tensor};
/// // Bright or dark? One number for each of the three colours and two classes.
/// let (float, cpu) = (Kind::Float, Device::Cpu);
/// let fc = Op::Linear { weight: Tensor::zeros([2, 3], (float, cpu)), bias: Tensor::zeros([2], (float, cpu)) };
/// let net = Net::new("tiny").then("flatten", Op::Flatten)?.then("fc", fc)?
///     .with_classes(vec!["dark".into(), "bright".into()]);
/// let images = Tensor::from_slice(&[0.1f32, 0.9]).view([2, 1, 1, 1]).repeat([1, 3, 1, 1]);
/// let settings = Training { epochs: 1, batch: 2, rate: 0.5, ..Training::default() };
/// let trained = settings.run(&net, &images, &Tensor::from_slice(&[0i64, 1]))?;
/// // Both classes are as likely before: a loss of ln 2. Adam's first step is as long as the rate.
/// assert!((trained.losses[0] - 2f64.ln()).abs() < 1e-6);
/// assert!((trained.net.logits(&images.narrow(0, 1, 1))?.double_value(&[0, 1]) - 1.35).abs() < 1e-4);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Training {
    /// How often each picture is seen, up to 100 000 times.
    pub epochs: usize,
    /// How many pictures there are to a step.
    pub batch: i64,
    /// The size of the first step for each number; it falls to 0 in a straight line.
    pub rate: f64,
    /// What scores are divided by before the softmax: above 1 for defensive distillation (Papernot et
    /// al. 2016, section IV).
    pub temperature: f64,
    /// What the network gets to see.
    pub lesson: Lesson,
    /// Where order, noise and attacks are drawn from: the same seed gives the same network.
    pub seed: u64,
}

impl Default for Training {
    /// Ten epochs of batches of 100 at Adam's rate 0.002: enough for digits.
    fn default() -> Self {
        let lesson = Lesson::Plain;
        Training { epochs: 10, batch: 100, rate: 2e-3, temperature: 1.0, lesson, seed: 0 }
    }
}

/// A network that has learned.
#[derive(Debug)]
pub struct Trained {
    /// The network, frozen again.
    pub net: Net,
    /// The mean loss of each step's batch, before the step.
    pub losses: Vec<f64>,
}

impl Training {
    /// A copy of `net` that has learned to tell `images`, `[n, 3, h, w]`, apart; `net` is left as it is.
    ///
    /// `targets` are the class of each, `[n]` whole numbers, or how likely each class is, `[n, classes]`
    /// (soft labels: [`soft_labels`]). Cost: a pass forward and back for each picture and epoch, and what
    /// the lesson costs. Memory: the activations of a batch. Shows its [`progress`]; after Stop, what was
    /// learned so far. Errors: settings out of range, targets that do not fit, a network with BatchNorm or
    /// without classes, a loss that is not finite.
    pub fn run(&self, net: &Net, images: &Tensor, targets: &Tensor) -> Result<Trained> {
        let [n, ..] = finite_rgb(images, "images")?;
        self.check()?;
        let targets = targets::shares(net, n, targets)?;
        let mut weights = net.parameters()?;
        let mut adams = weights.iter().map(Adam::new).collect::<Result<Vec<_>>>()?;
        let mut losses = vec![];
        let steps = self.epochs * self.steps(n);
        for step in progress("training", 0..steps) {
            let rows = self.rows(n, step)?;
            let [x, y] = [images, &targets].map(|all| all.f_index_select(0, &rows));
            let (x, y) = (x?, y?);
            let frozen = net.with_parameters(&weights);
            let seen = self.lesson.seen(&frozen, &x, &y, [self.seed, step as u64])?;
            let (loss, slopes) = self.slopes(net, &weights, &seen, &y)?;
            losses.push(step::finite(loss, step)?);
            let rate = self.rate * (1.0 - step as f64 / steps as f64);
            for ((weight, slope), adam) in weights.iter_mut().zip(&slopes).zip(&mut adams) {
                *weight = weight.f_sub(&(adam.step(slope)? * rate))?;
            }
        }
        Ok(Trained { net: net.with_parameters(&weights), losses })
    }
}
