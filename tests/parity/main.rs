//! Every layer of every network, and every backward rule, against torch, torchvision and captum.
//!
//! `make_parity.py` beside this file made the expected values and says with which versions.

use convlens::Objective;
use convlens::net::{Net, ReluRule};
use convlens::zoo::{Model, Weights};
use serde_json::Value;
use tch::{Device, Kind, Tensor};

/// Of the largest value of a layer: what sums in another order, or a folded BatchNorm, may change.
const TOLERANCE: f64 = 1e-4;

/// Numbers in -1..1 by integer arithmetic alone, as in `make_parity.py`.
fn formula(shape: &[i64], seed: i64) -> Tensor {
    let i = Tensor::arange(shape.iter().product::<i64>(), (Kind::Int64, Device::Cpu));
    let mixed =
        (&i * 40503i64 * &i + &i * 2_654_435_761i64 + 1_013_904_223 * seed).remainder(1i64 << 32);
    (mixed.to_kind(Kind::Double) / 2f64.powi(31) - 1.0).to_kind(Kind::Float).reshape(shape)
}

fn shape(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|v| v.as_i64().unwrap()).collect()
}

fn weights(expected: &Value) -> Weights {
    let mut shapes: Vec<(&String, &Value)> =
        expected["weights"].as_object().unwrap().iter().collect();
    shapes.sort_by_key(|(name, _)| name.as_str());
    let tensors = shapes.iter().zip(0..).map(|((name, dims), seed)| {
        let dims = shape(dims);
        let value = formula(&dims, seed);
        let fan_in: i64 = dims[1..].iter().product();
        let near_one = name.ends_with("running_var") || name.ends_with("weight");
        let value = match (dims.len(), near_one) {
            (1, true) => value / 2.0 + 1.0,
            (1, false) => value / 10.0,
            _ => value * (6.0 / fan_in as f64).sqrt(),
        };
        (name.to_string(), value)
    });
    Weights::from_tensors(tensors.collect())
}

fn image(expected: &Value) -> Tensor {
    let [n, h, w] = shape(&expected["image"])[..] else { panic!("n, h, w") };
    formula(&[n, 3, h, w], 1000) / 2.0 + 0.5
}

fn assert_same(x: &Tensor, expected: &Value, what: &str) {
    assert_eq!(x.size(), shape(&expected["shape"]), "{what}");
    let flat = x.contiguous().flatten(0, -1).to_kind(Kind::Double);
    let number = |v: &Value| v.as_f64().unwrap();
    let (max, count) = (number(&expected["max"]), x.numel() as f64);
    let close = |got: f64, wanted: f64, room: f64, which: &str| {
        assert!(
            (got - wanted).abs() <= TOLERANCE * room,
            "{what}: {which} {got}, expected {wanted}"
        );
    };
    close(flat.abs().max().double_value(&[]), max, max, "largest value");
    close(
        flat.sum(Kind::Double).double_value(&[]),
        number(&expected["sum"]),
        max * count.sqrt(),
        "sum",
    );
    let samples = expected["samples"].as_array().unwrap();
    let step = (x.numel() / 8).max(1) as i64;
    for (i, wanted) in samples.iter().enumerate() {
        close(flat.double_value(&[i as i64 * step]), number(wanted), max, "sample");
    }
}

fn assert_layers(net: &Net, expected: &Value) {
    let x = image(expected);
    let layers = expected["layers"].as_object().unwrap();
    let names: Vec<&str> = layers.keys().map(String::as_str).collect();
    let taps = net.taps(&x, &names).unwrap();
    for name in names {
        assert_same(&taps.at(name).unwrap(), &layers[name], name);
        assert_same(&net.tap(&x, name).unwrap(), &layers[name], &format!("{name} alone"));
    }
}

fn expected(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

#[test]
fn efficientnet_lite0_is_the_peers_at_every_layer() {
    let expected = expected(include_str!("efficientnet_lite0.json"));
    let net = Model::EfficientNetLite0.build(weights(&expected)).unwrap();
    assert_layers(&net, &expected);
    let logits = net.logits(&image(&expected)).unwrap();
    assert_same(&logits, &expected["layers"]["fc"], "logits");
}

#[test]
fn vgg16_is_torchvisions_at_every_layer_and_captums_by_every_rule() {
    let expected = expected(include_str!("vgg16_trunk.json"));
    let net = Model::Vgg16Trunk.build(weights(&expected)).unwrap();
    assert_layers(&net, &expected);
    let wish = Objective::neuron("pool5", 7, [1, 2]);
    for rule in [ReluRule::Gradient, ReluRule::Guided, ReluRule::Deconvnet] {
        let sent = net.gradient(&image(&expected), &wish, rule).unwrap();
        let name = format!("{rule:?}");
        assert_same(&sent, &expected["neuron"]["gradients"][&name], &name);
    }
}
