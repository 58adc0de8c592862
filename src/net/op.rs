//! What a layer computes.

use super::conv::Conv2d;
use crate::Result;
use tch::{Kind, Tensor};

/// One operation on `[n, c, h, w]` activations (`[n, c]` after [`Op::Flatten`]).
///
/// All sizes are `[height, width]`.
#[derive(Debug)]
pub enum Op {
    /// The image itself; always layer 0.
    Input,
    /// `(x - mean) / std` per colour, given in RGB order, then RGB to BGR if the weights expect it.
    Normalize {
        /// Mean of red, green, blue in 0..1.
        mean: [f64; 3],
        /// Standard deviation of red, green, blue in 0..1.
        std: [f64; 3],
        /// Whether the layers above eat blue first (networks born in Caffe).
        bgr: bool,
    },
    /// Cross-correlation, as every deep-learning library means by convolution.
    Conv2d(Conv2d),
    /// `scale * (x - mean) / sqrt(var + eps) + shift`, with the statistics of training.
    BatchNorm {
        /// Learned scale, `[c]`.
        scale: Tensor,
        /// Learned shift, `[c]`.
        shift: Tensor,
        /// Running mean, `[c]`.
        mean: Tensor,
        /// Running variance, `[c]`.
        var: Tensor,
        /// Added to the variance.
        eps: f64,
    },
    /// `max(x, 0)`.
    Relu,
    /// `min(max(x, 0), 6)`.
    Relu6,
    /// Largest value of each window.
    MaxPool2d(Pool),
    /// Mean of each window, the padding counted as zeros (torchvision's default).
    AvgPool2d(Pool),
    /// Mean of `out` equal parts of the image, whatever its size.
    AdaptiveAvgPool2d {
        /// Height and width of the result.
        out: [i64; 2],
    },
    /// AlexNet's `x / (k + alpha / size * sum of squares over size channels)^beta`.
    LocalResponseNorm {
        /// Number of neighbouring channels.
        size: i64,
        /// Weight of the sum.
        alpha: f64,
        /// Exponent.
        beta: f64,
        /// Added to the sum.
        k: f64,
    },
    /// `x Wᵀ + b` on `[n, c]`.
    Linear {
        /// `[out, in]`.
        weight: Tensor,
        /// `[out]`.
        bias: Tensor,
    },
    /// `[n, c, h, w]` to `[n, c*h*w]`.
    Flatten,
    /// Sum of all inputs (a skip connection).
    Add,
    /// Inputs one after the other along the channels.
    Concat,
}

/// The window of a pooling layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pool {
    /// Height and width of the window.
    pub size: [i64; 2],
    /// Step between windows.
    pub stride: [i64; 2],
    /// Border added on every side.
    pub padding: [i64; 2],
    /// Whether a window that only partly fits at the far edge counts.
    pub ceil: bool,
}

impl Pool {
    /// Square windows, no padding, only those that fit.
    pub fn square(size: i64) -> Self {
        Pool {
            size: [size; 2],
            stride: [size; 2],
            padding: [0; 2],
            ceil: false,
        }
    }

    /// The same windows at another step.
    pub fn stride(self, stride: i64) -> Self {
        Pool {
            stride: [stride; 2],
            ..self
        }
    }

    /// The same windows with a border.
    pub fn padding(self, padding: i64) -> Self {
        Pool {
            padding: [padding; 2],
            ..self
        }
    }

    /// The same windows, partly fitting ones included.
    pub fn ceil(self) -> Self {
        Pool { ceil: true, ..self }
    }
}

impl Op {
    /// Apply the operation to the outputs of its input layers.
    pub(crate) fn apply(&self, xs: &[&Tensor]) -> Result<Tensor> {
        let x = xs[0];
        Ok(match self {
            Op::Input => x.shallow_clone(),
            Op::Normalize { mean, std, bgr } => normalize(x, *mean, *std, *bgr)?,
            Op::Conv2d(conv) => conv.apply(x)?,
            Op::BatchNorm {
                scale,
                shift,
                mean,
                var,
                eps,
            } => x.f_batch_norm(
                Some(scale),
                Some(shift),
                Some(mean),
                Some(var),
                false,
                0.0,
                *eps,
                false,
            )?,
            Op::Relu => x.f_relu()?,
            Op::Relu6 => x.f_relu6()?,
            Op::MaxPool2d(p) => x.f_max_pool2d(p.size, p.stride, p.padding, [1, 1], p.ceil)?,
            Op::AvgPool2d(p) => {
                x.f_avg_pool2d(p.size, p.stride, p.padding, p.ceil, true, None::<i64>)?
            }
            Op::AdaptiveAvgPool2d { out } => x.f_adaptive_avg_pool2d(out)?,
            Op::LocalResponseNorm {
                size,
                alpha,
                beta,
                k,
            } => {
                let power = mean_over_channels(&x.f_square()?, *size)?;
                x.f_div(&(power * *alpha + *k).f_pow_tensor_scalar(*beta)?)?
            }
            Op::Linear { weight, bias } => x.f_linear(weight, Some(bias))?,
            Op::Flatten => x.f_contiguous()?.f_flatten(1, -1)?,
            Op::Add => sum(xs)?,
            Op::Concat => Tensor::f_cat(xs, 1)?,
        })
    }
}

fn normalize(x: &Tensor, mean: [f64; 3], std: [f64; 3], bgr: bool) -> Result<Tensor> {
    let column = |v: [f64; 3]| {
        Tensor::from_slice(&v)
            .to_kind(Kind::Float)
            .to_device(x.device())
            .view([1, 3, 1, 1])
    };
    let y = x.f_sub(&column(mean))?.f_div(&column(std))?;
    Ok(if bgr { y.f_flip([1])? } else { y })
}

fn sum(xs: &[&Tensor]) -> Result<Tensor> {
    let mut total = xs[0].shallow_clone();
    for x in &xs[1..] {
        total = total.f_add(x)?;
    }
    Ok(total)
}

/// Mean over `size` neighbouring channels, missing ones counted as zeros.
fn mean_over_channels(x: &Tensor, size: i64) -> Result<Tensor> {
    let border = [0, 0, 0, 0, size / 2, (size - 1) / 2];
    let volume = x.f_unsqueeze(1)?.f_constant_pad_nd(border)?;
    let mean = volume.f_avg_pool3d([size, 1, 1], [1, 1, 1], [0, 0, 0], false, true, None::<i64>)?;
    Ok(mean.f_squeeze_dim(1)?)
}
