//! `.cargo/local.toml`: tells plain `cargo build` and `cargo test` where libtorch is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::home::{Home, write_whole};

const OURS: &str = "# libtorch was made by `cargo xtask setup`";
const YOURS: &str = "# libtorch is the one that LIBTORCH named when `cargo xtask setup` ran";

fn path(home: &Home) -> PathBuf {
    home.clone.join(".cargo/local.toml")
}

/// Writes the file if it says something else.
pub fn write(home: &Home, libtorch: &Path, ours: bool) -> Result<()> {
    let origin = if ours { OURS } else { YOURS };
    let value = serde_json::to_string(&libtorch.to_string_lossy())?;
    let text = format!("{origin}\n[env]\nLIBTORCH = {value}\n");
    if fs::read_to_string(path(home)).is_ok_and(|old| old == text) {
        return Ok(());
    }
    write_whole(&path(home), &text)
}

/// Cargo passes this file's LIBTORCH to us too: is a `given` one that set-up itself wrote?
pub fn wrote(home: &Home, given: &Path) -> bool {
    let text = fs::read_to_string(path(home)).unwrap_or_default();
    let value = text.lines().find_map(|line| line.strip_prefix("LIBTORCH = "));
    let value = value.and_then(|v| serde_json::from_str::<PathBuf>(v).ok());
    text.starts_with(OURS) && value.is_some_and(|v| v == given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_libtorch_of_the_user_is_told_from_ours() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(".cargo")).unwrap();
        let home = Home { path: folder.path().join("home"), clone: folder.path().into() };
        let torch = Path::new("/opt/a \"quoted\" torch");
        write(&home, torch, true).unwrap();
        assert!(wrote(&home, torch));
        assert!(!wrote(&home, Path::new("/opt/other")));
        write(&home, torch, false).unwrap();
        assert!(!wrote(&home, torch));
    }
}
