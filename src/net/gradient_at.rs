//! From a score back to a layer on the way.

use super::gradient::{backward, leaf};
use super::precision::at_least_float;
use super::run::Taps;
use super::{LayerId, Net};
use crate::{Error, Objective, Result};
use tch::Tensor;

impl Net {
    /// The activation of `layer`, any shape, and the derivative of each image's score by it.
    ///
    /// Errors: a layer that does not lead to the score.
    pub(crate) fn gradient_at(
        &self,
        x: &Tensor,
        objective: &Objective,
        layer: &str,
    ) -> Result<(Tensor, Tensor)> {
        self.check_input(x, &[])?;
        let names = objective.layers(self);
        let mut ids = names.iter().map(|name| self.id(name)).collect::<Result<Vec<_>>>()?;
        let at = self.id(layer)?;
        if !self.leading_to(&ids)[at] {
            let expected = format!("one that leads to {objective}");
            let advice = "name one between the image and the layers that the score reads";
            return Err(Error::argument("layer", expected, format!("`{layer}`"), advice));
        }
        ids.push(at);
        let mut values = self.run(&leaf(x)?, &ids)?;
        let activation = values.split_off(names.len()).remove(0);
        let values = values.iter().map(at_least_float).collect::<Result<_>>()?;
        let score = objective.score_taps(self, &Taps { names, values })?;
        let gradient = backward(&score, std::slice::from_ref(&activation))?.remove(0);
        Ok((activation.detach(), gradient))
    }

    /// For each layer, whether it leads to one of `ids`, or is one.
    pub(crate) fn leading_to(&self, ids: &[LayerId]) -> Vec<bool> {
        let mut leads: Vec<bool> = (0..self.layers.len()).map(|id| ids.contains(&id)).collect();
        for id in (0..self.layers.len()).rev().filter(|&id| id > 0) {
            if leads[id] {
                self.layers[id].inputs.iter().for_each(|&input| leads[input] = true);
            }
        }
        leads
    }
}
