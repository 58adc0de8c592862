//! Every named layer of every network of the zoo.

use crate::common::{double, wide};
use crate::formula::{assert_same, flat, image, weights};
use crate::listed::listed;
use convlens::net::Net;
use convlens::zoo::{Model, Weights};
use serde_json::Value;

const FAMILIES: [(&str, &str); 8] = [
    ("alexnet", include_str!("alexnet.json")),
    ("densenet", include_str!("densenet.json")),
    ("efficientnet_lite", include_str!("efficientnet_lite.json")),
    ("features", include_str!("features.json")),
    ("googlenet", include_str!("googlenet.json")),
    ("resnet", include_str!("resnet.json")),
    ("squeezenet", include_str!("squeezenet.json")),
    ("vgg", include_str!("vgg.json")),
];

/// A model of a family and what is expected of it.
pub fn networks(family: &str) -> Vec<(Model, Value)> {
    let (_, json) = FAMILIES.iter().find(|(name, _)| *name == family).unwrap();
    let networks: serde_json::Map<String, Value> = serde_json::from_str(json).unwrap();
    networks.into_iter().map(|(name, expected)| (named(&name), expected)).collect()
}

fn named(name: &str) -> Model {
    Model::all().into_iter().find(|m| format!("{m:?}") == name).unwrap()
}

/// How far single precision may be from double, as a fraction of a layer's length. Products of random signs
/// added one after the other lose `sqrt(k / 2)` roundings of the sum of `k`: 48 of them for the largest window,
/// 3 x 3 of 512 channels. The roundings of 200 convolutions do not know of each other: `48 * sqrt(200)`
/// roundings of 6e-8, and twice that, since each has a BatchNorm and a ReLU.
const SINGLE: f64 = 1e-4;

/// Compares every layer in double precision: all of them together, then some alone, as plans that fold and
/// overwrite. Those alone also in single precision, as everybody runs them.
fn assert_layers([single, net]: [&Net; 2], expected: &Value) {
    let (x32, expected) = (image(expected), flat(&expected["layers"]));
    let x = wide(&x32);
    let all = net.names();
    let names: Vec<&str> = all[1..].iter().map(String::as_str).collect();
    assert_eq!(names.len(), expected.len(), "{}", net.name());
    let taps = net.taps(&x, &names).unwrap();
    for (i, name) in names.iter().enumerate() {
        let what = format!("{}: {name}", net.name());
        let found = expected.iter().find(|(other, _)| other == name);
        let (_, wanted) = found.unwrap_or_else(|| panic!("{what} has no counterpart"));
        assert_same(&taps.at(name).unwrap(), wanted, &what);
        if i % (1 + names.len() / 6) == 0 {
            let exact = net.tap(&x, name).unwrap();
            assert_same(&exact, wanted, &format!("{what}, alone"));
            let off = (wide(&single.tap(&x32, name).unwrap()) - &exact).norm() / exact.norm();
            let off = off.double_value(&[]);
            assert!(off <= SINGLE, "{what} in single precision: {off:e}");
        }
    }
}

pub fn build(model: Model, expected: &Value) -> Net {
    let net = model.build(Weights::from_tensors(weights(expected, ""))).unwrap();
    assert_eq!(net.layers().iter().map(|l| l.parameters()).sum::<i64>(), listed(model).parameters);
    net
}

fn assert_family(family: &str) {
    for (model, expected) in networks(family) {
        let net = build(model, &expected);
        let exact = double(&net);
        assert_layers([&net, &exact], &expected);
        let logits = exact.logits(&wide(&image(&expected))).unwrap();
        let last = net.names().pop().unwrap();
        assert_same(&logits, &expected["layers"][last], &format!("{model:?}: logits"));
    }
}

#[test]
fn every_network_of_the_zoo_is_compared() {
    let mut compared: Vec<String> = FAMILIES
        .iter()
        .flat_map(|(family, _)| networks(family))
        .map(|(model, _)| format!("{model:?}"))
        .collect();
    let mut all: Vec<String> = Model::all().iter().map(|model| format!("{model:?}")).collect();
    compared.sort();
    all.sort();
    assert_eq!(compared, all);
}

#[test]
fn alexnet() {
    assert_family("alexnet");
}

#[test]
fn densenet() {
    assert_family("densenet");
}

#[test]
fn efficientnet_lite() {
    assert_family("efficientnet_lite");
}

#[test]
fn googlenet() {
    assert_family("googlenet");
}

#[test]
fn resnet() {
    assert_family("resnet");
}

#[test]
fn squeezenet() {
    assert_family("squeezenet");
}

#[test]
fn vgg() {
    assert_family("vgg");
}

#[test]
fn features() {
    for (model, expected) in networks("features") {
        let net = build(model, &expected);
        assert_layers([&net, &double(&net)], &expected);
    }
}

#[test]
fn the_networks_of_set_up_with_their_real_weights() {
    let networks: serde_json::Map<String, Value> =
        serde_json::from_str(include_str!("set_up.json")).unwrap();
    assert_eq!(networks.len(), 3);
    for (name, expected) in &networks {
        let file = match name.as_str() {
            "Vgg16Features" => "vgg16-features.safetensors",
            "AlexNetFeatures" => "alexnet-features.safetensors",
            _ => "squeezenet1_1-caffe.safetensors",
        };
        let path = convlens::zoo::weights_folder().unwrap().join(file);
        let net = named(name).load_from(path).unwrap();
        assert_layers([&net, &double(&net)], expected);
    }
}
