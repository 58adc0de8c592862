//! Reading layers again after a part of the image has changed, without computing the rest again.
//!
//! A patch of the image can change only a window of each layer's map: those outputs whose windows
//! of inputs meet the changed ones. Only these are computed, for many patches at once; everything
//! around them is taken from one pass over the clean image. Where a window nearly fills its map,
//! it is set into the clean one and an ordinary pass goes on from there. The results are those of
//! ordinary passes, up to the order in which a convolution sums (Nakandala et al., "Incremental and
//! Approximate Inference for Faster Occlusion-based Deep CNN Explanations", SIGMOD 2019, section 4).

mod gather;
#[cfg(test)]
mod tests;
mod windows;

pub(crate) use gather::{Patched, cut};
pub(crate) use windows::Windows;

use super::plan::{Step, plan};
use super::run::activation;
use super::{LayerId, Net, Taps};
use crate::{Error, Result};
use gather::sizes;
use tch::Tensor;
use windows::{Reads, reads};

/// From this share of the map on, computing all of it costs no more than cutting windows out.
pub(crate) const NEARLY_ALL: f64 = 0.85;

/// One image's activations, kept so that parts of them can be computed again.
///
/// Memory: every activation of one image, and for each patch of a batch its largest window or its
/// largest whole map after that.
pub(crate) struct Incremental<'a> {
    steps: Vec<Step<'a>>,
    clean: Vec<Option<Tensor>>,
    names: Vec<String>,
    wanted: Vec<LayerId>,
    /// The share of a map from which on all of it is computed; 0 runs ordinary passes.
    most: f64,
}

/// A layer's activation for a batch of patched images.
enum Made {
    /// As in the clean image but for a window.
    Part(Patched),
    /// Of its own, `[n, ...]`.
    Whole(Tensor),
}

impl Net {
    /// Prepare to read `layers` of one image `x`, `[1, 3, h, w]`, with parts of it replaced: one pass.
    pub(crate) fn incremental(
        &self,
        x: &Tensor,
        layers: &[String],
        most: f64,
    ) -> Result<Incremental<'_>> {
        let wanted = layers.iter().map(|name| self.id(name)).collect::<Result<Vec<_>>>()?;
        self.check_input(x, &wanted)?;
        let steps = plan(self, &wanted);
        let mut clean: Vec<Option<Tensor>> = self.layers.iter().map(|_| None).collect();
        clean[0] = Some(super::conv::channels_last(&x.detach()));
        for step in &steps {
            let inputs = step.inputs.iter().map(|&id| activation(&clean, id));
            clean[step.layer] = Some(step.compute(&inputs.collect::<Result<Vec<_>>>()?)?);
        }
        Ok(Incremental { steps, clean, names: layers.to_vec(), wanted, most })
    }
}

impl Incremental<'_> {
    /// The layers' activations of the clean image.
    pub fn clean(&self) -> Result<Taps> {
        let value = |&id| Ok(activation(&self.clean, id)?.f_contiguous()?);
        let values = self.wanted.iter().map(value).collect::<Result<_>>()?;
        Ok(Taps { names: self.names.clone(), values })
    }

    /// The layers' activations of the image with each of the patches, `[n, ...]`.
    pub fn read(&self, patches: Patched) -> Result<Taps> {
        let count = patches.windows.at.len();
        let mut made: Vec<Option<Made>> = self.clean.iter().map(|_| None).collect();
        made[0] = Some(Made::Part(patches));
        for step in &self.steps {
            let next = self.next(step, &made, count)?;
            made[step.layer] = Some(next);
            step.done.iter().for_each(|&id| made[id] = None);
        }
        let value = |&id| Ok(self.whole(&made, id, count)?.f_contiguous()?);
        let values = self.wanted.iter().map(value).collect::<Result<_>>()?;
        Ok(Taps { names: self.names.clone(), values })
    }

    fn next(&self, step: &Step, made: &[Option<Made>], count: usize) -> Result<Made> {
        if let Some(part) = self.part(step, made)? {
            return Ok(Made::Part(part));
        }
        let inputs = step.inputs.iter().map(|&id| self.whole(made, id, count));
        let inputs = inputs.collect::<Result<Vec<_>>>()?;
        Ok(Made::Whole(step.compute(&inputs.iter().collect::<Vec<_>>())?))
    }

    /// The changed windows of a step's output; none where it is time to compute all of it.
    fn part(&self, step: &Step, made: &[Option<Made>]) -> Result<Option<Patched>> {
        let parts = step.inputs.iter().map(|&id| match &made[id] {
            Some(Made::Part(part)) => Some(part),
            _ => None,
        });
        let Some(parts) = parts.collect::<Option<Vec<_>>>() else { return Ok(None) };
        match reads(&step.work) {
            Reads::Everything => Ok(None),
            Reads::SamePlace => self.at_the_same_place(step, &parts),
            Reads::Window(slide, op, padding) => {
                let map = self.map(step.layer)?;
                let windows = parts[0].windows.through(&slide, map);
                if windows.share(map) >= self.most {
                    return Ok(None);
                }
                let clean = activation(&self.clean, step.inputs[0])?;
                let read = parts[0].gather(clean, &windows.read_by(&slide), padding)?;
                Ok(Some(Patched { windows, values: op.apply(&[&read])? }))
            }
        }
    }

    fn at_the_same_place(&self, step: &Step, parts: &[&Patched]) -> Result<Option<Patched>> {
        if let [part] = parts {
            let (windows, values) = (part.windows.clone(), step.compute(&[&part.values])?);
            return Ok(Some(Patched { windows, values }));
        }
        let map = self.map(step.layer)?;
        let all: Vec<&Windows> = parts.iter().map(|part| &part.windows).collect();
        let windows = Windows::union(&all, map);
        if windows.share(map) >= self.most {
            return Ok(None);
        }
        let read = parts.iter().zip(&step.inputs);
        let read = read.map(|(p, &id)| p.gather(activation(&self.clean, id)?, &windows, 0.0));
        let read = read.collect::<Result<Vec<_>>>()?;
        let values = step.compute(&read.iter().collect::<Vec<_>>())?;
        Ok(Some(Patched { windows, values }))
    }

    /// The whole activation of a layer, each changed window set into the clean one.
    fn whole(&self, made: &[Option<Made>], id: LayerId, count: usize) -> Result<Tensor> {
        match &made[id] {
            Some(Made::Whole(x)) => Ok(x.shallow_clone()),
            Some(Made::Part(part)) => {
                let windows = Windows::whole(count, self.map(id)?);
                part.gather(activation(&self.clean, id)?, &windows, 0.0)
            }
            None => Err(Error::Torch(format!("the plan dropped layer {id} too early"))),
        }
    }

    /// Height and width of a layer's map.
    fn map(&self, id: LayerId) -> Result<[i64; 2]> {
        let [_, _, h, w] = sizes(activation(&self.clean, id)?);
        Ok([h, w])
    }
}
