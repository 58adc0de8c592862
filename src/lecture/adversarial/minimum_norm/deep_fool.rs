//! DeepFool: the nearest edge of a network taken for linear, again and again.

use super::edge::Edge;
use crate::adversarial::task::Task;
use crate::adversarial::victim::likeliest;
use crate::adversarial::{Attacked, Norm};
use crate::check::within;
use crate::net::Net;
use crate::show::progress;
use crate::{Error, Result};
use tch::Tensor;

/// To the nearest edge of what the network says, as if its classes met in straight lines.
///
/// Each step goes to the nearest of the straight edges that the slopes at the picture promise, and a
/// little over. Untargeted: away from what the network says, whether that is right or not.
///
/// Source: Moosavi-Dezfooli et al. 2016, algorithm 2; steps as in foolbox (which adds 1e-4 to each
/// distance), but an image that is fooled costs nothing more, and all slopes share one pass forward.
///
/// ```
/// use convlens::adversarial::minimum_norm::DeepFool;
/// use convlens::net::{Conv2d, Net, Op};
/// use tch::Tensor;
/// // Class 0 says 4 red, class 1 says 3 green: the edge of 4 r - 3 g = 0.5 is 0.1 away.
/// let weight = Tensor::from_slice(&[4f32, 0., 0., 0., 3., 0.]).view([2, 3, 1, 1]);
/// let net = Net::new("colours").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?;
/// let net = net.then("flatten", Op::Flatten)?.with_classes(vec!["red".into(), "green".into()]);
/// let x = Tensor::from_slice(&[0.5f32, 0.5, 0.5]).view([1, 3, 1, 1]);
/// let found = DeepFool::default().run(&net, &x)?;
/// assert!((found.l2[0] - (0.1 + 1e-4) * 1.02).abs() < 1e-6 && found.fooled[0]);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DeepFool {
    /// The distance to keep small.
    pub norm: Norm,
    /// The most steps. From 1 to 1 000 000.
    pub steps: usize,
    /// How many of the image's likeliest classes to look at, its own among them. 2 or more.
    pub candidates: usize,
    /// What share of the way to go farther, to be over the edge. From -1 to 1 000 000.
    pub overshoot: f64,
}

impl Default for DeepFool {
    /// foolbox's: Euclidean, 50 steps, 10 candidates, 2 % over the edge.
    fn default() -> Self {
        DeepFool { norm: Norm::L2, steps: 50, candidates: 10, overshoot: 0.02 }
    }
}

impl DeepFool {
    /// Attacks each image of `x`, `[n, 3, h, w]` in 0..1.
    ///
    /// Cost: for each step of an image one pass forward and `candidates - 1` back; most need 2 to 5.
    /// Memory: all activations of the images not fooled yet. Stop keeps the pictures so far.
    /// Errors: fewer than 2 candidates, no steps, images outside 0..1, a network without classes.
    pub fn run(&self, net: &Net, x: &Tensor) -> Result<Attacked> {
        self.check()?;
        let task = Task::leaving(net, x)?;
        let most = task.logits.size()[1].min(self.candidates.min(1 << 32) as i64);
        let rivals = task.logits.f_topk(most, 1, true, true)?.1;
        let (mut images, mut change) = (task.images.shallow_clone(), x.f_zeros_like()?);
        let mut open: Vec<i64> = (0..task.count()).collect();
        for _ in progress("DeepFool", 0..self.steps) {
            let Some(seen) = Seen::of(net, &images, &mut open, &task)? else { break };
            let at = index(&open, x)?;
            let step = self.step(&seen, &rivals.f_index_select(0, &at)?)?;
            change = change.f_index_add(0, &at, &step)?;
            let moved = change.f_mul_scalar(1.0 + self.overshoot)?.f_add(&task.images)?;
            images =
                images.f_index_copy(0, &at, &moved.f_index_select(0, &at)?)?.f_clamp(0., 1.)?;
        }
        Attacked::judge(net, task, images)
    }

    /// The way to the nearest edge with a rival; `rivals` are `[n, candidates]`, the own class first.
    fn step(&self, seen: &Seen, rivals: &Tensor) -> Result<Tensor> {
        let logits = seen.logits.f_gather(1, rivals, false)?;
        let rivals = logits.size()[1];
        let mut nearest: Option<Edge> = None;
        for rival in 1..rivals {
            let lead = logits.f_select(1, rival)?.f_sub(&logits.f_select(1, 0)?)?;
            let total = lead.f_sum(lead.kind())?;
            let image = std::slice::from_ref(&seen.images);
            let keep = rival + 1 < rivals;
            let slope = Tensor::f_run_backward(&[total], image, keep, false)?.remove(0);
            let edge = Edge::of(&lead.detach(), slope, self.norm)?;
            nearest = Some(match nearest {
                None => edge,
                Some(best) => edge.or(&best)?,
            });
        }
        let only = || Error::argument("network", "2 classes or more", 1, "nothing else to say");
        nearest.ok_or_else(only)?.step(self.norm)
    }

    fn check(&self) -> Result<()> {
        within("overshoot", self.overshoot, -1.0..=1e6, "the paper has 0.02")?;
        if !(1..=1_000_000).contains(&self.steps) || self.candidates < 2 {
            let got = format!("{} steps, {} candidates", self.steps, self.candidates);
            let expected = "1 to 1000000 steps, 2 candidates or more";
            return Err(Error::argument("DeepFool", expected, got, "see `DeepFool::default`"));
        }
        Ok(())
    }
}

/// The pictures not fooled yet, ready for passes back.
struct Seen {
    images: Tensor,
    logits: Tensor,
}

impl Seen {
    /// Takes the images that are fooled out of `open`; none if it gets empty.
    fn of(net: &Net, images: &Tensor, open: &mut Vec<i64>, task: &Task) -> Result<Option<Seen>> {
        while !open.is_empty() {
            let some = images.f_index_select(0, &index(open, images)?)?;
            let some = some.detach().f_set_requires_grad(true)?;
            let logits = net.logits(&some)?;
            let fooled = task.goal.of(open).reached(&likeliest(&logits)?);
            if !fooled.contains(&true) {
                return Ok(Some(Seen { images: some, logits }));
            }
            let left = open.iter().zip(fooled).filter(|(_, fooled)| !fooled);
            *open = left.map(|(i, _)| *i).collect();
        }
        Ok(None)
    }
}

fn index(images: &[i64], x: &Tensor) -> Result<Tensor> {
    Ok(Tensor::f_from_slice(images)?.f_to_device(x.device())?)
}
