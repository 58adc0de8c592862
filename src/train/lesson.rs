//! What a network gets to see of each batch while it learns.

use crate::adversarial::{Goal, Pgd};
use crate::chance::{mixed, normal};
use crate::check::within;
use crate::net::Net;
use crate::{Error, Result};
use tch::Tensor;

/// Tells what is drawn for a lesson from what is drawn for the order.
const LESSON: u64 = 2;

/// What a network gets to see of each batch while it learns.
#[derive(Debug, Clone, PartialEq)]
pub enum Lesson {
    /// The pictures as they are.
    Plain,
    /// The pictures under Gaussian noise, drawn anew each time (Cohen et al. 2019, section 3.3).
    Noise {
        /// Its standard deviation.
        sigma: f64,
    },
    /// The pictures as an attack on the network so far leaves them: adversarial training (Madry et al.
    /// 2018, section 2.1). [`Lesson::fast`] is the same at a fraction of the cost.
    ///
    /// Each batch has a random start of its own; one run, whatever the attack's `restarts`.
    Attack(Pgd),
}

impl Lesson {
    /// FGSM from a random start, one step of 1.25 epsilon (Wong, Rice and Kolter 2020, "Fast is better
    /// than free", section 4): twice the cost of plain training.
    ///
    /// It may end in catastrophic overfitting: safe against its own attack and against no other. Ask
    /// a network that learned so with many steps and restarts.
    pub fn fast(epsilon: f64) -> Self {
        let step = crate::adversarial::Step::OfEpsilon(1.25);
        Lesson::Attack(Pgd { random_start: true, step, ..Pgd::fgsm(epsilon) })
    }

    /// What the network sees of a batch `x` of which `y`, `[n, classes]`, is true.
    pub(super) fn seen(
        &self,
        net: &Net,
        x: &Tensor,
        y: &Tensor,
        seeds: [u64; 2],
    ) -> Result<Tensor> {
        match self {
            Lesson::Plain => Ok(x.shallow_clone()),
            Lesson::Noise { sigma } => {
                let noise = normal(&[seeds[0], LESSON, seeds[1]], &x.size())?;
                Ok(x.f_add(&(noise * *sigma).f_to_kind(x.kind())?)?)
            }
            Lesson::Attack(attack) => {
                let goal = Goal::Away(Vec::try_from(y.f_argmax(1, false)?)?);
                let seed = mixed(mixed(attack.seed ^ seeds[0]) ^ seeds[1]);
                Pgd { seed, ..attack.clone() }.walk(net, x, &goal, 0)
            }
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        match self {
            Lesson::Noise { sigma } if !(*sigma > 0.0 && sigma.is_finite()) => {
                Err(Error::argument("sigma", "above 0", sigma, "or take `Lesson::Plain`"))
            }
            Lesson::Attack(attack) => {
                within("epsilon", attack.epsilon, 0.0..=1e6, "8.0 / 255.0 is usual")?;
                attack.check()
            }
            _ => Ok(()),
        }
    }
}
