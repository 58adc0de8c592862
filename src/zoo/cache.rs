//! Where `cargo xtask setup` puts the weights.

use crate::{Error, Result};
use std::path::PathBuf;

/// The folder that holds the weights: `weights` in `CONVLENS_HOME`, or in the platform's cache folder.
pub fn weights_folder() -> Result<PathBuf> {
    let home = match std::env::var_os("CONVLENS_HOME") {
        Some(home) => PathBuf::from(home),
        None => dirs::cache_dir().ok_or_else(no_cache)?.join("convlens"),
    };
    Ok(home.join("weights"))
}

fn no_cache() -> Error {
    let advice = "set CONVLENS_HOME to a folder of your choice and run `cargo xtask setup`";
    Error::argument("cache folder", "a home folder", "none", advice)
}

/// The path of a weights file, if it is there.
pub(super) fn weights_file(file: &str) -> Result<PathBuf> {
    let path = weights_folder()?.join(file);
    if path.is_file() {
        return Ok(path);
    }
    let advice =
        "run `cargo xtask setup` in the ConvLens folder, or set CONVLENS_HOME to where it ran";
    Err(Error::file(path, "no such weights file", advice))
}
