//! The edge between two classes, if both logits were straight.

use crate::Result;
use crate::adversarial::Norm;
use crate::adversarial::ball::absolute_sum;
use tch::Tensor;

pub(super) struct Edge {
    /// How far each image is from it, `[n, 1, 1, 1]`.
    distance: Tensor,
    /// How much the lead changes over a distance of 1 the steepest way.
    steepness: Tensor,
    slope: Tensor,
}

impl Edge {
    /// Of a lead, `[n]`, and its slope, `[n, 3, h, w]`.
    pub(super) fn of(lead: &Tensor, slope: Tensor, norm: Norm) -> Result<Self> {
        let steepness = match norm {
            Norm::Linf => absolute_sum(&slope)?,
            Norm::L2 => norm.size(&slope)?,
        };
        let steepness = steepness.f_add_scalar(1e-8)?;
        let distance = lead.f_abs()?.f_view([-1, 1, 1, 1])?.f_div(&steepness)?;
        Ok(Edge { distance, steepness, slope })
    }

    /// For each image the nearer one.
    pub(super) fn or(&self, other: &Edge) -> Result<Edge> {
        let nearer = self.distance.f_lt_tensor(&other.distance)?;
        Ok(Edge {
            distance: self.distance.f_where_self(&nearer, &other.distance)?,
            steepness: self.steepness.f_where_self(&nearer, &other.steepness)?,
            slope: self.slope.f_where_self(&nearer, &other.slope)?,
        })
    }

    /// The change that leads there, and 1e-4 farther.
    pub(super) fn step(&self, norm: Norm) -> Result<Tensor> {
        let distance = self.distance.f_add_scalar(1e-4)?;
        match norm {
            Norm::Linf => Ok(self.slope.f_sign()?.f_mul(&distance)?),
            Norm::L2 => Ok(self.slope.f_mul(&distance.f_div(&self.steepness)?)?),
        }
    }
}
