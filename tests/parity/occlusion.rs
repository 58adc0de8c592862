//! Occlusion against captum, and incremental passes against whole ones on every kind of network.

use crate::common::{Ways, assert_same_ways, double, wide};
use crate::formula::{assert_same, image};
use crate::networks::{build, networks};
use convlens::Objective;
use convlens::net::Net;
use convlens::occlusion::Occlusion;
use serde_json::{Value, json};
use tch::Tensor;

fn pair(value: &Value) -> [i64; 2] {
    [0, 1].map(|i| value[i].as_i64().unwrap())
}

fn sweep(patch: [i64; 2], stride: [i64; 2]) -> Occlusion {
    Occlusion { patch, stride, ..Occlusion::default() }
}

#[test]
fn resnet18_has_captums_maps() {
    let expected: Value = serde_json::from_str(include_str!("occlusion.json")).unwrap();
    let (model, shapes) =
        networks("resnet").into_iter().find(|(m, _)| format!("{m:?}") == "ResNet18").unwrap();
    let (net, x) = (double(&build(model, &shapes)), wide(&image(&expected)));
    let wishes = [
        Objective::class(281),
        Objective::probability(281),
        Objective::neuron("layer2.0.conv1", 7, [3, 5]),
        Objective::channel("layer2.0.conv1", 11),
    ];
    for (name, wanted) in expected["sweeps"].as_object().unwrap() {
        let found =
            sweep(pair(&wanted["patch"]), pair(&wanted["stride"])).run(&net, &x, &wishes).unwrap();
        for (k, wish) in wishes.iter().enumerate() {
            assert_same(&found.maps[k], &wanted["maps"][k], &format!("{name}: {wish}"));
        }
    }
}

/// The formula's scores hardly move under a patch, so differences are measured by the score too.
fn assert_as_whole(net: &Net, x: &Tensor, settings: &Occlusion, wishes: &[Objective]) {
    let single = both_ways(net, x, settings, wishes);
    let exact = both_ways(&double(net), &wide(x), settings, wishes);
    for (k, wish) in wishes.iter().enumerate() {
        let map = &exact[k].0.plain;
        let range = (map.max() - map.min()).double_value(&[]);
        let what = format!("{}, {wish}", net.name());
        assert!(range > 0.0, "{what}");
        assert_same_ways(&single[k].0, &exact[k].0, range.max(exact[k].1), &what);
    }
}

/// For each score its map by whole passes and by incremental ones, and the size of the score.
fn both_ways(
    net: &Net,
    x: &Tensor,
    settings: &Occlusion,
    wishes: &[Objective],
) -> Vec<(Ways, f64)> {
    let found = settings.run(net, x, wishes).unwrap();
    let whole = Occlusion { incremental: false, ..settings.clone() }.run(net, x, wishes).unwrap();
    let maps = whole.maps.into_iter().zip(found.maps);
    let scores = whole.scores.iter().map(|score| score.double_value(&[0]).abs());
    maps.map(|(plain, other)| Ways { plain, other }).zip(scores).collect()
}

fn assert_family(family: &str, ends: &str, middle: &str) {
    let (model, expected) =
        networks(family).into_iter().find(|(m, _)| format!("{m:?}").ends_with(ends)).unwrap();
    let (net, x) = (build(model, &expected), image(&json!({"image": [1, 90, 117]})));
    let last = net.names().pop().unwrap();
    let wishes =
        [Objective::channel(&last, 3), Objective::layer(middle), Objective::channel(middle, 2)];
    assert_as_whole(&net, &x, &sweep([28, 21], [26, 19]), &wishes);
}

#[test]
fn resnet() {
    assert_family("resnet", "Net18", "layer2.0.conv1");
}

#[test]
fn densenet() {
    assert_family("densenet", "121", "features.denseblock2.denselayer2.conv2");
}

#[test]
fn googlenet() {
    assert_family("googlenet", "Net", "inception3a.branch3.1.conv");
}

#[test]
fn squeezenet() {
    assert_family("squeezenet", "1_1", "features.4.expand3x3");
}

#[test]
fn vgg() {
    assert_family("vgg", "11Bn", "relu2_1");
}

#[test]
fn alexnet() {
    assert_family("alexnet", "Net", "relu2");
}

#[test]
fn efficientnet_lite() {
    assert_family("efficientnet_lite", "0", "block3.expand.relu");
}

#[test]
fn vgg16_features() {
    assert_family("features", "Vgg16Features", "relu3_2");
}
