//! Tool 1: a network is data. Layers have names, and only what is asked for runs.

mod apply;
mod average;
mod build;
mod check;
mod conv;
mod device;
mod display;
mod fingerprint;
mod gradient;
mod gradient_at;
pub(crate) mod incremental;
mod op;
mod plan;
mod pool;
mod precision;
mod receptive;
mod reinitialise;
mod rule;
mod run;
mod shape;
#[cfg(test)]
mod tests;
mod trainable;

pub use conv::Conv2d;
pub(crate) use conv::channels_last;
pub(crate) use device::check_device;
pub use op::Op;
pub use pool::Pool;
pub use precision::Precision;
pub use receptive::{Crop, Field};
pub use rule::ReluRule;
pub use run::Taps;

use crate::names::closest;
use crate::{Error, Result};
use std::rc::Rc;

/// So many names still fit an error message.
const FEW: usize = 40;

/// Position of a layer in its network; 0 is the image.
pub type LayerId = usize;

/// One named operation and where its inputs come from.
#[derive(Debug)]
pub struct Layer {
    /// The name by which the layer is asked for.
    pub name: String,
    /// What it computes.
    pub op: Op,
    /// The layers it reads, all earlier than itself.
    pub inputs: Vec<LayerId>,
    /// For a BatchNorm right after a convolution: both as one convolution.
    pub(crate) folded: Option<Conv2d>,
}

/// A feed-forward network with frozen weights that eats RGB images in 0..1.
///
/// Build one layer after the other; `input` is the image.
///
/// ```
/// use convlens::net::{Conv2d, Net, Op};
/// use tch::{Kind, Tensor};
/// let ones = Tensor::ones([1, 3, 2, 2], (Kind::Float, tch::Device::Cpu));
/// let net = Net::new("tiny")
///     .then("conv1", Op::Conv2d(Conv2d::new(ones, None)))?
///     .then("relu1", Op::Relu)?;
/// let image = Tensor::full([1, 3, 2, 3], 0.5, (Kind::Float, tch::Device::Cpu));
/// let y = net.tap(&image, "relu1")?;
/// assert_eq!(y.size(), [1, 1, 1, 2]);
/// assert_eq!(y.double_value(&[0, 0, 0, 0]), 6.0); // 3 channels x 2 x 2 pixels x 0.5
/// # Ok::<(), convlens::Error>(())
/// ```
#[derive(Debug)]
pub struct Net {
    pub(crate) name: String,
    pub(crate) layers: Vec<Rc<Layer>>,
    pub(crate) classes: Vec<String>,
}

impl Net {
    /// The network's own name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All layers in order, the input first.
    pub fn layers(&self) -> &[Rc<Layer>] {
        &self.layers
    }

    /// The names of all layers in order, `input` first.
    pub fn names(&self) -> Vec<String> {
        self.layers.iter().map(|l| l.name.clone()).collect()
    }

    /// The names of the classes the last layer tells apart; empty for a network without classifier.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The named layer.
    pub fn layer(&self, name: &str) -> Result<&Layer> {
        Ok(&self.layers[self.id(name)?])
    }

    pub(crate) fn last(&self) -> &str {
        &self.layers[self.layers.len() - 1].name
    }

    pub(crate) fn id(&self, name: &str) -> Result<LayerId> {
        self.layers.iter().position(|l| l.name == name).ok_or_else(|| {
            let got = format!("`{name}`");
            Error::argument("layer", format!("a layer of {}", self.name), got, self.advice(name))
        })
    }

    /// All names of a small network; of a large one those that may have been meant.
    fn advice(&self, name: &str) -> String {
        let names = self.names();
        if names.len() <= FEW {
            return format!("it has: {}", names.join(", "));
        }
        let closest = closest(name, names.iter().map(String::as_str), 5).join(", ");
        format!("closest are: {closest}; printing the network lists all {}", names.len())
    }

    /// The part of the network that leads to `name`, sharing its weights.
    pub fn upto(&self, name: &str) -> Result<Net> {
        let last = self.id(name)?;
        let layers = self.layers[..=last].to_vec();
        let classes = if last + 1 == self.layers.len() { self.classes.clone() } else { vec![] };
        Ok(Net { name: format!("{} up to {name}", self.name), layers, classes })
    }
}
