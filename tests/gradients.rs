//! Saliency, guided backprop and Grad-CAM on tiny networks, by hand and by identities.

mod common;

use common::{EXACT, apart, double, largest, wide};
use convlens::cam::{grad_cam, guided_grad_cam};
use convlens::guided::{as_picture, deconvnet, guided_backprop};
use convlens::net::{Conv2d, Net, Op, ReluRule};
use convlens::occlusion::Baseline;
use convlens::pixels::Photos;
use convlens::saliency::{IntegratedGradients, Quadrature, SmoothGrad};
use convlens::{Objective, patches::Patches};
use tch::Tensor;

fn numbers(x: &Tensor) -> Vec<f64> {
    Vec::<f64>::try_from(x.to_kind(tch::Kind::Double).contiguous().flatten(0, -1)).unwrap()
}

fn conv(values: &[f32], shape: [i64; 4]) -> Op {
    Op::Conv2d(Conv2d::new(Tensor::from_slice(values).view(shape), None))
}

/// The sum of a 2 x 3 picture times weights 1, 2, ..., 18.
fn linear() -> (Net, Objective) {
    let weights: Vec<f32> = (1..=18).map(|v| v as f32).collect();
    let net = Net::new("linear").then("conv1", conv(&weights, [1, 3, 2, 3])).unwrap();
    (net, Objective::neuron("conv1", 0, [0, 0]))
}

/// Two different 2 x 3 pictures.
fn pictures() -> Tensor {
    let values: Vec<f32> = (0..36).map(|v| (v * 7 % 18) as f32 / 18.0).collect();
    Tensor::from_slice(&values).view([2, 3, 2, 3])
}

/// max(0, 2 red - 1), as in the doctest.
fn kinked() -> (Net, Objective, Tensor) {
    let weight = Tensor::from_slice(&[2f32, 0., 0.]).view([1, 3, 1, 1]);
    let op = Op::Conv2d(Conv2d::new(weight, Some(Tensor::from_slice(&[-1f32]))));
    let net = Net::new("kinked").then("conv1", op).unwrap().then("relu1", Op::Relu).unwrap();
    let white = Tensor::from_slice(&[1f32; 3]).view([1, 3, 1, 1]);
    (net, Objective::neuron("relu1", 0, [0, 0]), white)
}

#[test]
fn a_linear_network_gives_weight_times_way_whatever_the_rule() {
    let ((net, score), x) = (linear(), wide(&pictures()));
    let net = double(&net);
    let weight = Tensor::arange_start(1, 19, (tch::Kind::Double, tch::Device::Cpu));
    let wanted =
        ((&x - 0.5) * weight.view([1, 3, 2, 3])).sum_dim_intlist([1i64].as_slice(), true, None);
    for rule in [Quadrature::GaussLegendre, Quadrature::Midpoint, Quadrature::Right] {
        let settings = IntegratedGradients { steps: 3, rule, baseline: Baseline::Grey, batch: 4 };
        let found = settings.run(&net, &x, &score).unwrap();
        assert!(apart(&found.map, &wanted) <= EXACT * largest(&wanted), "{rule:?}");
        assert!(largest(&found.gap().unwrap()) <= EXACT * largest(&found.scores), "{rule:?}");
    }
}

#[test]
fn a_gap_is_what_the_steps_miss() {
    // Right ends at 1/5, ..., 5/5: three of five see slope 2, where half of the way has it.
    let (net, score, white) = kinked();
    let right = IntegratedGradients { steps: 5, rule: Quadrature::Right, ..Default::default() };
    let found = right.run(&net, &white, &score).unwrap();
    assert!((numbers(&found.map)[0] - 1.2).abs() < 1e-6);
    assert_eq!((numbers(&found.scores), numbers(&found.baseline_scores)), (vec![1.0], vec![0.0]));
    assert!((numbers(&found.gap().unwrap())[0] + 0.2).abs() < 1e-6);
    assert!((numbers(&found.relative_gap().unwrap())[0] - 0.2).abs() < 1e-6);
}

#[test]
fn smooth_gradients_hang_on_the_seed_and_not_on_the_batch() {
    let (net, x) = (double(&linear().0), wide(&pictures()));
    let score = Objective::custom("cube", &["conv1"], |taps| {
        Ok(taps.at("conv1")?.view([-1]).pow_tensor_scalar(3))
    });
    let run = |batch, seed| {
        let smooth = SmoothGrad { samples: 5, batch, seed, ..SmoothGrad::default() };
        smooth.run(&net, &x, &score).unwrap()
    };
    let [one, many, other] = [run(1, 7), run(8, 7), run(8, 8)];
    assert!(apart(&one.gradient, &many.gradient) <= EXACT * largest(&many.gradient));
    assert!(apart(&one.squared, &many.squared) <= EXACT * largest(&many.squared));
    assert!(many.gradient.equal(&run(8, 7).gradient) && !many.gradient.equal(&other.gradient));
    assert_eq!(many.samples, 5);
}

#[test]
fn noise_is_a_share_of_each_images_range() {
    // The gradient of half a square is the value itself: its deviation is that of the noise.
    let net = Net::new("pixels");
    let x = Tensor::zeros([2, 3, 40, 60], (tch::Kind::Float, tch::Device::Cpu));
    let _ = x.get(0).get(0).get(0).get(0).fill_(1.0);
    let _ = x.get(1).get(0).get(0).get(0).fill_(0.5);
    let square = Objective::custom("half the square", &["input"], |taps| {
        Ok(taps.at("input")?.square().sum_dim_intlist([1i64, 2, 3].as_slice(), false, None) / 2.0)
    });
    let smooth = SmoothGrad { samples: 1, noise: 0.2, ..SmoothGrad::default() };
    let found = smooth.run(&net, &x, &square).unwrap().gradient;
    for (image, deviation) in [(0, 0.2), (1, 0.1)] {
        let spread = found.get(image).get(2).std(true).double_value(&[]);
        assert!((spread / deviation - 1.0).abs() < 0.05, "{spread} for {deviation}");
    }
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let ((net, score), x) = (linear(), pictures());
    let smooth = |s: SmoothGrad| s.run(&net, &x, &score).unwrap_err().to_string();
    let none = smooth(SmoothGrad { samples: 0, ..SmoothGrad::default() });
    assert_eq!(none, "samples: expected 1 to 1000000, got 0; 25 are enough for most");
    let less = smooth(SmoothGrad { noise: -0.1, ..SmoothGrad::default() });
    assert_eq!(less, "noise: expected 0 to 1000000, got -0.1; a share of the range: try 0.15");
    let way = |i: IntegratedGradients| i.run(&net, &x, &score).unwrap_err().to_string();
    let none = way(IntegratedGradients { steps: 0, ..Default::default() });
    assert_eq!(none, "steps: expected 1 to 10000, got 0; Sundararajan et al. take 20 to 300");
    let empty = way(IntegratedGradients { batch: 0, ..Default::default() });
    assert_eq!(empty, "batch: expected 1 to 100000, got 0; 8 is usual");
}

#[test]
fn relu6_is_dark_above_six_for_guided_backprop_only() {
    // Units of value 12 red, 12 red - 12 green: 6 and more is dark, below 0 too.
    let net = Net::new("tiny").then("conv1", conv(&[12., 0., 0., 12., -12., 0.], [2, 3, 1, 1]));
    let net = net.unwrap().then("relu1", Op::Relu6).unwrap();
    let x = Tensor::from_slice(&[0.75f32, 0.5, 0.]).view([1, 3, 1, 1]);
    let score = Objective::neuron("relu1", 0, [0, 0]) + Objective::neuron("relu1", 1, [0, 0]);
    assert_eq!(numbers(&guided_backprop(&net, &x, &score).unwrap()), [12., -12., 0.]);
    assert_eq!(numbers(&deconvnet(&net, &x, &score).unwrap()), [24., -12., 0.]);
}

#[test]
fn without_a_relu_there_is_nothing_to_guide() {
    let ((net, score), x) = (linear(), pictures());
    for sent in [guided_backprop(&net, &x, &score), deconvnet(&net, &x, &score)] {
        let error = sent.unwrap_err().to_string();
        assert!(error.starts_with("score: expected a ReLU between image and score"), "{error}");
    }
    let above = net.then("relu1", Op::Relu).unwrap();
    assert!(
        guided_backprop(&above, &x, &score).is_err(),
        "a ReLU above the score is not on the way"
    );
}

#[test]
fn signals_as_pictures_keep_grey_in_the_middle() {
    let silent = Tensor::zeros([1, 3, 1, 2], (tch::Kind::Float, tch::Device::Cpu));
    let loud = Tensor::from_slice(&[4f32, -4., 2., -2., 0., 1.]).view([1, 3, 1, 2]);
    let shown = as_picture(&Tensor::cat(&[silent, loud], 0)).unwrap();
    let wanted = [0.5; 6].into_iter().chain([1., 0., 0.75, 0.25, 0.5, 0.625]);
    assert_eq!(numbers(&shown), wanted.collect::<Vec<_>>());
}

/// A 1 x 2 picture in red, and a network of two channels whose means are scored 1 and -2.
fn for_cam() -> (Net, Tensor, Objective) {
    let net = Net::new("cam").then("conv1", conv(&[1., 0., 0., 0., 1., 0.], [2, 3, 1, 1])).unwrap();
    let net = net.then("relu1", Op::Relu).unwrap().then("conv2", conv(&[1., -2.], [1, 2, 1, 1]));
    let x = Tensor::from_slice(&[1f32, 0., 0., 1., 0., 0.]).view([1, 3, 1, 2]);
    (net.unwrap(), x, Objective::channel("conv2", 0))
}

#[test]
fn a_cam_is_enlarged_and_says_when_nothing_is_positive() {
    let (net, x, score) = for_cam();
    let found = grad_cam(&net, &x, &score, "relu1").unwrap();
    assert_eq!(numbers(&found.weights), [0.5, -1.0]);
    assert_eq!(numbers(&found.coarse), [0.5, -1.0]);
    assert!(!found.overlay(&x).unwrap().alt.contains("nothing"));
    let grey = x.full_like(0.5);
    let none = grad_cam(&net, &grey, &score, "relu1").unwrap();
    assert_eq!(numbers(&none.map), [0.0, 0.0]);
    let alt = none.overlay(&x).unwrap().alt;
    assert!(alt.starts_with("nothing in relu1 speaks for the score (at most −0.25)"), "{alt}");
}

#[test]
fn guided_grad_cam_is_the_product() {
    let (net, x, score) = for_cam();
    let product = guided_backprop(&net, &x, &score).unwrap()
        * grad_cam(&net, &x, &score, "relu1").unwrap().map;
    let found = guided_grad_cam(&net, &x, &score, "relu1").unwrap();
    assert!(found.equal(&product) && found.abs().max().double_value(&[]) > 0.0);
}

#[test]
fn layers_that_grad_cam_cannot_use_are_refused() {
    let (net, x, score) = for_cam();
    let net = net.then("pool", Op::AdaptiveAvgPool2d { out: [1, 1] }).unwrap();
    let net = net.then("flat", Op::Flatten).unwrap();
    let last = Objective::neuron("flat", 0, [0, 0]);
    for layer in ["pool", "flat"] {
        let error = grad_cam(&net, &x, &last, layer).unwrap_err().to_string();
        assert!(error.starts_with("layer: expected one with rows and columns"), "{error}");
    }
    let error = grad_cam(&net, &x, &score, "pool").unwrap_err().to_string();
    assert!(error.starts_with("layer: expected one that leads to channel 0 of conv2"), "{error}");
}

#[test]
fn a_patch_becomes_the_signals_of_its_unit() {
    let folder = tempfile::tempdir().unwrap();
    let grey = Tensor::full([1, 3, 4, 6], 0.5, (tch::Kind::Float, tch::Device::Cpu));
    convlens::pixels::save(&grey, folder.path().join("grey.png")).unwrap();
    let photos = Photos { size: 4, ..Photos::in_folder(folder.path()).unwrap() };
    let net =
        Net::new("tiny").then("conv1", conv(&[1., -1., 0., 0., 0., 0.], [1, 3, 1, 2])).unwrap();
    let net = net.then("relu1", Op::Relu).unwrap();
    let mut found = Patches::default().start(&net, "conv1", &[0]).unwrap();
    let image = photos.image(0).unwrap();
    let _ = image.get(0).get(0).get(1).get(2).fill_(1.0);
    found.look(&net, &image, &photos.files).unwrap();
    let sent = found.signals(&net, &photos, ReluRule::Gradient).unwrap();
    assert_eq!(numbers(&sent.rows[0].patches[0].pixels), [1.0, 0.0, 0.5, 0.5, 0.5, 0.5]);
    let others = Photos { files: vec!["other.png".into()], ..photos };
    let error = found.signals(&net, &others, ReluRule::Gradient).unwrap_err().to_string();
    assert!(error.ends_with("pass the photos that the patches were found in"), "{error}");
}
