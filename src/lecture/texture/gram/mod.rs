//! No copying: an image whose channels fire together as the source's do.

mod check;
mod distances;
mod presets;

use crate::chance::normal;
use crate::net::Net;
use crate::optimise::GREY;
use crate::pixels::resize;
use crate::{Climb, Climbed, Objective, Result, gram_matrix};
use check::{lit, no_layers};
pub use distances::gram_distances;
use tch::{Kind, Tensor};

/// Texture from noise: the image whose Gram matrices at some layers are those of the source.
///
/// The loss is the sum over layers of `weight * |G - G'|^2`, as shares of the target's `|G'|^2` where
/// `relative`; the image climbs its negative. Matrices of one layer after the other are added on the
/// slide: [`GramTexture::slide`].
///
/// Source: Gatys, Ecker and Bethge 2015, "Texture synthesis using convolutional neural networks", section
/// 3; equation 4 is a quarter of the squared distance of [`gram_matrix`](crate::gram_matrix) here. They
/// rescale VGG-19 so that every channel's mean is 1; with `relative` no network needs it. They use means
/// for max pools: [`Net::with_average_pools`]. Coarse to fine: Snelgrove 2017 matches a pyramid's levels
/// at once, here one after the other.
/// Cost: a pass forward and one back for each step of the climb, a quarter of it at half the size.
///
/// ```
/// use convlens::{net::Net, texture::{GramTexture, gram_distances}};
/// use tch::Tensor;
/// // At the pixels themselves the Gram matrix is which colours go together: violet here, green there.
/// let source = Tensor::from_slice(&[0.8f32, 0.3, 0.2, 0.6, 0.7, 0.1]).view([1, 3, 1, 2]);
/// let mut texture = GramTexture { size: [3, 5], scales: 1, ..GramTexture::default() };
/// (texture.layers, texture.climb.steps) = (vec![("input".to_string(), 1.0)], 100);
/// let pixels = Net::new("pixels");
/// let made = texture.run(&pixels, &source)?.image;
/// assert!(gram_distances(&pixels, &made, &source, &["input"])?[0].1 < 1e-3);
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct GramTexture {
    /// The layers to match, and how much each counts. 1 to 1000 of them.
    pub layers: Vec<(String, f64)>,
    /// Whether distances count as shares of the target, so that all layers count alike in any network.
    pub relative: bool,
    /// Height and width of the image to make; the source may have another size. At most 64 million pixels.
    pub size: [i64; 2],
    /// How many sizes to climb at, each twice the one before; the source shrinks along.
    pub scales: usize,
    /// Deviation of the noise around mid-grey to start from. From 0 to 1 000 000.
    pub noise: f64,
    /// How to climb at each size; its seed draws the noise.
    pub climb: Climb,
}

impl GramTexture {
    /// An image of `size` with the texture of the source, `[1, 3, h, w]`.
    ///
    /// Its `image` is the best of the last size; the scores of all sizes follow each other. Errors: no layers, a weight that is not above 0, an
    /// image too small for the network, at the smallest of the sizes too; [`Climb::run`]'s.
    pub fn run(&self, net: &Net, source: &Tensor) -> Result<Climbed> {
        let [h, w] = self.check(source)?;
        let sides = |[h, w]: [i64; 2], scale: usize| {
            let factor = 0.5f64.powi((self.scales - 1 - scale) as i32);
            [h, w].map(|side| ((side as f64 * factor).round() as i64).max(1))
        };
        let mut made =
            self.climbed(net, source, sides([h, w], 0), &self.start(sides(self.size, 0))?)?;
        for scale in 1..self.scales {
            let start = resize(&made.image, sides(self.size, scale))?;
            let next = self.climbed(net, source, sides([h, w], scale), &start)?;
            let scores = [made.scores, next.scores].concat();
            made = Climbed { scores, ..next };
        }
        Ok(made)
    }

    /// The climb from an image towards the source at one of its sizes.
    fn climbed(
        &self,
        net: &Net,
        source: &Tensor,
        size: [i64; 2],
        start: &Tensor,
    ) -> Result<Climbed> {
        let made = self.climb.run(net, start, &self.objective(net, &resize(source, size)?)?)?;
        Ok(Climbed { image: made.best.shallow_clone(), ..made })
    }

    /// What is climbed: minus the distances of the Gram matrices from those of the source.
    pub fn objective(&self, net: &Net, source: &Tensor) -> Result<Objective> {
        self.check(source)?;
        let names: Vec<&str> = self.layers.iter().map(|(name, _)| name.as_str()).collect();
        let taps = net.taps(source, &names)?;
        let mut terms = vec![];
        for (name, weight) in &self.layers {
            let target = gram_matrix(&taps.at(name)?)?;
            let whole = if self.relative { lit(&target, name)? } else { 1.0 };
            terms.push(-(weight / whole) * Objective::gram(name, &target));
        }
        terms.into_iter().reduce(|sum, term| sum + term).ok_or_else(no_layers)
    }

    fn start(&self, [h, w]: [i64; 2]) -> Result<Tensor> {
        let noise = normal(&[self.climb.seed, 3], &[1, 3, h, w])?.f_to_kind(Kind::Float)?;
        Ok((noise * self.noise + GREY).f_clamp(0.0, 1.0)?)
    }
}

fn squares(x: &Tensor) -> Result<f64> {
    Ok(x.f_square()?.f_sum(Kind::Double)?.f_double_value(&[])?)
}
