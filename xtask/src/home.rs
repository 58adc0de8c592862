//! The cache folder shared by all clones, and the clone we run in.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Where everything that set-up makes is kept.
#[derive(Clone)]
pub struct Home {
    /// The cache folder.
    pub path: PathBuf,
    /// The root of this clone.
    pub clone: PathBuf,
}

impl Home {
    /// `CONVLENS_HOME`, or `convlens` in the platform's cache folder.
    pub fn find() -> Result<Self> {
        let path = match std::env::var_os("CONVLENS_HOME") {
            Some(path) if !path.is_empty() => PathBuf::from(path),
            _ => dirs::cache_dir()
                .context("no cache folder on this platform; set CONVLENS_HOME to a folder")?
                .join("convlens"),
        };
        let path = std::path::absolute(path)?;
        fs::create_dir_all(&path).with_context(|| {
            format!("cannot create {}; set CONVLENS_HOME to a folder you own", path.display())
        })?;
        Ok(Self { path, clone: clone_root()? })
    }

    /// A file or folder in the cache.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// The private Python.
    pub fn python(&self) -> PathBuf {
        self.join("venv/bin/python")
    }

    /// A file of `xtask/kernel` in this clone.
    pub fn script(&self, name: &str) -> PathBuf {
        self.clone.join("xtask/kernel").join(name)
    }

    /// An empty folder for half-done work; what an interrupted run left in it is removed.
    pub fn scratch(&self, name: &str) -> Result<PathBuf> {
        let path = self.join("tmp").join(name);
        remove(&path)?;
        fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(path)
    }

    /// Keeps a second set-up waiting until this one is done.
    pub fn lock(&self) -> Result<File> {
        let file = File::create(self.join(".lock"))?;
        if file.try_lock().is_err() {
            println!("waiting for another set-up that uses {}", self.path.display());
            file.lock()?;
        }
        Ok(file)
    }
}

/// Removes a file or folder if it is there.
pub fn remove(path: &Path) -> Result<()> {
    let removed = match path.symlink_metadata() {
        Err(_) => return Ok(()),
        Ok(entry) if entry.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    };
    removed.with_context(|| format!("cannot remove {}", path.display()))
}

/// Puts a finished file or folder in its place in one step.
pub fn put(finished: &Path, place: &Path) -> Result<()> {
    remove(place)?;
    if let Some(parent) = place.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::rename(finished, place).with_context(|| format!("cannot create {}", place.display()))
}

fn clone_root() -> Result<PathBuf> {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let root = xtask.parent().context("xtask has no parent folder")?;
    root.canonicalize().with_context(|| format!("no clone at {}", root.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_interrupted_run_left_is_never_trusted() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home { path: folder.path().into(), clone: folder.path().into() };
        let place = home.join("libtorch");
        fs::create_dir_all(place.join("half")).unwrap();
        fs::write(home.scratch("libtorch").unwrap().join("left over"), "").unwrap();
        let scratch = home.scratch("libtorch").unwrap();
        fs::write(scratch.join("whole"), "").unwrap();
        put(&scratch, &place).unwrap();
        let names: Vec<_> =
            fs::read_dir(&place).unwrap().map(|e| e.unwrap().file_name().into_string()).collect();
        assert_eq!(names, [Ok("whole".into())]);
    }

    #[test]
    fn two_set_ups_wait_for_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home { path: folder.path().into(), clone: folder.path().into() };
        let first = home.lock().unwrap();
        let second = std::thread::spawn({
            let home = home.clone();
            move || home.lock().map(|_| ())
        });
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert!(!second.is_finished());
        drop(first);
        second.join().unwrap().unwrap();
    }
}
