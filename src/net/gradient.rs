//! From a score back to the pixels.

use super::conv::channels_last;
use super::plan::{Step, Work, plan_keeping};
use super::precision::at_least_float;
use super::run::{Taps, activation};
use super::{LayerId, Net, Op, ReluRule};
use crate::check::finite;
use crate::{Error, Objective, Result};
use tch::Tensor;

impl Net {
    /// The derivative of each image's score by each of its pixels, `[n, 3, h, w]`.
    ///
    /// `x` is `[n, 3, h, w]`. [`ReluRule::Gradient`] is autograd's gradient; the other rules walk the
    /// layers backwards and are *not* derivatives of anything. Cost: one pass forward and one back.
    ///
    /// ```
    /// use convlens::{Objective, net::{Conv2d, Net, Op, ReluRule}};
    /// use tch::{Kind, Tensor};
    /// let weight = Tensor::from_slice(&[2f32, -1.0, 0.5]).view([1, 3, 1, 1]);
    /// let net = Net::new("tiny")
    ///     .then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?
    ///     .then("relu1", Op::Relu)?;
    /// let x = Tensor::full([1, 3, 1, 2], 0.5, (Kind::Float, tch::Device::Cpu));
    /// let g = net.gradient(&x, &Objective::neuron("relu1", 0, [0, 1]), ReluRule::Gradient)?;
    /// assert_eq!(Vec::<f32>::try_from(g.flatten(0, -1)).unwrap(), [0.0, 2.0, 0.0, -1.0, 0.0, 0.5]);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn gradient(&self, x: &Tensor, objective: &Objective, rule: ReluRule) -> Result<Tensor> {
        match rule {
            ReluRule::Gradient => Ok(self.score_and_gradient(x, objective)?.1),
            rule => {
                finite(x, "image")?;
                Ok(self.walk(x, objective, rule)?.f_contiguous()?)
            }
        }
    }

    /// The score of each image, `[n]`, and its gradient by the pixels, `[n, 3, h, w]`.
    ///
    /// Errors: an image with NaN, a score that is not finite.
    pub fn score_and_gradient(
        &self,
        x: &Tensor,
        objective: &Objective,
    ) -> Result<(Tensor, Tensor)> {
        finite(x, "image")?;
        let (score, gradient) = self.score_and_slope(x, objective)?;
        finite(&score, "score")?;
        Ok((score, gradient))
    }

    /// [`Net::score_and_gradient`] of an image that was looked at before; the score may be NaN.
    pub(crate) fn score_and_slope(
        &self,
        x: &Tensor,
        objective: &Objective,
    ) -> Result<(Tensor, Tensor)> {
        self.check_input(x, &[])?;
        let x = leaf(x)?;
        let score = objective.score_of(self, &x)?;
        let gradient = backward(&score, std::slice::from_ref(&x))?.remove(0);
        Ok((score.detach(), gradient.f_contiguous()?))
    }

    /// The signal that `rule` sends back to the pixels: a vector-Jacobian product per operation,
    /// last layer first. Memory: every activation, released on the way back.
    pub(crate) fn walk(&self, x: &Tensor, objective: &Objective, rule: ReluRule) -> Result<Tensor> {
        let names = objective.layers(self);
        let ids = names.iter().map(|name| self.id(name)).collect::<Result<Vec<_>>>()?;
        self.check_input(x, &ids)?;
        let mut trace = self.trace(x, &ids)?;
        let mut signal = self.seeds(objective, names, &ids, x, &trace)?;
        while let Some(local) = trace.pop() {
            let Some(g) = signal[local.step.layer].take() else {
                continue;
            };
            for (&id, part) in local.step.inputs.iter().zip(local.backward(&g, rule)?) {
                add(&mut signal[id], part)?;
            }
        }
        let unread = || Error::Torch("the score does not depend on the image".into());
        signal[0].take().ok_or_else(unread)
    }

    fn trace<'a>(&'a self, x: &Tensor, ids: &[LayerId]) -> Result<Vec<Local<'a>>> {
        let mut made: Vec<Option<Tensor>> = self.layers.iter().map(|_| None).collect();
        made[0] = Some(channels_last(&x.detach()));
        let mut trace = vec![];
        for step in plan_keeping(self, ids) {
            let inputs = step.inputs.iter().map(|&id| leaf(activation(&made, id)?));
            let xs = inputs.collect::<Result<Vec<_>>>()?;
            let y = step.compute(&xs.iter().collect::<Vec<_>>())?;
            made[step.layer] = Some(y.detach());
            trace.push(Local { step, xs, y });
        }
        Ok(trace)
    }

    /// The derivative of the score by each layer that the objective reads.
    fn seeds(
        &self,
        objective: &Objective,
        names: Vec<String>,
        ids: &[LayerId],
        x: &Tensor,
        trace: &[Local],
    ) -> Result<Vec<Option<Tensor>>> {
        let of = |id| trace.iter().find(|l| l.step.layer == id).map_or(x, |l| &l.y);
        let plain = |id| leaf(&at_least_float(of(id))?);
        let values = ids.iter().map(|&id| plain(id)).collect::<Result<Vec<_>>>()?;
        let taps = Taps { names, values };
        let gradients = backward(&objective.score_taps(self, &taps)?, &taps.values)?;
        let mut signal: Vec<Option<Tensor>> = self.layers.iter().map(|_| None).collect();
        for (&id, gradient) in ids.iter().zip(gradients) {
            signal[id] = Some(gradient);
        }
        Ok(signal)
    }
}

/// One step of a forward pass, cut off from its neighbours so that it can be walked back alone.
struct Local<'a> {
    step: Step<'a>,
    xs: Vec<Tensor>,
    y: Tensor,
}

impl Local<'_> {
    /// The signal `g` at the output, sent back to each input.
    fn backward(&self, g: &Tensor, rule: ReluRule) -> Result<Vec<Tensor>> {
        match self.step.work {
            Work::Own(relu @ (Op::Relu | Op::Relu6)) => {
                Ok(vec![rule.backward(relu, &self.xs[0], g)?])
            }
            _ => backward(&self.y.f_mul(g)?, &self.xs),
        }
    }
}

pub(super) fn leaf(x: &Tensor) -> Result<Tensor> {
    Ok(x.detach().f_set_requires_grad(true)?)
}

pub(super) fn backward(scores: &Tensor, xs: &[Tensor]) -> Result<Vec<Tensor>> {
    let total = scores.f_sum(scores.kind())?;
    Ok(Tensor::f_run_backward(&[total], xs, false, false)?)
}

fn add(signal: &mut Option<Tensor>, part: Tensor) -> Result<()> {
    *signal = Some(match signal.take() {
        Some(sum) => sum.f_add(&part)?,
        None => part,
    });
    Ok(())
}
