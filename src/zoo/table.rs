//! The zoo as a table.

use super::Weights;
use super::alexnet::alexnet;
use super::densenet::densenet;
use super::efficientnet_lite::efficientnet_lite;
use super::fetch::Published;
use super::googlenet::googlenet;
use super::model::Model::{self, *};
use super::resnet::resnet;
use super::squeezenet::squeezenet;
use super::vgg::{vgg, vgg16_trunk};
use crate::Result;
use crate::net::Net;

use Origin::{Hed, Lite, Torchvision};

/// Builds a network from its weights.
pub type Builder = fn(Weights) -> Result<Net>;

/// Who made the weights, on which hang their licence and the input they were tested on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Google's, converted for torch; tested on squares of so many pixels.
    Lite(i64),
    /// HED's convolutions.
    Hed,
    /// torchvision's IMAGENET1K_V1, on its site.
    Torchvision,
}

/// What there is to know about a network before its weights are read.
pub struct Row {
    pub model: Model,
    pub origin: Origin,
    /// The name of its weights file.
    pub file: &'static str,
    /// How many learned numbers it has.
    pub parameters: i64,
    /// The size of its file, in 2^20 bytes.
    pub megabytes: f64,
    pub builder: Builder,
}

impl Row {
    /// Its file on torchvision's site or a mirror of it, if it is torchvision's.
    pub fn published<'a>(&self, site: &'a str) -> Option<Published<'a>> {
        let (file, megabytes) = (self.file, self.megabytes as u64);
        (self.origin == Torchvision).then_some(Published { file, megabytes, site })
    }
}

/// One row per network, in the order of [`Model`].
#[rustfmt::skip]
pub const ZOO: [Row; 25] = [
    row(EfficientNetLite0, Lite(224),   "efficientnet-lite0-57934424.pth",      4_652_008,  17.954, |w| efficientnet_lite(w, 0)),
    row(EfficientNetLite1, Lite(240),   "efficientnet-lite1-77cc7160.pth",      5_416_680,  20.930, |w| efficientnet_lite(w, 1)),
    row(EfficientNetLite2, Lite(260),   "efficientnet-lite2-9656183e.pth",      6_092_072,  23.524, |w| efficientnet_lite(w, 2)),
    row(Vgg16Trunk,        Hed,         "vgg16-hed-trunk.safetensors",         14_714_688,  56.134, vgg16_trunk),
    row(AlexNet,           Torchvision, "alexnet-owt-7be5be79.pth",            61_100_840, 233.087, alexnet),
    row(Vgg11,             Torchvision, "vgg11-8a719046.pth",                 132_863_336, 506.840, |w| vgg(w, 0, false)),
    row(Vgg11Bn,           Torchvision, "vgg11_bn-6002323d.pth",              132_868_840, 506.881, |w| vgg(w, 0, true)),
    row(Vgg13,             Torchvision, "vgg13-19584684.pth",                 133_047_848, 507.545, |w| vgg(w, 1, false)),
    row(Vgg13Bn,           Torchvision, "vgg13_bn-abd245e5.pth",              133_053_736, 507.590, |w| vgg(w, 1, true)),
    row(Vgg16,             Torchvision, "vgg16-397923af.pth",                 138_357_544, 527.796, |w| vgg(w, 2, false)),
    row(Vgg16Bn,           Torchvision, "vgg16_bn-6c64b313.pth",              138_365_992, 527.866, |w| vgg(w, 2, true)),
    row(Vgg19,             Torchvision, "vgg19-dcbb9e9d.pth",                 143_667_240, 548.051, |w| vgg(w, 3, false)),
    row(Vgg19Bn,           Torchvision, "vgg19_bn-c79401a0.pth",              143_678_248, 548.143, |w| vgg(w, 3, true)),
    row(SqueezeNet1_0,     Torchvision, "squeezenet1_0-b66bff10.pth",           1_248_424,   4.778, |w| squeezenet(w, 0)),
    row(SqueezeNet1_1,     Torchvision, "squeezenet1_1-b8a52dc0.pth",           1_235_496,   4.729, |w| squeezenet(w, 1)),
    row(ResNet18,          Torchvision, "resnet18-f37072fd.pth",               11_689_512,  44.661, |w| resnet(w, 0)),
    row(ResNet34,          Torchvision, "resnet34-b627a593.pth",               21_797_672,  83.275, |w| resnet(w, 1)),
    row(ResNet50,          Torchvision, "resnet50-0676ba61.pth",               25_557_032,  97.781, |w| resnet(w, 2)),
    row(ResNet101,         Torchvision, "resnet101-63fe2227.pth",              44_549_160, 170.511, |w| resnet(w, 3)),
    row(ResNet152,         Torchvision, "resnet152-394f9c45.pth",              60_192_808, 230.434, |w| resnet(w, 4)),
    row(DenseNet121,       Torchvision, "densenet121-a639ec97.pth",             7_978_856,  30.845, |w| densenet(w, 0)),
    row(DenseNet161,       Torchvision, "densenet161-8d451a50.pth",            28_681_000, 110.369, |w| densenet(w, 1)),
    row(DenseNet169,       Torchvision, "densenet169-b2777c0a.pth",            14_149_480,  54.708, |w| densenet(w, 2)),
    row(DenseNet201,       Torchvision, "densenet201-c1103571.pth",            20_013_928,  77.373, |w| densenet(w, 3)),
    row(GoogLeNet,         Torchvision, "googlenet-1378be20.pth",               6_624_904,  49.731, googlenet),
];

const fn row(
    model: Model,
    origin: Origin,
    file: &'static str,
    parameters: i64,
    megabytes: f64,
    builder: Builder,
) -> Row {
    Row { model, origin, file, parameters, megabytes, builder }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_has_its_own_row_and_file() {
        let files: std::collections::HashSet<_> = ZOO.iter().map(|row| row.file).collect();
        assert_eq!((ZOO.len(), files.len()), (GoogLeNet as usize + 1, ZOO.len()));
        for (i, row) in ZOO.iter().enumerate() {
            assert_eq!(row.model as usize, i, "{:?}", row.model);
        }
    }

    #[test]
    fn only_torchvisions_networks_are_asked_for_at_its_site() {
        let ours = ZOO.iter().filter(|row| row.published("site").is_none()).map(|row| row.model);
        assert!(ours.eq([EfficientNetLite0, EfficientNetLite1, EfficientNetLite2, Vgg16Trunk]));
        let whole = ResNet18.row().published("site").unwrap();
        assert_eq!((whole.file, whole.megabytes), ("resnet18-f37072fd.pth", 44));
    }
}
