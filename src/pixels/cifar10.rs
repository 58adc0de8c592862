//! CIFAR-10: labelled pictures of 32 x 32 pixels, read from the official binary files.

use super::{Fit, Photos};
use crate::digest::sha256_of;
use crate::home::home;
use crate::{Error, Result, regular};
use image::RgbImage;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The labels' names, label 0 first.
const CATEGORIES: [&str; 10] =
    ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

const SIDE: u32 = 32;
const PLANE: usize = (SIDE * SIDE) as usize;
/// One byte of label, then a plane each of red, green and blue.
const RECORD: usize = 1 + 3 * PLANE;

/// The official files have 30.73 MB.
const MOST_BYTES: u64 = 31_000_000;

/// The files of the official binary version and their sha256.
const TEST: [(&str, &str); 1] =
    [("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")];
const TRAIN: [(&str, &str); 5] = [
    ("data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
    ("data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
    ("data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
    ("data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
    ("data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
];

impl Photos {
    /// The 10,000 test pictures of CIFAR-10, 1000 of each of ten categories, in their official order.
    ///
    /// They are 32 x 32 pixels, enlarged smoothly (bilinear) to [`Photos::size`], here 128, without a
    /// crop: EfficientNet-Lite0's ten nearest of 1000 pictures are right for 36 % of them at 32 pixels,
    /// 55 % at 64, 71 % at 96, 74 % at 112, 75 % at 128 and 78 % at 160. `size: 32` gives the stored
    /// pixels.
    /// All lie in one file in the cache, `photos/cifar-10/test_batch.bin`, which `cargo xtask setup`
    /// fetches; its sha256 is checked here. A picture's path is that file's, then its category, then
    /// its number: `test_batch.bin/cat/00000`. [`super::load`] reads such a path too.
    ///
    /// Source: Krizhevsky, *Learning Multiple Layers of Features from Tiny Images*, 2009.
    /// Errors: a file that is not there, or is not the official one.
    ///
    /// ```no_run
    /// use convlens::pixels::Photos;
    /// let photos = Photos::cifar10()?;
    /// assert_eq!(photos.categories()[..4], ["cat", "ship", "ship", "airplane"]);
    /// assert_eq!(photos.image(0)?.size(), [1, 3, 128, 128]);
    /// let few = Photos { size: 32, ..photos.take_per_category(50) };
    /// assert_eq!(few.files.len(), 500);
    /// # Ok::<(), convlens::Error>(())
    /// ```
    pub fn cifar10() -> Result<Photos> {
        photos(
            &TEST,
            "run `cargo xtask setup` with a network, or set CONVLENS_HOME to where it ran",
        )
    }

    /// The 50,000 training pictures of CIFAR-10, as [`Photos::cifar10`].
    ///
    /// Set-up does not fetch them by itself: `cargo xtask cifar10` does.
    pub fn cifar10_train() -> Result<Photos> {
        photos(&TRAIN, "run `cargo xtask cifar10` with a network: it fetches the training pictures")
    }
}

fn photos(batches: &[(&str, &str)], advice: &str) -> Result<Photos> {
    let folder = home()?.join("photos").join("cifar-10");
    let mut files = vec![];
    for (name, sha256) in batches {
        files.extend(pictures(&folder.join(name), sha256, advice)?);
    }
    Ok(Photos { files, fit: Fit::Squash, size: 128, ..Photos::default() })
}

/// The paths of a batch file's pictures, in its order.
fn pictures(file: &Path, sha256: &str, advice: &str) -> Result<Vec<PathBuf>> {
    let bytes = regular::read(file, MOST_BYTES).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => Error::file(file, "CIFAR-10 is not in the cache", advice),
        _ => Error::file(file, format!("cannot be read ({e})"), "check its permissions"),
    })?;
    let found = sha256_of(&bytes);
    if found != sha256 {
        let why = format!("is not CIFAR-10's own file: its sha256 is {found}, expected {sha256}");
        return Err(Error::file(file, why, "remove it, then run `cargo xtask setup`"));
    }
    let path = |(i, record): (usize, &[u8])| {
        let category = CATEGORIES.get(usize::from(record[0])).unwrap_or(&"unknown");
        file.join(category).join(format!("{i:05}"))
    };
    Ok(bytes.chunks_exact(RECORD).enumerate().map(path).collect())
}

/// A picture inside a batch file: its file, category and number.
fn place(path: &Path) -> Option<(&Path, usize, usize)> {
    let (number, folder) = (path.file_name()?.to_str()?, path.parent()?);
    let (category, file) = (folder.file_name()?, folder.parent()?);
    let number = number.parse().ok()?;
    let category = CATEGORIES.iter().position(|name| category == *name)?;
    (file.extension()? == "bin" && file.is_file()).then_some((file, category, number))
}

/// The file on disk that holds a picture: a batch file, or the picture's own.
pub(crate) fn file_on_disk(path: &Path) -> &Path {
    place(path).map_or(path, |(file, ..)| file)
}

/// The picture at such a path; `None` for every other path.
pub(super) fn picture(path: &Path) -> Result<Option<RgbImage>> {
    let Some((file, category, number)) = place(path) else { return Ok(None) };
    let failed = |why: String| Error::file(file, why, "list its pictures with `Photos::cifar10`");
    let record = record(file, number)
        .map_err(|e| failed(format!("picture {number} cannot be read ({e})")))?;
    if usize::from(record[0]) != category {
        let label = CATEGORIES.get(usize::from(record[0])).unwrap_or(&"unknown");
        let asked = CATEGORIES[category];
        return Err(failed(format!("picture {number} has the label {label}, not {asked}")));
    }
    let value = |at: usize, colour: usize| record[1 + colour * PLANE + at];
    Ok(Some(RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let at = (y * SIDE + x) as usize;
        image::Rgb([0, 1, 2].map(|colour| value(at, colour)))
    })))
}

fn record(file: &Path, number: usize) -> io::Result<[u8; RECORD]> {
    let mut record = [0; RECORD];
    let mut file = regular::open(file)?;
    file.seek(SeekFrom::Start((number as u64).saturating_mul(RECORD as u64)))?;
    file.read_exact(&mut record)?;
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::{load, load_alpha};
    use tch::Tensor;

    /// A ship whose red counts up, and a cat with one blue pixel at row 1, column 2.
    fn two() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let mut bytes = vec![8u8];
        bytes.extend((0..PLANE).map(|i| (i % 256) as u8));
        bytes.extend([0; 2 * PLANE]);
        bytes.push(3);
        bytes.extend([0; 3 * PLANE]);
        bytes[RECORD + 1 + 2 * PLANE + 32 + 2] = 255;
        let file = dir.path().join("two.bin");
        std::fs::write(&file, bytes).unwrap();
        (dir, file)
    }

    fn listed(file: &Path) -> Result<Vec<PathBuf>> {
        pictures(file, &sha256_of(std::fs::read(file).unwrap_or_default()), "fetch it")
    }

    #[test]
    fn pictures_of_one_file_are_photos() {
        let (_dir, file) = two();
        let files = listed(&file).unwrap();
        assert_eq!(files, [file.join("ship/00000"), file.join("cat/00001")]);
        let photos = Photos { files, fit: Fit::Squash, size: 32, ..Photos::default() };
        assert_eq!(photos.categories(), ["ship", "cat"]);
        let batch = photos.batches().unwrap().next().unwrap().unwrap();
        assert_eq!((batch.index, batch.images.size()), (vec![0, 1], vec![2, 3, 32, 32]));
        let red = |row: i64, column: i64| batch.images.double_value(&[0, 0, row, column]);
        assert!((red(0, 5) - 5.0 / 255.0).abs() < 1e-6 && (red(1, 3) - 35.0 / 255.0).abs() < 1e-6);
        let cat = batch.images.get(1);
        assert_eq!(cat.double_value(&[2, 1, 2]), 1.0);
        assert_eq!(cat.sum(tch::Kind::Float).double_value(&[]), 1.0);
        assert_eq!(load(&photos.files[1]).unwrap(), photos.image(1).unwrap());
        let opaque = Tensor::ones([1, 1, 32, 32], (tch::Kind::Float, tch::Device::Cpu));
        assert_eq!(load_alpha(&photos.files[1]).unwrap(), opaque);
    }

    #[test]
    fn enlarging_moves_from_pixel_to_pixel() {
        let (_dir, file) = two();
        let files = listed(&file).unwrap();
        let photos = Photos { files, fit: Fit::Squash, size: 64, ..Photos::default() };
        let ship = photos.image(0).unwrap();
        // At twice the size, new columns 11 and 12 lie a quarter pixel before and behind column 5.75.
        for (column, value) in [(11, 5.25), (12, 5.75), (0, 0.0)] {
            let found = ship.double_value(&[0, 0, 0, column]) * 255.0;
            assert!((found - value).abs() < 1e-4, "column {column}: {found}");
        }
    }

    #[test]
    fn a_file_that_is_not_the_official_one_says_so() {
        let (dir, file) = two();
        let error =
            |path: &Path, sha256| pictures(path, sha256, "fetch it").unwrap_err().to_string();
        let missing = error(&dir.path().join("test_batch.bin"), "");
        assert!(missing.ends_with("CIFAR-10 is not in the cache; fetch it"), "{missing}");
        let other = error(&file, TEST[0].1);
        assert!(other.contains("is not CIFAR-10's own file: its sha256 is "), "{other}");
        assert!(
            other.contains("expected 8e2eb1") && other.contains("cargo xtask setup"),
            "{other}"
        );
        let files = listed(&file).unwrap();
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
        assert!(load(&files[0]).is_ok());
        let cut = load(&files[1]).unwrap_err().to_string();
        assert!(cut.contains("two.bin: picture 1 cannot be read"), "{cut}");
        let wrong = load(file.join("dog/00000")).unwrap_err().to_string();
        assert!(wrong.contains("picture 0 has the label ship, not dog"), "{wrong}");
        let outside = load(file.join("owl/00000")).unwrap_err().to_string();
        assert!(outside.contains("00000"), "{outside}");
    }

    #[test]
    fn the_test_set_is_the_official_one() {
        let Ok(photos) = Photos::cifar10() else {
            return println!("skipped: CIFAR-10 is not in the cache");
        };
        let categories = photos.categories();
        let expected = ["cat", "ship", "ship", "airplane", "frog", "frog", "automobile", "frog"];
        assert_eq!(categories[..8], expected);
        let per_category =
            CATEGORIES.map(|name| categories.iter().filter(|category| *category == name).count());
        assert_eq!(per_category, [1000; 10]);
        let cat = Photos { size: 32, ..photos }.image(0).unwrap() * 255.0;
        let pixel = |row, column| [0, 1, 2].map(|c| cat.double_value(&[0, c, row, column]).round());
        assert_eq!(
            [pixel(0, 0), pixel(0, 31), pixel(1, 0)],
            [[158., 112., 49.], [116., 85., 33.], [152., 112., 51.]]
        );
    }
}
