//! What is attacked: a network, or a defence around one.

use super::Goal;
use crate::net::Net;
use crate::{Objective, Result};
use tch::Tensor;

/// Something that classifies images and tells an attack where to go.
pub(crate) trait Victim {
    /// The names of its classes.
    fn classes(&self) -> &[String];

    /// What it says of images, `[n, classes]`.
    fn logits(&self, x: &Tensor) -> Result<Tensor>;

    /// How the loss of each image (see [`Goal::loss`]) grows with its pixels, as an attack sees it;
    /// `draw` numbers the calls of one attack and seeds whatever is random.
    fn slope(&self, x: &Tensor, goal: &Goal, draw: u64) -> Result<Tensor>;
}

impl Victim for Net {
    fn classes(&self) -> &[String] {
        Net::classes(self)
    }

    fn logits(&self, x: &Tensor) -> Result<Tensor> {
        Net::logits(self, x)
    }

    /// One pass forward and one back for all images.
    fn slope(&self, x: &Tensor, goal: &Goal, _: u64) -> Result<Tensor> {
        let (goal, last) = (goal.clone(), self.last().to_string());
        let loss = Objective::custom("cross-entropy", &[self.last()], move |taps| {
            goal.loss(&taps.at(&last)?)
        });
        Ok(self.score_and_gradient(x, &loss)?.1)
    }
}

/// The class that a network finds likeliest for each image of `x`, `[n, 3, h, w]`; one pass.
///
/// ```
/// use convlens::{adversarial::predicted, net::{Conv2d, Net, Op}};
/// use tch::Tensor;
/// // Two classes, as red and as green as the picture.
/// let weight = Tensor::from_slice(&[1f32, 0., 0., 0., 1., 0.]).view([2, 3, 1, 1]);
/// let net = Net::new("colours").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?;
/// let net = net.then("flatten", Op::Flatten)?.with_classes(vec!["red".into(), "green".into()]);
/// let x = Tensor::from_slice(&[0.25f32, 0.5, 1.0]).view([1, 3, 1, 1]);
/// assert_eq!(predicted(&net, &x)?, [1]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn predicted(net: &Net, x: &Tensor) -> Result<Vec<i64>> {
    likeliest(&net.logits(x)?)
}

pub(crate) fn likeliest(logits: &Tensor) -> Result<Vec<i64>> {
    Ok(Vec::try_from(logits.f_argmax(1, false)?)?)
}
