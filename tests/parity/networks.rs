//! Every named layer of every network of the zoo.

use crate::formula::{assert_same, flat, image, weights};
use convlens::net::Net;
use convlens::zoo::{Model, Weights, vgg_trunk};
use serde_json::Value;

const FAMILIES: [(&str, &str); 8] = [
    ("alexnet", include_str!("alexnet.json")),
    ("densenet", include_str!("densenet.json")),
    ("efficientnet_lite", include_str!("efficientnet_lite.json")),
    ("googlenet", include_str!("googlenet.json")),
    ("resnet", include_str!("resnet.json")),
    ("squeezenet", include_str!("squeezenet.json")),
    ("vgg", include_str!("vgg.json")),
    ("vgg16_trunk", include_str!("vgg16_trunk.json")),
];

/// A model of a family and what is expected of it.
pub fn networks(family: &str) -> Vec<(Model, Value)> {
    let (_, json) = FAMILIES.iter().find(|(name, _)| *name == family).unwrap();
    let networks: serde_json::Map<String, Value> = serde_json::from_str(json).unwrap();
    let model = |name: &str| Model::all().into_iter().find(|m| format!("{m:?}") == name).unwrap();
    networks.into_iter().map(|(name, expected)| (model(&name), expected)).collect()
}

/// Compares every layer: all of them together, then some alone, as plans that fold and overwrite.
fn assert_layers(net: &Net, expected: &Value) {
    let (x, layers) = (image(expected), flat(&expected["layers"]));
    let names: Vec<&str> = layers.iter().map(|(name, _)| name.as_str()).collect();
    let taps = net.taps(&x, &names).unwrap();
    for (i, (name, wanted)) in layers.iter().enumerate() {
        assert_same(&taps.at(name).unwrap(), wanted, &format!("{}: {name}", net.name()));
        if i % (1 + names.len() / 8) == 0 {
            let alone = net.tap(&x, name).unwrap();
            assert_same(&alone, wanted, &format!("{}: {name} alone", net.name()));
        }
    }
    let missing = |name: &&String| *name != "input" && !names.contains(&name.as_str());
    assert_eq!(net.names().iter().find(missing), None, "{}", net.name());
}

pub fn build(model: Model, expected: &Value) -> Net {
    model.build(Weights::from_tensors(weights(expected, ""))).unwrap()
}

fn assert_family(family: &str) {
    for (model, expected) in networks(family) {
        let net = build(model, &expected);
        assert_layers(&net, &expected);
        let logits = net.logits(&image(&expected)).unwrap();
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
fn vgg16_trunk() {
    let (model, expected) = networks("vgg16_trunk").remove(0);
    assert_layers(&build(model, &expected), &expected);
}

#[test]
fn a_trunk_of_any_depth_is_the_whole_networks() {
    for (model, expected) in networks("vgg") {
        let trunk = vgg_trunk(Weights::from_tensors(weights(&expected, "features."))).unwrap();
        let x = image(&expected);
        assert_same(
            &trunk.tap(&x, "pool5").unwrap(),
            &expected["layers"]["pool5"],
            &format!("{model:?}"),
        );
    }
}

/// `denselayer1.norm1.weight` is `denselayer1.norm.1.weight` there.
#[test]
fn densenet_reads_the_names_of_the_published_files() {
    let (model, expected) = networks("densenet").remove(0);
    let mut published = weights(&expected, "");
    for (name, _) in published.iter_mut().filter(|(name, _)| name.contains("denselayer")) {
        for part in ["norm", "conv"] {
            for i in 1..=2 {
                *name = name.replace(&format!(".{part}{i}."), &format!(".{part}.{i}."));
            }
        }
    }
    assert!(published.iter().any(|(name, _)| name.ends_with("denselayer1.norm.1.running_var")));
    let logits = model.build(Weights::from_tensors(published)).unwrap().logits(&image(&expected));
    assert_same(&logits.unwrap(), &expected["layers"]["classifier"], "logits");
}

#[test]
fn weights_of_another_network_are_refused_by_the_first_tensor_that_differs() {
    let (_, expected) = &networks("resnet")[3];
    let says = |model: Model, words: &str| {
        let given = Weights::from_tensors(weights(expected, ""));
        let message = model.build(given).map(|net| net.name().to_string()).unwrap_err().to_string();
        assert!(message.contains(words) && !message.contains('\n'), "{model:?}: {message}");
    };
    says(
        Model::ResNet50,
        "expected `layer1.0.conv1.weight` of shape [64, 64, 1, 1], got [64, 64, 3, 3]",
    );
    says(Model::ResNet18, "expected no more tensors, got `layer1.2.bn1.bias` of shape [64]");
    says(Model::DenseNet121, "expected `features.conv0.weight` of shape [64, 3, 7, 7], got only");
    says(Model::Vgg16, "expected `features.0.weight` of shape [64, 3, 3, 3], got only others such");
    let trunk = vgg_trunk(Weights::from_tensors(vec![])).unwrap_err().to_string();
    assert!(trunk.contains("expected `features.0.weight` of shape [64, 3, 3, 3], got no tensors"));
}
