//! Files, sizes and colour, against numbers worked out by hand or by PIL.

use convlens::pixels::{self, Decode, Fill, Margins, Rect};
use image::{DynamicImage, ImageFormat, RgbImage};
use std::path::PathBuf;
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
    let down = x
        .diff(1, 2, None::<&Tensor>, None::<&Tensor>)
        .square()
        .sum(Kind::Double);
    let right = x
        .diff(1, 3, None::<&Tensor>, None::<&Tensor>)
        .square()
        .sum(Kind::Double);
    (down + right).double_value(&[])
}

fn values(x: &Tensor) -> Vec<f64> {
    Vec::try_from(x.to_kind(Kind::Double).flatten(0, -1)).unwrap()
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// A 2x3 picture (height x width) with six different colours.
fn six() -> RgbImage {
    RgbImage::from_fn(3, 2, |x, y| {
        image::Rgb([(40 * x) as u8, (90 * y) as u8, (x + y) as u8])
    })
}

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("data")
        .join(name)
}

#[test]
fn resize_is_pils_antialiased_bilinear() {
    let small = pixels::resize(&stripes(), [24, 36]).unwrap();
    let pil = [
        (0, 0, 0, 0.456095),
        (0, 11, 20, 0.497600),
        (1, 5, 30, 0.540640),
        (2, 23, 35, 0.422176),
    ];
    for (c, y, x, expected) in pil {
        let got = small.double_value(&[0, c, y, x]);
        assert!(
            (got - expected).abs() < 2e-6,
            "{c} {y} {x}: {got}, PIL {expected}"
        );
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
    assert!(
        x.max().double_value(&[]) > 0.9,
        "the original must not change with its copy"
    );
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
    assert_eq!(
        values(&middle),
        [16.0, 17.0, 18.0, 19.0, 23.0, 24.0, 25.0, 26.0]
    );
    let part = pixels::crop(
        &x,
        Rect {
            top: 0,
            left: 5,
            height: 2,
            width: 1,
        },
    )
    .unwrap();
    assert_eq!(values(&part), [5.0, 12.0]);
    assert_eq!(
        pixels::imagenet_crop(&stripes()).unwrap().size(),
        [1, 3, 224, 224]
    );
}

#[test]
fn margins_go_to_the_sides_they_name() {
    let x = Tensor::from_slice(&[1f32, 2.0, 3.0, 4.0, 5.0, 6.0]).reshape([1, 1, 2, 3]);
    let m = Margins {
        top: 1,
        bottom: 0,
        left: 2,
        right: 1,
    };
    let out = pixels::pad(&x, m, Fill::Constant(9.0)).unwrap();
    assert_eq!(out.size(), [1, 1, 3, 6]);
    let rows = [
        9., 9., 9., 9., 9., 9., 9., 9., 1., 2., 3., 9., 9., 9., 4., 5., 6., 9.,
    ];
    assert_eq!(values(&out), rows);
    let out = pixels::pad(&x, m, Fill::Reflect).unwrap();
    let rows = [
        6., 5., 4., 5., 6., 5., 3., 2., 1., 2., 3., 2., 6., 5., 4., 5., 6., 5.,
    ];
    assert_eq!(values(&out), rows);
    let out = pixels::pad(&x, m, Fill::Replicate).unwrap();
    assert_eq!(values(&out)[..6], [1., 1., 1., 2., 3., 3.]);
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
    pixels::save(
        &pixels::resize(&x, [32, 48]).unwrap(),
        dir.path().join("six.jpg"),
    )
    .unwrap();
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
    for format in [
        ImageFormat::Png,
        ImageFormat::WebP,
        ImageFormat::Gif,
        ImageFormat::Jpeg,
    ] {
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
    image::ImageBuffer::from_fn(3, 2, |x, _| image::Luma([x as u16 * 1000]))
        .save(&path)
        .unwrap();
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
    near(
        &pixels::load(&path).unwrap(),
        [1.0, 1.0, 1.0, 0.8, 1.0, 0.8],
    );
    let blue = Decode {
        background: [0.0, 0.0, 1.0],
        ..Decode::default()
    };
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
    assert!(
        x.double_value(&[0, 0, 2, 8]) > 0.9,
        "the left half is now on top"
    );
    assert!(x.double_value(&[0, 0, 29, 8]) < 0.1);
}

#[test]
fn grey_is_luma_and_comes_back_as_colour() {
    let x = Tensor::from_slice(&[1f32, 0.5, 0.25]).reshape([1, 3, 1, 1]);
    let grey = pixels::to_grey(&x).unwrap();
    // 0.299 + 0.587 / 2 + 0.114 / 4
    assert!((grey.double_value(&[0, 0, 0, 0]) - 0.621).abs() < 1e-6);
    assert_eq!(pixels::to_rgb(&grey).unwrap().size(), [1, 3, 1, 1]);
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
