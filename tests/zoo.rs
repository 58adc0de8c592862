//! The real networks with their real weights, as `cargo xtask setup` leaves them in the cache.

use convlens::pixels::{centre_crop, imagenet_crop, load, resize_short};
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
fn first_layers_are_torchvisions() {
    // The beginnings of `features.0.weight` in torchvision's own files.
    let beginnings = [
        (zoo::vgg16_features().unwrap(), "conv1_1", [64, 3, 3, 3], [-0.5537, 0.1427, 0.5290]),
        (zoo::alexnet_features().unwrap(), "conv1", [64, 3, 11, 11], [0.11864, 0.09407, 0.09544]),
    ];
    for (net, layer, shape, values) in beginnings {
        let weights = convlens::filters::weights(&net, layer).unwrap();
        assert_eq!(weights.size(), shape);
        for (i, value) in (0..).zip(values) {
            assert!((weights.double_value(&[0, 0, 0, i]) - value).abs() < 1e-4, "{layer} {i}");
        }
    }
}

#[test]
fn squeezenet_knows_five_of_the_photos() {
    // torchvision's architecture with the authors' weights, the crop they were tested on, by torch 2.13.
    // The resized photos differ by a grey level: torchvision rounds them to bytes.
    let file = zoo::weights_folder().unwrap().join("squeezenet1_1-caffe.safetensors");
    let net = Model::SqueezeNet1_1.load_from(file).unwrap();
    let firsts = [
        ("squirrel", "fox squirrel", 0.989),
        ("coffee", "espresso", 0.970),
        ("fruits", "lemon", 0.827),
        ("chelsea", "Egyptian cat", 0.440),
        ("china", "dome", 0.273),
    ];
    for (name, class, probability) in firsts {
        let photo = resize_short(&load(format!("data/photos/{name}.jpg")).unwrap(), 256).unwrap();
        let top = net.top(&centre_crop(&photo, [227, 227]).unwrap(), 1).unwrap();
        let best = top.best().unwrap();
        assert_eq!(best.name, class, "{name}: {top}");
        assert!((best.probability - probability).abs() < 0.02, "{name}: {top}");
    }
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
    let lite =
        "efficientnet_lite0     4652008  224 from 256 Google        18.0 MB  Apache-2.0    yes";
    assert_eq!((lines[1], lines.len()), (lite, 1 + Model::all().len() + 2));
    for (i, begins) in [
        (3, "efficientnet_lite2     6092072  260 from 292 Google        23.5 MB  Apache-2.0"),
        (
            4,
            "vgg16_features        14714688  any          torchvision   56.1 MB  not named*    yes",
        ),
        (17, "resnet18              11689512  224 from 256 torchvision   44.7 MB  not named*"),
    ] {
        assert!(lines[i].starts_with(begins), "{}", lines[i]);
    }
}

#[test]
fn torchvisions_squeezenet_goes_first_where_it_is() {
    let row = zoo::list().unwrap().0.into_iter().find(|r| r.model == Model::SqueezeNet1_1).unwrap();
    let published = zoo::weights_folder().unwrap().join("squeezenet1_1-b8a52dc0.pth").is_file();
    let expected = match published {
        true => ("torchvision", None, "squeezenet1_1-b8a52dc0.pth"),
        false => ("its authors", Some("BSD-2-Clause"), "squeezenet1_1-caffe.safetensors"),
    };
    assert_eq!((row.weights, row.licence, row.model.file()), expected);
}

#[test]
fn the_first_network_at_hand_is_taken() {
    let [missing, there] = [Model::EfficientNetLite1, Model::EfficientNetLite0];
    assert_eq!(Model::first_at_hand(&[there, missing]).unwrap(), there);
    if !Model::at_hand().contains(&missing) {
        assert_eq!(Model::first_at_hand(&[missing, there]).unwrap(), there);
        let error = Model::first_at_hand(&[missing]).unwrap_err().to_string();
        assert!(error.contains("efficientnet_lite1"), "{error}");
    }
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
    let nowhere = Model::Vgg16Features.load_from("no/such/file.pth").unwrap_err();
    says(nowhere, &["no/such/file.pth"]);
    let weights = zoo::weights_folder().unwrap().join(Model::EfficientNetLite0.file());
    let other = Model::Vgg16Features.load_from(&weights).unwrap_err();
    says(other, &["features.0.weight", "efficientnet-lite0"]);
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
