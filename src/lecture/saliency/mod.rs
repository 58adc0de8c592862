//! Lecture: "Which pixels matter: saliency via backprop".

mod integrated;
pub(crate) mod pairs;
mod quadrature;
mod smooth;

pub use integrated::{Integrated, IntegratedGradients};
pub use quadrature::Quadrature;
pub use smooth::{SmoothGrad, Smoothed};

use crate::net::{Net, ReluRule};
use crate::pixels::{finite_batch, finite_rgb};
use crate::{Error, Objective, Result};
use tch::{Kind, Tensor};

/// How much each pixel matters for a score: the largest |derivative| among its colours.
///
/// `x` is `[n, 3, h, w]`, the result `[n, 1, h, w]`, in units of score per unit of brightness. Use the
/// score before softmax: a probability also rises when the other classes fall. Cost: one pass forward
/// and one back.
///
/// Source: Simonyan et al. 2014, section 3.1 (`M = max_c |w|`).
///
/// ```
/// use convlens::{Objective, saliency::saliency};
/// use convlens::net::{Conv2d, Net, Op};
/// use tch::{Kind, Tensor};
/// let weight = Tensor::from_slice(&[1f32, -4.0, 2.0]).view([1, 3, 1, 1]);
/// let net = Net::new("tiny").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?;
/// let x = Tensor::zeros([1, 3, 1, 2], (Kind::Float, tch::Device::Cpu));
/// let map = saliency(&net, &x, &Objective::neuron("conv1", 0, [0, 1]))?;
/// assert_eq!(Vec::<f32>::try_from(map.flatten(0, -1)).unwrap(), [0.0, 4.0]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn saliency(net: &Net, x: &Tensor, objective: &Objective) -> Result<Tensor> {
    magnitude(&net.gradient(x, objective, ReluRule::Gradient)?)
}

/// The largest size among a pixel's colours: a gradient `[n, 3, h, w]` as a map `[n, 1, h, w]`.
pub fn magnitude(gradient: &Tensor) -> Result<Tensor> {
    finite_rgb(gradient, "gradient")?;
    Ok(gradient.f_abs()?.f_amax([1i64].as_slice(), true)?)
}

/// Whether a pixel speaks for the score or against it: the sum of its colours' derivatives.
///
/// That is the derivative by the pixel's brightness: positive where more light would raise the score.
/// `x` is `[n, 3, h, w]`, the result `[n, 1, h, w]`; one pass forward and one back.
pub fn signed_saliency(net: &Net, x: &Tensor, objective: &Objective) -> Result<Tensor> {
    colours_summed(&net.gradient(x, objective, ReluRule::Gradient)?)
}

/// Each pixel's slope times its own value, summed over its colours, `[n, 1, h, w]`, in units of score.
///
/// How far the score would fall if the network were linear and the pixel went black: exactly that on
/// a linear network, where the map adds up to the score less its bias. Black pixels always get 0.
/// `x` is `[n, 3, h, w]`; one pass forward and one back.
///
/// Source: Shrikumar et al. 2016, section 2. captum's `InputXGradient` keeps the colours apart.
///
/// ```
/// use convlens::{Objective, net::{Conv2d, Net, Op}, saliency::gradient_x_input};
/// use tch::Tensor;
/// let weight = Tensor::from_slice(&[1f32, -4.0, 2.0]).view([1, 3, 1, 1]);
/// let net = Net::new("tiny").then("conv1", Op::Conv2d(Conv2d::new(weight, None)))?;
/// let x = Tensor::from_slice(&[1f32, 0.5, 0.25]).view([1, 3, 1, 1]);
/// let map = gradient_x_input(&net, &x, &Objective::neuron("conv1", 0, [0, 0]))?;
/// assert_eq!(map.double_value(&[0, 0, 0, 0]), 1.0 - 2.0 + 0.5);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn gradient_x_input(net: &Net, x: &Tensor, objective: &Objective) -> Result<Tensor> {
    colours_summed(&net.gradient(x, objective, ReluRule::Gradient)?.f_mul(x)?)
}

fn colours_summed(x: &Tensor) -> Result<Tensor> {
    Ok(x.f_sum_dim_intlist([1i64].as_slice(), true, x.kind())?)
}

/// The share of a map that lies on an object, and the share of the picture that the object covers.
///
/// `map` is a non-negative `[1, 1, h, w]`, `mask` `[1, 1, h, w]` with 1 on the object. A map that
/// knows nothing of the object has equal shares.
///
/// ```
/// use convlens::saliency::share_inside;
/// use tch::Tensor;
/// let map = Tensor::from_slice(&[3f32, 0.0, 1.0, 0.0]).view([1, 1, 2, 2]);
/// let mask = Tensor::from_slice(&[1f32, 0.0, 0.0, 0.0]).view([1, 1, 2, 2]);
/// assert_eq!(share_inside(&map, &mask)?, [0.75, 0.25]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn share_inside(map: &Tensor, mask: &Tensor) -> Result<[f64; 2]> {
    finite_batch(map, "map")?;
    finite_batch(mask, "mask")?;
    if map.size() != mask.size() {
        let (map, mask) = (map.size(), mask.size());
        let advice = "crop and resize photo and mask alike";
        return Err(Error::argument("mask", format!("{map:?}"), format!("{mask:?}"), advice));
    }
    let total = |x: &Tensor| Ok::<f64, Error>(x.f_sum(Kind::Double)?.double_value(&[]));
    let (inside, all) = (total(&map.f_mul(mask)?)?, total(map)?);
    if map.f_min()?.double_value(&[]) < 0.0 || all <= 0.0 {
        let advice = "take the absolute value of a signed map";
        return Err(Error::argument("map", "values of 0 and more, not all 0", "others", advice));
    }
    Ok([inside / all, total(mask)? / map.numel() as f64])
}
