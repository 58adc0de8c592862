//! What must hold on a network that uses every operation.

use super::*;
use crate::Objective;
use proptest::prelude::*;
use tch::{Device, Kind, Tensor};

/// Numbers without pattern in -1..1 that anybody can compute: frac(1e4 sin(i + seed)), centred.
pub(super) fn wave(shape: &[i64], seed: i64) -> Tensor {
    let count: i64 = shape.iter().product();
    let i = Tensor::arange(count, (Kind::Double, Device::Cpu)) + seed;
    ((i.sin() * 1e4).frac()).to_kind(Kind::Float).reshape(shape)
}

fn conv(out: i64, channels: i64, size: i64, seed: i64) -> Conv2d {
    let bias = wave(&[out], seed + 1);
    Conv2d::new(wave(&[out, channels, size, size], seed), Some(bias)).padding(size / 2)
}

pub(super) fn batch_norm(channels: i64, seed: i64) -> Op {
    let near_one = |seed| wave(&[channels], seed) * 0.5 + 1.0;
    let (mean, shift) = (wave(&[channels], seed), wave(&[channels], seed + 1));
    Op::BatchNorm { scale: near_one(seed + 2), shift, mean, var: near_one(seed + 3), eps: 1e-3 }
}

/// Two branches, a skip connection, both pools, every normalisation, a fully connected end.
pub(super) fn every_op() -> Result<Net> {
    let classes = (0..3).map(|i| format!("class {i}")).collect();
    let response = Op::LocalResponseNorm { size: 3, alpha: 0.1, beta: 0.75, k: 1.0 };
    Net::new("every op")
        .then(
            "normalize",
            Op::Normalize { mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.25], bgr: true },
        )?
        .then("conv1", Op::Conv2d(conv(4, 3, 3, 1).stride(2).borders([0, 1], [1, 0])))?
        .then("bn1", batch_norm(4, 2))?
        .then("relu1", Op::Relu)?
        .then("lrn", response)?
        .then("pool1", Op::MaxPool2d(Pool::square(3).stride(2).ceil()))?
        .then("left", Op::Conv2d(conv(4, 1, 3, 3).groups(4)))?
        .then("left_bn", batch_norm(4, 4))?
        .then("left_relu", Op::Relu6)?
        .join("right", Op::Conv2d(conv(4, 4, 1, 5)), &["pool1"])?
        .then("right_relu", Op::Relu)?
        .join("cat", Op::Concat, &["left_relu", "right_relu"])?
        .then("mix", Op::Conv2d(conv(4, 8, 3, 6)))?
        .join("add", Op::Add, &["mix", "pool1"])?
        .then("relu2", Op::Relu)?
        .then("pool2", Op::AvgPool2d(Pool::square(2).stride(1).padding(1)))?
        .then("mean", Op::AdaptiveAvgPool2d { out: [2, 1] })?
        .then("flatten", Op::Flatten)?
        .then("fc1", Op::Linear { weight: wave(&[5, 8], 7), bias: wave(&[5], 8) })?
        .then("fc1_relu", Op::Relu)?
        .then("fc2", Op::Linear { weight: wave(&[3, 5], 9), bias: wave(&[3], 10) })
        .map(|net| net.with_classes(classes))
}

pub(super) fn image(n: i64, h: i64, w: i64) -> Tensor {
    wave(&[n, 3, h, w], 11) * 0.5 + 0.5
}

pub(super) fn assert_close(a: &Tensor, b: &Tensor, what: &str) {
    let scale = b.abs().max().double_value(&[]).max(1e-6);
    let difference = (a - b).abs().max().double_value(&[]) / scale;
    assert!(a.size() == b.size() && difference < 1e-4, "{what}: {difference}");
}

#[test]
fn planning_and_folding_change_nothing() {
    let (net, x) = (every_op().unwrap(), image(2, 23, 30));
    let names = net.names();
    let all = net.taps(&x, &names.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    for name in names {
        assert_close(&net.tap(&x, &name).unwrap(), &all.at(&name).unwrap(), &name);
    }
    assert!(all.at("input").unwrap().equal(&x));
}

#[test]
fn walking_with_the_gradient_rule_is_autograd() {
    let (net, x) = (every_op().unwrap(), image(2, 21, 34));
    for wish in [
        Objective::class(1),
        Objective::neuron("add", 2, [1, 3]),
        Objective::layer("relu2") - Objective::channel("left", 3),
        Objective::class(0) + 2.0 * Objective::channel("input", 1),
    ] {
        let autograd = net.gradient(&x, &wish, ReluRule::Gradient).unwrap();
        let walked = net.walk(&x, &wish, ReluRule::Gradient).unwrap();
        assert!(autograd.abs().max().double_value(&[]) > 0.0, "{wish}: nothing to compare");
        assert_close(&walked, &autograd, &wish.to_string());
    }
}

#[test]
fn without_relus_all_rules_agree() {
    let net = Net::new("linear")
        .then("conv1", Op::Conv2d(conv(4, 3, 3, 1)))
        .and_then(|net| net.then("pool", Op::AvgPool2d(Pool::square(2))))
        .unwrap();
    let (x, wish) = (image(1, 9, 14), Objective::neuron("pool", 2, [1, 5]));
    let gradient = net.gradient(&x, &wish, ReluRule::Gradient).unwrap();
    for rule in [ReluRule::Guided, ReluRule::Deconvnet] {
        assert_close(&net.gradient(&x, &wish, rule).unwrap(), &gradient, "rule");
    }
}

#[test]
fn the_gradient_is_the_slope() {
    let (net, x) = (every_op().unwrap(), image(1, 20, 27));
    let (score, gradient) = net.score_and_gradient(&x, &Objective::class(2)).unwrap();
    let step = wave(&[1, 3, 20, 27], 12) * 1e-4;
    let (there, _) = net.score_and_gradient(&(&x + &step), &Objective::class(2)).unwrap();
    let predicted = (gradient * step).sum(Kind::Float);
    let moved = there - score;
    let error = ((&moved - &predicted) / &predicted).abs().double_value(&[0]);
    assert!(error < 0.05, "{error}: moved {moved} predicted {predicted}");
}

#[test]
fn a_plan_runs_only_what_leads_to_its_taps_and_holds_little() {
    let net = every_op().unwrap();
    let id = |name: &str| net.id(name).unwrap();
    let steps = plan::plan(&net, &[id("right_relu")]);
    let ran: Vec<&str> = steps.iter().map(|s| net.layers[s.layer].name.as_str()).collect();
    assert_eq!(ran, ["normalize", "bn1", "relu1", "lrn", "pool1", "right", "right_relu"]);
    let (mut held, mut most) = (1i32, 1);
    for step in &steps {
        held += 1;
        most = most.max(held);
        held -= step.done.len() as i32;
    }
    assert_eq!((held, most), (1, 2));
}

#[test]
fn a_prefix_shares_its_weights_and_agrees() {
    let (net, x) = (every_op().unwrap(), image(1, 23, 30));
    let trunk = net.upto("add").unwrap();
    assert!(trunk.tap(&x, "add").unwrap().equal(&net.tap(&x, "add").unwrap()));
    assert!(trunk.logits(&x).is_err() && trunk.layer("fc1").is_err());
    let pointer = |net: &Net| match &net.layer("mix").unwrap().op {
        Op::Conv2d(conv) => conv.weight.data_ptr(),
        _ => std::ptr::null_mut(),
    };
    assert_eq!(pointer(&trunk), pointer(&net));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn shapes_by_arithmetic_are_the_shapes(h in 9i64..40, w in 9i64..40) {
        let net = every_op().unwrap();
        let last = net.layers.len() - 1;
        let shapes = net.shapes(&[1, 3, h, w], last).unwrap();
        let made = net.run(&image(1, h, w), &(0..=last).collect::<Vec<_>>()).unwrap();
        for (shape, made) in shapes.iter().zip(&made) {
            prop_assert_eq!(shape, &made.size());
        }
    }

    #[test]
    fn images_of_a_batch_do_not_meet(h in 9i64..30, w in 9i64..30) {
        let net = every_op().unwrap();
        let pair = wave(&[2, 3, h, w], 5);
        let together = net.logits(&pair).unwrap();
        let apart = [0, 1].map(|i| net.logits(&pair.narrow(0, i, 1)).unwrap());
        assert_close(&together, &Tensor::cat(&apart, 0), "batch");
    }

    /// With positive weights the gradient is lit exactly on the receptive field.
    #[test]
    fn a_unit_sees_its_receptive_field(h in 20i64..40, w in 20i64..40, at in 0i64..4) {
        let positive = |o, i, k| Conv2d::new(wave(&[o, i, k, k], 3).abs() + 0.1, None);
        let net = Net::new("positive")
            .then("conv1", Op::Conv2d(positive(2, 3, 5).stride(2).padding(2))).unwrap()
            .then("a", Op::Conv2d(positive(2, 2, 3).padding(1))).unwrap()
            .join("b", Op::Conv2d(positive(2, 2, 2).dilation(2).padding(1)), &["conv1"]).unwrap()
            .join("cat", Op::Concat, &["a", "b"]).unwrap()
            .then("pool", Op::AvgPool2d(Pool::square(2))).unwrap();
        let unit = [at, (at + 1) % 4];
        let g = net.gradient(&image(1, h, w), &(Objective::neuron("pool", 1, unit) + Objective::neuron("pool", 3, unit)), ReluRule::Gradient).unwrap();
        let seen = g.abs().sum_dim_intlist([0i64, 1].as_slice(), false, Kind::Float).gt(0.0);
        let crop = net.receptive_field("pool").unwrap().crop(unit, [h, w]);
        let expected = Tensor::zeros([h, w], (Kind::Bool, Device::Cpu));
        let _ = expected.narrow(0, crop.top, crop.bottom - crop.top)
            .narrow(1, crop.left, crop.right - crop.left).fill_(1);
        prop_assert!(seen.equal(&expected), "{:?}", crop);
    }
}

#[test]
fn bad_input_is_one_clear_sentence() {
    let (net, x) = (every_op().unwrap(), image(1, 20, 30));
    let says = |result: Result<Tensor>, words: &str| {
        let message = result.unwrap_err().to_string();
        assert!(message.contains(words) && !message.contains('\n'), "{message}");
    };
    says(
        net.tap(&x, "relu9"),
        "expected a layer of every op, got `relu9`; it has: input, normalize",
    );
    let add = |net: Net, i| net.then(&format!("layer{i}.relu"), Op::Relu).unwrap();
    let deep = (0..45).fold(Net::new("deep"), add);
    says(
        deep.tap(&x, "layer44.relu1"),
        "got `layer44.relu1`; closest are: layer44.relu, layer4.relu,",
    );
    says(deep.tap(&x, "layer44.relu1"), "; printing the network lists all 46");
    says(net.tap(&image(1, 1, 30), "fc2"), "room for a window of 3 pixels, got [1, 3, 1, 30]");
    says(
        net.tap(&x.get(0), "fc2"),
        "expected Float of shape [n, c, h, w], got Float of shape [3, 20, 30]",
    );
    says(net.tap(&x.narrow(1, 0, 1), "fc2"), "expected 3 channels, got [1, 1, 20, 30]");
    says(net.gradient(&x, &Objective::class(3), ReluRule::Guided), "class: expected 0..3, got 3");
    says(
        net.gradient(&x, &Objective::neuron("add", 0, [0, 99]), ReluRule::Gradient),
        "column: expected 0..7, got 99",
    );
    says(Net::new("empty").logits(&x), "a classifier");
    says(
        net.tap(&Tensor::zeros([1, 3, 0, 5], (Kind::Float, Device::Cpu)), "conv1"),
        "room for a window",
    );
}
