//! Many files as a stream of batches.

use convlens::pixels::{self, Fit, Photos, Unreadable};
use std::fs;
use std::path::Path;
use tch::{Device, Kind, Tensor};

/// A flat picture, 6 rows and 8 columns.
fn paint(path: &Path, value: f64) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    pixels::save(&Tensor::full([1, 3, 6, 8], value, (Kind::Float, Device::Cpu)), path).unwrap();
}

/// a/0.png 0.0, a/1.PNG 0.2, b/2.png broken, b/3.webp 0.6, c/d/4.png 0.8, and what is no picture.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let good = [("a/0.png", 0.0), ("a/1.PNG", 0.2), ("b/3.webp", 0.6), ("c/d/4.png", 0.8)];
    good.iter().for_each(|(name, value)| paint(&dir.path().join(name), *value));
    for (name, bytes) in [("b/2.png", "broken"), ("b/notes.txt", "hello"), ("a/._0.png", "macOS")] {
        fs::write(dir.path().join(name), bytes).unwrap();
    }
    dir
}

fn photos(dir: &tempfile::TempDir) -> Photos {
    Photos { size: 4, batch: 2, ..Photos::in_folder(dir.path()).unwrap() }
}

#[test]
fn pictures_come_in_the_order_of_their_paths() {
    let dir = folder();
    let photos = photos(&dir);
    let names: Vec<_> = photos.files.iter().map(|f| f.strip_prefix(dir.path()).unwrap()).collect();
    assert_eq!(names, ["a/0.png", "a/1.PNG", "b/2.png", "b/3.webp", "c/d/4.png"].map(Path::new));
    assert_eq!(photos.categories(), ["a", "a", "b", "b", "d"]);
}

#[test]
fn broken_files_are_skipped_and_kept_count_of() {
    let dir = folder();
    let photos = Photos { unreadable: Unreadable::Skip, ..photos(&dir) };
    let mut batches = photos.batches().unwrap();
    assert_eq!(batches.size_hint(), (3, Some(3)));
    let all: Vec<_> = batches.by_ref().map(Result::unwrap).collect();
    let index: Vec<_> = all.iter().map(|b| b.index.clone()).collect();
    assert_eq!(index, [vec![0, 1], vec![3], vec![4]]);
    for (i, value) in [(0, 0.0), (1, 0.2), (2, 0.6), (3, 0.8)] {
        let images = Tensor::cat(&all.iter().map(|b| &b.images).collect::<Vec<_>>(), 0);
        assert_eq!(images.size(), [4, 3, 4, 4]);
        assert!((images.double_value(&[i, 1, 2, 2]) - value).abs() < 1e-6);
    }
    assert_eq!(batches.skipped.len(), 1);
    assert!(batches.skipped[0].to_string().contains("2.png"), "{}", batches.skipped[0]);
    assert_eq!(batches.size_hint(), (0, Some(0)));
}

#[test]
fn or_the_first_broken_file_ends_the_stream() {
    let dir = folder();
    let mut batches = photos(&dir).batches().unwrap();
    assert_eq!(batches.next().unwrap().unwrap().index, [0, 1]);
    let error = batches.next().unwrap().unwrap_err().to_string();
    assert!(error.contains("2.png: is not a picture"), "{error}");
    assert!(batches.next().is_none());
}

#[test]
fn not_one_readable_file_is_an_error_under_both_policies() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["x.jpg", "y.gif"] {
        fs::write(dir.path().join(name), "nothing").unwrap();
    }
    for unreadable in [Unreadable::Error, Unreadable::Skip] {
        let photos = Photos { unreadable, ..Photos::in_folder(dir.path()).unwrap() };
        let mut batches = photos.batches().unwrap();
        let error = batches.next().unwrap().unwrap_err().to_string();
        assert!(error.contains("x.jpg"), "{error}");
        assert!(batches.next().is_none());
        assert_eq!(batches.skipped.len(), if unreadable == Unreadable::Skip { 2 } else { 0 });
    }
}

#[test]
fn folders_without_pictures_say_so() {
    let dir = tempfile::tempdir().unwrap();
    let error = |path: &Path| Photos::in_folder(path).unwrap_err().to_string();
    assert!(error(dir.path()).contains("the folder holds no pictures"));
    assert!(error(&dir.path().join("nowhere")).contains("the folder cannot be read"));
    assert!(Photos::default().batches().unwrap_err().to_string().contains("at least one file"));
    let dir = folder();
    assert!(Photos { batch: 0, ..photos(&dir) }.batches().is_err());
    assert!(Photos { size: 0, ..photos(&dir) }.batches().is_err());
    assert!(photos(&dir).image(5).unwrap_err().to_string().contains("below 5, got 5"));
}

#[test]
fn a_photo_is_cropped_as_for_imagenet_squashed_or_shown_whole() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/photos/chelsea.jpg");
    let photo = pixels::load(&file).unwrap();
    let cropped = Photos { files: vec![file], ..Photos::default() };
    assert_eq!(cropped.image(0).unwrap(), pixels::imagenet_crop(&photo).unwrap());
    let squashed = Photos { fit: Fit::Squash, size: 50, ..cropped };
    assert_eq!(squashed.image(0).unwrap(), pixels::resize(&photo, [50, 50]).unwrap());
    // 300 x 451 becomes 33 x 50, with 8 rows of background above and 9 below.
    let background = [0.1, 0.2, 0.3];
    let decode = pixels::Decode { background, ..squashed.decode.clone() };
    let whole = Photos { fit: Fit::Whole, decode, ..squashed }.image(0).unwrap();
    assert_eq!(whole.narrow(2, 8, 33), pixels::resize(&photo, [33, 50]).unwrap());
    for (row, channel) in [(0, 0), (7, 1), (41, 2), (49, 0)] {
        let value = whole.double_value(&[0, channel, row, 49]);
        assert!((value - background[channel as usize]).abs() < 1e-6);
    }
}

#[test]
fn behind_a_cut_out_is_mid_grey() {
    let dir = tempfile::tempdir().unwrap();
    image::RgbaImage::new(8, 6).save(dir.path().join("nothing.png")).unwrap();
    let photos = Photos { size: 5, ..Photos::in_folder(dir.path()).unwrap() };
    let image = photos.image(0).unwrap();
    assert!(((&image - 0.5).abs().max().double_value(&[])) < 1e-6);
}
