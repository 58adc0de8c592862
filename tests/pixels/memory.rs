//! What reading a picture takes: measured in processes of their own, as their highest resident size.

use convlens::pixels::load;
use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use std::path::Path;
use std::process::Command;

const PICTURE: &str = "CONVLENS_TEST_PICTURE";

/// The megabytes that this process has held at most.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1000.0
}

#[test]
#[ignore = "run by the tests below"]
fn reads_one() {
    let before = peak();
    let size = load(std::env::var_os(PICTURE).unwrap()).unwrap().size();
    println!("{size:?} took MB: {}", peak() - before);
}

/// How much more a process holds at most while it reads this picture, in megabytes.
fn taken(path: &Path) -> f64 {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["memory::reads_one", "--exact", "--ignored", "--nocapture"]);
    let said = child.env(PICTURE, path).output().unwrap();
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let megabytes = said.split("took MB: ").nth(1).and_then(|s| s.split_whitespace().next());
    megabytes.unwrap_or_else(|| panic!("{said}")).parse().unwrap()
}

/// A PNG of 16 bits with an alpha channel: the most bytes a pixel can have.
fn widest(path: &Path, side: u32) {
    let pixels = vec![77; side as usize * side as usize * 8];
    let file = std::fs::File::create(path).unwrap();
    PngEncoder::new(file).write_image(&pixels, side, side, ExtendedColorType::Rgba16).unwrap();
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "reads /proc")]
fn the_widest_pixels_take_20_bytes_and_a_little() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wide.png");
    widest(&path, 2000);
    // 8 bytes as they are decoded, 12 as a tensor.
    let megabytes = taken(&path);
    assert!(megabytes < 4.0 * 20.0 + 60.0, "{megabytes} MB for 4 million pixels");
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "reads /proc")]
fn a_colour_profile_that_unpacks_to_much_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.png");
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(vec![0; 200_000_000]).unwrap();
    encoder.write_image(&[9; 3], 1, 1, ExtendedColorType::Rgb8).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let megabytes = taken(&path);
    assert!(megabytes < 60.0, "{megabytes} MB for one pixel");
}

/// The figure in the documentation of `Decode::max_pixels`; takes 10 s.
#[test]
#[ignore = "a measurement"]
fn the_worst_accepted_picture() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("worst.png");
    widest(&path, 8000);
    println!("{} MB for 64 million pixels", taken(&path));
}
