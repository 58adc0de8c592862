//! The loss at one size, as an objective.

use super::Measure;
use super::{Painting, Style};
use crate::net::{Net, Taps};
use crate::pixels::{resize, rgb_size};
use crate::{Objective, Result, gram_matrix, gram_matrix_within};
use tch::Tensor;

impl Style {
    /// The loss for a photo at its size: content, style and roughness, each with its weight.
    pub(super) fn wish(
        &self,
        net: &Net,
        photo: &Tensor,
        paintings: &[Painting],
    ) -> Result<Objective> {
        let seen = net.taps(photo, &names(&self.content))?;
        let mut terms = vec![];
        for (layer, weight) in self.content.iter().filter(|(_, weight)| *weight > 0.0) {
            let target = seen.at(layer)?;
            terms.push(
                weight * self.measure.content(&target)? * Objective::features(layer, &target),
            );
        }
        terms.extend(self.style_terms(net, photo, paintings)?);
        if self.total_variation > 0.0 {
            let weight = self.total_variation * self.measure.roughness(photo);
            terms.push(weight * Objective::total_variation());
        }
        let mut terms = terms.into_iter();
        let first = terms.next().unwrap_or_else(|| 0.0 * Objective::total_variation());
        Ok(terms.fold(first, |sum, term| sum + term))
    }

    fn style_terms(
        &self,
        net: &Net,
        photo: &Tensor,
        paintings: &[Painting],
    ) -> Result<Vec<Objective>> {
        let shown =
            paintings.iter().map(|p| self.shown(net, p, photo)).collect::<Result<Vec<_>>>()?;
        let total: f64 = paintings.iter().map(|p| p.weight).sum();
        let mut terms = vec![];
        for (layer, weight) in self.style.iter().filter(|(_, weight)| *weight > 0.0) {
            let mut mixed: Option<(Tensor, Tensor, f64)> = None;
            for (painting, shown) in paintings.iter().zip(&shown) {
                let (target, units) = (shown.gram(layer)?, shown.taps.at(layer)?);
                let share = painting.weight / total;
                let Some(place) = &painting.place else {
                    let (sum, so_far) = match mixed.take() {
                        Some((sum, _, so_far)) => (sum + target * share, so_far),
                        None => (target * share, 0.0),
                    };
                    mixed = Some((sum, units, so_far + share));
                    continue;
                };
                let factor = weight * share * self.measure.style(&target, &units)?;
                let side = |dim: usize| photo.size()[dim];
                let place = resize(place, [side(2), side(3)])?;
                terms.push(factor * Objective::gram_within(layer, &target, &place));
            }
            if let Some((sum, units, share)) = mixed {
                let target = sum / share;
                let factor = weight * share * self.measure.style(&target, &units)?;
                terms.push(factor * Objective::gram(layer, &target));
            }
        }
        Ok(terms)
    }

    /// What the network sees of a painting at its scale to the photo.
    fn shown(&self, net: &Net, painting: &Painting, photo: &Tensor) -> Result<Shown> {
        let longer = |x: &Tensor| {
            Ok::<i64, crate::Error>(rgb_size(x, "image")?[2..].iter().copied().max().unwrap_or(1))
        };
        let scale = self.style_scale * longer(photo)? as f64 / longer(&painting.image)? as f64;
        let size = [2, 3].map(|dim| (painting.image.size()[dim] as f64 * scale).round() as i64);
        let size = size.map(|side| side.max(1));
        let taps = net.taps(&resize(&painting.image, size)?, &names(&self.style))?;
        let part = painting.part.as_ref().map(|part| resize(part, size)).transpose()?;
        Ok(Shown { taps, part })
    }

    /// How far the image is from its photo and from its paintings, each from 0 (as they are) on, relative
    /// to their size: the mean over content layers, and over style layers.
    pub(super) fn distances(
        &self,
        net: &Net,
        image: &Tensor,
        photo: &Tensor,
        paintings: &[Painting],
    ) -> Result<[f64; 2]> {
        let only = |content: bool| {
            let layers = |layers: &[(String, f64)], keep: bool| {
                let count = layers.len().max(1) as f64;
                let weight = |(name, _): &(String, f64)| (name.clone(), 1e-3 / count);
                layers.iter().filter(|_| keep).map(weight).collect::<Vec<_>>()
            };
            Style {
                content: layers(&self.content, content),
                style: layers(&self.style, !content),
                total_variation: 0.0,
                measure: Measure::Relative,
                ..self.clone()
            }
        };
        let wishes =
            [only(true).wish(net, photo, paintings)?, only(false).wish(net, photo, paintings)?];
        let layers = wishes.iter().flat_map(|wish| wish.layers(net)).collect::<Vec<_>>();
        let taps = net.taps(image, &layers.iter().map(String::as_str).collect::<Vec<_>>())?;
        let [kept, taken] = wishes.map(|wish| wish.score_taps(net, &taps));
        Ok([kept?.f_double_value(&[0])?, taken?.f_double_value(&[0])?])
    }
}

struct Shown {
    taps: Taps,
    part: Option<Tensor>,
}

impl Shown {
    fn gram(&self, layer: &str) -> Result<Tensor> {
        let units = self.taps.at(layer)?;
        match &self.part {
            None => gram_matrix(&units),
            Some(part) => gram_matrix_within(&units, part),
        }
    }
}

fn names(layers: &[(String, f64)]) -> Vec<&str> {
    layers.iter().map(|(name, _)| name.as_str()).collect()
}
