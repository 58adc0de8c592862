//! One pixel: what a search without any gradient finds.

use super::evolution::Evolution;
use super::task::Task;
use super::victim::likeliest;
use super::{Attacked, Goal};
use crate::net::Net;
use crate::show::progress;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// A picture that differs from the image in a pixel or a few, found by differential evolution.
///
/// It asks the network for its scores and nothing else. A candidate is where the pixels are and their
/// colours; its child is one candidate plus half the difference of two others, and replaces it if it
/// is nearer to the goal.
///
/// Source: Su et al. 2019, "One pixel attack for fooling deep neural networks", section III: 400
/// candidates, 100 generations, F = 0.5, no crossover. It ends as soon as the goal is reached (the
/// paper waits for 90 % of the target). Colours are multiples of 1 / 255.
///
/// ```
/// use convlens::adversarial::{Goal, OnePixel};
/// use convlens::net::{Conv2d, Net, Op};
/// use tch::{Device, Kind, Tensor};
/// // The sum of red minus 1.2 against 0; all four pixels are 0.25 red.
/// let weight = Tensor::zeros([2, 3, 2, 2], (Kind::Float, Device::Cpu));
/// let _ = weight.get(0).get(0).fill_(1.0);
/// let sum = Conv2d::new(weight, Some(Tensor::from_slice(&[-1.2f32, 0.0])));
/// let net = Net::new("sum").then("conv1", Op::Conv2d(sum))?.then("flatten", Op::Flatten)?;
/// let net = net.with_classes(vec!["red".into(), "other".into()]);
/// let x = Tensor::full([1, 3, 2, 2], 0.25, (Kind::Float, Device::Cpu));
/// let found = OnePixel::default().run(&net, &x, &Goal::towards(0))?;
/// // One pixel with more than 0.45 red is enough.
/// let red = found.images.get(0).get(0) - 0.25;
/// assert!(red.max().double_value(&[]) > 0.2 && found.fooled[0]);
/// assert_eq!(red.count_nonzero(None).int64_value(&[]), 1);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct OnePixel {
    /// How many pixels may change. From 1 to 10 000.
    pub pixels: i64,
    /// How many candidates live at a time. From 4 to 100 000.
    pub candidates: usize,
    /// How many times each of them has a child. From 1 to 1 000 000.
    pub generations: usize,
    /// The most pictures in one pass.
    pub batch: i64,
    /// The same seed gives the same candidates.
    pub seed: u64,
}

impl Default for OnePixel {
    /// The paper's.
    fn default() -> Self {
        OnePixel { pixels: 1, candidates: 400, generations: 100, batch: 50, seed: 0 }
    }
}

impl OnePixel {
    /// Attacks each image of `x`, `[n, 3, h, w]` in 0..1, one after the other.
    ///
    /// Cost: up to `candidates * (generations + 1)` images through the network for each; no pass
    /// back. Memory: `batch` images. Stop keeps the best candidate so far.
    /// Errors: as [`Pgd::run`](super::Pgd::run); no pixels, generations or batch, under 4 candidates.
    pub fn run(&self, net: &Net, x: &Tensor, goal: &Goal) -> Result<Attacked> {
        self.check()?;
        let task = Task::new(net, x, goal)?;
        let found = (0..task.count()).map(|i| {
            let image = task.images.f_narrow(0, i, 1)?;
            self.search(net, &image, &task.goal.of(&[i]))
        });
        let images = Tensor::f_cat(&found.collect::<Result<Vec<_>>>()?, 0)?;
        Attacked::judge(net, task, images)
    }

    fn search(&self, net: &Net, image: &Tensor, goal: &Goal) -> Result<Tensor> {
        let seen = |candidates: &Evolution| self.seen(net, image, goal, candidates);
        let mut living = Evolution::begin(self, [2, 3].map(|dim| image.size()[dim]))?;
        let mut nearness = seen(&living)?;
        for generation in progress("one pixel", 1..=self.generations as u64) {
            if nearness.f_max()?.double_value(&[]).is_infinite() {
                break;
            }
            let children = living.children([self.seed, generation])?;
            let new = seen(&children)?;
            living = children.or(&living, &new.f_gt_tensor(&nearness)?)?;
            nearness = nearness.f_maximum(&new)?;
        }
        let best = nearness.f_argmax(0, false)?.f_view([1])?;
        living.some(&best)?.painted(image)
    }

    /// How near each candidate is to the goal: its loss, or infinity where it is there.
    fn seen(&self, net: &Net, image: &Tensor, goal: &Goal, all: &Evolution) -> Result<Tensor> {
        let every = Tensor::f_arange(self.candidates as i64, (Kind::Int64, image.device()))?;
        let logits = |at: &Tensor| net.logits(&all.some(at)?.painted(image)?);
        let logits =
            every.f_split(self.batch, 0)?.iter().map(logits).collect::<Result<Vec<_>>>()?;
        let logits = Tensor::f_cat(&logits, 0)?;
        let goal = goal.of(&vec![0; self.candidates]);
        let there = Tensor::f_from_slice(&goal.reached(&likeliest(&logits)?))?;
        let losses = goal.loss(&logits)?;
        Ok(losses.f_masked_fill(&there.f_to_device(losses.device())?, f64::INFINITY)?)
    }

    fn check(&self) -> Result<()> {
        let counts = (1..=1_000_000).contains(&self.generations) && self.batch >= 1;
        let places = (1..=10_000).contains(&self.pixels);
        if counts && places && (4..=100_000).contains(&self.candidates) {
            return Ok(());
        }
        let expected = "1 to 10000 pixels, 4 to 100000 candidates, 1 to 1000000 generations, a batch of 1 or more";
        let advice = "see `OnePixel::default`";
        Err(Error::argument("one pixel", expected, format!("{self:?}"), advice))
    }
}
