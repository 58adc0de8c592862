//! What a network says of many pictures, and how often it is right.

use crate::net::Net;
use crate::pixels::finite_rgb;
use crate::{Error, Result};
use tch::{Kind, Tensor};

/// So many pictures go through a network at once where nothing is learned.
const BATCH: i64 = 250;

/// The scores of many pictures, `[n, classes]`, a batch at a time.
pub(crate) fn logits(net: &Net, images: &Tensor) -> Result<Tensor> {
    let [n, ..] = finite_rgb(images, "images")?;
    let starts = (0..n).step_by(BATCH as usize);
    let some = |at: i64| net.logits(&images.f_narrow(0, at, BATCH.min(n - at))?);
    Ok(Tensor::f_cat(&starts.map(some).collect::<Result<Vec<_>>>()?, 0)?)
}

/// The share of rows of `logits`, `[n, classes]`, that are highest at their label.
pub(crate) fn share_right(logits: &Tensor, labels: &Tensor) -> Result<f64> {
    let n = logits.size()[0];
    if labels.size() != [n] || labels.kind() != Kind::Int64 {
        let got = format!("{:?} of shape {:?}", labels.kind(), labels.size());
        let advice = "give the number of a class for each picture";
        return Err(Error::argument("labels", format!("Int64 of shape [{n}]"), got, advice));
    }
    let right = logits.f_argmax(1, false)?.f_eq_tensor(labels)?;
    Ok(right.f_to_kind(Kind::Double)?.f_mean(Kind::Double)?.f_double_value(&[])?)
}
