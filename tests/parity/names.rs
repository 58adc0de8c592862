//! Weights that are part of a file, that have older names, or that are another network's.

use crate::common::{double, wide};
use crate::formula::{assert_same, image, weights};
use crate::networks::networks;
use convlens::zoo::{Model, Weights, vgg_trunk};
use serde_json::Value;
use tch::Tensor;

/// The first block of VGG-13 ends at `features.4`, with BatchNorm at `features.6`.
#[test]
fn a_trunk_of_any_depth_is_the_whole_networks() {
    for (model, expected) in networks("vgg") {
        let mut file = weights(&expected, "features.");
        file.extend(weights(&expected, "classifier.6"));
        assert_trunk(file, &expected, "pool5");
        let mut block = weights(&expected, "features.");
        match model {
            Model::Vgg13 => block.retain(|(name, _)| place(name) < 4),
            Model::Vgg13Bn => block.retain(|(name, _)| place(name) < 6),
            _ => continue,
        }
        assert_trunk(block, &expected, "pool1");
    }
}

fn assert_trunk(features: Vec<(String, Tensor)>, expected: &Value, last: &str) {
    let trunk = double(&vgg_trunk(Weights::from_tensors(features)).unwrap());
    assert_eq!(trunk.names().pop().unwrap(), last);
    let found = trunk.tap(&wide(&image(expected)), last).unwrap();
    assert_same(&found, &expected["layers"][last], last);
}

/// 3 of `features.3.weight`.
fn place(name: &str) -> usize {
    name.split('.').nth(1).unwrap().parse().unwrap()
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
    let net = double(&model.build(Weights::from_tensors(published)).unwrap());
    let logits = net.logits(&wide(&image(&expected))).unwrap();
    assert_same(&logits, &expected["layers"]["classifier"], "logits");
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
