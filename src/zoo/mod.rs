//! Tool 2: the networks people know, and where their weights come from.

mod cache;
mod checkpoint;
mod classes;
mod efficientnet_lite;
mod top;
mod vgg;
mod weights;

pub use cache::weights_folder;
pub use classes::{class_index, imagenet_classes};
pub use top::{Prediction, Top};
pub use weights::Weights;

use crate::Result;
use crate::net::Net;
use std::path::Path;

/// A network of the zoo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// ImageNet classifier, 4.7 million parameters (Tan and Le 2019).
    EfficientNetLite0,
    /// Convolutions of VGG-16, 14.7 million parameters, fine-tuned to find edges (Xie and Tu 2015).
    Vgg16Trunk,
}

impl Model {
    /// Every network of the zoo.
    pub fn all() -> Vec<Model> {
        vec![Model::EfficientNetLite0, Model::Vgg16Trunk]
    }

    /// The networks whose weights are in the cache.
    pub fn at_hand() -> Vec<Model> {
        Model::all().into_iter().filter(|m| cache::weights_file(m.file()).is_ok()).collect()
    }

    /// The name of its weights file.
    pub fn file(self) -> &'static str {
        match self {
            Model::EfficientNetLite0 => "efficientnet-lite0-57934424.pth",
            Model::Vgg16Trunk => "vgg16-hed-trunk.safetensors",
        }
    }

    /// The network with its weights from the cache.
    pub fn load(self) -> Result<Net> {
        self.load_from(cache::weights_file(self.file())?)
    }

    /// The network with weights from a file: `.pth` or `.safetensors`.
    ///
    /// A file of another network is an error that names the first tensor that is missing, misshapen
    /// or left over.
    pub fn load_from(self, path: impl AsRef<Path>) -> Result<Net> {
        self.build(Weights::read(path)?)
    }

    /// The network with weights already read.
    pub fn build(self, weights: Weights) -> Result<Net> {
        match self {
            Model::EfficientNetLite0 => efficientnet_lite::efficientnet_lite0(weights),
            Model::Vgg16Trunk => vgg::vgg16_trunk(weights),
        }
    }
}

/// EfficientNet-Lite0 from the cache: the classifier that is always at hand.
pub fn efficientnet_lite0() -> Result<Net> {
    Model::EfficientNetLite0.load()
}

/// The trunk of VGG-16 from the cache, `conv1_1` to `pool5`.
pub fn vgg16_trunk() -> Result<Net> {
    Model::Vgg16Trunk.load()
}
