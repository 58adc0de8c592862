//! Where `cargo xtask setup` puts the weights.

use crate::home::home;
use crate::{Error, Result};
use std::path::PathBuf;

/// What set-up fetches; the other files come from whoever published them.
const SET_UP: [&str; 2] = ["efficientnet-lite0-57934424.pth", "vgg16-hed-trunk.safetensors"];

/// The folder that holds the weights: `weights` in `CONVLENS_HOME`, or in the platform's cache folder.
pub fn weights_folder() -> Result<PathBuf> {
    Ok(home()?.join("weights"))
}

/// The path of a weights file, if it is there.
pub(super) fn weights_file(file: &str) -> Result<PathBuf> {
    let path = weights_folder()?.join(file);
    if path.is_file() {
        return Ok(path);
    }
    let advice = match SET_UP.contains(&file) {
        true => {
            "run `cargo xtask setup` in the ConvLens folder, or set CONVLENS_HOME to where it ran"
        }
        false => "put the published file of that name there, or give its path to `load_from`",
    };
    Err(Error::file(path, "no such weights file", advice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_says_where_it_comes_from() {
        let says = |file| weights_file(file).unwrap_err().to_string();
        assert!(says("no-such-network-12345678.pth").ends_with("give its path to `load_from`"));
        assert!(
            SET_UP.iter().all(|file| crate::zoo::Model::all().iter().any(|m| m.file() == *file))
        );
    }
}
