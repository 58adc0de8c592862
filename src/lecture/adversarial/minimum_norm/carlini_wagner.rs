//! Carlini and Wagner: the nearest picture that fools, by patient descent.

use super::constants::Constants;
use super::gains::Gains;
use super::lead::Lead;
use super::nearest::{Nearest, squares};
use crate::adversarial::task::Task;
use crate::adversarial::{Attacked, Goal};
use crate::net::Net;
use crate::optimise::Adam;
use crate::show::progress;
use crate::{Error, Result};
use tch::Tensor;

/// The nearest picture that fools, in Euclidean distance, found by Adam.
///
/// It makes `|change|^2 + c * max(0, lead + confidence)` small, where `lead` is by how much the wrong
/// side's best logit leads; a search for each image finds the smallest `c` that works. Pixels are
/// `(1 + tanh w) / 2`, so that they stay in 0..1 whatever `w`.
///
/// Source: Carlini and Wagner 2017, sections V and VI; steps as in foolbox, but with `abort_early` an
/// image stops by its own loss and not by the sum over its batch; one that was never fooled stays as
/// it was (foolbox returns black).
#[derive(Clone, Debug, PartialEq)]
pub struct CarliniWagner {
    /// How many values of `c` to try. At most 1 000 000, as all settings here.
    pub searches: usize,
    /// Steps for each of them.
    pub steps: usize,
    /// Adam's rate.
    pub rate: f64,
    /// By how much the wanted logit shall lead.
    pub confidence: f64,
    /// The first `c`.
    pub constant: f64,
    /// Whether to stop when a tenth of the steps brought less than 0.01 %.
    pub abort_early: bool,
}

impl Default for CarliniWagner {
    /// foolbox's: 9 searches of 10 000 steps, hours for a large network. On a photo of 224 x 224, 3
    /// searches of 40 steps at rate 0.001 from `c = 0.1` are nearer than DeepFool: Adam's first step
    /// moves every pixel by the rate, so few steps want a small one.
    fn default() -> Self {
        CarliniWagner {
            searches: 9,
            steps: 10_000,
            rate: 0.01,
            confidence: 0.0,
            constant: 0.001,
            abort_early: true,
        }
    }
}

impl CarliniWagner {
    /// Attacks each image of `x`, `[n, 3, h, w]` in 0..1; shows its [`progress`].
    ///
    /// Cost: up to `searches * steps` passes forward and back. Stop keeps the pictures so far.
    /// Errors: as [`Pgd::run`](crate::adversarial::Pgd::run), and settings of 0 or less.
    pub fn run(&self, net: &Net, x: &Tensor, goal: &Goal) -> Result<Attacked> {
        self.check()?;
        let task = Task::new(net, x, goal)?;
        let mut nearest = Nearest::new(&task.images)?;
        let mut constants = Constants::new(self.constant, task.count() as usize);
        for search in 0..self.searches {
            if search + 1 == self.searches && self.searches >= 10 {
                constants.settle();
            }
            let worked = self.descend(net, &task, &constants.tensor(x)?, &mut nearest)?;
            constants.narrow(&worked);
        }
        Attacked::judge(net, task, nearest.images)
    }

    /// One descent with a constant for each image; whether each was fooled on the way.
    fn descend(&self, net: &Net, task: &Task, c: &Tensor, best: &mut Nearest) -> Result<Vec<bool>> {
        let start = ((&task.images * 2.0 - 1.0) * 0.999_999).f_atanh()?;
        let centre = pixels(&start)?;
        let lead = Lead { goal: &task.goal, confidence: self.confidence };
        let mut change = start.f_zeros_like()?;
        let mut adam = Adam::new(&change)?;
        let mut gains = Gains::new(task.count() as usize);
        for step in progress("Carlini and Wagner", 0..self.steps) {
            let w = change.detach().f_set_requires_grad(true)?;
            let picture = pixels(&start.f_add(&w)?)?;
            let logits = net.logits(&picture)?;
            let loss = lead.of(&logits)?.f_mul(c)?.f_add(&squares(&picture, &centre)?)?;
            let total = loss.f_sum(loss.kind())?;
            let g = Tensor::f_run_backward(&[total], &[&w], false, false)?.remove(0);
            change = change.f_sub(&(adam.step(&g)? * self.rate))?;
            if self.abort_early && step.is_multiple_of(self.steps.div_ceil(10)) {
                gains.check(&loss.detach())?;
            }
            if gains.over() {
                break;
            }
            let fooled = gains.counted(lead.reached(&logits.detach())?);
            best.see(&picture.detach(), &task.images, &fooled)?;
        }
        Ok(gains.fooled)
    }

    fn check(&self) -> Result<()> {
        let settings = [self.searches as f64, self.steps as f64, self.rate, self.constant];
        let confident = (0.0..=1e6).contains(&self.confidence);
        if settings.iter().all(|&v| v > 0.0 && v <= 1e6) && confident {
            return Ok(());
        }
        let expected = "all settings above 0, a confidence of 0 or more, none over 1000000";
        let advice = "see `CarliniWagner::default`";
        Err(Error::argument("Carlini and Wagner", expected, format!("{self:?}"), advice))
    }
}

fn pixels(w: &Tensor) -> Result<Tensor> {
    Ok(w.f_tanh()? * 0.5 + 0.5)
}
