//! The network of 26 styles against onnxruntime: the same paintings of two photos.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use convlens::prelude::*;
use serde_json::Value;

/// In colours of 0..1.
const TOLERANCE: f64 = 1e-3;

fn photo(expected: &Value) -> Tensor {
    let [h, w] = [0, 1].map(|i| expected["size"][i].as_i64().unwrap());
    let bytes = BASE64_STANDARD.decode(expected["rgb"].as_str().unwrap()).unwrap();
    let pixels = Tensor::from_slice(&bytes).view([1, h, w, 3]).permute([0, 3, 1, 2]);
    pixels.to_kind(Kind::Float) / 255.0
}

fn numbers(value: &Value) -> Tensor {
    let numbers = value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap());
    Tensor::from_slice(&numbers.collect::<Vec<_>>())
}

fn assert_near(made: &Tensor, expected: &Value, what: &str) {
    let apart = made.flatten(0, -1).to_kind(Kind::Double) - numbers(expected);
    let apart = apart.abs().max().double_value(&[]);
    assert!(apart <= TOLERANCE, "{what}: {apart} apart");
}

#[test]
fn twenty_six_styles_paint_as_in_onnxruntime() {
    let expected: Value = serde_json::from_str(include_str!("fast_style.json")).unwrap();
    let fast = FastStyle::pretrained().unwrap();
    let step = expected["step"].as_i64().unwrap();
    for seen in expected["photos"].as_array().unwrap() {
        for painting in seen["paintings"].as_array().unwrap() {
            let shares = painting["styles"].as_array().unwrap().iter();
            let shares = shares.map(|s| (s[0].as_str().unwrap(), s[1].as_f64().unwrap()));
            let made = fast.blend(&photo(seen), &shares.collect::<Vec<_>>()).unwrap();
            let what = format!("{} in {}", seen["photo"], painting["styles"]);
            let grid = made.slice(2, None, None, step).slice(3, None, None, step);
            assert_near(&grid, &painting["grid"], &what);
            let mean = |x: Tensor| x.mean_dim([0i64, 2, 3].as_slice(), false, Kind::Double);
            assert_near(&mean(made.shallow_clone()), &painting["mean"], &what);
            assert_near(&mean(made.square()), &painting["square"], &what);
        }
    }
}
