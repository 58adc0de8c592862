//! A network before its training.

use super::*;

fn net() -> Net {
    every_op().unwrap()
}

fn new(net: &Net, names: &[&str], seed: u64) -> Net {
    net.reinitialised(names, &image(2, 16, 21), seed).unwrap()
}

/// The layers that a second network does not share.
fn replaced(old: &Net, new: &Net) -> Vec<String> {
    let pairs = old.layers.iter().zip(&new.layers);
    pairs.filter(|(a, b)| !Rc::ptr_eq(a, b)).map(|(a, _)| a.name.clone()).collect()
}

fn weight(net: &Net, name: &str) -> Tensor {
    match &net.layer(name).unwrap().op {
        Op::Conv2d(conv) => conv.weight.shallow_clone(),
        Op::Linear { weight, .. } => weight.shallow_clone(),
        _ => panic!("{name} has no weights"),
    }
}

#[test]
fn only_the_named_layers_are_new() {
    let old = net();
    assert_eq!(replaced(&old, &new(&old, &["fc2", "mix"], 0)), ["mix", "fc2"]);
    assert_eq!(replaced(&old, &new(&old, &["left"], 0)), ["left", "left_bn"], "folded into it");
    assert_eq!(replaced(&old, &new(&old, &["left_bn"], 0)), ["left_bn"]);
    let parts = ["conv1", "bn1", "left", "left_bn", "right", "mix", "fc1", "fc2"];
    assert_eq!(old.parts(), parts);
    let all = new(&old, &parts, 0);
    assert_eq!(replaced(&old, &all), parts);
    assert_eq!((all.names(), all.classes()), (old.names(), old.classes()));
}

#[test]
fn parts_hold_all_layers_up_to_their_dot() {
    let conv = |seed| Op::Conv2d(conv(3, 3, 1, seed));
    let net = Net::new("parts").then("a.conv", conv(1)).unwrap().then("a.relu", Op::Relu).unwrap();
    let net = net.then("a.b.conv", conv(2)).unwrap().then("ab", conv(3)).unwrap();
    assert_eq!(net.parts(), ["a", "ab"]);
    assert_eq!(replaced(&net, &new(&net, &["a"], 0)), ["a.conv", "a.b.conv"]);
    assert_eq!(replaced(&net, &new(&net, &["a.b.conv"], 0)), ["a.b.conv"]);
}

#[test]
fn weights_have_the_deviation_of_their_inputs_and_hang_on_seed_and_layer() {
    let wide = Op::Conv2d(Conv2d::new(wave(&[200, 3, 3, 5], 1), Some(wave(&[200], 2))));
    let flat = Op::Linear { weight: wave(&[300, 200], 3), bias: wave(&[300], 4) };
    let net = Net::new("wide").then("conv", wide).unwrap();
    let net = net.then("pool", Op::AdaptiveAvgPool2d { out: [1, 1] }).unwrap();
    let net = net.then("flatten", Op::Flatten).unwrap().then("fc", flat).unwrap();
    let both = new(&net, &["conv", "fc"], 7);
    for (name, inputs) in [("conv", 45.0), ("fc", 200.0)] {
        let drawn = weight(&both, name).to_kind(Kind::Double);
        let deviation = drawn.std(false).double_value(&[]);
        let wanted = f64::sqrt(2.0 / inputs);
        assert!((deviation / wanted - 1.0).abs() < 0.02, "{name}: {deviation}, not {wanted}");
        assert!(drawn.mean(Kind::Double).double_value(&[]).abs() < 0.03 * wanted);
        assert!(weight(&new(&net, &[name], 7), name).equal(&weight(&both, name)), "alone or not");
        assert!(!weight(&new(&net, &[name], 8), name).equal(&weight(&both, name)), "the seed");
    }
    let x = image(1, 9, 11).zeros_like();
    assert_eq!(both.tap(&x, "fc").unwrap().abs().max().double_value(&[]), 0.0, "no biases");
}

#[test]
fn batch_norms_take_the_statistics_of_the_images() {
    let (old, x) = (double(&net()), wide(&image(2, 16, 21)));
    let parts = old.parts();
    let all =
        old.reinitialised(&parts.iter().map(String::as_str).collect::<Vec<_>>(), &x, 0).unwrap();
    for name in ["bn1", "left_bn"] {
        // Read next to the layer before it, so unfolded, and alone, so folded.
        let before = if name == "bn1" { "conv1" } else { "left" };
        let plain = all.taps(&x, &[before, name]).unwrap().at(name).unwrap();
        assert_close(&all.tap(&x, name).unwrap(), &plain, name);
        let y = plain.transpose(0, 1).flatten(1, -1);
        let mean = y.mean_dim([1i64].as_slice(), false, Kind::Double).abs().max();
        let deviation = y.std_dim([1i64].as_slice(), false, false);
        assert!(mean.double_value(&[]) < 1e-12, "{name}");
        let (low, high) = (deviation.min().double_value(&[]), deviation.max().double_value(&[]));
        assert!(low > 0.9 && high < 1.0, "{name}: {low} to {high}");
    }
}

#[test]
fn what_cannot_be_drawn_is_named() {
    let (old, x) = (net(), image(1, 16, 21));
    let error = |name: &str| old.reinitialised(&[name], &x, 0).unwrap_err().to_string();
    assert!(error("conv9").contains("layer: expected a layer of every op, got `conv9`"));
    assert!(error("relu1").contains("expected one with weights, got `relu1`; `net.parts()`"));
    assert!(old.reinitialised(&["fc2"], &x.narrow(1, 0, 2), 0).is_err(), "two colours");
}
