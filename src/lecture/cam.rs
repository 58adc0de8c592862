//! Grad-CAM: where in the image a layer's channels speak for a score.

use crate::guided::guided_backprop;
use crate::net::Net;
use crate::pixels::finite_rgb;
use crate::show::{Figure, HeatMap, short};
use crate::{Error, Objective, Result};
use tch::Tensor;

/// A map at a layer's own size, and what it was made of.
#[derive(Debug)]
pub struct Cam {
    /// The layer's name.
    pub layer: String,
    /// How much the score rises with each channel: the mean of its derivative, `[n, channels]`.
    pub weights: Tensor,
    /// The weighted sum of the channels before the paper's ReLU, `[n, 1, rows, columns]`, both signs.
    pub coarse: Tensor,
    /// What speaks for the score, at the size of the image, `[n, 1, h, w]`, 0 and more.
    pub map: Tensor,
}

/// Where in the image `layer` speaks for the score.
///
/// Selvaraju et al. 2017, section 3: each channel's map, weighted by the mean derivative of the score
/// by it, summed, and cut at 0. `x` is `[n, 3, h, w]`. The map is enlarged to the image bilinearly,
/// which moves nothing: its true resolution is that of the layer. Works on any layer with rows and
/// columns on the way to the score, in any network. Cost: one pass forward, and back as far as the
/// layer. Memory: all activations. Errors: a layer without rows and columns (or with one of each), or
/// one that does not lead to the score. captum's `LayerGradCam` gives `coarse`.
///
/// ```
/// use convlens::{Objective, cam::grad_cam, net::{Conv2d, Net, Op}};
/// use tch::Tensor;
/// // The score is the mean of (red - 2 green): weights 1/2 and -1 for each of two positions.
/// let sum = Tensor::from_slice(&[1f32, -2.0, 0.0]).view([1, 3, 1, 1]);
/// let net = Net::new("tiny").then("relu1", Op::Relu)?
///     .then("conv2", Op::Conv2d(Conv2d::new(sum, None)))?;
/// let x = Tensor::from_slice(&[1f32, 0.5, 0.0, 0.5, 0.0, 0.0]).view([1, 3, 1, 2]);
/// let found = grad_cam(&net, &x, &Objective::channel("conv2", 0), "relu1")?;
/// let numbers = |x: &Tensor| Vec::<f32>::try_from(x.flatten(0, -1)).unwrap();
/// assert_eq!(numbers(&found.weights), [0.5, -1.0, 0.0]);
/// assert_eq!(numbers(&found.coarse), [0.5, -0.25]);
/// assert_eq!(numbers(&found.map), [0.5, 0.0]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn grad_cam(net: &Net, x: &Tensor, objective: &Objective, layer: &str) -> Result<Cam> {
    let [_, _, h, w] = finite_rgb(x, "image")?;
    let (activation, gradient) = net.gradient_at(x, objective, layer)?;
    let size = activation.size();
    if !matches!(size[..], [_, _, rows, columns] if rows * columns > 1) {
        let advice = "name a layer before the last pooling, such as the last convolution";
        let got = format!("`{layer}` of shape {size:?}");
        return Err(Error::argument("layer", "one with rows and columns", got, advice));
    }
    let [activation, gradient] = [activation.f_to_kind(x.kind())?, gradient.f_to_kind(x.kind())?];
    let weights = gradient.f_mean_dim([2i64, 3].as_slice(), true, x.kind())?;
    let coarse =
        activation.f_mul(&weights)?.f_sum_dim_intlist([1i64].as_slice(), true, x.kind())?;
    let map = coarse.f_relu()?.f_upsample_bilinear2d([h, w], false, None, None)?;
    Ok(Cam { layer: layer.into(), weights: weights.f_flatten(1, -1)?, coarse, map })
}

/// Guided backprop, kept where [`grad_cam`] finds evidence: their product, `[n, 3, h, w]`.
///
/// Selvaraju et al. 2017, section 3.2: fine as one, tied to the class as the other. Costs and errors:
/// those of both.
pub fn guided_grad_cam(
    net: &Net,
    x: &Tensor,
    objective: &Objective,
    layer: &str,
) -> Result<Tensor> {
    let map = grad_cam(net, x, objective, layer)?.map;
    Ok(guided_backprop(net, x, objective)?.f_mul(&map)?)
}

impl Cam {
    /// The map over its photo, `[1, 3, h, w]`; one with nothing positive says so.
    ///
    /// Errors: more than one image, as [`HeatMap::overlay`].
    pub fn overlay(&self, photo: &Tensor) -> Result<Figure> {
        let label = format!("Grad-CAM of {}", self.layer);
        let figure = HeatMap { label, ..HeatMap::default() }.overlay(photo, &self.map)?;
        let most = self.coarse.f_max()?.f_double_value(&[])?;
        if most > 0.0 {
            return Ok(figure);
        }
        figure.titled(&format!(
            "nothing in {} speaks for the score (at most {})",
            self.layer,
            short(most)
        ))
    }
}
