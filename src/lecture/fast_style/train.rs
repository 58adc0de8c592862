//! Training: the transformer learns to paint by what VGG sees in its pictures.

use super::FastStyle;
use super::network::{Plan, forward};
use crate::chance::uniform;
use crate::net::{Net, Taps};
use crate::optimise::Adam;
use crate::pixels::{Rect, crop, resize, rgb_size};
use crate::{Error, Objective, Result, gram_matrix};
use tch::{Kind, Tensor};

/// How to train a [`FastStyle`].
#[derive(Debug, Clone)]
pub struct Training {
    /// Channels of the network's first convolution; the middle has four times as many. Johnson: 32.
    pub width: i64,
    /// Residual blocks; Johnson: 5.
    pub blocks: usize,
    /// Side of the squares it learns from, in pixels; Johnson: 256.
    pub size: i64,
    /// Squares in each step; Johnson: 4.
    pub batch: usize,
    /// How many steps it will be: the rate falls in a straight line to 0.
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

impl Default for Training {
    fn default() -> Self {
        Training {
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

/// A [`FastStyle`] that is learning.
#[derive(Debug)]
pub struct Trainer {
    training: Training,
    net: Net,
    photos: Vec<Tensor>,
    /// For each layer the Gram matrices of all styles, `[styles, c, c]`.
    targets: Vec<Tensor>,
    /// The network so far.
    pub network: FastStyle,
    momenta: Vec<Adam>,
    taken: usize,
}

impl Training {
    /// Starts from chance: `styles` by name, each `[1, 3, h, w]`, are learnt from squares of `photos`.
    pub fn start(
        &self,
        net: &Net,
        photos: &[Tensor],
        styles: &[(&str, Tensor)],
    ) -> Result<Trainer> {
        check(photos, styles)?;
        let plan = Plan { width: self.width, blocks: self.blocks };
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

    fn layers(&self) -> Vec<String> {
        let mut layers = self.style.clone();
        layers.push(self.content.clone());
        layers.sort();
        layers.dedup();
        layers
    }
}

impl Trainer {
    /// One step; the loss before it: content, style and roughness, each with its weight.
    pub fn step(&mut self) -> Result<[f64; 3]> {
        let (photos, styles) = self.batch()?;
        let leaf = |t: &Tensor| t.detach().f_set_requires_grad(true);
        let leaves = self.network.parameters().into_iter().map(leaf);
        let leaves = leaves.collect::<std::result::Result<Vec<_>, _>>()?;
        let (weights, style) = leaves.split_at(leaves.len() - 2);
        let rows = [style[0].f_index_select(0, &styles)?, style[1].f_index_select(0, &styles)?];
        let made = forward(self.network.plan, weights, &photos, [&rows[0], &rows[1]])?;
        let losses = self.losses(&photos, &made, &styles)?;
        let total = losses.iter().map(Tensor::shallow_clone).sum::<Tensor>();
        let slopes = Tensor::f_run_backward(&[total], &leaves, false, false)?;
        let left = 1.0 - self.taken as f64 / self.training.steps as f64;
        let rate = -self.training.rate * left.max(0.0);
        for ((leaf, slope), momenta) in leaves.iter().zip(&slopes).zip(&mut self.momenta) {
            // The parameters share their memory with the leaves.
            let _ = leaf.detach().f_add_(&(momenta.step(slope)? * rate))?;
        }
        self.taken += 1;
        Ok(losses.map(|loss| loss.double_value(&[])))
    }

    fn losses(&self, photos: &Tensor, made: &Tensor, styles: &Tensor) -> Result<[Tensor; 3]> {
        let Training { content, content_weight, style_weight, total_variation, .. } =
            &self.training;
        let layers = self.training.layers();
        let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
        let wanted = tch::no_grad(|| self.net.tap(photos, content))?;
        let seen = self.net.taps(made, &layers)?;
        let far = relative(&seen.at(content)?, &wanted)? * *content_weight;
        let unlike = self.unlike(&seen, styles)? * *style_weight;
        let rough = Objective::total_variation().score(&Net::new("pixels"), made)?;
        let rough = rough.f_sum(Kind::Float)? / made.numel() as f64 * *total_variation;
        Ok([far, unlike, rough])
    }

    fn unlike(&self, seen: &Taps, styles: &Tensor) -> Result<Tensor> {
        let mut total = Tensor::f_zeros([1], (Kind::Float, styles.device()))?;
        for (layer, targets) in self.training.style.iter().zip(&self.targets) {
            let wanted = targets.f_index_select(0, styles)?;
            total += relative(&gram_matrix(&seen.at(layer)?)?, &wanted)?;
        }
        Ok(total.f_sum(Kind::Float)?)
    }

    /// Squares of photos, `[batch, 3, size, size]`, and the style of each.
    fn batch(&self) -> Result<(Tensor, Tensor)> {
        let (count, styles) = (self.training.batch, self.network.names.len());
        let which = |i: usize| self.taken * count + i;
        let squares = (0..count).map(|i| self.square(which(i) as u64));
        let squares = Tensor::f_cat(&squares.collect::<Result<Vec<_>>>()?, 0)?;
        let of: Vec<i64> = (0..count).map(|i| (which(i) % styles) as i64).collect();
        Ok((squares, Tensor::f_from_slice(&of)?.f_to_device(self.network.scale.device())?))
    }

    /// A square of a photo, of any size and place in it, mirrored or not.
    fn square(&self, seed: u64) -> Result<Tensor> {
        let draws = Vec::<f64>::try_from(uniform(&[self.training.seed, seed], &[5])?)?;
        let below = |draw: f64, most: i64| (draw * most as f64).floor() as i64;
        let photo = &self.photos[below(draws[0], self.photos.len() as i64) as usize];
        let [_, _, h, w] = rgb_size(photo, "photo")?;
        let least = self.training.size.min(h).min(w);
        let side = least + below(draws[1], h.min(w) - least + 1);
        let (top, left) = (below(draws[2], h - side + 1), below(draws[3], w - side + 1));
        let square = crop(photo, Rect { top, left, height: side, width: side })?;
        let square = resize(&square, [self.training.size; 2])?;
        Ok(if draws[4] < 0.5 { square.f_flip([3])? } else { square })
    }
}

fn check(photos: &[Tensor], styles: &[(&str, Tensor)]) -> Result<()> {
    for (what, count) in [("photos", photos.len()), ("styles", styles.len())] {
        if count == 0 {
            return Err(Error::argument(what, "one or more", 0, "load some with `pixels::load`"));
        }
    }
    Ok(())
}

/// The mean over images of `|made - wanted|^2 / |wanted|^2`.
fn relative(made: &Tensor, wanted: &Tensor) -> Result<Tensor> {
    let sum = |x: Tensor| {
        x.f_square()?.f_flatten(1, -1)?.f_sum_dim_intlist([1i64].as_slice(), false, Kind::Float)
    };
    let parts = sum(made.f_sub(wanted)?)?.f_div(&sum(wanted.shallow_clone())?)?;
    Ok(parts.f_mean(Kind::Float)?)
}

impl FastStyle {
    /// All that is learnt: the weights, then scale and shift.
    fn parameters(&self) -> Vec<&Tensor> {
        self.weights.iter().chain([&self.scale, &self.shift]).collect()
    }
}
