//! The networks by name.

use super::Weights;
use super::cache::{weights_file, weights_folder};
use super::table::{Row, ZOO};
use crate::Result;
use crate::net::Net;
use std::path::{Path, PathBuf};

/// Where torchvision publishes its weights.
const TORCHVISION: &str = "https://download.pytorch.org/models";

/// A network of the zoo; its layers have the names that people know.
///
/// | family | layers |
/// |---|---|
/// | AlexNet | the lecture's: `conv1`, `relu1`, `pool1`, ..., `pool5`, `fc6`, `relu6`, `fc7`, `relu7`, `fc8` |
/// | VGG | the lecture's: `conv1_1`, `bn1_1` if it has BatchNorm, `relu1_1`, ..., `pool5`, `fc6`, ..., `fc8` |
/// | SqueezeNet | torchvision's: `features.0`, `features.3.squeeze`, ..., `features.12`, `classifier.1` |
/// | ResNet | torchvision's: `conv1`, `layer1.0.conv1`, `layer1.0.relu1`, ..., `layer1.0.add`, ..., `fc` |
/// | DenseNet | torchvision's: `features.denseblock1.denselayer1.conv1`, ... and `.cat` for what goes on |
/// | GoogLeNet | torchvision's: `conv1.conv`, `inception3a.branch1.conv`, ..., `inception3a`, ..., `fc` |
/// | EfficientNet-Lite | `stem.conv`, `block0.depthwise.conv`, `block0.project.bn`, ..., `fc` |
///
/// Where torchvision runs one ReLU of a block several times, each run has a number here. Every network
/// begins with `normalize`, and dropout, which only training needs, is left out. A network prints its
/// layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// 4.7 million parameters (Tan and Le 2019).
    EfficientNetLite0,
    /// 5.4 million parameters, for images of 240 x 240.
    EfficientNetLite1,
    /// 6.1 million parameters, for images of 260 x 260.
    EfficientNetLite2,
    /// Convolutions of VGG-16, 14.7 million parameters, fine-tuned to find edges (Xie and Tu 2015).
    Vgg16Trunk,
    /// 61.1 million parameters (Krizhevsky 2014).
    AlexNet,
    /// 132.9 million parameters (Simonyan and Zisserman 2015).
    Vgg11,
    /// VGG-11 with BatchNorm.
    Vgg11Bn,
    /// 133.0 million parameters.
    Vgg13,
    /// VGG-13 with BatchNorm.
    Vgg13Bn,
    /// 138.4 million parameters.
    Vgg16,
    /// VGG-16 with BatchNorm.
    Vgg16Bn,
    /// 143.7 million parameters.
    Vgg19,
    /// VGG-19 with BatchNorm.
    Vgg19Bn,
    /// 1.2 million parameters (Iandola et al. 2016).
    SqueezeNet1_0,
    /// 1.2 million parameters, less than half the work of 1.0.
    SqueezeNet1_1,
    /// 11.7 million parameters (He et al. 2016).
    ResNet18,
    /// 21.8 million parameters.
    ResNet34,
    /// 25.6 million parameters.
    ResNet50,
    /// 44.5 million parameters.
    ResNet101,
    /// 60.2 million parameters.
    ResNet152,
    /// 8.0 million parameters (Huang et al. 2017).
    DenseNet121,
    /// 28.7 million parameters.
    DenseNet161,
    /// 14.1 million parameters.
    DenseNet169,
    /// 20.0 million parameters.
    DenseNet201,
    /// 6.6 million parameters (Szegedy et al. 2015).
    GoogLeNet,
}

impl Model {
    /// Every network of the zoo.
    pub fn all() -> Vec<Model> {
        ZOO.iter().map(|row| row.model).collect()
    }

    /// The networks whose weights are in the cache.
    pub fn at_hand() -> Vec<Model> {
        Model::all().into_iter().filter(|m| weights_file(m.file()).is_ok()).collect()
    }

    /// The name of its weights file; torchvision's own for the networks that come from there.
    ///
    /// ```
    /// assert_eq!(convlens::zoo::Model::ResNet50.file(), "resnet50-0676ba61.pth");
    /// ```
    pub fn file(self) -> &'static str {
        self.row().file
    }

    /// The network with its weights from the cache; torchvision's are fetched if they are not there.
    ///
    /// They come from torchvision's site, or from the mirror in `CONVLENS_WEIGHTS_URL`, with a progress
    /// bar; a broken download goes on where it stopped, and the file's sha256 is checked.
    pub fn load(self) -> Result<Net> {
        self.load_from(self.weights()?)
    }

    fn weights(self) -> Result<PathBuf> {
        let site = std::env::var("CONVLENS_WEIGHTS_URL");
        let site = site.as_deref().unwrap_or(TORCHVISION);
        match (weights_file(self.file()), self.row().published(site)) {
            (Err(_), Some(published)) => published.fetch(&weights_folder()?),
            (found, _) => found,
        }
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
        (self.row().builder)(weights)
    }

    pub(super) fn row(self) -> &'static Row {
        &ZOO[self as usize]
    }
}
