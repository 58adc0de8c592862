//! GrabCut against OpenCV, from the same start.

use crate::formula::formula;
use convlens::segment::{GrabCut, iou};
use serde_json::Value;
use tch::{Device, Kind, Tensor};

/// `((y - row) / 14)² + ((x - column) / 22)²` for every pixel.
fn ellipse([h, w]: [i64; 2], [row, column]: [f64; 2]) -> Tensor {
    let at = |side: i64| Tensor::arange(side, (Kind::Float, Device::Cpu));
    let [y, x] = [(at(h) - row) / 14.0, (at(w) - column) / 22.0];
    y.square().view([h, 1]) + x.square()
}

fn colour(values: [f32; 3]) -> Tensor {
    Tensor::from_slice(&values).view([3, 1, 1])
}

/// A thing that fades into its background from left to right, rounded to 8 bits, and a rough map of it.
fn scene([h, w]: [i64; 2]) -> (Tensor, Tensor, Tensor) {
    let inside = ellipse([h, w], [20.0, 40.0]).lt(1.0);
    let fade = ((Tensor::arange(w, (Kind::Float, Device::Cpu)) - 18.0) / 44.0).clamp(0.0, 1.0);
    let rest = colour([0.4, 0.5, 0.45]);
    let thing: Tensor = colour([0.75, 0.45, 0.2]) * (1.0 - &fade) + &rest * &fade;
    let noisy = thing.where_self(&inside, &rest) + formula(&[3, h, w], 5) * 0.02;
    let photo = (noisy * 255.0).round() / 255.0;
    let map = formula(&[h, w], 6) * 0.3 - ellipse([h, w], [23.0, 46.0]);
    let truth = inside.to_kind(Kind::Float).view([1, 1, h, w]);
    (photo.unsqueeze(0), map.view([1, 1, h, w]), truth)
}

fn unpacked(expected: &Value, [h, w]: [i64; 2]) -> Tensor {
    let digits = expected["mask"].as_str().unwrap().chars();
    let bits = digits.flat_map(|c| {
        let four = c.to_digit(16).unwrap();
        [8, 4, 2, 1].map(|bit| f32::from(u8::from(four & bit != 0)))
    });
    Tensor::from_slice(&bits.collect::<Vec<_>>()).view([1, 1, h, w])
}

#[test]
fn opencv_finds_nearly_the_same_mask() {
    let expected: Value = serde_json::from_str(include_str!("grabcut.json")).unwrap();
    let size = [0, 1].map(|i| expected["size"][i].as_i64().unwrap());
    let (photo, map, truth) = scene(size);
    let settings = GrabCut {
        foreground: 0.7,
        background: 0.7,
        rounds: 5,
        largest: false,
        ..GrabCut::default()
    };
    let found = settings.run(&photo, &map).unwrap();
    let theirs = unpacked(&expected, size);
    let near = |a: f64, name: &str| (a - expected[name].as_f64().unwrap()).abs();
    assert!(near(iou(&found.seeds, &truth).unwrap(), "start_iou") < 1e-3, "the same start");
    assert!(near(iou(&theirs, &truth).unwrap(), "iou") < 1e-3, "the same picture");
    let agree = iou(&found.mask, &theirs).unwrap();
    assert!(agree > 0.97, "{agree}");
}
