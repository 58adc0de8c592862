//! What an attack is given, checked at the door.

use super::victim::likeliest;
use super::{Goal, Victim};
use crate::check::finite;
use crate::pixels::rgb_size;
use crate::{Error, Result};
use tch::Tensor;

/// Images, what the network says of them, and what it shall say.
pub(crate) struct Task {
    pub(crate) images: Tensor,
    pub(crate) logits: Tensor,
    /// With a label for each image.
    pub(crate) goal: Goal,
}

impl Task {
    /// One pass over `x`, `[n, 3, h, w]` in 0..1.
    pub(crate) fn new(victim: &dyn Victim, x: &Tensor, goal: &Goal) -> Result<Self> {
        let [n, ..] = rgb_size(x, "image")?;
        let x = &in_range(x)?;
        let logits = victim.logits(x)?;
        let goal = goal.spread(n, logits.size()[1])?;
        if let Goal::Towards(targets) = &goal {
            apart(targets, &likeliest(&logits)?)?;
        }
        Ok(Task { images: x.shallow_clone(), logits, goal })
    }

    /// Away from what the network says of each image.
    pub(crate) fn leaving(victim: &dyn Victim, x: &Tensor) -> Result<Self> {
        let task = Task::new(victim, x, &Goal::away(&[0]))?;
        let goal = Goal::Away(likeliest(&task.logits)?);
        Ok(Task { goal, ..task })
    }

    pub(crate) fn count(&self) -> i64 {
        self.images.size()[0]
    }
}

/// The images in 0..1, without the last digit by which a resized one may be over.
fn in_range(x: &Tensor) -> Result<Tensor> {
    finite(x, "image")?;
    let [low, high] = [x.f_min()?, x.f_max()?].map(|v| v.double_value(&[]));
    if low >= -1e-6 && high <= 1.0 + 1e-6 {
        return Ok(x.detach().f_clamp(0.0, 1.0)?);
    }
    let got = format!("{low} to {high}");
    let advice = "attack pixels; the network's own first layer normalises them";
    Err(Error::argument("image", "values in 0..1", got, advice))
}

fn apart(targets: &[i64], said: &[i64]) -> Result<()> {
    match targets.iter().zip(said).position(|(target, said)| target == said) {
        None => Ok(()),
        Some(image) => {
            let expected = format!("another class than the network says of image {image}");
            let advice = "choose another target for it, or leave it out";
            Err(Error::argument("target", expected, targets[image], advice))
        }
    }
}
