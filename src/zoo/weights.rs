//! Named tensors out of one file, handed to a network one by one.

use super::checkpoint;
use super::checkpoint::fault::quoted;
use crate::names::closest;
use crate::{Error, Result};
use std::path::{Path, PathBuf};
use tch::{Kind, Tensor};

/// The named tensors of one file: a torch checkpoint (`.pth`) or safetensors.
///
/// A network [takes](Weights::take) its tensors by name and shape and then [ends](Weights::finish),
/// so that a file of another architecture is refused by its first wrong tensor. All tensors are
/// contiguous f32; half, double and integer ones are converted (integers are exact up to 2^24).
///
/// ```
/// use convlens::prelude::*;
/// use convlens::zoo::Weights;
///
/// let bias = Tensor::from_slice(&[0.5_f32, -1.0]);
/// let mut weights = Weights::from_tensors(vec![("conv1.bias".to_string(), bias)]);
/// assert_eq!(
///     weights.take("conv1.bias", &[3]).unwrap_err().to_string(),
///     "tensors in memory: expected `conv1.bias` of shape [3], got [2]; \
///      give the weights of this architecture"
/// );
/// assert_eq!(weights.take("conv1.bias", &[2])?.double_value(&[1]), -1.0);
/// weights.finish()?;
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug)]
pub struct Weights {
    path: PathBuf,
    tensors: Vec<(String, Tensor)>,
}

const ADVICE: &str = "give the weights of this architecture";

impl Weights {
    /// Reads a file of weights: `.pth` of any torch since 0.1.10, or safetensors, told apart by
    /// content.
    ///
    /// A checkpoint is a dict of tensors, or a dict with one under `state_dict`; the prefix
    /// `module.` is cut off where every name has it. Nothing in the file is ever run: only what
    /// saved weights consist of is understood. Memory: the tensors and the largest storage
    /// (safetensors: the tensors and the file).
    ///
    /// # Errors
    /// A file that is missing, truncated, compressed, no file of weights, or wants to run
    /// something.
    pub fn read(path: impl AsRef<Path>) -> Result<Weights> {
        let path = path.as_ref().to_path_buf();
        let tensors = checkpoint::read(&path)?;
        Ok(Weights { path, tensors })
    }

    /// Weights that are already in memory.
    pub fn from_tensors(tensors: Vec<(String, Tensor)>) -> Weights {
        Weights { path: PathBuf::from("tensors in memory"), tensors }
    }

    /// The names of the tensors that nobody took yet, in the file's order.
    pub fn names(&self) -> Vec<String> {
        self.tensors.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The shape of a tensor that nobody took yet.
    pub fn shape(&self, name: &str) -> Option<Vec<i64>> {
        let found = self.tensors.iter().find(|(n, _)| n == name);
        found.map(|(_, tensor)| tensor.size())
    }

    /// Hands out a tensor of a network, as contiguous f32.
    ///
    /// # Errors
    /// No tensor of this name (its closest names are listed), or one of another shape.
    pub fn take(&mut self, name: &str, shape: &[i64]) -> Result<Tensor> {
        let shown = quoted(name);
        let Some(place) = self.tensors.iter().position(|(n, _)| n == name) else {
            let others = self.closest(name);
            return Err(self.error(format!("expected {shown} of shape {shape:?}, got {others}")));
        };
        let got = self.tensors[place].1.size();
        if got != shape {
            return Err(self.error(format!("expected {shown} of shape {shape:?}, got {got:?}")));
        }
        let (_, tensor) = self.tensors.remove(place);
        Ok(tensor.f_to_kind(Kind::Float)?.f_contiguous()?)
    }

    /// Ends the hand-out; BatchNorm's `num_batches_tracked`, which no forward pass needs, may stay.
    ///
    /// # Errors
    /// A tensor that nobody took.
    pub fn finish(self) -> Result<()> {
        let left = self.tensors.iter().find(|(name, _)| !is_counter(name));
        match left {
            None => Ok(()),
            Some((name, tensor)) => Err(self.error(format!(
                "expected no more tensors, got {} of shape {:?}",
                quoted(name),
                tensor.size()
            ))),
        }
    }

    /// Leaves out the tensors whose names begin with `prefix`.
    pub(super) fn leave_out(&mut self, prefix: &str) {
        self.tensors.retain(|(name, _)| !name.starts_with(prefix));
    }

    /// Calls a part of a name, wherever it occurs, by its new name.
    pub(super) fn rename(&mut self, old: &str, new: &str) {
        self.tensors.iter_mut().for_each(|(name, _)| *name = name.replace(old, new));
    }

    fn error(&self, why: String) -> Error {
        Error::file(&self.path, why, ADVICE)
    }

    /// Up to three names that begin and end most like `name`.
    fn closest(&self, name: &str) -> String {
        let names = self.tensors.iter().map(|(name, _)| name.as_str());
        let names: Vec<String> = closest(name, names, 3).into_iter().map(quoted).collect();
        match names.is_empty() {
            true => "no tensors".to_string(),
            false => format!("only others such as {}", names.join(", ")),
        }
    }
}

fn is_counter(name: &str) -> bool {
    name.rsplit('.').next() == Some("num_batches_tracked")
}
