//! How far two textures are apart, layer by layer.

use super::squares;
use crate::net::Net;
use crate::pixels::finite_rgb;
use crate::{Result, gram_matrix};
use tch::Tensor;

/// How far an image's Gram matrices are from a source's at each of some layers: `|G - G'| / |G'|`.
///
/// Each image `[1, 3, h, w]` of any size; one pass forward for each. What [`bars`](crate::show::bars)
/// draws.
pub fn gram_distances(
    net: &Net,
    image: &Tensor,
    source: &Tensor,
    layers: &[&str],
) -> Result<Vec<(String, f64)>> {
    finite_rgb(image, "image")?;
    finite_rgb(source, "source")?;
    let [made, wanted] = [net.taps(image, layers)?, net.taps(source, layers)?];
    let apart = |layer: &&str| -> Result<(String, f64)> {
        let [made, wanted] = [&made, &wanted].map(|taps| gram_matrix(&taps.at(layer)?));
        let wanted = wanted?;
        let apart = squares(&made?.f_sub(&wanted)?)? / squares(&wanted)?.max(f64::MIN_POSITIVE);
        Ok((layer.to_string(), apart.sqrt()))
    };
    layers.iter().map(apart).collect()
}
