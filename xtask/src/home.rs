//! The cache folder shared by all clones, and the clone we run in.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow, ensure};

/// What compilers, Python and Jupyter misread in the cache's path: it comes in lists parted by colons, in a
/// linker's options parted by commas, in quotes, and in a kernel spec, where `$` begins a variable.
const BAD_IN_CACHE: &str = ":,\"\\$";
/// The clone's path stands in quotes in the kernel's first cell.
const BAD_IN_CLONE: &str = "\"\\";

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
        let home = Self { path: std::path::absolute(path)?, clone: clone_root()? };
        ensure_usable(&home.path, "the cache folder (CONVLENS_HOME)", BAD_IN_CACHE)?;
        ensure_usable(&home.clone, "the clone", BAD_IN_CLONE)?;
        fs::create_dir_all(&home.path).map_err(|why| home.not_writable(&why))?;
        Ok(home)
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

    fn not_writable(&self, why: &io::Error) -> Error {
        anyhow!(
            "cannot write to {} ({why}); set CONVLENS_HOME to a folder of your own, or let the owner \
             of that one run `cargo xtask setup`",
            self.path.display()
        )
    }

    /// Keeps a second set-up waiting until this one is done; the first thing that is written.
    pub fn lock(&self) -> Result<File> {
        let file = File::create(self.join(".lock")).map_err(|why| self.not_writable(&why))?;
        if file.try_lock().is_err() {
            println!("waiting for another set-up that uses {}", self.path.display());
            file.lock()?;
        }
        Ok(file)
    }
}

/// Refuses, before anything is made, a path that a tool below would misread.
fn ensure_usable(path: &Path, what: &str, bad: &str) -> Result<()> {
    let text = path.to_str().with_context(|| {
        format!("{what} is {path:?}, which is not Unicode; choose another folder")
    })?;
    let found = text.chars().find(|&c| c.is_control() || bad.contains(c));
    ensure!(
        found.is_none(),
        "{what} is {text:?}, and compilers, Python or Jupyter misread {:?} in a path; choose another folder",
        found.unwrap_or_default()
    );
    Ok(())
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
    let cannot = || format!("cannot create {}", place.display());
    if let Some(parent) = place.parent() {
        fs::create_dir_all(parent).with_context(cannot)?;
    }
    fs::rename(finished, place).with_context(cannot)
}

/// Writes a text in one step, so that nobody ever reads half of it.
pub fn write_whole(path: &Path, text: &str) -> Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).with_context(cannot)?;
    }
    let finished = path.with_extension("tmp");
    fs::write(&finished, text).with_context(cannot)?;
    put(&finished, path)
}

fn clone_root() -> Result<PathBuf> {
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let root = xtask.parent().context("xtask has no parent folder")?;
    root.canonicalize().with_context(|| format!("no clone at {}", root.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt;

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
    fn a_path_that_a_tool_would_misread_is_refused_in_one_sentence() {
        let check = |path: &[u8], bad| {
            let path = Path::new(std::ffi::OsStr::from_bytes(path));
            ensure_usable(path, "the clone", bad).map_err(|error| error.to_string())
        };
        for path in ["/home/ana maria/ö", "/home/李/o'brien (1)", "/a#b%c&d{e}"] {
            assert_eq!(check(path.as_bytes(), BAD_IN_CACHE), Ok(()));
        }
        for (path, named) in [("/a:b", "':'"), ("/a\nb", "'\\n'"), ("/a$HOME", "'$'")] {
            let said = check(path.as_bytes(), BAD_IN_CACHE).unwrap_err();
            assert!(said.starts_with("the clone is \"/a") && said.contains(named), "{said}");
            assert!(said.ends_with("choose another folder") && !said.contains('\n'), "{said}");
        }
        let said = check(b"/a\xff", BAD_IN_CLONE).unwrap_err();
        assert!(said.contains("which is not Unicode"), "{said}");
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
