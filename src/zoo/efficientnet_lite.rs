//! EfficientNet-Lite0, the network that is always at hand.

use super::Weights;
use crate::Result;
use crate::net::{Conv2d, Net, Op};

/// Stages of the network: repeats, kernel, stride of the first block, expansion, channels.
const STAGES: [(usize, i64, i64, i64, i64); 7] = [
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
];

/// Build EfficientNet-Lite0 from weights named as in `efficientnet_lite_pytorch`.
///
/// Layers: `stem.conv`, `stem.bn`, `stem.relu`; `block0` to `block15`, each with `.expand`,
/// `.depthwise` and `.project` convolutions (`.conv`, `.bn`, `.relu`) and `.add` where it skips;
/// `head.*`, `pool`, `flatten`, `fc`. Input mean 127/255, standard deviation 128/255.
///
/// Source: Tan and Le 2019, table 1, without squeeze-and-excitation and with ReLU6.
pub fn efficientnet_lite0(mut weights: Weights) -> Result<Net> {
    let w = &mut weights;
    let normalize = Op::Normalize { mean: [127. / 255.; 3], std: [128. / 255.; 3], bgr: false };
    let net = Net::new("EfficientNet-Lite0").then("normalize", normalize)?;
    let stem = same(conv(w, "_conv_stem", [32, 3, 3])?, 3, 2);
    let mut net = batch_norm(net.then("stem.conv", stem)?, "stem", w, "_bn0", 32)?;
    net = net.then("stem.relu", Op::Relu6)?;
    let (mut index, mut channels) = (0, 32);
    for (repeats, kernel, first_stride, expansion, out) in STAGES {
        for repeat in 0..repeats {
            let stride = if repeat == 0 { first_stride } else { 1 };
            net = block(net, w, index, Block { kernel, stride, expansion, channels, out })?;
            (index, channels) = (index + 1, out);
        }
    }
    net = net.then("head.conv", Op::Conv2d(conv(w, "_conv_head", [1280, channels, 1])?))?;
    net = batch_norm(net, "head", w, "_bn1", 1280)?.then("head.relu", Op::Relu6)?;
    net = net.then("pool", Op::AdaptiveAvgPool2d { out: [1, 1] })?.then("flatten", Op::Flatten)?;
    let (weight, bias) = (w.take("_fc.weight", &[1000, 1280])?, w.take("_fc.bias", &[1000])?);
    net = net.then("fc", Op::Linear { weight, bias })?;
    weights.finish()?;
    Ok(net.with_classes(super::imagenet_classes()))
}

struct Block {
    kernel: i64,
    stride: i64,
    expansion: i64,
    channels: i64,
    out: i64,
}

/// Expand the channels, filter each on its own, project back, and add the input if shapes agree.
fn block(mut net: Net, w: &mut Weights, index: usize, b: Block) -> Result<Net> {
    let (name, from) = (format!("block{index}"), net.last().to_string());
    let (key, wide) = (format!("_blocks.{index}"), b.channels * b.expansion);
    if b.expansion > 1 {
        let expand = conv(w, &format!("{key}._expand_conv"), [wide, b.channels, 1])?;
        let at = format!("{name}.expand");
        net = net.then(&format!("{at}.conv"), Op::Conv2d(expand))?;
        net = batch_norm(net, &at, w, &format!("{key}._bn0"), wide)?;
        net = net.then(&format!("{at}.relu"), Op::Relu6)?;
    }
    let depthwise = conv(w, &format!("{key}._depthwise_conv"), [wide, 1, b.kernel])?.groups(wide);
    let at = format!("{name}.depthwise");
    net = net.then(&format!("{at}.conv"), same(depthwise, b.kernel, b.stride))?;
    net = batch_norm(net, &at, w, &format!("{key}._bn1"), wide)?;
    net = net.then(&format!("{at}.relu"), Op::Relu6)?;
    let project = conv(w, &format!("{key}._project_conv"), [b.out, wide, 1])?;
    let at = format!("{name}.project");
    net = net.then(&format!("{at}.conv"), Op::Conv2d(project))?;
    net = batch_norm(net, &at, w, &format!("{key}._bn2"), b.out)?;
    if b.stride == 1 && b.channels == b.out {
        net = net.join(&format!("{name}.add"), Op::Add, &[&format!("{at}.bn"), &from])?;
    }
    Ok(net)
}

/// TensorFlow's "SAME" padding for even images: at stride 2 the extra pixel goes below and right.
fn same(conv: Conv2d, kernel: i64, stride: i64) -> Op {
    let before = (kernel - stride) / 2;
    let after = kernel - stride - before;
    Op::Conv2d(conv.stride(stride).borders([before; 2], [after; 2]))
}

fn conv(w: &mut Weights, key: &str, [out, channels, kernel]: [i64; 3]) -> Result<Conv2d> {
    let weight = w.take(&format!("{key}.weight"), &[out, channels, kernel, kernel])?;
    Ok(Conv2d::new(weight, None))
}

fn batch_norm(net: Net, name: &str, w: &mut Weights, key: &str, channels: i64) -> Result<Net> {
    let op = Op::BatchNorm {
        scale: w.take(&format!("{key}.weight"), &[channels])?,
        shift: w.take(&format!("{key}.bias"), &[channels])?,
        mean: w.take(&format!("{key}.running_mean"), &[channels])?,
        var: w.take(&format!("{key}.running_var"), &[channels])?,
        eps: 1e-3,
    };
    net.then(&format!("{name}.bn"), op)
}
