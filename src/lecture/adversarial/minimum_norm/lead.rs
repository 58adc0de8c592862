//! By how much the wrong side leads.

use crate::Result;
use crate::adversarial::Goal;
use crate::adversarial::victim::likeliest;
use tch::Tensor;

/// A goal that shall be reached with `confidence` to spare.
pub(super) struct Lead<'a> {
    pub(super) goal: &'a Goal,
    pub(super) confidence: f64,
}

impl Lead<'_> {
    /// By how much the logit that shall lose leads, with `confidence` on top; 0 once it does not.
    pub(super) fn of(&self, logits: &Tensor) -> Result<Tensor> {
        let label = self.labels(logits)?;
        let own = logits.f_gather(1, &label, false)?.f_squeeze_dim(1)?;
        let others = logits.f_scatter_value(1, &label, f64::NEG_INFINITY)?;
        let others = others.f_amax([1i64].as_slice(), false)?;
        let lead = match self.goal {
            Goal::Away(_) => own.f_sub(&others)?,
            Goal::Towards(_) => others.f_sub(&own)?,
        };
        Ok(lead.f_add_scalar(self.confidence)?.f_clamp_min(0.0)?)
    }

    /// Whether each picture reaches the goal with that handicap.
    pub(super) fn reached(&self, logits: &Tensor) -> Result<Vec<bool>> {
        let handicap = match self.goal {
            Goal::Away(_) => self.confidence,
            Goal::Towards(_) => -self.confidence,
        };
        let label = self.labels(logits)?;
        let amount = label.f_to_kind(logits.kind())?.f_full_like(handicap)?;
        Ok(self.goal.reached(&likeliest(&logits.f_scatter_add(1, &label, &amount)?)?))
    }

    /// `[n, 1]`
    fn labels(&self, like: &Tensor) -> Result<Tensor> {
        let labels = Tensor::f_from_slice(self.goal.labels())?.f_unsqueeze(1)?;
        Ok(labels.f_to_device(like.device())?)
    }
}
