//! Every network in one line.

use super::Model;
use crate::Result;
use crate::net::Net;
use std::path::Path;

macro_rules! by_name {
    ($($name:ident $from:ident $model:ident,)*) => {$(
        #[doc = concat!("[`Model::", stringify!($model), "`] with its published weights: [`Model::load`].")]
        pub fn $name() -> Result<Net> {
            Model::$model.load()
        }

        #[doc = concat!("[`Model::", stringify!($model), "`] with weights from a file: [`Model::load_from`].")]
        pub fn $from(path: impl AsRef<Path>) -> Result<Net> {
            Model::$model.load_from(path)
        }
    )*

    impl Model {
        /// The name of the function that loads it.
        ///
        /// ```
        /// use convlens::zoo::{Model, vgg19_bn};
        /// assert_eq!(Model::Vgg19Bn.name(), "vgg19_bn"); // vgg19_bn()?
        /// ```
        pub fn name(self) -> &'static str {
            match self {
                $(Model::$model => stringify!($name),)*
            }
        }
    }};
}

by_name! {
    efficientnet_lite0 efficientnet_lite0_from EfficientNetLite0,
    efficientnet_lite1 efficientnet_lite1_from EfficientNetLite1,
    efficientnet_lite2 efficientnet_lite2_from EfficientNetLite2,
    vgg16_features vgg16_features_from Vgg16Features,
    alexnet_features alexnet_features_from AlexNetFeatures,
    alexnet alexnet_from AlexNet,
    vgg11 vgg11_from Vgg11,
    vgg11_bn vgg11_bn_from Vgg11Bn,
    vgg13 vgg13_from Vgg13,
    vgg13_bn vgg13_bn_from Vgg13Bn,
    vgg16 vgg16_from Vgg16,
    vgg16_bn vgg16_bn_from Vgg16Bn,
    vgg19 vgg19_from Vgg19,
    vgg19_bn vgg19_bn_from Vgg19Bn,
    squeezenet1_0 squeezenet1_0_from SqueezeNet1_0,
    squeezenet1_1 squeezenet1_1_from SqueezeNet1_1,
    resnet18 resnet18_from ResNet18,
    resnet34 resnet34_from ResNet34,
    resnet50 resnet50_from ResNet50,
    resnet101 resnet101_from ResNet101,
    resnet152 resnet152_from ResNet152,
    densenet121 densenet121_from DenseNet121,
    densenet161 densenet161_from DenseNet161,
    densenet169 densenet169_from DenseNet169,
    densenet201 densenet201_from DenseNet201,
    googlenet googlenet_from GoogLeNet,
}
