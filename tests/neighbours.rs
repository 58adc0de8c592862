//! Banks of features, exact search and votes, against numbers worked out by hand.

use convlens::neighbours::*;
use convlens::net::{Conv2d, Net, Op, ReluRule};
use convlens::patches::Patches;
use convlens::pixels::{self, Photos, Unreadable};
use std::fs;
use std::path::PathBuf;
use tch::{Device, Kind, Tensor};

fn column(values: &[f32]) -> Tensor {
    Tensor::from_slice(values).view([-1, 1])
}

#[test]
fn equal_distances_come_in_the_order_of_the_rows() {
    let same = Tensor::ones([300, 7], (Kind::Float, Device::Cpu)) * 0.1;
    for metric in [Metric::L2, Metric::Cosine] {
        let found = nearest(&same, &same.narrow(0, 0, 2), 3, metric).unwrap();
        assert_eq!(found.index, [[0, 1, 2], [0, 1, 2]]);
        let others = nearest_others(&same, 3, metric).unwrap();
        assert_eq!(others.index[1], [0, 2, 3]);
        assert_eq!(others.index[299], [0, 1, 2]);
    }
}

/// 5000 rows on a line, more than one block: each has its two neighbours, the lower first.
#[test]
fn blocks_join_without_a_gap() {
    let line = Tensor::arange(5000, (Kind::Float, Device::Cpu)).view([-1, 1]);
    let found = nearest_others(&line, 2, Metric::L2).unwrap();
    assert_eq!(found.index.len(), 5000);
    assert_eq!((found.index[0].clone(), found.index[4999].clone()), (vec![1, 2], vec![4998, 4997]));
    for i in 1..4999 {
        assert_eq!(found.index[i], [i - 1, i + 1]);
        assert_eq!(found.distance[i], [1.0, 1.0]);
    }
}

/// 4000² + ... in single precision is exact to 1; the rows differ by 0.25.
#[test]
fn rounding_of_large_values_does_not_change_the_order() {
    let steps: Vec<f32> = (0..64).map(|i| 4000.0 + 0.25 * (i * 37 % 64) as f32).collect();
    let bank = column(&steps).repeat([1, 9]);
    let query = bank.narrow(0, 0, 1); // i = 0, the lowest
    let far: Vec<f64> = (0..64).map(|step| 0.75 * f64::from(step)).collect(); // 3 = root of 9
    for k in [3, 64] {
        let found = nearest(&bank, &query, k, Metric::L2).unwrap();
        assert_eq!(found.distance[0], far[..k]);
    }
}

#[test]
fn the_angle_does_not_see_lengths_and_zero_has_none() {
    let bank = Tensor::from_slice(&[0f32, 0.0, 0.0, 9.0, 5.0, 5.0]).view([3, 2]);
    let query = Tensor::from_slice(&[1f32, 0.0]).view([1, 2]);
    let found = nearest(&bank, &query, 3, Metric::Cosine).unwrap();
    assert_eq!(found.index[0], [2, 0, 1]);
    assert!((found.distance[0][0] - (1.0 - 0.5f64.sqrt())).abs() < 1e-12);
    assert_eq!(found.distance[0][1..], [1.0, 1.0]);
}

#[test]
fn what_cannot_be_searched_says_why() {
    let bank = column(&[1.0, 2.0, 3.0]);
    let error =
        |k, queries: &Tensor| nearest(&bank, queries, k, Metric::L2).unwrap_err().to_string();
    assert!(error(4, &bank).contains("k: expected 1 to 3, got 4"));
    assert!(error(0, &bank).contains("k: expected 1 to 3, got 0"));
    assert!(error(1, &Tensor::ones([2, 2], (Kind::Float, Device::Cpu))).contains("1 columns"));
    assert!(error(1, &column(&[f32::NAN])).contains("1 of 1 values NaN"));
    assert!(error(1, &bank.view([3])).contains("[rows, columns]"));
    let others = nearest_others(&bank, 3, Metric::L2).unwrap_err().to_string();
    assert!(others.contains("k: expected 1..3, got 3; each of 3 rows has 2 others"), "{others}");
}

/// One channel that adds red, green and blue, on photos of 2x2.
fn sum() -> Net {
    let ones = Tensor::ones([1, 3, 1, 1], (Kind::Float, Device::Cpu));
    let net = Net::new("sum").then("conv1", Op::Conv2d(Conv2d::new(ones, None))).unwrap();
    net.then("flat", Op::Flatten).unwrap()
}

/// dark/0.png all 0.2, light/1.png all 0.8, both 2 rows by 2 columns, and a broken file.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, value) in [("dark/0.png", 0.2), ("light/1.png", 0.8)] {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        pixels::save(&Tensor::full([1, 3, 2, 2], value, (Kind::Float, Device::Cpu)), path).unwrap();
    }
    fs::write(dir.path().join("light/0.png"), "broken").unwrap();
    dir
}

fn photos(dir: &tempfile::TempDir) -> Photos {
    let all = Photos::in_folder(dir.path()).unwrap();
    Photos { size: 2, batch: 1, unreadable: Unreadable::Skip, ..all }
}

fn values(x: &Tensor) -> Vec<f32> {
    Vec::try_from(x.flatten(0, -1)).unwrap()
}

#[test]
fn a_bank_holds_a_row_for_each_photo_that_could_be_read() {
    let dir = folder();
    let layers = ["input", "conv1", "flat"];
    let banks = feature_banks(&sum(), &layers, Positions::All, &photos(&dir)).unwrap();
    let sizes: Vec<_> = banks.iter().map(|bank| bank.features.size()).collect();
    assert_eq!(sizes, [[2, 12], [2, 4], [2, 4]]);
    assert_eq!(banks[1].categories, ["dark", "light"]);
    assert!(banks[1].files[1].ends_with("1.png") && banks[1].skipped[0].contains("0.png"));
    for (v, expected) in values(&banks[1].features).iter().zip([0.6, 0.6, 0.6, 0.6, 2.4]) {
        assert!((v - expected).abs() < 1e-6);
    }
    // A layer without positions stays as it is.
    let means = feature_banks(&sum(), &["conv1", "flat"], Positions::Mean, &photos(&dir)).unwrap();
    assert_eq!(means[0].features.size(), [2, 1]);
    assert!((means[0].features.double_value(&[1, 0]) - 2.4).abs() < 1e-6);
    assert_eq!(means[1].features.size(), [2, 4]);
    let strict = Photos { unreadable: Unreadable::Error, ..photos(&dir) };
    assert!(feature_bank(&sum(), "conv1", &strict).unwrap_err().to_string().contains("0.png"));
    let wrong = feature_bank(&sum(), "conv2", &photos(&dir)).unwrap_err().to_string();
    assert!(wrong.contains("it has: input, conv1, flat"), "{wrong}");
}

#[test]
fn a_bank_comes_back_from_its_file_bit_by_bit() {
    let dir = folder();
    let bank = feature_bank(&sum(), "conv1", &photos(&dir)).unwrap();
    let path = dir.path().join("conv1.safetensors");
    bank.save(&path).unwrap();
    let again = Bank::load(&path).unwrap();
    assert_eq!(again.features, bank.features);
    assert_eq!((again.files, again.categories), (bank.files, bank.categories));
    assert_eq!(again.layer, "conv1");
    let names = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(names, 3, "two folders and the bank, nothing unfinished");
}

#[test]
fn a_file_that_is_no_bank_says_so() {
    let dir = folder();
    let error = |path: &std::path::Path| Bank::load(path).unwrap_err().to_string();
    assert!(error(&dir.path().join("nothing")).contains("cannot be read"));
    assert!(error(&dir.path().join("light/0.png")).contains("is no bank of features"));
    let others = dir.path().join("others.safetensors");
    Tensor::write_safetensors(&[("features", column(&[1.0]))], &others).unwrap();
    assert!(error(&others).contains("its metadata do not say so"));
    let bank = feature_bank(&sum(), "conv1", &photos(&dir)).unwrap();
    bank.save(&others).unwrap();
    let bytes = fs::read(&others).unwrap();
    fs::write(&others, &bytes[..bytes.len() - 3]).unwrap();
    assert!(error(&others).contains("is no bank of features"));
    let text = String::from_utf8_lossy(&bytes).replace("0.png", "\\u0000");
    fs::write(&others, text.as_bytes()).unwrap();
    assert!(error(&others).contains("is no bank of features"));
    let fewer = Bank { files: vec!["one".into()], ..bank };
    let said = fewer.save(&others).unwrap_err().to_string();
    assert!(said.starts_with("files: expected 2 names, got 1"), "{said}");
}

fn bank(values: &[f32], categories: &[&str]) -> Bank {
    Bank {
        layer: "conv1".into(),
        files: categories.iter().map(|_| "gone.png".into()).collect(),
        categories: categories.iter().map(|c| c.to_string()).collect(),
        features: column(values),
        skipped: vec![],
    }
}

#[test]
fn most_neighbours_win_and_the_nearest_of_equally_many() {
    let bank = bank(&[0.0, 1.0, 2.1, 3.3, 9.0], &["a", "b", "a", "b", "b"]);
    // Three nearest: 0: b a b; 1: a a b; 2: b b a; 3: a b a; 4: b a b.
    let votes = leave_one_out(&bank, 3, Metric::L2).unwrap();
    assert_eq!(votes.elected, ["b", "a", "b", "a", "b"]);
    assert_eq!(votes.by_category, [("a".to_string(), 0.0), ("b".to_string(), 1.0 / 3.0)]);
    assert_eq!(votes.right, 0.2);
    // Two nearest, one vote each: 0: b before a; 4: b before a.
    let votes = leave_one_out(&bank, 2, Metric::L2).unwrap();
    assert_eq!(votes.elected, ["b", "a", "b", "a", "b"]);
}

#[test]
fn the_picture_frames_right_and_wrong() {
    let dir = folder();
    let bank = feature_bank(&sum(), "conv1", &photos(&dir)).unwrap();
    let figure = neighbour_rows(&bank, &[1, 0], 1, Metric::L2).unwrap();
    assert!(figure.alt.contains("0 framed blue (right), 2 orange (wrong)"), "{}", figure.alt);
    assert!(figure.alt.ends_with(": light, dark, dark, light"), "{}", figure.alt);
    let error = |queries: &[usize], k| {
        neighbour_rows(&bank, queries, k, Metric::L2).unwrap_err().to_string()
    };
    assert!(error(&[2], 1).contains("queries: expected 0..2, got [2]"));
    assert!(error(&[], 1).contains("got []"));
    assert!(error(&[0], 2).contains("k: expected 1..2"));
}

/// A file in CIFAR-10's format: two ships, the second a little brighter, and a cat, blue.
fn batch_file(dir: &tempfile::TempDir) -> Vec<PathBuf> {
    let mut bytes = vec![];
    for (label, rgb) in [(8, [50, 0, 0]), (3, [0, 0, 200]), (8, [60, 0, 0])] {
        bytes.push(label);
        rgb.iter().for_each(|&value| bytes.extend([value; 1024]));
    }
    let file = dir.path().join("three.bin");
    fs::write(&file, bytes).unwrap();
    ["ship/00000", "cat/00001", "ship/00002"].map(|name| file.join(name)).to_vec()
}

#[test]
fn pictures_inside_one_file_serve_wherever_files_do() {
    let dir = tempfile::tempdir().unwrap();
    let files = batch_file(&dir);
    let photos = Photos { files, size: 2, fit: pixels::Fit::Squash, ..Photos::default() };
    let bank = feature_bank(&sum(), "conv1", &photos).unwrap();
    let expected = [50.0, 200.0, 60.0].map(|value| value / 255.0);
    for (row, expected) in expected.iter().enumerate() {
        assert!((bank.features.double_value(&[row as i64, 3]) - expected).abs() < 1e-6);
    }
    assert_eq!(leave_one_out(&bank, 1, Metric::L2).unwrap().elected, ["ship", "ship", "ship"]);
    // The figure reads its pictures again, from the paths in the bank.
    neighbour_rows(&bank, &[0], 1, Metric::L2).unwrap();
    let found = Patches { top: 2, ..Patches::default() }.run(&sum(), "conv1", &[0], &photos);
    let found = found.unwrap();
    let best: Vec<&PathBuf> = found.rows[0].patches.iter().map(|patch| &patch.file).collect();
    assert_eq!(best, [&photos.files[1], &photos.files[2]]);
    let signals = found.signals(&sum(), &photos, ReluRule::Guided).unwrap();
    assert_eq!(signals.rows[0].patches.len(), 2);
    let two = Photos { files: vec![photos.files[1].clone(), "gone.png".into()], ..photos };
    assert!(two.image(0).is_ok() && two.image(1).is_err());
}
