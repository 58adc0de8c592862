//! Convolution, its asymmetric padding, and BatchNorm folded into it.

use super::precision::Change;
use crate::Result;
use tch::Tensor;

/// A convolution with its frozen weights.
///
/// `stride`, `padding` and `dilation` are `[height, width]`; `before` is the zero border above and
/// left, `after` below and right (TensorFlow's "SAME" at stride 2 pads one side only).
#[derive(Debug)]
pub struct Conv2d {
    /// `[out, in / groups, height, width]`.
    pub weight: Tensor,
    /// `[out]`, or none.
    pub bias: Option<Tensor>,
    /// Step between windows.
    pub stride: [i64; 2],
    /// Zeros above and left.
    pub before: [i64; 2],
    /// Zeros below and right.
    pub after: [i64; 2],
    /// Step between the taps of one window.
    pub dilation: [i64; 2],
    /// Number of independent groups of channels.
    pub groups: i64,
}

impl Conv2d {
    /// Stride 1, no padding, one group.
    pub fn new(weight: Tensor, bias: Option<Tensor>) -> Self {
        let weight = channels_last(&weight.detach());
        let bias = bias.map(|b| b.detach());
        let (stride, before, after, dilation) = ([1; 2], [0; 2], [0; 2], [1; 2]);
        Conv2d { weight, bias, stride, before, after, dilation, groups: 1 }
    }

    /// The same weights at another step.
    pub fn stride(self, stride: i64) -> Self {
        Conv2d { stride: [stride; 2], ..self }
    }

    /// The same border of zeros on all four sides.
    pub fn padding(self, padding: i64) -> Self {
        Conv2d { before: [padding; 2], after: [padding; 2], ..self }
    }

    /// Borders `[top, left]` and `[bottom, right]`.
    pub fn borders(self, before: [i64; 2], after: [i64; 2]) -> Self {
        Conv2d { before, after, ..self }
    }

    /// Taps further apart.
    pub fn dilation(self, dilation: i64) -> Self {
        Conv2d { dilation: [dilation; 2], ..self }
    }

    /// Channels in independent groups.
    pub fn groups(self, groups: i64) -> Self {
        Conv2d { groups, ..self }
    }

    /// Computes in the kind of its weights.
    pub(crate) fn apply(&self, x: &Tensor) -> Result<Tensor> {
        let x = &x.f_to_kind(self.weight.kind())?;
        let bias = self.bias.as_ref();
        let conv = |x: &Tensor, padding: [i64; 2]| {
            x.f_conv2d(&self.weight, bias, self.stride, padding, self.dilation, self.groups)
        };
        if self.before == self.after {
            return Ok(conv(x, self.before)?);
        }
        let border = [self.before[1], self.after[1], self.before[0], self.after[0]];
        Ok(conv(&x.f_constant_pad_nd(border)?, [0, 0])?)
    }

    /// Height and width that one output unit sees.
    pub(crate) fn extent(&self) -> [i64; 2] {
        let size = self.weight.size();
        [0, 1].map(|d| self.dilation[d].saturating_mul(size[2 + d] - 1).saturating_add(1))
    }

    /// This convolution with a per-channel `factor` and `shift` applied to its output.
    pub(crate) fn scaled(&self, factor: &Tensor, shift: &Tensor) -> Result<Conv2d> {
        let weight = self.weight.f_mul(&factor.f_reshape([-1, 1, 1, 1])?)?;
        let bias = match &self.bias {
            Some(bias) => bias.f_mul(factor)?.f_add(shift)?,
            None => shift.f_add_scalar(0.0)?,
        };
        Ok(Conv2d { weight: channels_last(&weight), bias: Some(bias), ..self.share() })
    }

    /// The same convolution with its weights and bias changed.
    pub(super) fn changed(&self, change: Change) -> Result<Conv2d> {
        let bias = self.bias.as_ref().map(change).transpose()?;
        Ok(Conv2d { weight: change(&self.weight)?, bias, ..self.share() })
    }

    /// Another handle on the same weights.
    pub(crate) fn share(&self) -> Conv2d {
        Conv2d {
            weight: self.weight.shallow_clone(),
            bias: self.bias.as_ref().map(Tensor::shallow_clone),
            ..*self
        }
    }
}

/// The same `[n, c, h, w]` tensor with its channels side by side in memory.
pub(crate) fn channels_last(x: &Tensor) -> Tensor {
    if x.dim() != 4 {
        return x.shallow_clone();
    }
    x.permute([0, 2, 3, 1]).contiguous().permute([0, 3, 1, 2])
}
