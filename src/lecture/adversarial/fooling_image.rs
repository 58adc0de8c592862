//! The lecture's fooling image: climb another class's score until the network says it.

use super::task::Task;
use super::victim::likeliest;
use super::{Attacked, Goal, Norm};
use crate::net::{Net, ReluRule};
use crate::show::{Figure, progress};
use crate::{Error, Objective, Result};
use tch::Tensor;

/// Gradient ascent on a class's score, from a photo of something else, until the network says it.
///
/// Every step goes `rate * g / |g|` up the score before softmax, in Euclidean length.
///
/// Lecture: fooling images. Source: CS231n 2017 and EECS498, assignments "network visualization",
/// `make_fooling_image` / `make_adversarial_attack`. There the rate is 1 for normalised images (value
/// less mean, over the channel's deviation of about 0.226), which is 0.226 for images in 0..1; and here
/// pixels stay in 0..1.
///
/// ```
/// use convlens::adversarial::FoolingImage;
/// use convlens::net::{Conv2d, Net, Op};
/// use tch::Tensor;
/// // Two classes, as red and as green as the picture.
/// let weight = Tensor::from_slice(&[1f32, 0., 0., 0., 1., 0.]).view([2, 3, 1, 1]);
/// let net = Net::new("colours").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?;
/// let net = net.then("flatten", Op::Flatten)?.with_classes(vec!["red".into(), "green".into()]);
/// let x = Tensor::from_slice(&[0.5f32, 0.25, 1.0]).view([1, 3, 1, 1]);
/// let fooling = FoolingImage { rate: 0.125, ..FoolingImage::default() }.run(&net, &x, 1)?;
/// // Green climbs by 0.125 a step; at 0.5 both are equal, and one more step decides.
/// assert_eq!(fooling.scores, [0.25, 0.375, 0.5, 0.625]);
/// assert_eq!(fooling.highest, [0.5, 0.5, 0.5, 0.625]);
/// assert!(fooling.attacked.fooled[0]);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FoolingImage {
    /// The length of each step.
    pub rate: f64,
    /// The most steps. From 1 to 1 000 000.
    pub steps: usize,
}

impl Default for FoolingImage {
    /// The assignments': up to 100 steps of 1 for normalised images.
    fn default() -> Self {
        FoolingImage { rate: 0.226, steps: 100 }
    }
}

/// A fooling image and the way there.
#[derive(Debug)]
pub struct Fooling {
    /// The picture, its original, and what the network says of them.
    pub attacked: Attacked,
    /// The score of the target before the first step and after each.
    pub scores: Vec<f64>,
    /// The highest score of all classes, likewise.
    pub highest: Vec<f64>,
}

impl FoolingImage {
    /// Turns one image `x`, `[1, 3, h, w]` in 0..1, into the class `target` for the network.
    ///
    /// Cost: a pass forward and one back for each step, and a pass at the end. Stop keeps the picture
    /// so far. Errors: several images, or as [`Pgd::run`](super::Pgd::run).
    pub fn run(&self, net: &Net, x: &Tensor, target: i64) -> Result<Fooling> {
        self.check()?;
        let task = Task::new(net, x, &Goal::towards(target))?;
        if task.count() != 1 {
            let (got, advice) = (task.count(), "take one with `x.narrow(0, i, 1)`");
            return Err(Error::argument("image", "one", got, advice));
        }
        let mut image = task.images.shallow_clone();
        let (mut scores, mut highest) = (vec![], vec![]);
        for step in progress("fooling", 0..=self.steps) {
            let logits = net.logits(&image)?;
            scores.push(logits.double_value(&[0, target]));
            highest.push(logits.f_max()?.double_value(&[]));
            if step == self.steps || likeliest(&logits)? == [target] {
                break;
            }
            let g = net.gradient(&image, &Objective::class(target), ReluRule::Gradient)?;
            let step = Norm::L2.steepest(&g)? * self.rate;
            image = image.f_add(&step)?.f_clamp(0.0, 1.0)?;
        }
        Ok(Fooling { attacked: Attacked::judge(net, task, image)?, scores, highest })
    }

    fn check(&self) -> Result<()> {
        if self.rate > 0.0 && self.rate.is_finite() && (1..=1_000_000).contains(&self.steps) {
            return Ok(());
        }
        let got = format!("rate {}, {} steps", self.rate, self.steps);
        let expected = "a rate above 0, 1 to 1000000 steps";
        Err(Error::argument("fooling image", expected, got, "see `FoolingImage::default`"))
    }
}

impl Fooling {
    /// Original, fooling image, their difference, and ten times that, around mid-grey.
    pub fn figure(&self) -> Result<Figure> {
        self.attacked.enlarged(&[1.0, 10.0])
    }

    /// Show them at the end of a notebook cell.
    pub fn evcxr_display(&self) {
        match self.figure() {
            Ok(figure) => figure.evcxr_display(),
            Err(error) => println!("{error}"),
        }
    }
}
