//! How accuracy falls with epsilon.

use super::{Goal, Pgd};
use crate::net::Net;
use crate::show::progress;
use crate::{Error, Result};
use tch::Tensor;

impl Pgd {
    /// The share of images that the network still classifies right within each of `epsilons`.
    ///
    /// `x` are `[n, 3, h, w]`, `labels` their right classes. Every number comes from an attack of its
    /// own and from what the network says of its pictures, so a stronger attack at a smaller epsilon
    /// is not carried over: where the curve rises, the attack failed. `self.epsilon` is not used; a
    /// `step` of [`Step::OfEpsilon`](super::Step) grows with epsilon. At 0 it is the clean accuracy.
    ///
    /// Cost and errors: [`Pgd::run`] for each of `epsilons`; no epsilons. Stop gives those done.
    ///
    /// ```
    /// use convlens::adversarial::Pgd;
    /// use convlens::net::{Conv2d, Net, Op};
    /// use tch::Tensor;
    /// // Two classes, as red and as green as the picture: of three pictures one leads by 0.5, one by
    /// // 0.25, and one is wrong. A step of epsilon takes red down and green up.
    /// let weight = Tensor::from_slice(&[1f32, 0., 0., 0., 1., 0.]).view([2, 3, 1, 1]);
    /// let net = Net::new("colours").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?;
    /// let net = net.then("flatten", Op::Flatten)?.with_classes(vec!["red".into(), "green".into()]);
    /// let x = [0.75f32, 0.25, 0., 0.5, 0.25, 0., 0.25, 0.5, 0.];
    /// let x = Tensor::from_slice(&x).view([3, 3, 1, 1]);
    /// let right = Pgd::default().accuracies(&net, &x, &[0, 0, 0], &[0.0, 0.1, 0.2, 0.3])?;
    /// assert_eq!(right, [2.0 / 3.0, 2.0 / 3.0, 1.0 / 3.0, 0.0]);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn accuracies(
        &self,
        net: &Net,
        x: &Tensor,
        labels: &[i64],
        epsilons: &[f64],
    ) -> Result<Vec<f64>> {
        if epsilons.is_empty() {
            let advice = "try 0.0, 1.0 / 255.0, 2.0 / 255.0, 4.0 / 255.0";
            return Err(Error::argument("epsilons", "at least one", 0, advice));
        }
        let goal = Goal::away(labels);
        let at = |&epsilon| {
            let steps = if epsilon == 0.0 { 1 } else { self.steps };
            let pgd = Pgd { epsilon, steps, ..self.clone() };
            let right = pgd.run(net, x, &goal)?.fooled.into_iter().filter(|fooled| !fooled);
            Ok(right.count() as f64 / x.size()[0] as f64)
        };
        progress("epsilons", epsilons).map(at).collect()
    }
}
