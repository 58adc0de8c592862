//! One step of learning.

use super::Training;
use super::labelled::shuffled;
use crate::check::within;
use crate::net::Net;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// Tells what is drawn for the order from what is drawn for a lesson.
const ORDER: u64 = 1;

impl Training {
    pub(super) fn steps(&self, n: i64) -> usize {
        (n as u64).div_ceil(self.batch as u64) as usize
    }

    /// Which pictures a step sees: each epoch all of them, in an order of its own.
    pub(super) fn rows(&self, n: i64, step: usize) -> Result<Tensor> {
        let (epoch, at) = (step / self.steps(n), step % self.steps(n));
        let first = at as i64 * self.batch;
        let order = shuffled(&[self.seed, ORDER, epoch as u64], n)?;
        Ok(order.f_narrow(0, first, self.batch.min(n - first))?)
    }

    /// The mean cross-entropy of a batch and its derivatives by the weights.
    pub(super) fn slopes(
        &self,
        net: &Net,
        weights: &[Tensor],
        x: &Tensor,
        y: &Tensor,
    ) -> Result<(f64, Vec<Tensor>)> {
        let leaf = |w: &Tensor| Ok(w.detach().f_set_requires_grad(true)?);
        let leaves = weights.iter().map(leaf).collect::<Result<Vec<_>>>()?;
        let logits = net.with_parameters(&leaves).scores(x)? / self.temperature;
        let by_class = logits.f_log_softmax(1, Kind::Float)?.f_mul(y)?;
        let loss = by_class.f_sum(Kind::Float)?.f_neg()? / x.size()[0] as f64;
        let slopes = Tensor::f_run_backward(&[&loss], &leaves, false, false)?;
        Ok((loss.f_double_value(&[])?, slopes))
    }

    pub(super) fn check(&self) -> Result<()> {
        let positive = |v: f64| v > 0.0 && v.is_finite();
        let advice = "start with `Training::default()`";
        if self.batch < 1 || !positive(self.rate) || !positive(self.temperature) {
            let got = format!("{}, {} and {}", self.batch, self.rate, self.temperature);
            let what = "batch, rate and temperature";
            return Err(Error::argument(what, "numbers above 0", got, advice));
        }
        within("epochs", self.epochs, 0..=100_000, advice)?;
        self.lesson.check()
    }
}

pub(super) fn finite(loss: f64, step: usize) -> Result<f64> {
    if loss.is_finite() {
        return Ok(loss);
    }
    let got = format!("{loss} after {step} steps");
    Err(Error::argument("loss", "a finite number", got, "lower the rate"))
}
