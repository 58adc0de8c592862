//! The real networks with their real weights, as `cargo xtask setup` leaves them in the cache.

use convlens::pixels::{imagenet_crop, load};
use convlens::zoo::{self, Model};
use convlens::{Error, Objective};

fn photo(name: &str) -> tch::Tensor {
    imagenet_crop(&load(format!("data/photos/{name}.jpg")).unwrap()).unwrap()
}

#[test]
fn the_coffee_is_an_espresso() {
    // 0.957 by efficientnet_lite_pytorch 0.1.0 on the original file, cropped the same way.
    let top = zoo::efficientnet_lite0().unwrap().top(&photo("coffee"), 5).unwrap();
    assert_eq!((top.0.len(), top.0[0].class, top.0[0].name.as_str()), (5, 967, "espresso"));
    assert!((top.0[0].probability - 0.957).abs() < 0.02, "{top}");
    assert!(top.0.windows(2).all(|p| p[0].probability >= p[1].probability));
}

#[test]
fn the_cat_is_a_cat() {
    let top = zoo::efficientnet_lite0().unwrap().top(&photo("chelsea"), 1).unwrap();
    assert!((281..=285).contains(&top.best().unwrap().class), "{top}");
}

#[test]
fn vgg_has_its_first_layer_in_order() {
    // Two numbers of the HED file, [0, 0, 0, 0] and [0, 1, 2, 5] there, by h5py.
    let net = zoo::vgg16_trunk().unwrap();
    let weights = convlens::filters::weights(&net, "conv1_1").unwrap();
    assert_eq!(weights.size(), [64, 3, 3, 3]);
    assert!((weights.double_value(&[0, 0, 0, 0]) - 0.3897640).abs() < 1e-6);
    assert!((weights.double_value(&[5, 2, 0, 1]) + 0.0591290).abs() < 1e-6);
}

#[test]
fn the_list_tells_what_is_in_the_cache() {
    let list = zoo::list().unwrap();
    let in_cache = list.0.iter().filter(|row| row.in_cache);
    assert!(in_cache.clone().map(|row| row.model).eq(Model::at_hand()));
    for row in in_cache {
        let file = zoo::weights_folder().unwrap().join(row.model.file());
        let megabytes = std::fs::metadata(&file).unwrap().len() as f64 / 2f64.powi(20);
        assert!((megabytes - row.megabytes).abs() < 0.001, "{row}: {megabytes}");
    }
    let table = list.to_string();
    let lines: Vec<&str> = table.lines().collect();
    let lite = "efficientnet_lite0     4652008  224 from 256   18.0 MB  Apache-2.0  yes";
    assert_eq!((lines[1], lines.len()), (lite, 1 + Model::all().len() + 2));
    assert!(
        lines[3].starts_with("efficientnet_lite2     6092072  260 from 292   23.5 MB  Apache-2.0")
    );
    assert!(lines[4].starts_with("vgg16_trunk           14714688  any            56.1 MB  MIT  "));
    assert!(
        lines[16].starts_with("resnet18              11689512  224 from 256   44.7 MB  not named*")
    );
}

#[test]
fn every_mistake_is_one_clear_sentence() {
    let says = |error: Error, words: &[&str]| {
        let message = error.to_string();
        assert!(!message.contains('\n'), "{message}");
        for word in words {
            assert!(message.contains(word), "{message}");
        }
    };
    let nowhere = Model::Vgg16Trunk.load_from("no/such/file.pth").unwrap_err();
    says(nowhere, &["no/such/file.pth"]);
    let weights = zoo::weights_folder().unwrap().join(Model::EfficientNetLite0.file());
    let other = Model::Vgg16Trunk.load_from(&weights).unwrap_err();
    says(other, &["conv1_1.weight", "efficientnet-lite0"]);
    let folder = tempfile::tempdir().unwrap();
    let half = folder.path().join("half.pth");
    let bytes = std::fs::read(&weights).unwrap();
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    says(Model::EfficientNetLite0.load_from(&half).unwrap_err(), &["half.pth"]);
    let net = zoo::efficientnet_lite0().unwrap();
    let wish = Objective::class(1000);
    says(wish.score(&net, &photo("coffee")).unwrap_err(), &["class: expected 0..1000, got 1000"]);
    says(
        net.tap(&photo("coffee"), "fc7").unwrap_err(),
        &["`fc7`", "closest are: fc, flatten", "lists all 145"],
    );
    says(zoo::class_index("cat").unwrap_err(), &["`cat`", "Persian cat"]);
}
