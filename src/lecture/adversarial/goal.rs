//! What an attack wants, as a loss.

use crate::{Error, Result};
use tch::Tensor;

/// What an attack wants a network to say: one label for each image, or one for all of them.
///
/// ```
/// use convlens::adversarial::Goal;
/// assert_eq!(Goal::towards(9), Goal::Towards(vec![9]));
/// assert_eq!(Goal::away(&[2, 0]), Goal::Away(vec![2, 0]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Anything but these, the right classes: an untargeted attack.
    Away(Vec<i64>),
    /// These: a targeted attack.
    Towards(Vec<i64>),
}

impl Goal {
    /// Any class but the right one of each image.
    pub fn away(labels: &[i64]) -> Self {
        Goal::Away(labels.to_vec())
    }

    /// One class for all images.
    pub fn towards(class: i64) -> Self {
        Goal::Towards(vec![class])
    }

    pub(crate) fn labels(&self) -> &[i64] {
        match self {
            Goal::Away(labels) | Goal::Towards(labels) => labels,
        }
    }

    fn with(&self, labels: Vec<i64>) -> Goal {
        match self {
            Goal::Away(_) => Goal::Away(labels),
            Goal::Towards(_) => Goal::Towards(labels),
        }
    }

    /// The goal with one label for each of `images`, all of them in `0..classes`.
    pub(super) fn spread(&self, images: i64, classes: i64) -> Result<Goal> {
        let labels = self.labels();
        if let Some(class) = labels.iter().find(|class| !(0..classes).contains(*class)) {
            let advice = "look an ImageNet class up with `zoo::class_index`";
            return Err(Error::argument("goal", format!("0..{classes}"), class, advice));
        }
        match labels {
            [one] => Ok(self.with(vec![*one; images as usize])),
            _ if labels.len() as i64 == images => Ok(self.clone()),
            _ => {
                let expected = format!("{images} labels, one for each image, or one for all");
                Err(Error::argument("goal", expected, labels.len(), "see `adversarial::predicted`"))
            }
        }
    }

    /// The goal of some of the images; of one with a label for each.
    pub(crate) fn of(&self, images: &[i64]) -> Goal {
        self.with(images.iter().map(|&i| self.labels()[i as usize]).collect())
    }

    /// How near each image is to the goal, `[n]`: the cross-entropy of the label to get away from,
    /// or less that of the target. `logits` are `[n, classes]`.
    pub(crate) fn loss(&self, logits: &Tensor) -> Result<Tensor> {
        let label = Tensor::f_from_slice(self.labels())?.f_to_device(logits.device())?;
        let chosen =
            logits.f_log_softmax(1, logits.kind())?.f_gather(1, &label.f_unsqueeze(1)?, false)?;
        let chosen = chosen.f_squeeze_dim(1)?;
        match self {
            Goal::Away(_) => Ok(chosen.f_neg()?),
            Goal::Towards(_) => Ok(chosen),
        }
    }

    /// Whether a class is what the goal asks of each image.
    pub(crate) fn reached(&self, classes: &[i64]) -> Vec<bool> {
        let same = classes.iter().zip(self.labels()).map(|(class, label)| class == label);
        same.map(|same| same == matches!(self, Goal::Towards(_))).collect()
    }
}
