//! Where `cargo xtask setup` puts the weights.

use super::table::{Row, ZOO};
use crate::home::home;
use crate::{Error, Result};
use std::path::{Path, PathBuf};

/// The 26 styles of [`FastStyle::pretrained`](crate::fast_style::FastStyle::pretrained), also by set-up.
pub(crate) const STYLES_FILE: &str = "magenta-26-styles.safetensors";

/// The folder that holds the weights: `weights` in `CONVLENS_HOME`, or in the platform's cache folder.
pub fn weights_folder() -> Result<PathBuf> {
    Ok(home()?.join("weights"))
}

/// The path of a weights file, if it is there.
pub(crate) fn weights_file(file: &str) -> Result<PathBuf> {
    let folder = weights_folder()?;
    let path = folder.join(file);
    if path.is_file() { Ok(path) } else { Err(missing(&folder, file)) }
}

/// That a weights file is not there, and where it comes from.
pub(super) fn missing(folder: &Path, file: &str) -> Error {
    let set_up = |row: &Row| row.sources.iter().any(|s| s.file == file && s.is_set_up());
    let advice = match file == STYLES_FILE || ZOO.iter().any(set_up) {
        true => {
            "run `cargo xtask setup` in the ConvLens folder, or set CONVLENS_HOME to where it ran"
        }
        false => "put the published file of that name there, or give its path to `load_from`",
    };
    Error::file(folder.join(file), "no such weights file", advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_says_where_it_comes_from() {
        let says = |file| missing(Path::new("no/such/folder"), file).to_string();
        assert!(says("no-such-network-12345678.pth").ends_with("give its path to `load_from`"));
        assert!(says(STYLES_FILE).ends_with("CONVLENS_HOME to where it ran"));
        assert!(says("vgg16-features.safetensors").ends_with("CONVLENS_HOME to where it ran"));
        assert!(says("efficientnet-lite1-77cc7160.pth").ends_with("its path to `load_from`"));
    }
}
