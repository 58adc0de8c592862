//! Attacks within epsilon: as wrong as possible, no farther than that.

use super::ball::{Ball, absolute_sum};
use super::found::Found;
use super::task::Task;
use super::{Attacked, Goal, Norm, Step, Victim};
use crate::Result;
use crate::check::within;
use crate::net::Net;
use crate::show::progress;
use tch::Tensor;

/// Projected gradient descent: the most harmful picture within `epsilon` of an image.
///
/// Each step goes up the cross-entropy of the right class (down that of a target), in the steepest
/// direction of the norm, and back into the ball and into 0..1. One step, a few or many, with a random
/// start or momentum, are the attacks by name: [`Pgd::fgsm`], [`Pgd::bim`], [`Pgd::mi_fgsm`],
/// [`Pgd::linf`], [`Pgd::l2`]. An image whose attack failed may be as far from the original as one
/// whose attack did not: these attacks have no smallest perturbation, see
/// [`minimum_norm`](super::minimum_norm) for that.
///
/// Lecture: fooling images. Source: Goodfellow et al. 2015, section 4; Kurakin et al. 2017, section
/// 2.2; Madry et al. 2018, section 2.1; Dong et al. 2018, algorithm 1. As in foolbox, but every image
/// of a batch starts at the same random change, so that its result does not hang on its neighbours,
/// and momentum adds up gradients divided by their L1 norm, as its paper says (foolbox adds signs).
///
/// ```
/// use convlens::adversarial::{Goal, Pgd};
/// use convlens::net::{Conv2d, Net, Op};
/// use tch::Tensor;
/// // Two classes, as red and as green as the picture.
/// let weight = Tensor::from_slice(&[1f32, 0., 0., 0., 1., 0.]).view([2, 3, 1, 1]);
/// let net = Net::new("colours").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?;
/// let net = net.then("flatten", Op::Flatten)?.with_classes(vec!["red".into(), "green".into()]);
/// let x = Tensor::from_slice(&[0.5f32, 0.25, 1.0]).view([1, 3, 1, 1]);
/// // Away from red: less red, more green, and blue does not matter.
/// let found = Pgd::fgsm(0.25).run(&net, &x, &Goal::away(&[0]))?;
/// assert_eq!(Vec::<f32>::try_from(found.images.flatten(0, -1)).unwrap(), [0.25, 0.5, 1.0]);
/// assert_eq!((found.fooled[0], found.linf[0]), (true, 0.25));
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Pgd {
    /// How far a picture may be from its original, in `norm`.
    pub epsilon: f64,
    /// How that is measured.
    pub norm: Norm,
    /// Steps of each run; each costs one pass forward and one back. From 1 to 1 000 000.
    pub steps: usize,
    /// How far each of them goes.
    pub step: Step,
    /// Whether a run starts at a random picture within epsilon instead of the image.
    pub random_start: bool,
    /// How many runs; later ones are for the images not fooled yet, and differ by their random start.
    /// From 1 to 10 000.
    pub restarts: usize,
    /// What share of the steps so far a step takes along; 0 for none. At most 100.
    pub momentum: f64,
    /// Whether the picture is rounded to values that a PNG file holds, still within epsilon.
    pub round_to_8_bits: bool,
    /// The same seed gives the same random starts.
    pub seed: u64,
}

impl Default for Pgd {
    /// foolbox's `LinfPGD` within 8 / 255: 40 steps of 1/30 of epsilon from one random start.
    fn default() -> Self {
        Pgd {
            epsilon: 8.0 / 255.0,
            norm: Norm::Linf,
            steps: 40,
            step: Step::OfEpsilon(0.01 / 0.3),
            random_start: true,
            restarts: 1,
            momentum: 0.0,
            round_to_8_bits: false,
            seed: 0,
        }
    }
}

impl Pgd {
    /// Attacks each image of `x`, `[n, 3, h, w]` in 0..1; shows its [`progress`].
    ///
    /// Of several restarts each image keeps the first picture that reaches the goal, else the one
    /// nearest to it. Stop ends the run at the picture so far. Cost: `restarts * steps` passes forward
    /// and back and `restarts + 2` forward, fewer once images are fooled. Memory: all activations.
    /// Errors: epsilon below 0, a target that the network already says, images outside 0..1, labels
    /// that are no classes or not as many as images, a network without classes.
    pub fn run(&self, net: &Net, x: &Tensor, goal: &Goal) -> Result<Attacked> {
        self.attack(net, x, goal)
    }

    /// The same against anything that is a [`Victim`].
    pub(crate) fn attack(&self, victim: &dyn Victim, x: &Tensor, goal: &Goal) -> Result<Attacked> {
        self.check()?;
        let task = Task::new(victim, x, goal)?;
        let mut found = Found::new(&task);
        for restart in 0..self.restarts as u64 {
            let open = found.open();
            if open.is_empty() {
                break;
            }
            let goal = task.goal.of(&open);
            let made = self.walk(victim, &found.some(&task.images, &open)?, &goal, restart)?;
            found.keep(&open, &made, &goal, &victim.logits(&made)?)?;
        }
        Attacked::judge(victim, task, found.images)
    }

    /// One run from one start, its result unseen.
    pub(crate) fn walk(
        &self,
        victim: &dyn Victim,
        x: &Tensor,
        goal: &Goal,
        restart: u64,
    ) -> Result<Tensor> {
        let ball = Ball::around(x, self.norm, self.epsilon)?;
        let mut at = if self.random_start {
            ball.anywhere([self.seed, restart])?
        } else {
            x.shallow_clone()
        };
        let mut way = x.f_zeros_like()?;
        for step in progress("attacking", 0..self.steps as u64) {
            let g = victim.slope(&at, goal, restart * self.steps as u64 + step)?;
            way = if self.momentum == 0.0 {
                g
            } else {
                way * self.momentum + g.f_div(&absolute_sum(&g)?.f_clamp_min(1e-12)?)?
            };
            at = ball.project(
                &at.f_add(&(self.norm.steepest(&way)? * self.step.length(self.epsilon)))?,
            )?;
        }
        if self.round_to_8_bits { ball.in_8_bits(&at) } else { ball.settle(&at) }
    }

    pub(crate) fn check(&self) -> Result<()> {
        within("steps", self.steps, 1..=1_000_000, "see `Pgd::default`")?;
        within("restarts", self.restarts, 1..=10_000, "see `Pgd::default`")?;
        within("momentum", self.momentum, 0.0..=100.0, "MI-FGSM has 1")?;
        self.step.check()
    }
}
