//! EfficientNet-Lite; version 0 is the network that is always at hand.

use super::Weights;
use crate::Result;
use crate::net::{Conv2d, Net, Op};

/// Kernel, stride of the first block and expansion of the seven stages, the same in every version.
const STAGES: [(i64, i64, i64); 7] =
    [(3, 1, 1), (3, 2, 6), (5, 2, 6), (3, 2, 6), (5, 1, 6), (5, 2, 6), (3, 1, 6)];

/// Height and width it was trained at, blocks and channels of each stage.
const VERSIONS: [(i64, [usize; 7], [i64; 7]); 3] = [
    (224, [1, 2, 2, 3, 3, 4, 1], [16, 24, 40, 80, 112, 192, 320]),
    (240, [1, 3, 3, 4, 4, 5, 1], [16, 24, 40, 80, 112, 192, 320]),
    (260, [1, 3, 3, 4, 4, 5, 1], [16, 24, 48, 88, 120, 208, 352]),
];

/// Build EfficientNet-Lite0, 1 or 2 from weights named as in `efficientnet_lite_pytorch`.
///
/// Layers: `stem.conv`, `stem.bn`, `stem.relu`; `block0`, `block1` and so on, each with `.expand`,
/// `.depthwise` and `.project` convolutions (`.conv`, `.bn`, `.relu`) and `.add` where it skips;
/// `head.*`, `pool`, `flatten`, `fc`. Input mean 127/255, standard deviation 128/255.
///
/// Source: Tan and Le 2019, table 1, without squeeze-and-excitation and with ReLU6.
pub fn efficientnet_lite(mut weights: Weights, version: usize) -> Result<Net> {
    let (w, (mut side, repeats, widths)) = (&mut weights, VERSIONS[version]);
    let normalize = Op::Normalize { mean: [127. / 255.; 3], std: [128. / 255.; 3], bgr: false };
    let name = format!("EfficientNet-Lite{version}");
    let mut net = Net::new(&name).then("normalize", normalize)?;
    let stem = same(w.conv("_conv_stem", [32, 3, 3])?, &mut side, 2);
    net = batch_norm(net.then("stem.conv", stem)?, "stem", w, "_bn0", 32)?;
    net = net.then("stem.relu", Op::Relu6)?;
    let (mut index, mut channels) = (0, 32);
    for (((kernel, first, expansion), repeats), out) in STAGES.into_iter().zip(repeats).zip(widths)
    {
        for repeat in 0..repeats {
            let stride = if repeat == 0 { first } else { 1 };
            let shape = Block { kernel, stride, expansion, channels, out };
            net = block(net, w, index, shape, &mut side)?;
            (index, channels) = (index + 1, out);
        }
    }
    net = net.then("head.conv", Op::Conv2d(w.conv("_conv_head", [1280, channels, 1])?))?;
    net = batch_norm(net, "head", w, "_bn1", 1280)?
        .then("head.relu", Op::Relu6)?
        .then("pool", Op::AdaptiveAvgPool2d { out: [1, 1] })?
        .then("flatten", Op::Flatten)?
        .then("fc", w.linear("_fc", [1000, 1280])?)?;
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
fn block(mut net: Net, w: &mut Weights, index: usize, b: Block, side: &mut i64) -> Result<Net> {
    let (name, from) = (format!("block{index}"), net.last().to_string());
    let (key, wide) = (format!("_blocks.{index}"), b.channels * b.expansion);
    if b.expansion > 1 {
        let expand = w.conv(&format!("{key}._expand_conv"), [wide, b.channels, 1])?;
        let at = format!("{name}.expand");
        net = net.then(&format!("{at}.conv"), Op::Conv2d(expand))?;
        net = batch_norm(net, &at, w, &format!("{key}._bn0"), wide)?;
        net = net.then(&format!("{at}.relu"), Op::Relu6)?;
    }
    let depthwise = w.conv(&format!("{key}._depthwise_conv"), [wide, 1, b.kernel])?.groups(wide);
    let at = format!("{name}.depthwise");
    net = net.then(&format!("{at}.conv"), same(depthwise, side, b.stride))?;
    net = batch_norm(net, &at, w, &format!("{key}._bn1"), wide)?;
    net = net.then(&format!("{at}.relu"), Op::Relu6)?;
    let project = w.conv(&format!("{key}._project_conv"), [b.out, wide, 1])?;
    let at = format!("{name}.project");
    net = net.then(&format!("{at}.conv"), Op::Conv2d(project))?;
    net = batch_norm(net, &at, w, &format!("{key}._bn2"), b.out)?;
    if b.stride == 1 && b.channels == b.out {
        net = net.join(&format!("{name}.add"), Op::Add, &[&format!("{at}.bn"), &from])?;
    }
    Ok(net)
}

/// TensorFlow's "SAME" padding on `side` pixels, which become fewer by the stride: the border that
/// just covers them, its odd pixel below and right.
fn same(conv: Conv2d, side: &mut i64, stride: i64) -> Op {
    let windows = (*side + stride - 1) / stride;
    let border = (windows - 1) * stride + conv.extent()[0] - *side;
    *side = windows;
    Op::Conv2d(conv.stride(stride).borders([border / 2; 2], [border - border / 2; 2]))
}

fn batch_norm(net: Net, name: &str, w: &mut Weights, key: &str, channels: i64) -> Result<Net> {
    net.then(&format!("{name}.bn"), w.batch_norm(key, channels, 1e-3)?)
}
