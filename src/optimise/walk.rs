//! One climb at one size.

use super::method::Memory;
use super::view::jittered;
use super::{Climb, Warp};
use crate::net::{Net, ReluRule};
use crate::{Error, Objective, Result};
use tch::{Kind, Tensor};

/// The parameters of the image, and how far they have come.
pub(super) struct Walk<'a> {
    climb: &'a Climb,
    size: [i64; 2],
    parameters: Tensor,
    memory: Memory,
    taken: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn at(climb: &'a Climb, image: &Tensor) -> Result<Self> {
        let parameters = climb.space.parameters(image)?;
        let memory = climb.method.memory(&parameters)?;
        let size = [2, 3].map(|dim| image.size()[dim]);
        Ok(Walk { climb, size, parameters, memory, taken: 0 })
    }

    pub(super) fn image(&self) -> Result<Tensor> {
        self.climb.space.image(&self.parameters, self.size)
    }

    /// Takes a step and returns the score before it, `[n]`, with its image; `step` seeds what is drawn.
    pub(super) fn step(
        &mut self,
        net: &Net,
        objective: &Objective,
        step: usize,
    ) -> Result<(Tensor, Tensor)> {
        let parameters = leaf(&self.parameters)?;
        let made = self.climb.space.image(&parameters, self.size)?;
        let image = leaf(&made)?;
        let seen = self.seen(&image, step)?;
        let (score, g) = slope(net, objective, &seen.detach())?;
        if step == 0 {
            leads_on(&g)?;
        }
        let by_pixel = pulled(&seen, &g, &image)?;
        let by_parameter = pulled(&made, &by_pixel, &parameters)?;
        let method = self.climb.method;
        let known = if self.climb.draws() { score.f_zeros_like()? } else { score.shallow_clone() };
        let change = method.step(&self.parameters, &by_parameter, &known, &mut self.memory)?;
        let change = change * self.climb.rate_at(self.taken);
        self.parameters = self.parameters.f_add(&change)?;
        if self.climb.tidies() {
            let tidied = self.climb.tidied(&self.image()?, &by_pixel, self.taken)?;
            self.parameters = self.climb.space.parameters(&tidied)?;
        }
        self.taken += 1;
        Ok((score, made.detach()))
    }

    fn seen(&self, image: &Tensor, step: usize) -> Result<Tensor> {
        let Climb { jitter, warp, seed, .. } = *self.climb;
        let mut seen = image.shallow_clone();
        if jitter > 0 {
            seen = jittered(&seen, jitter, seed, step)?;
        }
        if warp != Warp::default() {
            seen = warp.drawn(seed, step)?.of(&seen)?;
        }
        Ok(seen)
    }
}

/// The score of each image and its gradient, redirected for the images for which it is all 0.
fn slope(net: &Net, objective: &Objective, x: &Tensor) -> Result<(Tensor, Tensor)> {
    let (score, g) = net.score_and_slope(x, objective)?;
    let alive = strongest(&g)?.f_gt(0.0)?;
    if alive.f_all()?.f_int64_value(&[])? == 1 {
        return Ok((score, g));
    }
    let redirected = net.gradient(x, objective, ReluRule::Redirected)?;
    Ok((score, g.f_where_self(&alive, &redirected)?))
}

fn strongest(g: &Tensor) -> Result<Tensor> {
    Ok(g.f_abs()?.f_amax([1i64, 2, 3].as_slice(), true)?)
}

/// Fails for an image from which no step leads anywhere.
fn leads_on(g: &Tensor) -> Result<()> {
    if strongest(g)?.f_min()?.f_double_value(&[])? == 0.0 {
        let expected = "a picture whose score some pixel can change";
        let advice = "start from noise or a photo, or read the layer before its ReLU";
        return Err(Error::argument("start", expected, "a gradient of 0 everywhere", advice));
    }
    Ok(())
}

/// The derivative of `sum(g * y)` by the leaf `x`: `g`, sent back through what made `y`.
fn pulled(y: &Tensor, g: &Tensor, x: &Tensor) -> Result<Tensor> {
    let total = y.f_mul(g)?.f_sum(y.kind())?;
    Ok(Tensor::f_run_backward(&[total], std::slice::from_ref(x), false, false)?.remove(0))
}

fn leaf(x: &Tensor) -> Result<Tensor> {
    Ok(x.detach().f_set_requires_grad(true)?)
}

pub(super) fn finite(score: &Tensor, step: usize) -> Result<f64> {
    let total = score.f_sum(Kind::Double)?.double_value(&[]);
    if total.is_finite() {
        return Ok(total);
    }
    let got = format!("{total} after {step} steps");
    Err(Error::argument("score", "a finite number", got, "take smaller steps, or clip the image"))
}
