//! Values, sizes and files that no picture has: each costs one sentence.

use convlens::Result;
use convlens::pixels::{self, Decode, Fill, Margins, Photos, Rect};
use std::fmt::Debug;
use std::path::PathBuf;
use tch::{Device, Kind, Tensor};

fn zeros(size: [i64; 4]) -> Tensor {
    Tensor::zeros(size, (Kind::Float, Device::Cpu))
}

/// What a refused call says: one sentence with advice.
#[track_caller]
fn says<T: Debug>(made: Result<T>) -> String {
    let said = made.expect_err("must be refused").to_string();
    assert!(!said.contains('\n') && said.contains("; ") && !said.contains("libtorch"), "{said}");
    said
}

#[test]
fn a_thin_picture_is_refused_before_it_takes_all_memory() {
    for size in [[1, 3, 1, 10_000], [1, 3, 10_000, 1]] {
        let thin = zeros(size);
        for said in [
            says(pixels::imagenet_crop(&thin)),
            says(pixels::resize_short(&thin, 256)),
            says(pixels::resize_short(&thin, i64::MAX)),
        ] {
            assert!(said.contains("at most 64000000 pixels"), "{said}");
        }
    }
    let path = tempfile::tempdir().unwrap().keep().join("thin.png");
    pixels::save(&zeros([1, 3, 1, 10_000]), &path).unwrap();
    let photos = Photos { files: vec![path], ..Photos::default() };
    assert!(says(photos.image(0)).contains("at most 64000000 pixels"));
    assert!(says(photos.batches().unwrap().next().unwrap()).contains("pixels"));
    // What is merely long still works.
    assert_eq!(pixels::imagenet_crop(&zeros([1, 3, 100, 2000])).unwrap().size(), [1, 3, 224, 224]);
}

#[test]
fn sizes_at_the_ends_of_their_kind_are_refused() {
    let x = zeros([1, 3, 4, 6]);
    for side in [i64::MAX, i64::MIN, i64::MAX / 2, 1 << 32, -1] {
        says(pixels::resize(&x, [side, 1]));
        says(pixels::resize(&x, [side, side]));
        says(pixels::resize_short(&x, side));
        says(pixels::centre_crop(&x, [side, side]));
        says(pixels::crop(&x, Rect { top: side, left: 0, height: side, width: 1 }));
        says(pixels::crop(&x, Rect { top: 0, left: 1, height: 1, width: side }));
        says(pixels::pad(&x, Margins::all(side), Fill::Replicate));
        let files = vec![PathBuf::from("data/photos/chelsea.jpg")];
        says(Photos { size: side, files: files.clone(), ..Photos::default() }.image(0));
        says(Photos { size: side, files, ..Photos::default() }.batches());
    }
    says(pixels::resize(&zeros([1000, 3, 1, 1]), [1000, 1000]));
    let many = Photos { files: vec!["x.png".into(); 9000], batch: 9000, ..Photos::default() };
    assert!(says(many.batches()).contains("batch"));
}

#[test]
fn nan_is_refused_by_every_function_on_an_image() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let x = zeros([1, 3, 4, 6]);
        let _ = x.get(0).get(1).get(2).get(3).fill_(value);
        let grey = x.narrow(1, 1, 1);
        let part = Rect { top: 0, left: 0, height: 2, width: 2 };
        for said in [
            says(pixels::resize(&x, [2, 2])),
            says(pixels::resize(&x, [4, 6])),
            says(pixels::resize_short(&x, 2)),
            says(pixels::crop(&x, part)),
            says(pixels::centre_crop(&x, [2, 2])),
            says(pixels::imagenet_crop(&x)),
            says(pixels::pad(&x, Margins::all(1), Fill::Replicate)),
            says(pixels::blur(&x, 1.0)),
            says(pixels::to_grey(&x)),
            says(pixels::to_rgb(&grey)),
            says(pixels::to_rgb8(&x)),
            says(pixels::with_luma(&x, &zeros([1, 3, 4, 6]))),
            says(pixels::with_luma(&zeros([1, 3, 4, 6]), &x)),
            says(pixels::psnr(&x, &zeros([1, 3, 4, 6]))),
            says(pixels::psnr(&zeros([1, 3, 4, 6]), &x)),
        ] {
            assert!(said.contains("1 of"), "{said}");
        }
        let constant = pixels::pad(&zeros([1, 3, 4, 6]), Margins::all(1), Fill::Constant(value));
        assert!(says(constant).contains("fill"));
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let x = zeros([1, 3, 4, 6]);
    for sigma in [1e-300, 0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        assert!(says(pixels::blur(&x, sigma)).contains("sigma: expected 0.01 to 256"));
    }
    for value in [f64::NAN, f64::INFINITY, -0.1, 1.1] {
        let decode = Decode { background: [0.5, value, 0.5], ..Decode::default() };
        let said = says(decode.load("data/photos/chelsea.jpg"));
        assert!(said.contains("background: expected 0 to 1"), "{said}");
        let files = vec![PathBuf::from("data/photos/chelsea.jpg")];
        says(Photos { decode, files, ..Photos::default() }.image(0));
    }
    assert!(says(pixels::from_rgb8(&image::RgbImage::new(0, 3))).contains("picture"));
}

/// Images whose values lie beyond what single precision squares.
#[test]
fn the_ratio_of_large_values_is_a_number() {
    let x = Tensor::full([1, 3, 2, 2], 3e38, (Kind::Float, Device::Cpu));
    assert!(pixels::psnr(&x, &-&x).unwrap().double_value(&[0]).is_finite());
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.png");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe, "/dev/zero".into(), "/dev/null".into()] {
        for said in [
            says(pixels::load(&path)),
            says(pixels::load_alpha(&path)),
            says(Photos { files: vec![path.clone()], ..Photos::default() }.image(0)),
            says(convlens::fast_style::frames(&path)),
            says(convlens::zoo::Weights::read(&path)),
            says(convlens::neighbours::Bank::load(&path)),
            says(convlens::fast_style::FastStyle::load(&path)),
        ] {
            assert!(said.contains("is not a regular file"), "{said}");
        }
    }
}
