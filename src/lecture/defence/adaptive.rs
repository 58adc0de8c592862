//! An attack that knows the defence.

use super::Defence;
use crate::Result;
use crate::adversarial::{Attacked, Goal, Pgd, Victim};
use crate::check::within;
use crate::net::Net;
use tch::{Kind, Tensor};

/// An attack on a network and the [`Defence`] before it, together.
///
/// Athalye, Carlini and Wagner 2018: the way forward goes through the defence; the way back through its
/// derivative where there is a useful one, else as if it did nothing (BPDA, section 4.1); where there is
/// chance, up the mean gradient over `draws` (EOT, section 4.2). The attack draws other numbers than the
/// defence will.
///
/// ```
/// use convlens::adversarial::{Goal, Pgd};
/// use convlens::defence::{Adaptive, Defence};
/// use convlens::net::{Net, Op};
/// use tch::{Device, Kind, Tensor};
/// // Red or green, whichever is more. 0.3 rounds to 0 of 0 and 1, and so its own slope is 0.
/// let weight = Tensor::from_slice(&[1f32, 0., 0., 0., 1., 0.]).view([2, 3]);
/// let fc = Op::Linear { weight, bias: Tensor::zeros([2], (Kind::Float, Device::Cpu)) };
/// let net = Net::new("colours").then("flatten", Op::Flatten)?.then("fc", fc)?
///     .with_classes(vec!["red".into(), "green".into()]);
/// let x = Tensor::from_slice(&[0.6f32, 0.3, 0.0]).view([1, 3, 1, 1]);
/// let attack = Adaptive { attack: Pgd::bim(0.25), ..Adaptive::default() };
/// let found = attack.run(&net, &Defence::BitDepth { bits: 1 }, &x, &Goal::away(&[0]))?;
/// assert!(found.fooled[0]); // 0.35 and 0.55, seen as 0 and 1
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Adaptive {
    /// How to attack.
    pub attack: Pgd,
    /// Over how many draws of a random defence a gradient is averaged. From 1 to 100 000.
    pub draws: usize,
}

impl Default for Adaptive {
    /// [`Pgd::default`], 10 draws.
    fn default() -> Self {
        Adaptive { attack: Pgd::default(), draws: 10 }
    }
}

impl Adaptive {
    /// Attacks each image of `x`, `[n, 3, h, w]` in 0..1, through the defence.
    ///
    /// `fooled` in the result is about one draw; [`Defence::trial`] draws anew. Cost: that of [`Pgd::run`],
    /// times `draws` for a random defence. Memory: the activations of the batch, once. Errors: no draws;
    /// those of [`Pgd::run`] and [`Defence::apply`].
    pub fn run(&self, net: &Net, defence: &Defence, x: &Tensor, goal: &Goal) -> Result<Attacked> {
        within("draws", self.draws, 1..=100_000, "10 are enough for most")?;
        let draws = if defence.is_random() { self.draws as u64 } else { 1 };
        let seed = self.attack.seed;
        self.attack.attack(&Guarded { net, defence, draws, seed }, x, goal)
    }
}

/// A network behind a defence.
struct Guarded<'a> {
    net: &'a Net,
    defence: &'a Defence,
    draws: u64,
    seed: u64,
}

impl Guarded<'_> {
    /// What the attack draws: never what [`Defence::trial`] does, whose seeds are small.
    fn seed(&self, draw: u64) -> u64 {
        crate::chance::mixed(self.seed ^ crate::chance::mixed(draw))
    }
}

impl Victim for Guarded<'_> {
    fn classes(&self) -> &[String] {
        self.net.classes()
    }

    fn logits(&self, x: &Tensor) -> Result<Tensor> {
        self.defence.logits(self.net, x, self.seed(0))
    }

    fn slope(&self, x: &Tensor, goal: &Goal, draw: u64) -> Result<Tensor> {
        let mut sum = x.f_zeros_like()?;
        for i in 0..self.draws {
            let x = x.detach().f_set_requires_grad(true)?;
            let seen = self.defence.followed(&x, self.seed(1 + draw * self.draws + i))?;
            let loss = goal.loss(&self.net.logits(&seen)?)?.f_sum(Kind::Float)?;
            let slope = Tensor::f_run_backward(&[&loss], &[&x], false, false)?.remove(0);
            sum = sum.f_add(&slope)?;
        }
        Ok(sum / self.draws as f64)
    }
}
