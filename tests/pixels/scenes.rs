//! Cut-outs on backgrounds.

use super::values;
use convlens::pixels::{Scene, Scenes};
use image::{Rgb, RgbImage, Rgba, RgbaImage};
use std::path::{Path, PathBuf};
use tch::{Kind, Tensor};

/// A clear 4x5 picture with a red 2x3 thing in it whose last column is one fifth opaque.
fn thing(folder: &Path) -> PathBuf {
    let picture = RgbaImage::from_fn(5, 4, |x, y| match (x, y) {
        (3, 1..3) => Rgba([255, 0, 0, 51]),
        (1..3, 1..3) => Rgba([255, 0, 0, 255]),
        _ => Rgba([0, 255, 0, 0]),
    });
    let file = folder.join("things").join("thing.png");
    std::fs::create_dir_all(folder.join("things")).unwrap();
    picture.save(&file).unwrap();
    file
}

/// The thing in half of a 4x6 picture of plain blue: at its own size.
fn scenes() -> Scenes {
    let folder = tempfile::tempdir().unwrap().keep();
    let blue = folder.join("blue.png");
    RgbImage::from_pixel(7, 9, Rgb([0, 0, 255])).save(&blue).unwrap();
    let cutouts = vec![thing(&folder); 20];
    Scenes { cutouts, backgrounds: vec![blue], size: [4, 6], fill: 0.5, seed: 0 }
}

/// The rows and columns with anything in them: first and last.
fn bounds(mask: &Tensor) -> [[i64; 2]; 2] {
    [3i64, 2].map(|other| {
        let used = mask.squeeze().amax([other - 2].as_slice(), false).nonzero();
        [used.min(), used.max()].map(|i| i.int64_value(&[]))
    })
}

#[test]
fn colours_blend_by_opacity_and_the_mask_is_what_is_mostly_thing() {
    let Scene { image, mask, category, .. } = scenes().scene(3).unwrap();
    assert_eq!((image.size(), category.as_str()), (vec![1, 3, 4, 6], "things"));
    let [[top, bottom], [left, right]] = bounds(&mask);
    assert_eq!([bottom - top, right - left], [1, 1], "the faint column is not mask");
    assert_eq!(mask.sum(Kind::Double).double_value(&[]), 4.0);
    for (column, red) in [(left, 1.0), (right, 1.0), (right + 1, 0.2)] {
        let pixel = values(&image.select(3, column).select(2, top));
        assert!((pixel[0] - red).abs() < 1e-6 && pixel[1] == 0.0, "{pixel:?}");
        assert!((pixel[2] - (1.0 - red)).abs() < 1e-6, "{pixel:?}");
    }
    let red = image.select(1, 0).sum(Kind::Double).double_value(&[]);
    assert!((red - 4.4).abs() < 1e-5, "blue everywhere else: {red}");
}

#[test]
fn places_hang_on_the_seed_and_the_number_and_reach_every_edge() {
    let scenes = scenes();
    let places = |scenes: &Scenes| -> Vec<[[i64; 2]; 2]> {
        scenes.all().unwrap().iter().map(|scene| bounds(&scene.mask)).collect()
    };
    let found = places(&scenes);
    assert_eq!(found, places(&scenes));
    assert_ne!(found, places(&Scenes { seed: 1, ..scenes.clone() }));
    let rows: Vec<i64> = found.iter().map(|[[top, _], _]| *top).collect();
    let columns: Vec<i64> = found.iter().map(|[_, [left, _]]| *left).collect();
    let ends = |all: &[i64]| [*all.iter().min().unwrap(), *all.iter().max().unwrap()];
    assert_eq!([ends(&rows), ends(&columns)], [[0, 2], [0, 3]]);
}

#[test]
fn a_bundled_thing_has_the_size_asked_for() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let scenes = Scenes { size: [60, 90], fill: 0.8, ..Scenes::bundled(data).unwrap() };
    assert_eq!(scenes.cutouts.len(), 64);
    // The lion is 187 pixels wide and 76 high: the width of 90 meets 0.8 first.
    let lion = scenes.scene(4).unwrap();
    let [[top, bottom], [left, right]] = bounds(&lion.mask);
    assert!(lion.file.ends_with("big_cat/lion.webp"), "{:?}", lion.file);
    assert!((right - left + 1 - 72).abs() <= 1, "{left} {right}");
    assert!((bottom - top + 1 - 29).abs() <= 1, "{top} {bottom}");
    let other = Scenes { seed: 5, ..scenes.clone() }.scene(4).unwrap();
    assert!(scenes.scene(4).unwrap().image.equal(&lion.image) && !other.image.equal(&lion.image));
}

#[test]
fn wrong_settings_are_named() {
    let (good, folder) = (scenes(), tempfile::tempdir().unwrap().keep());
    let clear = folder.join("clear.png");
    RgbaImage::new(3, 2).save(&clear).unwrap();
    let error = |scenes: Scenes, index| scenes.scene(index).unwrap_err().to_string();
    let cases = [
        (error(good.clone(), 20), "cut-out: expected 0..20, got 20"),
        (error(Scenes { fill: 1.5, ..good.clone() }, 0), "fill: expected a share, 0..1, got 1.5"),
        (error(Scenes { fill: f64::NAN, ..good.clone() }, 0), "fill: expected a share"),
        (error(Scenes { backgrounds: vec![], ..good.clone() }, 0), "backgrounds: expected at"),
        (error(Scenes { cutouts: vec![clear], ..good.clone() }, 0), "is transparent all over"),
        (error(Scenes { size: [0, 6], ..good }, 0), "size: expected [height, width] of at least"),
    ];
    for (got, expected) in cases {
        assert!(got.contains(expected), "{got}");
    }
}
