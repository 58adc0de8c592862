//! The scores as they come in, batch by batch.

use super::positions::{Cell, Positions};
use super::{Occluded, Occlusion};
use crate::net::{Net, Taps};
use crate::{Objective, Result};
use tch::{Kind, Tensor};

/// The scores read so far; those that are still missing are NaN.
pub(super) struct Reading<'a> {
    objectives: &'a [Objective],
    pub positions: Positions,
    /// For each objective, the score of each image.
    scores: Vec<Vec<f64>>,
    /// For each objective, the score of each image with the patch at each position.
    covered: Vec<Vec<f64>>,
    images: i64,
}

impl<'a> Reading<'a> {
    pub fn new(images: i64, objectives: &'a [Objective], positions: Positions) -> Self {
        let none = vec![f64::NAN; (images * positions.count[0] * positions.count[1]) as usize];
        let covered = vec![none; objectives.len()];
        Reading { objectives, positions, scores: vec![vec![]; objectives.len()], covered, images }
    }

    /// The scores of the next image, nothing covered.
    pub fn clean(&mut self, net: &Net, taps: &Taps) -> Result<()> {
        for (scores, objective) in self.scores.iter_mut().zip(self.objectives) {
            scores.push(objective.score_taps(net, taps)?.f_double_value(&[0])?);
        }
        Ok(())
    }

    /// The scores of that image with the patch at each of some positions.
    pub fn covered(&mut self, net: &Net, taps: &Taps, cells: &[Cell]) -> Result<()> {
        let [rows, columns] = self.positions.count;
        let image = self.scores.first().map_or(0, Vec::len) as i64 - 1;
        for (covered, objective) in self.covered.iter_mut().zip(self.objectives) {
            let scores = objective.score_taps(net, taps)?.f_to_kind(Kind::Double)?;
            for (&[y, x], score) in cells.iter().zip(Vec::<f64>::try_from(scores)?) {
                covered[((image * rows + y) * columns + x) as usize] = score;
            }
        }
        Ok(())
    }

    /// All of them, in the image's kind.
    pub fn finish(self, settings: &Occlusion, kind: Kind) -> Result<Occluded> {
        let [rows, columns] = self.positions.count;
        let grid = [self.images, 1, rows, columns];
        let of = |scores: &Vec<f64>| Ok(Tensor::f_from_slice(scores)?.f_to_kind(kind)?);
        let scores = self.scores.iter().map(of).collect::<Result<_>>()?;
        let covered =
            self.covered.iter().map(|c| Ok(of(c)?.f_view(grid)?)).collect::<Result<_>>()?;
        Occluded::new(settings, self.positions.image, scores, covered)
    }
}
