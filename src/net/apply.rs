//! Running one operation.

use super::Op;
use crate::Result;
use tch::Tensor;

impl Op {
    /// Apply the operation to the outputs of its input layers.
    pub(crate) fn apply(&self, xs: &[&Tensor]) -> Result<Tensor> {
        let x = xs[0];
        Ok(match self {
            Op::Input => x.shallow_clone(),
            Op::Normalize { mean, std, bgr } => normalize(x, *mean, *std, *bgr)?,
            Op::Conv2d(conv) => conv.apply(x)?,
            Op::BatchNorm { scale, shift, mean, var, eps } => x.f_batch_norm(
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
            Op::LocalResponseNorm { size, alpha, beta, k } => {
                let power = mean_over_channels(&x.f_square()?, *size)?;
                x.f_div(&(power * *alpha + *k).f_pow_tensor_scalar(*beta)?)?
            }
            Op::Linear { weight, bias } => {
                x.f_to_kind(weight.kind())?.f_linear(weight, Some(bias))?
            }
            Op::Flatten => x.f_contiguous()?.f_flatten(1, -1)?,
            Op::Add => sum(xs)?,
            Op::Concat => Tensor::f_cat(xs, 1)?,
        })
    }
}

fn normalize(x: &Tensor, mean: [f64; 3], std: [f64; 3], bgr: bool) -> Result<Tensor> {
    let column = |v: [f64; 3]| {
        Tensor::from_slice(&v).to_kind(x.kind()).to_device(x.device()).view([1, 3, 1, 1])
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
