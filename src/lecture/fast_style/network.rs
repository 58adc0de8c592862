//! The feed-forward network: down to a quarter of the size, a few residual blocks, up again.

use crate::Result;
use crate::chance::normal;
use crate::net::channels_last;
use tch::{Kind, Tensor};

/// One convolution, reflected at the edges, and the name of its weights.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    pub name: String,
    /// Channels out and in, and the side of its window.
    pub shape: [i64; 3],
    pub stride: i64,
    /// Whether every pixel becomes four before it.
    pub enlarges: bool,
}

/// How wide and deep: channels of the first convolution, residual blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plan {
    pub width: i64,
    pub blocks: usize,
}

impl Plan {
    /// Every convolution in the order in which it runs.
    pub fn stages(self) -> Vec<Stage> {
        let [one, two, four] = [1, 2, 4].map(|times| times * self.width);
        let stage = |name: &str, shape, stride, enlarges| {
            let name = name.to_string();
            Stage { name, shape, stride, enlarges }
        };
        let mut stages = vec![
            stage("down1", [one, 3, 9], 1, false),
            stage("down2", [two, one, 3], 2, false),
            stage("down3", [four, two, 3], 2, false),
        ];
        for block in 1..=self.blocks {
            for part in ["a", "b"] {
                stages.push(stage(&format!("block{block}{part}"), [four, four, 3], 1, false));
            }
        }
        stages.push(stage("up1", [two, four, 3], 1, true));
        stages.push(stage("up2", [one, two, 3], 1, true));
        stages.push(stage("out", [3, one, 9], 1, false));
        stages
    }

    /// The channels that a style scales and shifts: those of all convolutions but the last.
    pub fn channels(self) -> i64 {
        let stages = self.stages();
        stages[..stages.len() - 1].iter().map(|stage| stage.shape[0]).sum()
    }

    /// Weights to start from: normal, of variance 1 over the values a window reads.
    pub fn start(self, seed: u64) -> Result<Vec<Tensor>> {
        let drawn = |(at, stage): (u64, Stage)| {
            let [out, channels, side] = stage.shape;
            let spread = 1.0 / ((channels * side * side) as f64).sqrt();
            let weight = normal(&[seed, at], &[out, channels, side, side])? * spread;
            Ok(channels_last(&weight.f_to_kind(Kind::Float)?))
        };
        (0..).zip(self.stages()).map(drawn).collect()
    }
}

/// Images `[n, 3, h, w]` through the network, each normalised to its own row of `scale` and `shift`,
/// `[n or 1, channels]`; `[n, 3, h, w]` in 0..1.
pub(super) fn forward(
    plan: Plan,
    weights: &[Tensor],
    image: &Tensor,
    style: [&Tensor; 2],
) -> Result<Tensor> {
    let mut pass = Pass { stages: plan.stages(), weights, style, run: 0, normed: 0 };
    let mut x = channels_last(image);
    for _ in 0..3 {
        x = pass.lit(&x)?;
    }
    for _ in 0..plan.blocks {
        let y = pass.lit(&x)?;
        x = x.f_add(&pass.normed(&y)?)?;
    }
    for _ in 0..2 {
        x = pass.lit(&x)?;
    }
    let [_, _, h, w] = crate::pixels::rgb_size(image, "image")?;
    let made = pass.convolved(&x)?.f_narrow(2, 0, h)?.f_narrow(3, 0, w)?;
    Ok(made.f_sigmoid()?.f_contiguous()?)
}

/// The convolutions one after the other, and the style's numbers for their channels.
struct Pass<'a> {
    stages: Vec<Stage>,
    weights: &'a [Tensor],
    style: [&'a Tensor; 2],
    run: usize,
    normed: i64,
}

impl Pass<'_> {
    fn convolved(&mut self, x: &Tensor) -> Result<Tensor> {
        let (stage, weight) = (&self.stages[self.run], &self.weights[self.run]);
        self.run += 1;
        let mut x = x.shallow_clone();
        if stage.enlarges {
            x = x.f_upsample_nearest2d([2, 3].map(|dim| 2 * x.size()[dim]), None, None)?;
        }
        let x = x.f_reflection_pad2d([stage.shape[2] / 2; 4])?;
        Ok(x.f_conv2d(weight, None::<&Tensor>, [stage.stride; 2], [0, 0], [1, 1], 1)?)
    }

    fn normed(&mut self, x: &Tensor) -> Result<Tensor> {
        let y = self.convolved(x)?;
        let (first, channels) = (self.normed, y.size()[1]);
        self.normed += channels;
        let row = |t: &Tensor| t.f_narrow(1, first, channels)?.f_unsqueeze(-1)?.f_unsqueeze(-1);
        normalised(&y, [&row(self.style[0])?, &row(self.style[1])?])
    }

    fn lit(&mut self, x: &Tensor) -> Result<Tensor> {
        Ok(self.normed(x)?.f_relu_()?)
    }
}

/// Every channel of every image at mean 0 and variance 1, then scaled and shifted (Ulyanov, Vedaldi
/// and Lempitsky 2016; conditional: Dumoulin, Shlens and Kudlur 2017, equation 5).
pub(super) fn normalised(x: &Tensor, [scale, shift]: [&Tensor; 2]) -> Result<Tensor> {
    if x.size()[0] == 1 && scale.size()[0] == 1 {
        // One image is a batch: its statistics in one fused operation.
        let [scale, shift] = [scale.f_flatten(0, -1)?, shift.f_flatten(0, -1)?];
        let none = None::<&Tensor>;
        let (scale, shift) = (Some(&scale), Some(&shift));
        return Ok(x.f_batch_norm(scale, shift, none, none, true, 0.0, EPSILON, false)?);
    }
    let (var, mean) = x.f_var_mean_dim([2i64, 3].as_slice(), false, true)?;
    let factor = (var + EPSILON).f_rsqrt()?.f_mul(scale)?;
    let rest = shift.f_sub(&mean.f_mul(&factor)?)?;
    Ok(rest.f_addcmul(x, &factor)?)
}

/// Added to a variance: a flat channel stays flat.
pub(super) const EPSILON: f64 = 1e-5;
