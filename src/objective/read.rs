//! Picking one number per image out of an activation.

use super::prior::total;
use crate::{Error, Result};
use tch::Tensor;

pub(super) fn neuron(activation: &Tensor, channel: i64, at: [i64; 2]) -> Result<Tensor> {
    let map = pick(activation, 1, channel, "channel")?;
    match (map.dim(), at) {
        (1, [0, 0]) => Ok(map),
        (1, _) => {
            let advice = "a fully connected layer has no rows and columns";
            Err(Error::argument("position", "[0, 0]", format!("{at:?}"), advice))
        }
        _ => pick(&pick(&map, 1, at[0], "row")?, 1, at[1], "column"),
    }
}

pub(crate) fn pick(x: &Tensor, dim: i64, index: i64, what: &str) -> Result<Tensor> {
    let size = x.size()[dim as usize];
    if !(0..size).contains(&index) {
        let advice = format!("this network has {size} of them here");
        return Err(Error::argument(what, format!("0..{size}"), index, advice));
    }
    Ok(x.f_select(dim, index)?)
}

pub(super) fn per_image_mean(x: &Tensor) -> Result<Tensor> {
    let each = x.numel() as f64 / x.size()[0] as f64;
    Ok(total(x)? / each)
}

pub(super) fn sum(mut scores: impl Iterator<Item = Result<Tensor>>) -> Result<Tensor> {
    let none = || Error::argument("objective", "at least one term", "an empty sum", "add a term");
    let first = scores.next().ok_or_else(none)??;
    scores.try_fold(first, |total, score| Ok(total.f_add(&score?)?))
}
