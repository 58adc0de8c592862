//! Lecture: "Visualizing activations".

mod over;
mod strengths;

pub use strengths::Strengths;

use crate::check::finite;
use crate::net::{Field, Net};
use crate::objective::pick;
use crate::pixels::finite_rgb;
use crate::show::{Figure, Scale, map_grid, short};
use crate::{Error, Result};
use tch::Tensor;

/// The maps of one layer over photos of one size.
#[derive(Debug)]
pub struct Activations {
    /// The layer's name.
    pub layer: String,
    /// One map for each channel of each photo, `[n, channels, h, w]`.
    pub maps: Tensor,
    /// Which pixels a unit of these maps sees.
    pub field: Field,
    /// Height and width of the photos in pixels.
    pub photo: [i64; 2],
}

/// What every channel of a layer answers at every position, for `photos`, `[n, 3, h, w]`.
///
/// Source: Yosinski et al. 2015, section 2. Cost: one pass forward, as far as the layer.
/// Errors: a layer without maps (after `flatten` there are no positions), NaN.
///
/// ```
/// use convlens::{activations::activations, net::{Conv2d, Net, Op}};
/// use tch::Tensor;
/// let red_and_less_green = Tensor::from_slice(&[1f32, 0., 0., 0., -1., 0.]).view([2, 3, 1, 1]);
/// let net = Net::new("tiny")
///     .then("conv1", Op::Conv2d(Conv2d::new(red_and_less_green, None)))?
///     .then("relu1", Op::Relu)?;
/// let photo = Tensor::from_slice(&[0.25f32, 0.75, 0.5, 0.5, 0., 0.]).view([1, 3, 1, 2]);
/// let seen = activations(&net, &photo, "relu1")?.strengths()?;
/// assert_eq!(seen.mean, [0.5, 0.0]);
/// assert_eq!(seen.largest, [0.75, 0.0]);
/// assert_eq!(seen.silent(), [1]); // less green is never above zero
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn activations(net: &Net, photos: &Tensor, layer: &str) -> Result<Activations> {
    let [_, _, h, w] = finite_rgb(photos, "photos")?;
    let (maps, field) = (net.tap(photos, layer)?.f_detach()?, net.receptive_field(layer)?);
    if maps.dim() != 4 {
        let got = format!("`{layer}` of shape {:?}", maps.size());
        let advice = "take a layer before the maps are flattened";
        return Err(Error::argument("layer", "maps, [n, channels, h, w]", got, advice));
    }
    finite(&maps, "activations")?;
    Ok(Activations { layer: layer.into(), maps, field, photo: [h, w] })
}

impl Activations {
    /// The maps of one channel, `[n, 1, h, w]`.
    pub fn channel(&self, channel: i64) -> Result<Tensor> {
        Ok(pick(&self.maps, 1, channel, "channel")?.f_unsqueeze(1)?)
    }

    /// A tile for each of `channels`, with the largest value of each: "12: 3.4".
    ///
    /// Errors: maps of several photos (narrow them first), no or unknown channels.
    pub fn grid(&self, channels: &[i64], scale: Scale) -> Result<Figure> {
        if self.maps.size()[0] != 1 || channels.is_empty() {
            let got = format!("{} and {} channels", self.maps.size()[0], channels.len());
            let advice = "`strengths()?.sorted()` names channels; take one photo at a time";
            return Err(Error::argument("grid", "1 photo, 1 or more channels", got, advice));
        }
        let maps = channels.iter().map(|&c| self.channel(c)).collect::<Result<Vec<_>>>()?;
        let most = |map: &Tensor| Ok::<f64, Error>(map.f_max()?.double_value(&[]));
        let caption = |(c, map)| Ok(format!("{c}: {}", short(most(map)?)));
        let captions = channels.iter().zip(&maps).map(caption).collect::<Result<Vec<_>>>()?;
        map_grid(&Tensor::f_cat(&maps, 0)?, &captions, scale)
    }
}
