//! Many versions of a few images, several of them in one pass.

use crate::show::progress;
use crate::{Error, Result};
use tch::Tensor;

/// Some versions of some images.
pub(crate) struct Pairs {
    /// Which image, one number for each entry.
    pub image: Vec<i64>,
    /// Which version of it.
    pub version: Vec<i64>,
}

/// Calls `pass` with all versions of all images, at most `batch` at a time, the first version of every
/// image first; returns how many it did before Stop.
pub(crate) fn in_batches(
    label: &str,
    [images, versions]: [i64; 2],
    batch: usize,
    mut pass: impl FnMut(&Pairs) -> Result<()>,
) -> Result<i64> {
    let all: Vec<i64> = (0..images * versions).collect();
    let mut done = 0;
    for some in progress(label, all.chunks(batch)) {
        let image = some.iter().map(|i| i % images).collect();
        pass(&Pairs { image, version: some.iter().map(|i| i / images).collect() })?;
        done += some.len() as i64;
    }
    Ok(done)
}

impl Pairs {
    /// The images' numbers as an index, where the tensor `x` is.
    pub fn images(&self, x: &Tensor) -> Result<Tensor> {
        Ok(Tensor::f_from_slice(&self.image)?.f_to_device(x.device())?)
    }

    /// The versions' numbers as an index, where the tensor `x` is.
    pub fn versions(&self, x: &Tensor) -> Result<Tensor> {
        Ok(Tensor::f_from_slice(&self.version)?.f_to_device(x.device())?)
    }
}

/// What a loop says that Stop ended too early to be of use.
pub(crate) fn stopped(what: &str, all: i64, done: i64) -> Error {
    Error::argument(what, format!("{all} passes"), done, "let the loop run on before Stop")
}
