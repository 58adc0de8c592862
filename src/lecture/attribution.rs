//! The lecture's maps of pixels as values, so that they can be compared in one loop.

use crate::cam::{grad_cam, guided_grad_cam};
use crate::chance::uniform;
use crate::guided::{deconvnet, guided_backprop};
use crate::net::{Net, ReluRule};
use crate::occlusion::Occlusion;
use crate::pixels::{finite_rgb, to_grey};
use crate::saliency::{IntegratedGradients, SmoothGrad, gradient_x_input, magnitude};
use crate::{Objective, Result};
use std::fmt;
use tch::{Kind, Tensor};

/// A way to say which pixels matter for a score, with its settings.
///
/// The last three never look at the network: what a map must beat to say anything about it.
///
/// ```
/// use convlens::{Objective, attribution::Attribution, net::{Conv2d, Net, Op}};
/// use tch::Tensor;
/// let weight = Tensor::from_slice(&[1f32, -4.0, 2.0]).view([1, 3, 1, 1]);
/// let net = Net::new("tiny").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?;
/// let x = Tensor::from_slice(&[1f32, 0.5, 0.25]).view([1, 3, 1, 1]);
/// let score = Objective::neuron("conv1", 0, [0, 0]);
/// let at = |method: Attribution| method.map(&net, &x, &score).unwrap().double_value(&[0, 0, 0, 0]);
/// assert_eq!(at(Attribution::Gradient), 4.0); // the largest size of a colour's slope
/// assert_eq!(at(Attribution::GradientXInput), 1.0 - 2.0 + 0.5);
/// assert_eq!(Attribution::GradientXInput.to_string(), "gradient × input");
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Attribution {
    /// The derivative by each colour ([`saliency`](crate::saliency::saliency)).
    Gradient,
    /// The derivative times the pixel ([`gradient_x_input`]).
    GradientXInput,
    /// The mean derivative of noisy copies.
    SmoothGrad(SmoothGrad),
    /// The derivative along the way from a baseline.
    IntegratedGradients(IntegratedGradients),
    /// Positive signals through lit units ([`guided_backprop`]).
    Guided,
    /// Positive signals ([`deconvnet`]).
    Deconvnet,
    /// Where a layer's channels speak for the score ([`grad_cam`]).
    GradCam {
        /// The layer's name.
        layer: String,
    },
    /// Guided backprop times Grad-CAM ([`guided_grad_cam`]).
    GuidedGradCam {
        /// The layer's name.
        layer: String,
    },
    /// How far the score falls under a patch.
    Occlusion(Occlusion),
    /// How steep the brightness is (Sobel and Feldman 1968): an edge detector.
    Edges,
    /// A Gaussian in the middle, a quarter of each side wide: photographers put things there.
    Centre,
    /// Numbers drawn for each pixel.
    Chance {
        /// The same seed gives the same map.
        seed: u64,
    },
}

impl Attribution {
    /// The eight that differentiate, with their default settings, and `layer` for Grad-CAM.
    pub fn all(layer: &str) -> Vec<Attribution> {
        let layer = layer.to_string();
        vec![
            Attribution::Gradient,
            Attribution::GradientXInput,
            Attribution::SmoothGrad(SmoothGrad::default()),
            Attribution::IntegratedGradients(IntegratedGradients::default()),
            Attribution::Guided,
            Attribution::Deconvnet,
            Attribution::GradCam { layer: layer.clone() },
            Attribution::GuidedGradCam { layer },
        ]
    }

    /// The three that never look at the network.
    pub fn baselines() -> Vec<Attribution> {
        vec![Attribution::Edges, Attribution::Centre, Attribution::Chance { seed: 0 }]
    }

    /// How much each pixel of `x`, `[n, 3, h, w]`, matters: `[n, 1, h, w]`, larger is more.
    ///
    /// Where [`Attribution::signal`] has three colours, the largest size among them, as
    /// [`magnitude`]; else the signal: gradient × input, integrated gradients and occlusion keep
    /// their sign. Costs and errors: those of the method.
    pub fn map(&self, net: &Net, x: &Tensor, objective: &Objective) -> Result<Tensor> {
        let signal = self.signal(net, x, objective)?;
        if signal.size()[1] == 3 { magnitude(&signal) } else { Ok(signal) }
    }

    /// What the method itself gives, with its sign: `[n, 3, h, w]` for gradient, SmoothGrad, guided
    /// backprop, deconvnet and guided Grad-CAM, `[n, 1, h, w]` for the others.
    pub fn signal(&self, net: &Net, x: &Tensor, objective: &Objective) -> Result<Tensor> {
        match self {
            Attribution::Gradient => net.gradient(x, objective, ReluRule::Gradient),
            Attribution::GradientXInput => gradient_x_input(net, x, objective),
            Attribution::SmoothGrad(settings) => Ok(settings.run(net, x, objective)?.gradient),
            Attribution::IntegratedGradients(settings) => Ok(settings.run(net, x, objective)?.map),
            Attribution::Guided => guided_backprop(net, x, objective),
            Attribution::Deconvnet => deconvnet(net, x, objective),
            Attribution::GradCam { layer } => Ok(grad_cam(net, x, objective, layer)?.map),
            Attribution::GuidedGradCam { layer } => guided_grad_cam(net, x, objective, layer),
            Attribution::Occlusion(settings) => {
                Ok(settings.run(net, x, std::slice::from_ref(objective))?.maps.remove(0))
            }
            Attribution::Edges => edges(x),
            Attribution::Centre => centre(x),
            Attribution::Chance { seed } => chance(x, *seed),
        }
    }
}

impl fmt::Display for Attribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Attribution::Gradient => "gradient",
            Attribution::GradientXInput => "gradient × input",
            Attribution::SmoothGrad(_) => "SmoothGrad",
            Attribution::IntegratedGradients(_) => "integrated gradients",
            Attribution::Guided => "guided backprop",
            Attribution::Deconvnet => "deconvnet",
            Attribution::GradCam { .. } => "Grad-CAM",
            Attribution::GuidedGradCam { .. } => "guided Grad-CAM",
            Attribution::Occlusion(_) => "occlusion",
            Attribution::Edges => "edges",
            Attribution::Centre => "centre",
            Attribution::Chance { .. } => "chance",
        })
    }
}

/// The length of Sobel's gradient of the brightness, edge pixels repeated outwards.
fn edges(x: &Tensor) -> Result<Tensor> {
    let across = [-1f32, 0.0, 1.0, -2.0, 0.0, 2.0, -1.0, 0.0, 1.0];
    let across = Tensor::f_from_slice(&across)?.f_view([1, 1, 3, 3])?.f_type_as(x)?;
    let both = Tensor::f_cat(&[&across, &across.f_transpose(2, 3)?], 0)?;
    let wide = to_grey(x)?.f_pad([1; 4], "replicate", None)?;
    let slopes = wide.f_conv2d(&both, None::<Tensor>, [1], [0], [1], 1)?;
    Ok(slopes.f_square()?.f_sum_dim_intlist([1i64].as_slice(), true, x.kind())?.f_sqrt()?)
}

/// The same Gaussian for each image.
fn centre(x: &Tensor) -> Result<Tensor> {
    let [n, _, h, w] = finite_rgb(x, "image")?;
    let side = |length: i64| -> Result<Tensor> {
        let at = Tensor::f_arange(length, (Kind::Float, x.device()))? + 0.5;
        let far = at * (4.0 / length as f64) - 2.0;
        Ok((far.f_square()? * -0.5).f_exp()?)
    };
    let bell = side(h)?.f_view([1, 1, h, 1])?.f_mul(&side(w)?)?;
    Ok(bell.f_repeat([n, 1, 1, 1])?)
}

/// Numbers in 0..1 that hang on the seed, the image's number and the pixel.
fn chance(x: &Tensor, seed: u64) -> Result<Tensor> {
    let [n, _, h, w] = finite_rgb(x, "image")?;
    let one = |image: i64| uniform(&[seed, image as u64], &[1, h, w]);
    let all = Tensor::f_stack(&(0..n).map(one).collect::<Result<Vec<_>>>()?, 0)?;
    Ok(all.f_to_kind(x.kind())?.f_to_device(x.device())?)
}
