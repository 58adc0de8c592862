//! The cache folder that `cargo xtask setup` fills.

use crate::{Error, Result};
use std::path::PathBuf;

/// `CONVLENS_HOME`, or `convlens` in the platform's cache folder.
pub(crate) fn home() -> Result<PathBuf> {
    match std::env::var_os("CONVLENS_HOME") {
        Some(home) => Ok(PathBuf::from(home)),
        None => Ok(dirs::cache_dir().ok_or_else(no_cache)?.join("convlens")),
    }
}

fn no_cache() -> Error {
    let advice = "set CONVLENS_HOME to a folder of your choice and run `cargo xtask setup`";
    Error::argument("cache folder", "a home folder", "none", advice)
}
