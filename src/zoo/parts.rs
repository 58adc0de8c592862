//! What the families share: layers made of named tensors.

use super::Weights;
use crate::Result;
use crate::net::{Conv2d, Net, Op};

/// Layers made of named tensors, for the builders of this zoo and for your own.
///
/// Errors of all: a tensor that is missing or has another shape, as [`Weights::take`] says it.
impl Weights {
    /// The square convolution `key` of `[out, in / groups, size]`, without a bias.
    pub fn conv(&mut self, key: &str, [out, channels, size]: [i64; 3]) -> Result<Conv2d> {
        let weight = self.take(&format!("{key}.weight"), &[out, channels, size, size])?;
        Ok(Conv2d::new(weight, None))
    }

    /// The same with a bias.
    pub fn conv_with_bias(&mut self, key: &str, shape: [i64; 3]) -> Result<Conv2d> {
        let conv = self.conv(key, shape)?;
        Ok(Conv2d { bias: Some(self.take(&format!("{key}.bias"), &shape[..1])?), ..conv })
    }

    /// The BatchNorm `key` with its statistics; PyTorch's usual `eps` is 1e-5.
    pub fn batch_norm(&mut self, key: &str, channels: i64, eps: f64) -> Result<Op> {
        let mut part = |name: &str| self.take(&format!("{key}.{name}"), &[channels]);
        let (scale, shift) = (part("weight")?, part("bias")?);
        let (mean, var) = (part("running_mean")?, part("running_var")?);
        Ok(Op::BatchNorm { scale, shift, mean, var, eps })
    }

    /// The fully connected layer `key` of `[out, in]`.
    pub fn linear(&mut self, key: &str, [out, inputs]: [i64; 2]) -> Result<Op> {
        let weight = self.take(&format!("{key}.weight"), &[out, inputs])?;
        Ok(Op::Linear { weight, bias: self.take(&format!("{key}.bias"), &[out])? })
    }
}

/// A network that begins as torchvision's do: colours by ImageNet's mean and standard deviation.
pub(super) fn imagenet_net(name: &str) -> Result<Net> {
    let (mean, std) = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]);
    Net::new(name).then("normalize", Op::Normalize { mean, std, bgr: false })
}

/// The end of ResNet, DenseNet and GoogLeNet: the channels' means, and one layer on them.
pub(super) fn mean_and_linear(net: Net, w: &mut Weights, name: &str, channels: i64) -> Result<Net> {
    net.then("avgpool", Op::AdaptiveAvgPool2d { out: [1, 1] })?
        .then("flatten", Op::Flatten)?
        .then(name, w.linear(name, [1000, channels])?)
}

/// The end of AlexNet and VGG on `[channels, height, width]` means, by the keys of its weights.
pub(super) fn fully_connected(
    net: Net,
    w: &mut Weights,
    keys: [&str; 3],
    [channels, height, width]: [i64; 3],
) -> Result<Net> {
    net.then("avgpool", Op::AdaptiveAvgPool2d { out: [height, width] })?
        .then("flatten", Op::Flatten)?
        .then("fc6", w.linear(keys[0], [4096, channels * height * width])?)?
        .then("relu6", Op::Relu)?
        .then("fc7", w.linear(keys[1], [4096, 4096])?)?
        .then("relu7", Op::Relu)?
        .then("fc8", w.linear(keys[2], [1000, 4096])?)
}
