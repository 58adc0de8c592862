//! Tool 2: the networks people know, and where their weights come from.

mod alexnet;
mod cache;
mod checkpoint;
mod classes;
mod densenet;
mod efficientnet_lite;
mod googlenet;
mod model;
mod parts;
mod resnet;
mod squeezenet;
mod table;
mod top;
mod vgg;
mod weights;

pub use cache::weights_folder;
pub use classes::{class_index, imagenet_classes};
pub use model::Model;
pub use top::{Prediction, Top};
pub use vgg::vgg_trunk;
pub use weights::Weights;

use crate::Result;
use crate::net::Net;

/// EfficientNet-Lite0 from the cache: the classifier that is always at hand.
pub fn efficientnet_lite0() -> Result<Net> {
    Model::EfficientNetLite0.load()
}

/// The trunk of VGG-16 from the cache, `conv1_1` to `pool5`.
pub fn vgg16_trunk() -> Result<Net> {
    Model::Vgg16Trunk.load()
}
