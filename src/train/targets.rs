//! What a network shall say.

use super::logits;
use crate::check::{finite, within};
use crate::net::Net;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// What a network thinks of pictures at a temperature, `[n, classes]`: the softmax of its scores over it.
///
/// Defensive distillation trains a second network on a first one's (Papernot et al. 2016, section IV).
///
/// Errors: a temperature outside 0.000001 to 1 000 000; as [`Net::logits`].
pub fn soft_labels(net: &Net, images: &Tensor, temperature: f64) -> Result<Tensor> {
    within("temperature", temperature, 1e-6..=1e6, "1 leaves scores as they are")?;
    Ok((logits(net, images)? / temperature).f_softmax(1, Kind::Float)?)
}

/// Targets as the likelihood of each class, `[n, classes]`.
pub(super) fn shares(net: &Net, n: i64, targets: &Tensor) -> Result<Tensor> {
    net.require_classes()?;
    let classes = net.classes().len() as i64;
    if targets.size() == [n, classes] && targets.is_floating_point() {
        finite(targets, "targets")?;
        return Ok(targets.shallow_clone());
    }
    let whole = targets.size() == [n] && targets.kind() == Kind::Int64;
    if whole
        && targets.f_ge(0)?.f_logical_and(&targets.f_lt(classes)?)?.f_all()?.f_int64_value(&[])?
            == 1
    {
        return Ok(targets.f_one_hot(classes)?.f_to_kind(Kind::Float)?);
    }
    let expected = format!("{n} classes below {classes}, or likelihoods of shape [{n}, {classes}]");
    let got = format!("{:?} of shape {:?}", targets.kind(), targets.size());
    Err(Error::argument("targets", expected, got, "number the classes from 0"))
}
