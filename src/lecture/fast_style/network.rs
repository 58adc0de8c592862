//! The feed-forward network: down to a quarter of the size, a few residual blocks, up again.

use super::convolution::{enlarged, reflected};
use crate::Result;
use crate::chance::normal;
use crate::net::channels_last;
use crate::zoo::Weights;
use tch::{Kind, Tensor};

/// How wide and deep a network is. Everything else follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    /// Channels after each convolution on the way down; all but the first halve the size.
    pub down: Vec<i64>,
    /// Residual blocks of two convolutions each.
    pub blocks: usize,
    /// Channels after each convolution on the way up, one fewer than on the way down; each doubles the
    /// size first.
    pub up: Vec<i64>,
    /// Sides of the windows: of the first and the last convolution, and of all others.
    pub windows: [i64; 2],
    /// Whether the three colours are normalised as well, before the sigmoid.
    pub normalises_colours: bool,
}

/// One convolution, reflected at the edges, and what follows it.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    /// The name of its weights.
    pub name: String,
    /// Channels out and in, and the side of its window.
    pub shape: [i64; 3],
    pub stride: i64,
    /// Whether every pixel becomes four before it.
    pub enlarges: bool,
    /// Whether a style scales and shifts its channels.
    pub normalises: bool,
    pub then: Then,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Relu,
    /// The input of the convolution before it is added.
    Add,
    Sigmoid,
}

impl Plan {
    /// Johnson's table: `width`, twice and four times as many channels, and the colours as they come.
    pub fn johnson(width: i64, blocks: usize) -> Plan {
        let [one, two, four] = [1, 2, 4].map(|times| times * width);
        let (down, up) = (vec![one, two, four], vec![two, one]);
        Plan { down, blocks, up, windows: [9, 3], normalises_colours: false }
    }

    /// The plan of a file's weights, by their names and shapes; none if it is no such network.
    pub fn of(weights: &Weights) -> Option<Plan> {
        let shape = |name: &str| weights.shape(&format!("{name}.weight"));
        let channels = |name: String| shape(&name)?.first().copied();
        let side = |name: &str| shape(name)?.last().copied();
        let series = |part| (1..).map_while(|i| channels(format!("{part}{i}"))).collect::<Vec<_>>();
        let (down, up) = (series("down"), series("up"));
        let blocks = (1..).take_while(|i| channels(format!("block{i}a")).is_some()).count();
        let windows = [side("down1")?, side("down2").or(side("block1a")).unwrap_or(3)];
        let plan = Plan { down, blocks, up, windows, normalises_colours: false };
        let styled = weights.names().into_iter().find(|name| name.ends_with(".scale"))?;
        let fits = plan.up.len() + 1 == plan.down.len() && plan.down.len() <= 8;
        let odd = windows.iter().all(|side| (1..=99).contains(side) && side % 2 == 1);
        let some = plan.down.iter().chain(&plan.up).all(|channels| (1..=4096).contains(channels));
        (fits && odd && some).then(|| Plan {
            normalises_colours: weights.shape(&styled) == Some(vec![plan.channels() + 3]),
            ..plan
        })
    }

    /// Fewer pixels than this on a side cannot be reflected around the edges of the smallest maps.
    pub fn smallest(&self) -> i64 {
        4 << self.up.len()
    }

    /// Every convolution in the order in which it runs.
    pub fn stages(&self) -> Vec<Stage> {
        let [outer, inner] = self.windows;
        let mut stages: Vec<Stage> = vec![];
        let mut add = |name: String, channels: i64, side: i64, then: Then| {
            let before = stages.last().map_or(3, |stage| stage.shape[0]);
            let enlarges = name.starts_with("up");
            let stride = if name.starts_with("down") && !stages.is_empty() { 2 } else { 1 };
            let normalises = then != Then::Sigmoid || self.normalises_colours;
            let shape = [channels, before, side];
            stages.push(Stage { name, shape, stride, enlarges, normalises, then });
        };
        for (i, &channels) in (1..).zip(&self.down) {
            let side = if i == 1 { outer } else { inner };
            add(format!("down{i}"), channels, side, Then::Relu);
        }
        let middle = self.down.last().copied().unwrap_or(3);
        for i in 1..=self.blocks {
            add(format!("block{i}a"), middle, inner, Then::Relu);
            add(format!("block{i}b"), middle, inner, Then::Add);
        }
        for (i, &channels) in (1..).zip(&self.up) {
            add(format!("up{i}"), channels, inner, Then::Relu);
        }
        add("out".into(), 3, outer, Then::Sigmoid);
        stages
    }

    /// How many channels a style scales and shifts.
    pub fn channels(&self) -> i64 {
        let stages = self.stages();
        stages.iter().filter(|stage| stage.normalises).map(|stage| stage.shape[0]).sum()
    }

    /// Weights to start from: normal, of variance 1 over the values a window reads.
    pub fn start(&self, seed: u64) -> Result<Vec<Tensor>> {
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
    plan: &Plan,
    weights: &[Tensor],
    image: &Tensor,
    style: [&Tensor; 2],
) -> Result<Tensor> {
    let mut x = channels_last(image);
    let (mut skipped, mut first) = (x.shallow_clone(), 0);
    for (stage, weight) in plan.stages().iter().zip(weights) {
        let mut y = match stage.enlarges {
            true => enlarged(&x, weight)?,
            false => reflected(&x, weight, stage.stride)?,
        };
        if stage.normalises {
            let row = |t: &Tensor| {
                t.f_narrow(1, first, stage.shape[0])?.f_view([-1, stage.shape[0], 1, 1])
            };
            y = styled(y, [&row(style[0])?, &row(style[1])?])?;
            first += stage.shape[0];
        }
        let y = match stage.then {
            Then::Relu => y.f_relu_()?,
            Then::Add => y.f_add_(&skipped)?,
            Then::Sigmoid => y.f_sigmoid()?,
        };
        skipped = std::mem::replace(&mut x, y);
    }
    let [_, _, h, w] = crate::pixels::rgb_size(image, "image")?;
    Ok(x.f_narrow(2, 0, h)?.f_narrow(3, 0, w)?.f_contiguous()?)
}

/// [`normalised`], in the memory of `x` where that is one image and no gradient is asked for: the
/// largest maps then stay in memory that is already there.
pub(super) fn styled(mut x: Tensor, [scale, shift]: [&Tensor; 2]) -> Result<Tensor> {
    if x.size()[0] > 1 || x.requires_grad() || scale.requires_grad() {
        return normalised(&x, [scale, shift]);
    }
    let none = None::<&Tensor>;
    let (mean, var) = x.f_batch_norm_update_stats(none, none, 0.0)?;
    let factor = (var + EPSILON).f_rsqrt()?.f_view_as(scale)?.f_mul(scale)?;
    let rest = shift.f_sub(&mean.f_view_as(scale)?.f_mul(&factor)?)?;
    Ok(x.f_mul_(&factor)?.f_add_(&rest)?)
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
