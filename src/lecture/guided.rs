//! Lecture: "Intermediate features via (guided) backprop".

use crate::check::finite;
use crate::net::{Net, Op, ReluRule};
use crate::pixels::rgb_size;
use crate::{Error, Objective, Result};
use tch::Tensor;

/// What the score asks of the pixels when every ReLU passes only positive signals through lit units.
///
/// `x` is `[n, 3, h, w]`, the result as large, without a unit: it is no derivative of anything, and
/// shows what a unit saw rather than what would change it. Any neuron, channel or class, any network.
/// Cost: one pass forward and one back. Memory: all activations of the batch.
/// Errors: no ReLU or ReLU6 on the way from the image to the score.
///
/// Source: Springenberg et al. 2015, section 3.4. captum's `GuidedBackprop` gives the same, but leaves
/// ReLU6 alone, and its hooks need a module for every ReLU.
///
/// ```
/// use convlens::{Objective, guided::{deconvnet, guided_backprop}, net::{Conv2d, Net, Op}};
/// use tch::Tensor;
/// // Two units see red: one is lit (2 red), one is dark (-red). Blue counts against the score.
/// let weight = Tensor::from_slice(&[2f32, 0., 0., -1., 0., 0., 0., 0., 1.]).view([3, 3, 1, 1]);
/// let sum = Tensor::from_slice(&[1f32, -1.0, -1.0]).view([1, 3, 1, 1]);
/// let net = Net::new("tiny")
///     .then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?
///     .then("relu1", Op::Relu)?
///     .then("conv2", Op::Conv2d(Conv2d::new(sum, None)))?;
/// let x = Tensor::from_slice(&[0.5f32, 0.0, 0.5]).view([1, 3, 1, 1]);
/// let score = -1.0 * Objective::neuron("conv2", 0, [0, 0]);
/// let numbers = |x: Tensor| Vec::<f32>::try_from(x.flatten(0, -1)).unwrap();
/// // The signals at the three units are -1, 1, 1; the second is dark.
/// assert_eq!(numbers(guided_backprop(&net, &x, &score)?), [0.0, 0.0, 1.0]);
/// assert_eq!(numbers(deconvnet(&net, &x, &score)?), [-1.0, 0.0, 1.0]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn guided_backprop(net: &Net, x: &Tensor, objective: &Objective) -> Result<Tensor> {
    through_relus(net, x, objective, ReluRule::Guided)
}

/// What the score asks of the pixels when every ReLU passes positive signals, lit or not.
///
/// Shapes, costs and errors as in [`guided_backprop`], where its values are compared. A deconvnet sees
/// the image only through the max pools' choices: without pools, every image gives the same picture.
///
/// Source: Zeiler and Fergus 2014, section 2.1; captum's `Deconvolution`.
pub fn deconvnet(net: &Net, x: &Tensor, objective: &Objective) -> Result<Tensor> {
    through_relus(net, x, objective, ReluRule::Deconvnet)
}

fn through_relus(net: &Net, x: &Tensor, objective: &Objective, rule: ReluRule) -> Result<Tensor> {
    rgb_size(x, "image")?;
    let layers = objective.layers(net);
    let ids = layers.iter().map(|name| net.id(name)).collect::<Result<Vec<_>>>()?;
    let on_the_way = net.layers().iter().zip(net.leading_to(&ids));
    if on_the_way.filter(|(_, leads)| *leads).any(|(l, _)| matches!(l.op, Op::Relu | Op::Relu6)) {
        return net.gradient(x, objective, rule);
    }
    let advice = "choose a deeper layer, or take `net.gradient`: without a ReLU the rules agree";
    let got = format!("{objective}, which has none");
    Err(Error::argument("score", "a ReLU between image and score", got, advice))
}

/// Signals `[n, 3, h, w]` as pictures of the same shape in 0..1: no signal is mid-grey.
///
/// Each picture by itself: the size that 99.5 % of its values do not exceed becomes black or full, larger
/// ones too.
/// A picture without any signal is all grey. Errors: another shape, NaN.
///
/// ```
/// use convlens::guided::as_picture;
/// use tch::Tensor;
/// let signal = Tensor::from_slice(&[-2f32, 0.0, 1.0]).view([1, 3, 1, 1]);
/// let picture = as_picture(&signal)?;
/// assert_eq!(Vec::<f32>::try_from(picture.flatten(0, -1)).unwrap(), [0.0, 0.5, 0.75]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn as_picture(signal: &Tensor) -> Result<Tensor> {
    let [n, ..] = rgb_size(signal, "signal")?;
    finite(signal, "signal")?;
    let sizes = signal.f_abs()?.f_reshape([n, -1])?;
    let rank = (0.995 * sizes.size()[1] as f64).ceil() as i64;
    let most = sizes.f_kthvalue(rank, 1, false)?.0.f_clamp_min(f64::from(f32::MIN_POSITIVE))?;
    let centred = signal.f_div(&most.f_view([n, 1, 1, 1])?)?.f_mul_scalar(0.5)?;
    Ok(centred.f_add_scalar(0.5)?.f_clamp(0.0, 1.0)?)
}
