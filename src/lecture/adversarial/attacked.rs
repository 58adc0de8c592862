//! What an attack made of images.

use super::task::Task;
use super::{Norm, Victim};
use crate::check::within;
use crate::show::{Figure, captioned};
use crate::zoo::Prediction;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// Images before and after an attack, and what the network says of them.
#[derive(Debug)]
pub struct Attacked {
    /// The pictures the attack made, `[n, 3, h, w]` in 0..1.
    pub images: Tensor,
    /// What it started from.
    pub originals: Tensor,
    /// Whether each picture reaches the goal, from a pass over the picture as it is here.
    pub fooled: Vec<bool>,
    /// The likeliest class of each original.
    pub before: Vec<Prediction>,
    /// The likeliest class of each picture.
    pub after: Vec<Prediction>,
    /// The Euclidean distance between each picture and its original.
    pub l2: Vec<f64>,
    /// The largest difference of any of their values.
    pub linf: Vec<f64>,
}

impl Attacked {
    /// Looks at the pictures again: no attack is taken at its word.
    pub(crate) fn judge(victim: &dyn Victim, task: Task, images: Tensor) -> Result<Self> {
        let before = best(victim.classes(), &task.logits)?;
        let after = best(victim.classes(), &victim.logits(&images)?)?;
        let classes: Vec<i64> = after.iter().map(|p| p.class).collect();
        Ok(Attacked {
            fooled: task.goal.reached(&classes),
            l2: Norm::L2.distances(&images, &task.images)?,
            linf: Norm::Linf.distances(&images, &task.images)?,
            originals: task.images,
            images,
            before,
            after,
        })
    }

    /// The share of images that reach the goal; 0 of none.
    pub fn success(&self) -> f64 {
        let fooled = self.fooled.iter().filter(|fooled| **fooled).count();
        fooled as f64 / self.fooled.len().max(1) as f64
    }

    /// A row for each image: original, picture, and ten times their difference around mid-grey.
    pub fn figure(&self) -> Result<Figure> {
        self.enlarged(&[10.0])
    }

    /// The same with the difference times each of `factors`.
    pub fn enlarged(&self, factors: &[f64]) -> Result<Figure> {
        self.check(factors)?;
        let change = self.images.f_sub(&self.originals)?;
        let (mut shown, mut captions) = (vec![], vec![]);
        for (i, (before, after)) in self.before.iter().zip(&self.after).enumerate() {
            let of = |x: &Tensor| Ok::<Tensor, crate::Error>(x.f_narrow(0, i as i64, 1)?);
            shown.extend([of(&self.originals)?, of(&self.images)?]);
            captions.extend([sure(before), sure(after)]);
            for &factor in factors {
                let grey = of(&change)?.f_mul_scalar(factor)?.f_add_scalar(0.5)?;
                shown.push(grey.f_clamp(0.0, 1.0)?);
                captions.push(format!("{factor} × change"));
            }
        }
        captioned(&Tensor::f_cat(&shown, 0)?, &captions, 2 + factors.len())
    }

    fn check(&self, factors: &[f64]) -> Result<()> {
        let (size, n) = (self.originals.size(), self.before.len());
        if self.images.size() != size || size[0] != n as i64 || self.after.len() != n {
            let got = format!("{:?}, {size:?} and {n} predictions", self.images.size());
            let advice = "take them as the attack returned them";
            return Err(Error::argument(
                "images",
                "as many and as large as originals",
                got,
                advice,
            ));
        }
        factors.iter().try_for_each(|&factor| within("factor", factor, -1e6..=1e6, "10 is usual"))
    }

    /// Show the rows at the end of a notebook cell.
    pub fn evcxr_display(&self) {
        match self.figure() {
            Ok(figure) => figure.evcxr_display(),
            Err(error) => println!("{error}"),
        }
    }
}

fn sure(p: &Prediction) -> String {
    format!("{} {:.0} %", p.name, 100.0 * p.probability)
}

/// The likeliest class of each image.
fn best(classes: &[String], logits: &Tensor) -> Result<Vec<Prediction>> {
    let (most, at) = logits.f_softmax(1, Kind::Double)?.f_max_dim(1, false)?;
    let found = Vec::<i64>::try_from(at)?.into_iter().zip(Vec::<f64>::try_from(most)?);
    let named = |class: i64| classes.get(class as usize).cloned();
    let prediction = |(class, probability)| Prediction {
        class,
        name: named(class).unwrap_or_else(|| format!("class {class}")),
        probability,
    };
    Ok(found.map(prediction).collect())
}
