//! Sizes, crops, margins and colour.

use super::values;
use convlens::pixels::{self, Fill, Margins, Rect};
use tch::{Kind, Tensor};

/// 60x90, every channel different: `PIL.Image.resize` of the same pixels gave the numbers below.
fn stripes() -> Tensor {
    let value = |c: i64, y: i64, x: i64| match c {
        0 => ((3 * x + 5 * y) % 17) as f32 / 16.0,
        1 => ((x * y) % 11) as f32 / 10.0,
        _ => ((x + 2 * y) % 7) as f32 / 6.0,
    };
    let mut all = Vec::new();
    for c in 0..3 {
        for y in 0..60 {
            all.extend((0..90).map(|x| value(c, y, x)));
        }
    }
    Tensor::from_slice(&all).reshape([1, 3, 60, 90])
}

/// The sum of squared differences of neighbouring pixels.
fn total_variation(x: &Tensor) -> f64 {
    let x = x.to_kind(Kind::Double);
    let down = x.diff(1, 2, None::<&Tensor>, None::<&Tensor>).square().sum(Kind::Double);
    let right = x.diff(1, 3, None::<&Tensor>, None::<&Tensor>).square().sum(Kind::Double);
    (down + right).double_value(&[])
}

#[test]
fn resize_is_pils_antialiased_bilinear() {
    let small = pixels::resize(&stripes(), [24, 36]).unwrap();
    let pil =
        [(0, 0, 0, 0.456095), (0, 11, 20, 0.497600), (1, 5, 30, 0.540640), (2, 23, 35, 0.422176)];
    for (c, y, x, expected) in pil {
        let got = small.double_value(&[0, c, y, x]);
        assert!((got - expected).abs() < 2e-6, "{c} {y} {x}: {got}, PIL {expected}");
    }
    // Without antialiasing the variation stays near the original's 6590 per pixel kept.
    assert!((total_variation(&small) / 30.62976924 - 1.0).abs() < 1e-4);
    let large = pixels::resize(&stripes(), [80, 130]).unwrap();
    assert!((total_variation(&large) / 3058.5084784 - 1.0).abs() < 1e-4);
}

#[test]
fn resize_to_its_own_size_is_a_copy() {
    let x = stripes();
    let mut same = pixels::resize(&x, [60, 90]).unwrap();
    assert_eq!(same, x);
    let _ = same.fill_(0.0);
    assert!(x.max().double_value(&[]) > 0.9, "the original must not change with its copy");
}

#[test]
fn shorter_sides_and_crops_follow_torchvision() {
    let size = |h, w, short| {
        let x = Tensor::zeros([1, 3, h, w], (Kind::Float, tch::Device::Cpu));
        pixels::resize_short(&x, short).unwrap().size()[2..].to_vec()
    };
    // int(256 * 451 / 300) = int(384.85)
    assert_eq!(size(300, 451, 256), [256, 384]);
    assert_eq!(size(451, 300, 256), [384, 256]);
    let x = Tensor::arange(35, (Kind::Float, tch::Device::Cpu)).reshape([1, 1, 5, 7]);
    // Rows (5 - 2) / 2 = 1.5, to even: 2. Columns (7 - 4) / 2 = 1.5: 2.
    let middle = pixels::centre_crop(&x, [2, 4]).unwrap();
    assert_eq!(values(&middle), [16.0, 17.0, 18.0, 19.0, 23.0, 24.0, 25.0, 26.0]);
    let part = pixels::crop(&x, Rect { top: 0, left: 5, height: 2, width: 1 }).unwrap();
    assert_eq!(values(&part), [5.0, 12.0]);
    assert_eq!(pixels::imagenet_crop(&stripes()).unwrap().size(), [1, 3, 224, 224]);
}

#[test]
fn margins_go_to_the_sides_they_name() {
    let x = Tensor::from_slice(&[1f32, 2.0, 3.0, 4.0, 5.0, 6.0]).reshape([1, 1, 2, 3]);
    let m = Margins { top: 1, bottom: 0, left: 2, right: 1 };
    let out = pixels::pad(&x, m, Fill::Constant(9.0)).unwrap();
    assert_eq!(out.size(), [1, 1, 3, 6]);
    let rows = [9., 9., 9., 9., 9., 9., 9., 9., 1., 2., 3., 9., 9., 9., 4., 5., 6., 9.];
    assert_eq!(values(&out), rows);
    let out = pixels::pad(&x, m, Fill::Reflect).unwrap();
    let rows = [6., 5., 4., 5., 6., 5., 3., 2., 1., 2., 3., 2., 6., 5., 4., 5., 6., 5.];
    assert_eq!(values(&out), rows);
    let out = pixels::pad(&x, m, Fill::Replicate).unwrap();
    assert_eq!(values(&out)[..6], [1., 1., 1., 2., 3., 3.]);
}

#[test]
fn grey_is_luma_and_comes_back_as_colour() {
    let x = Tensor::from_slice(&[1f32, 0.5, 0.25]).reshape([1, 3, 1, 1]);
    let grey = pixels::to_grey(&x).unwrap();
    // 0.299 + 0.587 / 2 + 0.114 / 4
    assert!((grey.double_value(&[0, 0, 0, 0]) - 0.621).abs() < 1e-6);
    assert_eq!(pixels::to_rgb(&grey).unwrap().size(), [1, 3, 1, 1]);
}
