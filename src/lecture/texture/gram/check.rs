//! What a climb towards Gram matrices needs.

use super::super::{one_image, some_pixels};
use super::{GramTexture, squares};
use crate::check::within;
use crate::{Error, Result};
use tch::Tensor;

/// No network here has so many layers; more were asked for by mistake.
pub(super) const MOST_LAYERS: usize = 1000;

impl GramTexture {
    /// Height and width of the source, if all settings are of use.
    pub(super) fn check(&self, source: &Tensor) -> Result<[i64; 2]> {
        let size = one_image(source, "source")?;
        some_pixels(self.size, 1)?;
        if self.layers.is_empty() || self.layers.len() > MOST_LAYERS {
            return Err(no_layers());
        }
        if let Some((name, weight)) = self.layers.iter().find(|(_, w)| !(*w > 0.0 && w.is_finite()))
        {
            let what = format!("weight of `{name}`");
            return Err(Error::argument(&what, "above 0", weight, "leave the layer out"));
        }
        if !(1..=16).contains(&self.scales) {
            return Err(Error::argument("scales", "1..=16", self.scales, "1 climbs at full size"));
        }
        within("noise", self.noise, 0.0..=1e6, "try 0.2")?;
        Ok(size)
    }
}

/// The square of a Gram matrix to take a share of, if there is any.
pub(super) fn lit(target: &Tensor, layer: &str) -> Result<f64> {
    let whole = squares(target)?;
    if whole > 0.0 && whole.is_finite() {
        return Ok(whole);
    }
    let got = format!("a Gram matrix of square {whole}");
    let advice = "leave the layer out, or take a source with more to see";
    Err(Error::argument(format!("`{layer}`"), "a layer that the source lights", got, advice))
}

pub(super) fn no_layers() -> Error {
    Error::argument(
        "layers",
        format!("1 to {MOST_LAYERS}"),
        "none or more",
        "start with `GramTexture::slide(5)`",
    )
}
