//! Lecture: "First layer: visualize filters".

use crate::net::{Net, Op};
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// The weights of the first convolution as it acts on RGB pixels, `[filters, 3, h, w]`.
///
/// A filter answers most to the patch that looks like itself, so its weights are a picture
/// (Krizhevsky et al. 2012, figure 3). Normalisation before the layer is folded in: colours come back
/// in RGB order and are divided by their standard deviation. One unit of weight is one unit of
/// response per unit of brightness.
///
/// ```
/// use convlens::filters::first_layer_filters;
/// use convlens::net::{Conv2d, Net, Op};
/// use tch::Tensor;
/// let blue_green_red = Tensor::from_slice(&[1f32, 2.0, 3.0]).view([1, 3, 1, 1]);
/// let net = Net::new("born in Caffe")
///     .then("normalize", Op::Normalize { mean: [0.5; 3], std: [0.5; 3], bgr: true })?
///     .then("conv1", Op::Conv2d(Conv2d::new(blue_green_red, None)))?;
/// let filter = first_layer_filters(&net)?.flatten(0, -1);
/// assert_eq!(Vec::<f32>::try_from(filter).unwrap(), [6.0, 4.0, 2.0]); // red, green, blue
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn first_layer_filters(net: &Net) -> Result<Tensor> {
    let convolutions = convolutions(net);
    let first = convolutions.first().ok_or_else(|| no_convolution(net.name()))?;
    let mut weight = weights(net, first)?;
    if let Some(Op::Normalize { std, bgr, .. }) = before(net, first)? {
        let scale = Tensor::from_slice(std).to_kind(Kind::Float).to_device(weight.device());
        let rgb = if *bgr { weight.f_flip([1])? } else { weight };
        weight = rgb.f_div(&scale.f_view([1, 3, 1, 1])?)?;
    }
    Ok(weight)
}

/// The names of all convolutions, first to last.
pub fn convolutions(net: &Net) -> Vec<String> {
    let is_convolution = |op: &Op| matches!(op, Op::Conv2d(_));
    net.layers().iter().filter(|l| is_convolution(&l.op)).map(|l| l.name.clone()).collect()
}

/// The weights of a convolution as its file has them, `[filters, channels, h, w]`.
///
/// Deeper layers read channels that are not colours, so each `[h, w]` slice is a grey picture of its
/// own: see [`slices`].
pub fn weights(net: &Net, layer: &str) -> Result<Tensor> {
    match &net.layer(layer)?.op {
        Op::Conv2d(conv) => Ok(conv.weight.f_to_kind(Kind::Float)?.f_contiguous()?),
        _ => Err(no_convolution(layer)),
    }
}

/// Grey slices of the first `filters` filters of a convolution, `[filters * channels, 1, h, w]`:
/// all channels of filter 0, then of filter 1, and so on.
pub fn slices(net: &Net, layer: &str, filters: i64) -> Result<Tensor> {
    let weight = weights(net, layer)?;
    let [count, _, h, w] = [0, 1, 2, 3].map(|d| weight.size()[d]);
    if !(1..=count).contains(&filters) {
        let advice = format!("{layer} has {count} filters");
        return Err(Error::argument("filters", format!("1..={count}"), filters, advice));
    }
    Ok(weight.f_narrow(0, 0, filters)?.f_reshape([-1, 1, h, w])?)
}

fn before<'a>(net: &'a Net, layer: &str) -> Result<Option<&'a Op>> {
    let inputs = &net.layer(layer)?.inputs;
    Ok(inputs.first().map(|&id| &net.layers()[id].op))
}

fn no_convolution(name: &str) -> Error {
    let advice = "`convolutions(&net)` lists the names";
    Error::argument("layer", "a convolution", format!("`{name}`, which has none"), advice)
}
