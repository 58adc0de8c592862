//! L-BFGS: a step by the gradient and the curvature seen in the last few steps.

use crate::Result;
use std::collections::VecDeque;
use tch::Tensor;

/// The last steps `s` and what they did to the slope `y`, each `[n, numbers]`, newest last.
///
/// Every image has a curvature of its own. Memory: `2 * history + 2` times the image.
pub(crate) struct Lbfgs {
    history: usize,
    pairs: VecDeque<Pair>,
    /// What the inverse curvature is taken for where no pair knows it, `[n, 1]`.
    scale: Option<Tensor>,
    last: Option<Point>,
}

struct Pair {
    s: Tensor,
    y: Tensor,
    /// `1 / (s . y)`, or 0 for an image that has nothing to add.
    weight: Tensor,
}

/// Where the images were: their numbers and the gradient, `[n, numbers]`, and the score, `[n, 1]`.
struct Point {
    x: Tensor,
    g: Tensor,
    score: Tensor,
}

/// A slope that changed by less than this share along a step did so by rounding.
const FLAT: f64 = 1e-6;

/// A score that fell by less than this share of itself did so by rounding.
const ROUNDING: f64 = 1e-6;

impl Lbfgs {
    pub(crate) fn new(history: usize) -> Self {
        Lbfgs { history, pairs: VecDeque::new(), scale: None, last: None }
    }

    /// The change of `x` by the gradient `g` of the score to climb, both `[n, ...]`, and the score, `[n]`.
    ///
    /// The first is `rate * g`, or `rate * g / |g|_1` where that is shorter, as in `torch.optim.LBFGS`.
    pub(crate) fn step(
        &mut self,
        x: &Tensor,
        g: &Tensor,
        score: &Tensor,
        rate: f64,
    ) -> Result<Tensor> {
        let rows = |t: &Tensor| t.f_reshape([x.size()[0], -1]);
        let now = Point { x: rows(x)?, g: rows(g)?, score: rows(score)? };
        let Some(then) = self.last.take() else {
            let scale = first(&now.g)?;
            let change = now.g.f_mul(&scale)? * rate;
            (self.last, self.scale) = (Some(now), Some(scale));
            return Ok(change.f_view_as(x)?);
        };
        let s = now.x.f_sub(&then.x)?;
        let gain = now.score.f_sub(&then.score)?;
        let worse = gain.f_lt_tensor(&(then.score.f_abs()? * -ROUNDING))?;
        self.learn(&s, &then.g, &now.g, &worse)?;
        let on = self.direction(&now.g)? * rate;
        let share = shorter(&dot(&s, &then.g)?, &gain)?;
        let back = s.f_mul(&(&share - 1.0))?;
        let keep = |old: &Tensor, new: &Tensor| old.f_where_self(&worse, new);
        if let Some(scale) = &self.scale {
            self.scale = Some(keep(&(scale * share), scale)?);
        }
        self.last = Some(Point {
            x: keep(&then.x, &now.x)?,
            g: keep(&then.g, &now.g)?,
            score: keep(&then.score, &now.score)?,
        });
        Ok(keep(&back, &on)?.f_view_as(x)?)
    }

    /// Keeps a step and the change of slope it made. Where the slope did not fall along a step, the next
    /// one may be twice as long.
    fn learn(&mut self, s: &Tensor, g_then: &Tensor, g_now: &Tensor, worse: &Tensor) -> Result<()> {
        let y = g_then.f_sub(g_now)?;
        let curvature = dot(s, &y)?;
        let slope = dot(s, g_then)?;
        let better = worse.f_logical_not()?;
        let curved = curvature.f_gt_tensor(&(slope.f_abs()? * FLAT))?.f_logical_and(&better)?;
        if let Some(scale) = &self.scale {
            let uphill = slope.f_gt(0.0)?.f_logical_and(&better)?;
            let wider = (scale * 2.0).f_where_self(&uphill, scale)?;
            let of_step = curvature.f_div(&dot(&y, &y)?)?;
            self.scale = Some(of_step.f_where_self(&curved, &wider)?);
        }
        if curved.f_any()?.f_int64_value(&[])? == 1 {
            let weight =
                curvature.f_reciprocal()?.f_where_self(&curved, &curvature.f_zeros_like()?)?;
            self.pairs.push_back(Pair { s: s.shallow_clone(), y, weight });
        }
        if self.pairs.len() > self.history {
            self.pairs.pop_front();
        }
        Ok(())
    }

    /// The inverse curvature times `g` (Nocedal and Wright 2006, algorithm 7.4).
    fn direction(&self, g: &Tensor) -> Result<Tensor> {
        let mut q = g.copy();
        let mut shares = vec![];
        for Pair { s, y, weight } in self.pairs.iter().rev() {
            let share = dot(s, &q)?.f_mul(weight)?;
            q = q.f_addcmul_(y, &-&share)?;
            shares.push(share);
        }
        if let Some(scale) = &self.scale {
            q = q.f_mul_(scale)?;
        }
        for (Pair { s, y, weight }, share) in self.pairs.iter().zip(shares.iter().rev()) {
            let back = dot(y, &q)?.f_mul(weight)?;
            q = q.f_addcmul_(s, &(share - back))?;
        }
        Ok(q)
    }
}

fn first(g: &Tensor) -> Result<Tensor> {
    let length = g.f_abs()?.f_sum_dim_intlist([1i64].as_slice(), true, g.kind())?;
    Ok(length.f_reciprocal()?.f_clamp_max(1.0)?)
}

/// The share of a step that made the score worse to try instead: where the parabola through both scores
/// and the first slope is highest.
fn shorter(slope: &Tensor, gain: &Tensor) -> Result<Tensor> {
    Ok((slope / (slope - gain) * 0.5).f_clamp(0.1, 0.5)?)
}

/// One number for each row, `[n, 1]`.
fn dot(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    Ok(Tensor::f_linalg_vecdot(a, b, 1)?.f_unsqueeze(1)?)
}
