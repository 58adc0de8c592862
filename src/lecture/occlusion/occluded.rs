//! What an occlusion found.

use super::Occlusion;
use crate::check::within;
use crate::net::Crop;
use crate::{Error, Result};
use tch::Tensor;

/// The scores of images with a patch at each position; one entry for each objective.
#[derive(Debug)]
pub struct Occluded {
    /// How the patch slid.
    pub settings: Occlusion,
    /// The scores with nothing covered, `[n]`.
    pub scores: Vec<Tensor>,
    /// The scores with the patch at each position, `[n, 1, rows, columns]`; position `[i, j]` begins
    /// at pixel `[i * stride[0], j * stride[1]]`. NaN where Stop came first.
    pub covered: Vec<Tensor>,
    /// The mean fall of the score over all patches that cover a pixel, `[n, 1, h, w]`. NaN at pixels
    /// that no patch covered, such as the corners under round ones.
    pub maps: Vec<Tensor>,
}

impl Occluded {
    pub(super) fn new(
        settings: &Occlusion,
        image: [i64; 2],
        scores: Vec<Tensor>,
        covered: Vec<Tensor>,
    ) -> Result<Self> {
        let settings = settings.clone();
        let mut found = Occluded { settings, scores, covered, maps: vec![] };
        let maps = (0..found.scores.len()).map(|k| found.mean_over_patches(&found.fall(k)?, image));
        found.maps = maps.collect::<Result<_>>()?;
        Ok(found)
    }

    /// How far a score falls with the patch at each position, `[n, 1, rows, columns]`.
    ///
    /// Errors: an objective that was not given.
    pub fn fall(&self, objective: usize) -> Result<Tensor> {
        let Some((score, covered)) = self.scores.get(objective).zip(self.covered.get(objective))
        else {
            let expected = format!("0..{}", self.scores.len());
            let advice = "count them from 0, in the order they were given";
            return Err(Error::argument("objective", expected, objective, advice));
        };
        Ok(score.f_view([-1, 1, 1, 1])?.f_sub(covered)?)
    }

    /// How far a score moves, up or down, with the patch at each position: the mean over the images,
    /// `[1, 1, rows, columns]`.
    pub fn effect(&self, objective: usize) -> Result<Tensor> {
        let moved = self.fall(objective)?.f_abs()?;
        Ok(moved.f_nanmean([0i64].as_slice(), true, moved.kind())?)
    }

    /// The receptive field by occlusion: the smallest rectangle of pixels that surely holds all that
    /// can move the score by more than `share` of the strongest [`effect`](Self::effect).
    ///
    /// Too large by less than a stride on each side, so exact at stride 1; but where the very first or
    /// last position moves the score, it reaches to the image's edge. For a neuron compare [`Net::receptive_field`](crate::net::Net::receptive_field).
    /// Errors: a score that nothing moves.
    pub fn field(&self, objective: usize, share: f64) -> Result<Crop> {
        within("share", share, 0.0..=1.0, "0.1 counts what moves the score by a tenth")?;
        let effect = self.effect(objective)?;
        let strongest = effect.f_nan_to_num(0.0, 0.0, 0.0)?.f_max()?.f_double_value(&[])?;
        let moved = effect.f_gt(share * strongest)?;
        let image = [0, 1].map(|d| self.maps[objective].size()[2 + d]);
        let rows = self.side(&moved.f_any_dims([0i64, 1, 3].as_slice(), false)?, 0, image)?;
        let columns = self.side(&moved.f_any_dims([0i64, 1, 2].as_slice(), false)?, 1, image)?;
        Ok(Crop { top: rows[0], left: columns[0], bottom: rows[1], right: columns[1] })
    }

    /// The pixels between the last position before `moved` and the first after it.
    fn side(&self, moved: &Tensor, d: usize, image: [i64; 2]) -> Result<[i64; 2]> {
        let moved = Vec::<bool>::try_from(moved)?;
        let (patch, stride) = (self.settings.patch[d], self.settings.stride[d]);
        let first = moved.iter().position(|&m| m);
        let last = moved.iter().rposition(|&m| m);
        let (Some(first), Some(last)) = (first, last) else {
            let advice = "choose a unit that is not dead, or other images";
            return Err(Error::argument("score", "one that a patch moves", "none", advice));
        };
        let start = if first == 0 { 0 } else { (first as i64 - 1) * stride + patch };
        let end = if last + 1 == moved.len() { image[d] } else { (last as i64 + 1) * stride };
        Ok([start, end])
    }

    fn mean_over_patches(&self, drop: &Tensor, [h, w]: [i64; 2]) -> Result<Tensor> {
        let mask = self.settings.shape.mask(self.settings.patch)?.f_to_kind(drop.kind())?;
        let read = drop.f_isfinite()?.f_to_kind(drop.kind())?;
        let drop = drop.f_nan_to_num(0.0, None, None)?;
        let spread = |x: &Tensor| -> Result<Tensor> {
            let none = None::<Tensor>;
            let stride = self.settings.stride;
            let all = x.f_conv_transpose2d(&mask, none, stride, [0], [0], 1, [1])?;
            Ok(all.f_narrow(2, 0, h)?.f_narrow(3, 0, w)?)
        };
        Ok(spread(&drop)?.f_div(&spread(&read)?)?)
    }
}
