//! The zoo as a table.

use super::Weights;
use super::alexnet::alexnet;
use super::densenet::densenet;
use super::efficientnet_lite::efficientnet_lite;
use super::googlenet::googlenet;
use super::model::Model::{self, *};
use super::resnet::resnet;
use super::squeezenet::squeezenet;
use super::vgg::{vgg, vgg16_trunk};
use crate::Result;
use crate::net::Net;

/// Builds a network from its weights.
pub type Builder = fn(Weights) -> Result<Net>;

/// One row per network, in the order of [`Model`]: its file of weights (torchvision's: IMAGENET1K_V1), its
/// size in 2^20 bytes if it is on torchvision's site, and its builder.
pub const ZOO: [(Model, &str, Option<u64>, Builder); 25] = [
    (EfficientNetLite0, "efficientnet-lite0-57934424.pth", None, |w| efficientnet_lite(w, 0)),
    (EfficientNetLite1, "efficientnet-lite1-77cc7160.pth", None, |w| efficientnet_lite(w, 1)),
    (EfficientNetLite2, "efficientnet-lite2-9656183e.pth", None, |w| efficientnet_lite(w, 2)),
    (Vgg16Trunk, "vgg16-hed-trunk.safetensors", Some(527), vgg16_trunk),
    (AlexNet, "alexnet-owt-7be5be79.pth", Some(233), alexnet),
    (Vgg11, "vgg11-8a719046.pth", Some(506), |w| vgg(w, 0, false)),
    (Vgg11Bn, "vgg11_bn-6002323d.pth", Some(506), |w| vgg(w, 0, true)),
    (Vgg13, "vgg13-19584684.pth", Some(507), |w| vgg(w, 1, false)),
    (Vgg13Bn, "vgg13_bn-abd245e5.pth", Some(507), |w| vgg(w, 1, true)),
    (Vgg16, "vgg16-397923af.pth", Some(527), |w| vgg(w, 2, false)),
    (Vgg16Bn, "vgg16_bn-6c64b313.pth", Some(527), |w| vgg(w, 2, true)),
    (Vgg19, "vgg19-dcbb9e9d.pth", Some(548), |w| vgg(w, 3, false)),
    (Vgg19Bn, "vgg19_bn-c79401a0.pth", Some(548), |w| vgg(w, 3, true)),
    (SqueezeNet1_0, "squeezenet1_0-b66bff10.pth", Some(4), |w| squeezenet(w, 0)),
    (SqueezeNet1_1, "squeezenet1_1-b8a52dc0.pth", Some(4), |w| squeezenet(w, 1)),
    (ResNet18, "resnet18-f37072fd.pth", Some(44), |w| resnet(w, 0)),
    (ResNet34, "resnet34-b627a593.pth", Some(83), |w| resnet(w, 1)),
    (ResNet50, "resnet50-0676ba61.pth", Some(97), |w| resnet(w, 2)),
    (ResNet101, "resnet101-63fe2227.pth", Some(170), |w| resnet(w, 3)),
    (ResNet152, "resnet152-394f9c45.pth", Some(230), |w| resnet(w, 4)),
    (DenseNet121, "densenet121-a639ec97.pth", Some(30), |w| densenet(w, 0)),
    (DenseNet161, "densenet161-8d451a50.pth", Some(110), |w| densenet(w, 1)),
    (DenseNet169, "densenet169-b2777c0a.pth", Some(54), |w| densenet(w, 2)),
    (DenseNet201, "densenet201-c1103571.pth", Some(77), |w| densenet(w, 3)),
    (GoogLeNet, "googlenet-1378be20.pth", Some(49), googlenet),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_has_its_own_row_and_file() {
        let files: std::collections::HashSet<_> = ZOO.iter().map(|(_, file, ..)| file).collect();
        assert_eq!((ZOO.len(), files.len()), (GoogLeNet as usize + 1, ZOO.len()));
        for (i, (model, ..)) in ZOO.iter().enumerate() {
            assert_eq!(*model as usize, i, "{model:?}");
        }
    }
}
