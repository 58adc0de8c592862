//! Picture files of every kind.

use super::values;
use convlens::pixels::{self, Decode};
use image::{DynamicImage, ImageFormat, RgbImage};
use std::path::PathBuf;
use tch::Tensor;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A 2x3 picture (height x width) with six different colours.
fn six() -> RgbImage {
    RgbImage::from_fn(3, 2, |x, y| image::Rgb([(40 * x) as u8, (90 * y) as u8, (x + y) as u8]))
}

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

#[test]
fn eight_bit_values_survive_png_and_webp_exactly() {
    let dir = folder();
    let x = pixels::from_rgb8(&six()).unwrap();
    assert!((x.double_value(&[0, 1, 1, 0]) - 90.0 / 255.0).abs() < 1e-7);
    for name in ["six.png", "six.webp", "SIX.PNG"] {
        let path = dir.path().join(name);
        pixels::save(&x, &path).unwrap();
        assert_eq!(pixels::load(&path).unwrap(), x, "{name}");
    }
    pixels::save(&pixels::resize(&x, [32, 48]).unwrap(), dir.path().join("six.jpg")).unwrap();
    let files = std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(files, 4, "no unfinished file stays behind");
}

#[test]
fn saving_clamps_and_rounds() {
    let path = folder().keep().join("x.png");
    let x = Tensor::from_slice(&[-1f32, 0.5, 7.0]).reshape([1, 1, 1, 3]);
    pixels::save(&x, &path).unwrap();
    let bytes = image::open(&path).unwrap().to_rgb8();
    assert_eq!(bytes.into_raw(), [0, 0, 0, 128, 128, 128, 255, 255, 255]);
}

#[test]
fn every_format_is_told_by_its_content() {
    let dir = folder();
    let picture = DynamicImage::from(six());
    for format in [ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Jpeg] {
        let path = dir.path().join("picture.txt");
        picture.save_with_format(&path, format).unwrap();
        let x = pixels::load(&path).unwrap();
        assert_eq!(x.size(), [1, 3, 2, 3], "{format:?}");
        let red = x.double_value(&[0, 0, 0, 2]);
        assert!((red - 80.0 / 255.0).abs() < 0.12, "{format:?}: {red}");
    }
}

#[test]
fn sixteen_bits_and_grey_are_read_in_full() {
    let dir = folder();
    let path = dir.path().join("grey16.png");
    image::ImageBuffer::from_fn(3, 2, |x, _| image::Luma([x as u16 * 1000])).save(&path).unwrap();
    let x = pixels::load(&path).unwrap();
    assert_eq!(x.size(), [1, 3, 2, 3]);
    assert!((x.double_value(&[0, 2, 1, 1]) - 1000.0 / 65535.0).abs() < 1e-7);
}

#[test]
fn transparency_shows_the_stated_colour() {
    let path = folder().keep().join("half.png");
    let picture = image::RgbaImage::from_fn(2, 1, |x, _| {
        image::Rgba([255, 0, 0, if x == 0 { 0 } else { 51 }])
    });
    picture.save(&path).unwrap();
    // 51 / 255 = 0.2 of red over white, then over blue.
    let near = |x: &Tensor, expected: [f64; 6]| {
        for (got, want) in values(x).iter().zip(expected) {
            assert!((got - want).abs() < 1e-6, "{got} {want}");
        }
    };
    near(&pixels::load(&path).unwrap(), [1.0, 1.0, 1.0, 0.8, 1.0, 0.8]);
    let blue = Decode { background: [0.0, 0.0, 1.0], ..Decode::default() };
    near(&blue.load(&path).unwrap(), [0.0, 0.2, 0.0, 0.0, 1.0, 0.8]);
    let alpha = pixels::load_alpha(&path).unwrap();
    assert_eq!(alpha.size(), [1, 1, 1, 2]);
    assert!((alpha.double_value(&[0, 0, 0, 1]) - 0.2).abs() < 1e-6);
}

/// A JPEG with an EXIF block that says: turn by 90 degrees clockwise to show.
#[test]
fn the_cameras_orientation_is_applied() {
    let path = folder().keep().join("turned.jpg");
    let wide = RgbImage::from_fn(32, 16, |x, _| image::Rgb([if x < 16 { 255 } else { 0 }; 3]));
    wide.save(&path).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let exif =
        b"\xFF\xE1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    bytes.splice(2..2, exif.iter().copied());
    std::fs::write(&path, bytes).unwrap();
    let x = pixels::load(&path).unwrap();
    assert_eq!(x.size(), [1, 3, 32, 16]);
    assert!(x.double_value(&[0, 0, 2, 8]) > 0.9, "the left half is now on top");
    assert!(x.double_value(&[0, 0, 29, 8]) < 0.1);
}

#[test]
fn the_committed_photos_load() {
    let cat = pixels::load(data("photos/chelsea.jpg")).unwrap();
    assert_eq!(cat.size(), [1, 3, 300, 451]);
    let tiger = pixels::load_alpha(data("cutouts/big_cat/tiger.webp")).unwrap();
    assert_eq!(tiger.size(), [1, 1, 120, 198]);
    assert_eq!(tiger.min().double_value(&[]), 0.0);
    assert_eq!(tiger.max().double_value(&[]), 1.0);
}
