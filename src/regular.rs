//! Files that are opened: regular ones, because a pipe or a device may never end, or never begin.

use std::fs::{File, metadata};
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;

/// Opens a file for reading; fails for a folder, a pipe, a socket or a device, without touching it.
pub(crate) fn open(path: &Path) -> Result<File> {
    let about = metadata(path)?;
    if about.is_dir() {
        return Err(Error::new(ErrorKind::IsADirectory, "is a folder, not a file"));
    }
    if !about.is_file() {
        let why = "is not a regular file, but a pipe, a socket or a device";
        return Err(Error::new(ErrorKind::Unsupported, why));
    }
    File::open(path)
}

/// All bytes of a file that is at most `most` long.
pub(crate) fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let why = format!("is larger than {} MB", most / 1_000_000);
        return Err(Error::new(ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_files_are_read_up_to_a_limit() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, b"four").unwrap();
        assert_eq!(read(file.path(), 4).unwrap(), b"four");
        assert_eq!(read(file.path(), 3).unwrap_err().kind(), ErrorKind::FileTooLarge);
        assert_eq!(open(Path::new("src")).unwrap_err().kind(), ErrorKind::IsADirectory);
        assert_eq!(open(Path::new("no/such")).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_left_alone() {
        let said = read(Path::new("/dev/zero"), 4).unwrap_err().to_string();
        assert!(said.contains("is not a regular file"), "{said}");
    }
}
