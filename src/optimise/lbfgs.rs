//! L-BFGS: a step by the gradient and the curvature seen in the last few steps.

use crate::Result;
use std::collections::VecDeque;
use tch::{Kind, Tensor};

/// The last steps `s` and what they did to the slope `y`, each `[n, numbers]`, newest last.
///
/// Every image has a curvature of its own. Memory: `2 * history + 2` times the image.
pub(crate) struct Lbfgs {
    history: usize,
    pairs: VecDeque<Pair>,
    /// What the inverse curvature is taken for where no pair knows it, `[n, 1]`.
    scale: Option<Tensor>,
    last: Option<[Tensor; 2]>,
}

struct Pair {
    s: Tensor,
    y: Tensor,
    /// `1 / (s . y)`, or 0 for an image whose slope did not change: it has nothing to add.
    weight: Tensor,
}

/// Less curvature than this is rounding (the bound of `torch.optim.LBFGS`).
const FLAT: f64 = 1e-10;

impl Lbfgs {
    pub(crate) fn new(history: usize) -> Self {
        Lbfgs { history, pairs: VecDeque::new(), scale: None, last: None }
    }

    /// The step from `x` by the gradient `g` of the score to climb, both `[n, ...]`, at rate 1.
    ///
    /// The first is `g`, or `g / |g|_1` where that is shorter, as in `torch.optim.LBFGS`.
    pub(crate) fn step(&mut self, x: &Tensor, g: &Tensor) -> Result<Tensor> {
        let rows = [x, g].map(|t| t.f_reshape([x.size()[0], -1]));
        let [x_now, g_now] = rows;
        let (x_now, g_now) = (x_now?, g_now?);
        let scale = match (self.last.take(), self.scale.take()) {
            (Some([x_then, g_then]), Some(scale)) => {
                self.learn(x_now.f_sub(&x_then)?, g_then.f_sub(&g_now)?, scale)?
            }
            _ => first(&g_now)?,
        };
        let step = self.direction(&g_now, &scale)?.f_view_as(x)?;
        (self.last, self.scale) = (Some([x_now, g_now]), Some(scale));
        Ok(step)
    }

    /// Keeps a step and the change of slope it made; returns the new scale.
    fn learn(&mut self, s: Tensor, y: Tensor, scale: Tensor) -> Result<Tensor> {
        let curvature = dot(&s, &y)?;
        let curved = curvature.f_gt(FLAT)?;
        let of_step = curvature.f_div(&dot(&y, &y)?)?;
        if curved.f_any()?.f_int64_value(&[])? == 1 {
            let weight = curvature.f_reciprocal()?.f_where_self(&curved, &scale.f_zeros_like()?)?;
            self.pairs.push_back(Pair { s, y, weight });
        }
        if self.pairs.len() > self.history {
            self.pairs.pop_front();
        }
        Ok(of_step.f_where_self(&curved, &scale)?)
    }

    /// The inverse curvature times `g` (Nocedal and Wright 2006, algorithm 7.4).
    fn direction(&self, g: &Tensor, scale: &Tensor) -> Result<Tensor> {
        let mut q = g.copy();
        let mut shares = vec![];
        for Pair { s, y, weight } in self.pairs.iter().rev() {
            let share = dot(s, &q)?.f_mul(weight)?;
            q = q.f_addcmul_(y, &-&share)?;
            shares.push(share);
        }
        q = q.f_mul_(scale)?;
        for (Pair { s, y, weight }, share) in self.pairs.iter().zip(shares.iter().rev()) {
            let back = dot(y, &q)?.f_mul(weight)?;
            q = q.f_addcmul_(s, &(share - back))?;
        }
        Ok(q)
    }
}

fn first(g: &Tensor) -> Result<Tensor> {
    let length = g.f_abs()?.f_sum_dim_intlist([1i64].as_slice(), true, Kind::Float)?;
    Ok(length.f_reciprocal()?.f_clamp_max(1.0)?)
}

/// One number for each row, `[n, 1]`.
fn dot(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    Ok(Tensor::f_linalg_vecdot(a, b, 1)?.f_unsqueeze(1)?)
}
