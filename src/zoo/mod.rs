//! Tool 2: the networks people know, and where their weights come from.
//!
//! `zoo::resnet18()?` is one of them with its published weights, `zoo::resnet18_from(path)?` with those of a
//! file; [`Model`] is all of them as a value, and [`list`] shows them.
//!
//! # Your own network
//!
//! A network is a list of named layers, so one of yours is written down as it is drawn. This one, with a
//! skip connection, is the kind one trains on CIFAR; `state_dict()` saved by torch has its weights.
//!
//! ```
//! use convlens::net::{Net, Op, Pool};
//! use convlens::zoo::Weights;
//! use tch::{Device, Kind, Tensor};
//!
//! fn little_resnet(mut weights: Weights) -> convlens::Result<Net> {
//!     let w = &mut weights;
//!     let net = Net::new("little ResNet")
//!         .then("normalize", Op::Normalize { mean: [0.5; 3], std: [0.25; 3], bgr: false })?
//!         .then("conv1", Op::Conv2d(w.conv_with_bias("conv1", [2, 3, 3])?.padding(1)))?
//!         .then("relu1", Op::Relu)?
//!         .then("conv2", Op::Conv2d(w.conv("conv2", [2, 2, 1])?))?
//!         .then("bn2", w.batch_norm("bn2", 2, 1e-5)?)?
//!         .join("add", Op::Add, &["bn2", "relu1"])?
//!         .then("pool", Op::MaxPool2d(Pool::square(2)))?
//!         .then("mean", Op::AdaptiveAvgPool2d { out: [1, 1] })?
//!         .then("flatten", Op::Flatten)?
//!         .then("fc", w.linear("fc", [1, 2])?)?;
//!     weights.finish()?; // a tensor that no layer took would be an error
//!     Ok(net.with_classes(vec!["bright".into()]))
//! }
//!
//! let ones = |name: &str, shape: &[i64]| {
//!     (name.to_string(), Tensor::ones(shape, (Kind::Float, Device::Cpu)))
//! };
//! let names = ["bn2.weight", "bn2.bias", "bn2.running_mean", "bn2.running_var"];
//! let mut tensors = Vec::from(names.map(|name| ones(name, &[2])));
//! tensors.push(ones("conv1.weight", &[2, 3, 3, 3]));
//! tensors.push(ones("conv1.bias", &[2]));
//! tensors.push(ones("conv2.weight", &[2, 2, 1, 1]));
//! tensors.push(ones("fc.weight", &[1, 2]));
//! tensors.push(ones("fc.bias", &[1]));
//! let net = little_resnet(Weights::from_tensors(tensors))?; // or Weights::read("mine.pth")?
//!
//! // One white pixel: (1 - 0.5) / 0.25 = 2 for each colour; conv1 and its ReLU: 3 * 2 + 1 = 7; conv2:
//! // 7 + 7 = 14, and its BatchNorm leaves 14 - 1 + 1; the skip adds 7;
//! let white = Tensor::ones([1, 3, 1, 1], (Kind::Float, Device::Cpu));
//! assert!((net.tap(&white, "add")?.double_value(&[0, 1, 0, 0]) - 21.0).abs() < 1e-3);
//! let wide = Tensor::ones([1, 3, 4, 6], (Kind::Float, Device::Cpu));
//! assert_eq!(net.tap(&wide, "pool")?.size(), [1, 2, 2, 3]);
//! # Ok::<(), convlens::Error>(())
//! ```

mod alexnet;
mod by_name;
mod cache;
mod checkpoint;
mod classes;
mod densenet;
mod digits;
mod efficientnet_lite;
mod fetch;
mod googlenet;
mod list;
mod model;
mod parts;
mod resnet;
mod squeezenet;
mod table;
mod top;
mod vgg;
mod weights;

pub use by_name::*;
pub use cache::weights_folder;
pub(crate) use cache::{STYLES_FILE, weights_file};
pub use classes::{class_index, imagenet_classes};
pub use digits::digit_net;
pub use list::{Listed, Listing, list};
pub use model::Model;
pub use top::{Prediction, Top};
pub use vgg::vgg_trunk;
pub use weights::Weights;
