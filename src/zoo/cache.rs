//! Where `cargo xtask setup` puts the weights.

use crate::{Error, Result};
use std::path::PathBuf;

/// What set-up fetches; the other files come from whoever published them.
const SET_UP: [&str; 2] = ["efficientnet-lite0-57934424.pth", "vgg16-hed-trunk.safetensors"];

/// The 26 styles of [`FastStyle::pretrained`](crate::fast_style::FastStyle::pretrained), also by set-up.
pub(crate) const STYLES_FILE: &str = "magenta-26-styles.safetensors";

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
pub(crate) fn weights_file(file: &str) -> Result<PathBuf> {
    let path = weights_folder()?.join(file);
    if path.is_file() {
        return Ok(path);
    }
    let advice = match SET_UP.contains(&file) || file == STYLES_FILE {
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
