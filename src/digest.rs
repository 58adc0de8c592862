//! What content is known by.

use crate::regular;
use sha2::{Digest, Sha256};
use std::io;
use std::path::Path;

/// The sha256 of a file, in lower-case hexadecimal digits; the file is never in memory as a whole.
pub(crate) fn sha256(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    io::copy(&mut regular::open(path)?, &mut hasher)?;
    Ok(digits(hasher))
}

/// The sha256 of some bytes.
pub(crate) fn sha256_of(bytes: impl AsRef<[u8]>) -> String {
    digits(Sha256::new_with_prefix(bytes))
}

/// The digest in lower-case hexadecimal digits.
pub(crate) fn digits(hasher: Sha256) -> String {
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_example() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "abc").unwrap();
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(file.path()).unwrap(), expected);
        assert_eq!(sha256_of("abc"), expected);
    }
}
