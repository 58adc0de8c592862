//! Layers no network has, and images no network can read: one sentence each, where they are named.

use super::*;
use crate::Objective;
use crate::net::Field;

fn zeros(size: &[i64]) -> Tensor {
    Tensor::zeros(size, (Kind::Float, Device::Cpu))
}

fn says(op: Op, words: &str) {
    let said = Net::new("odd").then("layer1", op).expect_err(words).to_string();
    assert!(
        said.starts_with("layer1's ") && said.contains(words) && !said.contains("libtorch"),
        "{said}"
    );
}

#[test]
fn convolutions_out_of_range() {
    let conv = |size: &[i64]| Conv2d::new(zeros(size), None);
    let plain = || conv(&[4, 2, 3, 3]);
    for size in [&[][..], &[4], &[4, 2, 3], &[4, 2, 0, 3], &[1, 1, 1, 1, 1]] {
        says(Op::Conv2d(conv(size)), "weight: expected [out, in / groups, height, width]");
    }
    says(Op::Conv2d(Conv2d::new(zeros(&[4, 2, 3, 3]), Some(zeros(&[3])))), "bias: expected [4]");
    for n in [0, -1, i64::MIN, i64::MAX, 4097] {
        says(Op::Conv2d(plain().stride(n)), "stride: expected 1 to 4096");
        says(Op::Conv2d(plain().dilation(n)), "dilation: expected 1 to 4096");
        says(Op::Conv2d(plain().groups(n)), "groups");
        if n != 0 {
            says(Op::Conv2d(plain().padding(n)), "border: expected 0 to 4096");
            says(Op::Conv2d(plain().borders([0; 2], [0, n])), "border: expected 0 to 4096");
        }
    }
    says(Op::Conv2d(plain().groups(3)), "groups");
    assert!(!Op::Conv2d(conv(&[])).to_string().is_empty());
}

#[test]
fn other_layers_out_of_range() {
    for n in [0, -1, i64::MIN, i64::MAX, 4097] {
        says(Op::MaxPool2d(Pool::square(n)), "window: expected 1 to 4096");
        says(Op::AvgPool2d(Pool::square(2).stride(n)), "stride: expected 1 to 4096");
        says(Op::AdaptiveAvgPool2d { out: [1, n] }, "parts: expected 1 to 4096");
        says(
            Op::LocalResponseNorm { size: n, alpha: 1.0, beta: 1.0, k: 1.0 },
            "channels: expected 1 to 4096",
        );
    }
    says(Op::MaxPool2d(Pool::square(3).padding(2)), "border: expected 0 to 1, got 2");
    for bad in [f64::NAN, f64::INFINITY, 0.0, -1.0, 1e-300] {
        let std = [0.2, bad, 0.2];
        says(Op::Normalize { mean: [0.5; 3], std, bgr: false }, "deviation: expected 0.000001 to");
        if bad != 1e-300 {
            says(Op::LocalResponseNorm { size: 5, alpha: 1.0, beta: 1.0, k: bad }, "k");
        }
    }
    says(Op::Normalize { mean: [f64::NAN; 3], std: [1.0; 3], bgr: false }, "mean");
    says(Op::Linear { weight: zeros(&[4]), bias: zeros(&[4]) }, "weight: expected [out, in]");
    says(Op::Linear { weight: zeros(&[4, 3]), bias: zeros(&[3]) }, "bias: expected [4]");
    let norm = |var: Tensor, eps| Op::BatchNorm {
        scale: zeros(&[2]),
        shift: zeros(&[2]),
        mean: zeros(&[2]),
        var,
        eps,
    };
    says(norm(zeros(&[3]), 1e-5), "variance: expected [2]");
    says(norm(zeros(&[2]), 0.0), "variance");
    says(norm(zeros(&[2]) - 1.0, 1e-5), "variance");
    says(norm(zeros(&[2]), f64::NAN), "variance");
    assert!(Net::new("fine").then("bn", norm(zeros(&[2]), 1e-5)).is_ok());
}

#[test]
fn receptive_fields_of_absurd_networks_do_not_overflow() {
    let pool =
        Op::MaxPool2d(Pool { size: [4096; 2], stride: [4096; 2], padding: [7; 2], ceil: true });
    let mut net = Net::new("deep");
    for i in 0..8 {
        let Op::MaxPool2d(p) = pool else { unreachable!() };
        net = net.then(&format!("pool{i}"), Op::MaxPool2d(p)).unwrap();
    }
    let Field::Window { size, .. } = net.receptive_field("pool7").unwrap() else { panic!() };
    assert_eq!(size, [i64::MAX; 2]);
    assert!(net.to_string().contains("pool7"));
    let field = Field::Window { size: [i64::MAX; 2], stride: [i64::MAX; 2], start: [i64::MIN; 2] };
    for unit in [i64::MIN, -1, 0, 1, i64::MAX] {
        let crop = field.crop([unit; 2], [-3, 5]);
        assert!(crop.top <= crop.bottom && crop.left <= crop.right && crop.right <= 5, "{crop:?}");
    }
}

#[test]
fn images_that_are_nan_or_too_large() {
    let (net, x) = (every_op().unwrap(), image(1, 20, 30));
    let bad = &x / 0.0;
    let wish = || Objective::class(1);
    for said in [
        net.taps(&bad, &["conv1"]).map(|_| ()).unwrap_err(),
        net.tap(&bad, "input").map(|_| ()).unwrap_err(),
        net.logits(&bad).map(|_| ()).unwrap_err(),
        net.top(&bad, 3).map(|_| ()).unwrap_err(),
        net.gradient(&bad, &wish(), ReluRule::Gradient).map(|_| ()).unwrap_err(),
        net.gradient(&bad, &wish(), ReluRule::Guided).map(|_| ()).unwrap_err(),
        net.score_and_gradient(&bad, &wish()).map(|_| ()).unwrap_err(),
        net.reinitialised(&["fc1"], &bad, 0).map(|_| ()).unwrap_err(),
        wish().score(&net, &bad).map(|_| ()).unwrap_err(),
    ] {
        assert!(said.to_string().contains("1800 of 1800 values NaN or infinite"), "{said}");
    }
    let wide = zeros(&[1]).expand([1 << 10, 3, 1 << 20, 1 << 20], false);
    assert!(net.tap(&wide, "conv1").unwrap_err().to_string().contains("at most"));
    let many = Net::new("many").then("parts", Op::AdaptiveAvgPool2d { out: [4096; 2] }).unwrap();
    let said = many.tap(&zeros(&[50, 3, 4, 4]), "parts").unwrap_err().to_string();
    assert!(said.contains("an output of at most 2147483648 values"), "{said}");
    assert!(net.top(&x, 0).unwrap_err().to_string().contains("k: expected 1"));
    assert_eq!(net.top(&x, usize::MAX).unwrap().0.len(), 3);
}

/// Scores that overflow make no prediction, and weights that are NaN no layer.
#[test]
fn a_network_whose_scores_are_nan_says_so() {
    let with = |value: f64| {
        let fc = Op::Linear { weight: zeros(&[2, 3]) + value, bias: zeros(&[2]) };
        Net::new("large").then("flatten", Op::Flatten).unwrap().then("fc", fc)
    };
    let said = with(f64::NAN).unwrap_err().to_string();
    assert!(said.contains("fc's weight: expected finite values, got 6 of 6"), "{said}");
    let net = with(3e38).unwrap().with_classes(vec!["cat".into(), "dog".into()]);
    let said = net.top(&(zeros(&[1, 3, 1, 1]) + 1.0), 1).unwrap_err().to_string();
    assert!(said.contains("scores: expected finite values"), "{said}");
}
