//! Banks that are kept, so that photos go through a network once.

use super::bank::some_layers;
use super::{Bank, Positions, feature_banks};
use crate::Result;
use crate::digest::sha256_of;
use crate::home::home;
use crate::net::Net;
use crate::pixels::{Photos, file_on_disk};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Raised when the same photos and network would give other values than before.
const VERSION: u32 = 1;

/// [`feature_banks`], kept in the cache: the second time no photo is read and no network runs.
///
/// A bank is known by the network's layers and weights, the layer, `positions`, the size and fit of
/// `photos`, and the path, length and date of each file. It lies in the folder `banks` of the cache
/// (`CONVLENS_HOME`, or `convlens` in the platform's cache folder), 4 bytes a value; that folder may be
/// deleted at any time. A bank that is damaged is made again, one that was stopped is not kept, and
/// where nothing can be written the banks are made each time.
/// Cost: the example below takes about 70 s of processor time once, and 0.4 s from then on.
/// Errors: as [`feature_banks`].
///
/// ```no_run
/// use convlens::prelude::*;
/// let net = zoo::efficientnet_lite0()?;
/// let photos = Photos::cifar10()?;
/// let banks = feature_banks_cached(&net, &["pool"], Positions::All, &photos)?;
/// assert_eq!(banks[0].features.size(), [10_000, 1280]);
/// # Ok::<(), convlens::Error>(())
/// ```
pub fn feature_banks_cached(
    net: &Net,
    layers: &[&str],
    positions: Positions,
    photos: &Photos,
) -> Result<Vec<Bank>> {
    match home() {
        Ok(home) => Cache { folder: home.join("banks") }.banks(net, layers, positions, photos),
        Err(_) => feature_banks(net, layers, positions, photos),
    }
}

struct Cache {
    folder: PathBuf,
}

impl Cache {
    fn banks(
        &self,
        net: &Net,
        layers: &[&str],
        positions: Positions,
        photos: &Photos,
    ) -> Result<Vec<Bank>> {
        some_layers(layers)?;
        let common = format!("{VERSION} {} {positions:?} {}", net.fingerprint()?, about(photos));
        let path = |layer: &str| {
            let key = sha256_of(format!("{layer}\n{common}"));
            self.folder.join(format!("{key}.safetensors"))
        };
        let kept: Vec<Option<Bank>> =
            layers.iter().map(|layer| Bank::load(path(layer)).ok()).collect();
        let missing: Vec<&str> =
            layers.iter().zip(&kept).filter(|(_, bank)| bank.is_none()).map(|(l, _)| *l).collect();
        let mut made = vec![].into_iter();
        if !missing.is_empty() {
            let banks = feature_banks(net, &missing, positions, photos)?;
            banks.iter().for_each(|bank| self.keep(bank, &path(&bank.layer), photos));
            made = banks.into_iter();
        }
        Ok(kept.into_iter().filter_map(|bank| bank.or_else(|| made.next())).collect())
    }

    /// Writes a bank that holds all photos; where that fails, the next call makes it again.
    fn keep(&self, bank: &Bank, path: &Path, photos: &Photos) {
        if bank.files.len() + bank.skipped.len() == photos.files.len() {
            let written = std::fs::create_dir_all(&self.folder);
            let _unwritable = written.is_ok_and(|()| bank.save(path).is_ok());
        }
    }
}

/// How photos are read, and which they are. The size of a batch moves values by rounding only.
fn about(photos: &Photos) -> String {
    let settings = Photos { files: vec![], batch: 0, ..photos.clone() };
    let files: String = photos.files.iter().map(|file| state(file)).collect();
    format!("{settings:?}\n{files}")
}

/// A picture's path, and the length and date of its file.
fn state(path: &Path) -> String {
    let changed = |about: &Metadata| about.modified().ok()?.duration_since(UNIX_EPOCH).ok();
    let about = std::fs::metadata(file_on_disk(path));
    let about = about.ok().map(|about| (about.len(), changed(&about)));
    format!("{} {about:?}\n", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Conv2d, Op};
    use crate::pixels::{Fit, Unreadable, save};
    use std::fs::{self, File};
    use tch::{Device, Kind, Tensor};

    fn net(weight: f64) -> Net {
        let weight = Tensor::full([1, 3, 1, 1], weight, (Kind::Float, Device::Cpu));
        let net = Net::new("sum").then("conv1", Op::Conv2d(Conv2d::new(weight, None))).unwrap();
        net.then("relu1", Op::Relu).unwrap()
    }

    /// dark/0.png all 0.2 and light/1.png all 0.8, 2 rows and 3 columns.
    fn folder() -> (tempfile::TempDir, Cache, Photos) {
        let dir = tempfile::tempdir().unwrap();
        for (name, value) in [("dark/0.png", 0.2), ("light/1.png", 0.8)] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            save(&Tensor::full([1, 3, 2, 3], value, (Kind::Float, Device::Cpu)), path).unwrap();
        }
        let all = Photos::in_folder(dir.path()).unwrap();
        let cache = Cache { folder: dir.path().join("home/banks") };
        (dir, cache, Photos { size: 2, fit: Fit::Squash, ..all })
    }

    /// Other bytes, but the same length and date.
    fn spoil(path: &Path) {
        let about = fs::metadata(path).unwrap();
        fs::write(path, vec![0; about.len() as usize]).unwrap();
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(about.modified().unwrap()).unwrap();
    }

    fn same(a: &[Bank], b: &[Bank]) {
        assert_eq!(a.len(), b.len());
        for (a, b) in a.iter().zip(b) {
            assert_eq!(a.features, b.features);
            assert_eq!((&a.layer, &a.files, &a.categories), (&b.layer, &b.files, &b.categories));
            assert_eq!(a.skipped, b.skipped);
        }
    }

    #[test]
    fn the_second_time_no_photo_is_read() {
        let (_dir, cache, photos) = folder();
        let banks = || cache.banks(&net(1.0), &["conv1", "input"], Positions::All, &photos);
        let first = banks().unwrap();
        assert!((first[0].features.double_value(&[1, 0]) - 2.4).abs() < 1e-6);
        same(
            &first,
            &feature_banks(&net(1.0), &["conv1", "input"], Positions::All, &photos).unwrap(),
        );
        spoil(&photos.files[1]);
        same(&banks().unwrap(), &first);
        // A layer that is not kept needs its photos, and the order is that of the call.
        let more = cache.banks(&net(1.0), &["relu1", "conv1"], Positions::All, &photos);
        assert!(more.unwrap_err().to_string().contains("1.png"));
        let one = Photos { files: photos.files[..1].to_vec(), ..photos.clone() };
        cache.banks(&net(1.0), &["conv1"], Positions::All, &one).unwrap();
        let both = cache.banks(&net(1.0), &["relu1", "conv1", "input"], Positions::All, &one);
        let layers: Vec<String> = both.unwrap().into_iter().map(|bank| bank.layer).collect();
        assert_eq!(layers, ["relu1", "conv1", "input"]);
    }

    #[test]
    fn whatever_changes_the_values_is_another_bank() {
        let (_dir, cache, photos) = folder();
        let kept = || fs::read_dir(&cache.folder).unwrap().count();
        let all = Positions::All;
        let get = |net: &Net, layer: &str, positions, photos: &Photos| {
            cache.banks(net, &[layer], positions, photos).unwrap();
            kept()
        };
        assert_eq!(get(&net(1.0), "conv1", all, &photos), 1);
        assert_eq!(get(&net(1.0), "conv1", all, &Photos { batch: 1, ..photos.clone() }), 1);
        assert_eq!(get(&net(1.0), "relu1", all, &photos), 2);
        assert_eq!(get(&net(2.0), "conv1", all, &photos), 3);
        assert_eq!(get(&net(1.0), "conv1", Positions::Mean, &photos), 4);
        assert_eq!(get(&net(1.0), "conv1", all, &Photos { size: 3, ..photos.clone() }), 5);
        assert_eq!(get(&net(1.0), "conv1", all, &Photos { fit: Fit::Whole, ..photos.clone() }), 6);
        let fewer = Photos { files: photos.files[1..].to_vec(), ..photos.clone() };
        assert_eq!(get(&net(1.0), "conv1", all, &fewer), 7);
        let file = File::options().write(true).open(&photos.files[0]).unwrap();
        file.set_modified(UNIX_EPOCH).unwrap();
        assert_eq!(get(&net(1.0), "conv1", all, &photos), 8);
    }

    #[test]
    fn a_damaged_bank_is_made_again() {
        let (_dir, cache, photos) = folder();
        let banks = || cache.banks(&net(1.0), &["conv1"], Positions::All, &photos).unwrap();
        let first = banks();
        let path = fs::read_dir(&cache.folder).unwrap().next().unwrap().unwrap().path();
        let whole = fs::read(&path).unwrap();
        for damaged in [&whole[..whole.len() - 1], b"", b"no bank"] {
            fs::write(&path, damaged).unwrap();
            same(&banks(), &first);
            assert_eq!(Bank::load(&path).unwrap().features, first[0].features);
        }
        fs::remove_dir_all(&cache.folder).unwrap();
        fs::write(&cache.folder, "a file where the folder should be").unwrap();
        same(&banks(), &first);
    }

    #[test]
    fn what_was_skipped_is_kept_too() {
        let (dir, cache, photos) = folder();
        fs::write(dir.path().join("light/2.png"), "broken").unwrap();
        let files = Photos::in_folder(dir.path()).unwrap().files;
        let photos = Photos { files, unreadable: Unreadable::Skip, ..photos };
        let banks = || cache.banks(&net(1.0), &["conv1"], Positions::All, &photos).unwrap();
        let first = banks();
        assert!(first[0].skipped[0].contains("2.png"));
        spoil(&photos.files[0]);
        same(&banks(), &first);
    }
}
