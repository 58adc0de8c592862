//! The steps of a training.

use super::network::forward;
use super::{FastStyle, StyleTraining};
use crate::chance::uniform;
use crate::net::{Net, Taps};
use crate::optimise::Adam;
use crate::pixels::{Rect, crop, resize, rgb_size};
use crate::{Objective, Result, gram_matrix};
use tch::{Kind, Tensor};

/// A [`FastStyle`] that is learning.
#[derive(Debug)]
pub struct Trainer {
    pub(super) training: StyleTraining,
    pub(super) net: Net,
    pub(super) photos: Vec<Tensor>,
    /// For each layer the Gram matrices of all styles, `[styles, c, c]`.
    pub(super) targets: Vec<Tensor>,
    /// The network so far.
    pub network: FastStyle,
    pub(super) momenta: Vec<Adam>,
    pub(super) taken: usize,
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
        let made = forward(&self.network.plan, weights, &photos, [&rows[0], &rows[1]])?;
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
        let StyleTraining { content, content_weight, style_weight, total_variation, .. } =
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
    pub(super) fn parameters(&self) -> Vec<&Tensor> {
        self.weights.iter().chain([&self.scale, &self.shift]).collect()
    }
}
