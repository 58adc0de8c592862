//! The networks by name.

use super::Weights;
use super::cache::{missing, weights_folder};
use super::table::{Row, Source, ZOO};
use crate::net::Net;
use crate::{Error, Result};
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
/// `Vgg16Features` and `AlexNetFeatures` end with `pool5`. Where torchvision runs one ReLU of a block several times, each run has a number here. Every network
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
    /// VGG-16 without its classifier: 13 convolutions, 14.7 million parameters.
    Vgg16Features,
    /// AlexNet without its classifier: 5 convolutions, 2.5 million parameters.
    AlexNetFeatures,
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
        Model::all().into_iter().filter(|m| m.source_at_hand().is_some()).collect()
    }

    /// The first of `models` whose weights are in the cache.
    ///
    /// So a notebook uses the better network where a reader has it: `Model::first_at_hand(&[Model::Vgg19,
    /// Model::Vgg16Features])?.load()?`. Errors: none of them is there.
    pub fn first_at_hand(models: &[Model]) -> Result<Model> {
        let found = models.iter().copied().find(|model| model.source_at_hand().is_some());
        found.ok_or_else(|| {
            let names: Vec<&str> = models.iter().map(|model| model.name()).collect();
            let advice = "run `cargo xtask setup`, or load one by its name to fetch it";
            Error::argument("models", "one with weights in the cache", names.join(", "), advice)
        })
    }

    /// The name of its weights file, torchvision's own for the networks that come from there: the file in
    /// the cache, else the one that [`Model::load`] would like best.
    ///
    /// ```
    /// assert_eq!(convlens::zoo::Model::ResNet50.file(), "resnet50-0676ba61.pth");
    /// ```
    pub fn file(self) -> &'static str {
        self.source().file
    }

    /// The network with its weights from the cache; torchvision's are fetched if they are not there.
    ///
    /// They come from torchvision's site, or from the mirror in `CONVLENS_WEIGHTS_URL`, with a progress
    /// bar; a broken download goes on where it stopped, and the file's sha256 is checked. Where two files
    /// serve, as for SqueezeNet 1.1, torchvision's is taken if it is in the cache, else the one that set-up
    /// put there; [`list`](super::list) shows which.
    pub fn load(self) -> Result<Net> {
        self.load_from(self.weights()?)
    }

    fn weights(self) -> Result<PathBuf> {
        let folder = weights_folder()?;
        if let Some(source) = self.source_at_hand() {
            return Ok(folder.join(source.file));
        }
        let site = std::env::var("CONVLENS_WEIGHTS_URL");
        let site = site.as_deref().unwrap_or(TORCHVISION);
        match self.row().sources.iter().find_map(|source| source.published(site)) {
            Some(published) => published.fetch(&folder),
            None => Err(missing(&folder, self.file())),
        }
    }

    fn source_at_hand(self) -> Option<&'static Source> {
        let folder = weights_folder().ok()?;
        self.row().sources.iter().find(|source| folder.join(source.file).is_file())
    }

    /// The file in the cache, else the one that would be best.
    pub(super) fn source(self) -> &'static Source {
        self.source_at_hand().unwrap_or(&self.row().sources[0])
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
