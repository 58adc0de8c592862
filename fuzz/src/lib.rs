//! What the fuzz targets share: bytes as a file, seeds, and what an error must look like.

pub mod archive;

use convlens::Result;
use std::path::{Path, PathBuf};

/// The repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Hands a file with these bytes to a reader; whatever it says must be one line.
pub fn read<T>(bytes: &[u8], reader: impl FnOnce(&Path) -> Result<T>) -> Option<T> {
    let path = std::env::temp_dir().join(format!("convlens-fuzz-{}", std::process::id()));
    std::fs::write(&path, bytes).expect("the folder for temporary files can be written");
    match reader(&path) {
        Ok(made) => Some(made),
        Err(error) => {
            let said = error.to_string();
            assert!(!said.chars().any(char::is_control), "not one line: {said:?}");
            assert!(said.len() < 4000, "a long story: {said}");
            None
        }
    }
}

/// Writes the seeds into the folder that `CONVLENS_FUZZ_SEEDS` names, if it names one, and ends.
pub fn seeds(make: impl FnOnce() -> Vec<Vec<u8>>) {
    let Some(folder) = std::env::var_os("CONVLENS_FUZZ_SEEDS").map(PathBuf::from) else { return };
    for (i, bytes) in make().iter().enumerate() {
        std::fs::write(folder.join(format!("seed-{i:02}")), bytes).expect("seeds can be written");
    }
    std::process::exit(0);
}

/// The bytes of a file that `write` makes.
pub fn written<T>(name: &str, write: impl FnOnce(&Path) -> T) -> Vec<u8> {
    let path = std::env::temp_dir().join(format!("convlens-seed-{}-{name}", std::process::id()));
    write(&path);
    let bytes = std::fs::read(&path).expect("the seed was written");
    std::fs::remove_file(path).expect("the seed can be removed");
    bytes
}
