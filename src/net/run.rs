//! Running a plan forwards.

use super::conv::channels_last;
use super::plan::{Step, Work, plan};
use super::precision::at_least_float;
use super::{LayerId, Net, Op};
use crate::check::{finite, values_within};
use crate::pixels::batch_size;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// Activations by layer name, as asked for in [`Net::taps`].
#[derive(Debug)]
pub struct Taps {
    pub(crate) names: Vec<String>,
    pub(crate) values: Vec<Tensor>,
}

impl Taps {
    /// The activation of the named layer; shares its memory.
    pub fn at(&self, name: &str) -> Result<Tensor> {
        let found = self.names.iter().position(|n| n == name);
        let index = found.ok_or_else(|| {
            let expected = format!("one of: {}", self.names.join(", "));
            Error::argument("tap", expected, format!("`{name}`"), "add it to the list of taps")
        })?;
        Ok(self.values[index].shallow_clone())
    }

    /// The same numbers, laid out so that `view` can take them apart.
    pub(crate) fn contiguous(&self) -> Result<Taps> {
        let values = self.values.iter().map(|y| Ok(y.f_contiguous()?)).collect::<Result<_>>()?;
        Ok(Taps { names: self.names.clone(), values })
    }
}

impl Net {
    /// The activations of the named layers, from one pass that runs only what leads to them.
    ///
    /// `x` is `[n, 3, h, w]`, RGB in 0..1. If it requires a gradient, so do the taps. Memory: the
    /// taps and the activations still to be read; all of them when a gradient is required.
    /// Errors: an unknown layer, an image of another kind or shape, one that is too small, NaN.
    pub fn taps(&self, x: &Tensor, names: &[&str]) -> Result<Taps> {
        finite(x, "image")?;
        self.taps_as_made(x, names)?.contiguous()
    }

    /// [`Net::taps`] in whatever memory layout they were made, mostly channels last: no copies.
    pub(crate) fn taps_as_made(&self, x: &Tensor, names: &[&str]) -> Result<Taps> {
        let ids = names.iter().map(|name| self.id(name)).collect::<Result<Vec<_>>>()?;
        let values = self.run(x, &ids)?.iter().map(at_least_float).collect::<Result<_>>()?;
        Ok(Taps { names: names.iter().map(|n| n.to_string()).collect(), values })
    }

    /// The activation of one named layer.
    pub fn tap(&self, x: &Tensor, name: &str) -> Result<Tensor> {
        self.taps(x, &[name])?.at(name)
    }

    /// The scores of all classes before softmax, `[n, classes]`. Errors: as [`Net::taps`], and NaN among the
    /// scores.
    pub fn logits(&self, x: &Tensor) -> Result<Tensor> {
        finite(x, "image")?;
        let scores = self.scores(x)?;
        finite(&scores, "scores")?;
        Ok(scores)
    }

    /// [`Net::logits`] of an image that was looked at before; the scores may be NaN.
    pub(crate) fn scores(&self, x: &Tensor) -> Result<Tensor> {
        self.require_classes()?;
        let name = self.last();
        self.taps_as_made(x, &[name])?.contiguous()?.at(name)
    }

    pub(crate) fn require_classes(&self) -> Result<()> {
        if !self.classes.is_empty() {
            return Ok(());
        }
        let advice = "ask for a layer with `tap`, or take a network that ends in classes";
        Err(Error::argument(
            "network",
            "a classifier",
            format!("{}, which has no classes", self.name),
            advice,
        ))
    }

    /// The activations of `ids`, in their order, in whatever memory layout they were made.
    pub(crate) fn run(&self, x: &Tensor, ids: &[LayerId]) -> Result<Vec<Tensor>> {
        self.check_input(x, ids)?;
        let mut held: Vec<Option<Tensor>> = self.layers.iter().map(|_| None).collect();
        held[0] = Some(channels_last(x));
        for step in plan(self, ids) {
            let inputs = step.inputs.iter().map(|&id| activation(&held, id));
            let y = step.compute(&inputs.collect::<Result<Vec<_>>>()?)?;
            held[step.layer] = Some(y);
            step.done.iter().for_each(|&id| held[id] = None);
        }
        ids.iter().map(|&id| Ok(activation(&held, id)?.shallow_clone())).collect()
    }

    /// Whether `x` is an image this network can take as far as the layers `ids`.
    pub(crate) fn check_input(&self, x: &Tensor, ids: &[LayerId]) -> Result<()> {
        batch_size(x, "image")?;
        let kind = self.kind().unwrap_or(x.kind());
        if x.kind() != kind || !matches!(kind, Kind::Float | Kind::Double) {
            let expected =
                format!("{:?} of shape [n, c, h, w]", self.kind().unwrap_or(Kind::Float));
            let got = format!("{:?} of shape {:?}", x.kind(), x.size());
            let advice = "`load` makes a Float one, `to_kind(Kind::Double)` one of `Double`";
            return Err(Error::argument("image", expected, got, advice));
        }
        values_within("images", &x.size())?;
        let last = ids.iter().copied().max().unwrap_or(0);
        self.shapes(&x.size(), last).map(|_| ())
    }
}

impl Step<'_> {
    pub(crate) fn compute(&self, xs: &[&Tensor]) -> Result<Tensor> {
        match &self.work {
            Work::Own(op) => op.apply(xs),
            Work::Folded(conv) => conv.apply(xs[0]),
            Work::InPlace(Op::Relu6) => Ok(xs[0].shallow_clone().f_relu6_()?),
            Work::InPlace(_) => Ok(xs[0].shallow_clone().f_relu_()?),
        }
    }
}

pub(crate) fn activation(held: &[Option<Tensor>], id: LayerId) -> Result<&Tensor> {
    held[id].as_ref().ok_or_else(|| Error::Torch(format!("the plan dropped layer {id} too early")))
}
