//! What a training needs to know, and its beginning.

use super::network::Plan;
use super::{FastStyle, Trainer};
use crate::check::within;
use crate::net::Net;
use crate::optimise::Adam;
use crate::pixels::finite_rgb;
use crate::{Error, Result, gram_matrix};
use tch::{Kind, Tensor};

/// How to train a [`FastStyle`]: the perceptual loss of Johnson et al. 2016, section 3.2, for squares of
/// photos, each painted in one of the styles in turn.
///
/// Every term is relative to its target's size, as in [`Measure::Relative`](crate::style::Measure) but
/// without its 1000, so that no style outweighs another. Cost of a step: for each square a pass forward
/// and back through the network and through `net`, and one forward. Same seed, same network.
///
#[derive(Debug, Clone)]
pub struct StyleTraining {
    /// Channels of the network's first convolution; the middle has four times as many. Johnson: 32.
    /// From 1 to 1024.
    pub width: i64,
    /// Residual blocks; Johnson: 5. At most 1000.
    pub blocks: usize,
    /// Side of the squares it learns from, in pixels; Johnson: 256. From 1 to 4096.
    pub size: i64,
    /// Squares in each step; Johnson: 4. From 1 to 10 000.
    pub batch: usize,
    /// How many steps it will be: the rate falls in a straight line to 0. From 1 to 10^9.
    pub steps: usize,
    /// Adam's rate at the start; Johnson: 1e-3 for all of 40 000 steps.
    pub rate: f64,
    /// The layer whose units should stay as in the photo.
    pub content: String,
    /// Its weight.
    pub content_weight: f64,
    /// The layers whose Gram matrices should be the painting's.
    pub style: Vec<String>,
    /// The weight of each.
    pub style_weight: f64,
    /// Weight of the mean squared difference of neighbouring pixels.
    pub total_variation: f64,
    /// Where weights and squares are drawn from.
    pub seed: u64,
}

impl Default for StyleTraining {
    fn default() -> Self {
        StyleTraining {
            width: 16,
            blocks: 5,
            size: 96,
            batch: 3,
            steps: 1200,
            rate: 3e-3,
            content: "relu3_3".into(),
            content_weight: 1.0,
            style: ["relu1_2", "relu2_2", "relu3_3", "relu4_1"].map(String::from).into(),
            style_weight: 3.0,
            total_variation: 1.0,
            seed: 0,
        }
    }
}

impl StyleTraining {
    /// Starts from chance: `styles` by name, each `[1, 3, h, w]`, are learnt from squares of `photos`.
    ///
    /// All tensors on one device. Errors: no photos, no styles, a layer that `net` lacks.
    pub fn start(
        &self,
        net: &Net,
        photos: &[Tensor],
        styles: &[(&str, Tensor)],
    ) -> Result<Trainer> {
        self.check(photos, styles)?;
        let plan = Plan::johnson(self.width, self.blocks);
        let device = styles[0].1.device();
        let size = [styles.len() as i64, plan.channels()];
        let options = (Kind::Float, device);
        let weights = plan.start(self.seed)?;
        let weights: Vec<Tensor> = weights.iter().map(|w| w.to_device(device)).collect();
        let names = styles.iter().map(|(name, _)| name.to_string()).collect();
        let (scale, shift) = (Tensor::f_ones(size, options)?, Tensor::f_zeros(size, options)?);
        let network = FastStyle { plan, weights, names, scale, shift };
        self.resume(net, photos, styles, network)
    }

    /// Goes on from a network that has learnt the same styles, in their order.
    pub fn resume(
        &self,
        net: &Net,
        photos: &[Tensor],
        styles: &[(&str, Tensor)],
        network: FastStyle,
    ) -> Result<Trainer> {
        self.check(photos, styles)?;
        if styles.len() != network.names.len() {
            let (expected, got) = (network.names.len(), styles.len());
            let advice = "give each style of the network its painting, in the order of `styles()`";
            return Err(Error::argument("styles", expected, got, advice));
        }
        let layers: Vec<&str> = self.style.iter().map(String::as_str).collect();
        let seen = styles.iter().map(|(_, x)| net.taps(x, &layers)).collect::<Result<Vec<_>>>()?;
        let of = |layer: &&str| -> Result<Tensor> {
            let grams = seen.iter().map(|taps| gram_matrix(&taps.at(layer)?));
            Ok(Tensor::f_cat(&grams.collect::<Result<Vec<_>>>()?, 0)?)
        };
        let targets = layers.iter().map(of).collect::<Result<_>>()?;
        let momenta = network.parameters().into_iter().map(Adam::new).collect::<Result<_>>()?;
        let deepest = self.layers();
        let deepest = deepest.iter().max_by_key(|name| net.id(name).unwrap_or(0));
        let net = net.upto(deepest.map_or("input", String::as_str))?;
        let photos = photos.iter().map(Tensor::shallow_clone).collect();
        Ok(Trainer { training: self.clone(), net, photos, targets, network, momenta, taken: 0 })
    }

    fn check(&self, photos: &[Tensor], styles: &[(&str, Tensor)]) -> Result<()> {
        check_pictures(photos, styles)?;
        let advice = "begin with `StyleTraining::default()`";
        within("width", self.width, 1..=1024, advice)?;
        within("blocks", self.blocks, 0..=1000, advice)?;
        within("size", self.size, 1..=4096, advice)?;
        within("batch", self.batch, 1..=10_000, advice)?;
        within("steps", self.steps, 1..=1_000_000_000, advice)?;
        within("rate", self.rate, f64::MIN_POSITIVE..=1e6, advice)?;
        let weights = [self.content_weight, self.style_weight, self.total_variation];
        weights.iter().try_for_each(|&weight| within("weights", weight, 0.0..=1e30, advice))
    }

    pub(super) fn layers(&self) -> Vec<String> {
        let mut layers = self.style.clone();
        layers.push(self.content.clone());
        layers.sort();
        layers.dedup();
        layers
    }
}

/// The least side of a photo: smaller ones leave nothing to cut squares from.
const LEAST: i64 = 2;

fn check_pictures(photos: &[Tensor], styles: &[(&str, Tensor)]) -> Result<()> {
    for (what, count) in [("photos", photos.len()), ("styles", styles.len())] {
        if count == 0 {
            return Err(Error::argument(what, "one or more", 0, "load some with `pixels::load`"));
        }
    }
    styles.iter().try_for_each(|(_, painting)| finite_rgb(painting, "style").map(drop))?;
    for photo in photos {
        let [_, _, h, w] = finite_rgb(photo, "photo")?;
        if h.min(w) < LEAST {
            let expected = format!("{LEAST} rows and columns or more");
            return Err(Error::argument("photos", expected, format!("{h}x{w}"), "leave it out"));
        }
    }
    Ok(())
}
