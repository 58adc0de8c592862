//! The source of Rust's standard library, without which the kernel cannot infer types.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::home::Home;
use crate::step::step;

/// Has rustup add it, where rustup did not do so of itself (`rust-toolchain.toml` asks for it).
pub fn make(home: &Home) -> Result<()> {
    let sysroot = command::first_line("rustc", &["--print", "sysroot"]).unwrap_or_default();
    step("Rust's own source", is_there(Path::new(&sysroot)), |_| {
        let mut rustup = Command::new("rustup");
        rustup.args(["component", "add", "rust-src"]).current_dir(&home.clone);
        command::run(home, "rustup component add rust-src", rustup, |_| ()).context(
            "the kernel needs the source of Rust's standard library; install Rust by rustup, or \
             the package of your system that holds it (rust-src)",
        )
    })
}

fn is_there(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib/src/rust/library/Cargo.lock").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_library_itself_is_looked_for() {
        let sysroot = tempfile::tempdir().unwrap();
        let library = sysroot.path().join("lib/rustlib/src/rust/library");
        fs::create_dir_all(&library).unwrap();
        assert!(!is_there(sysroot.path()), "an empty folder is what a broken download leaves");
        fs::write(library.join("Cargo.lock"), "").unwrap();
        assert!(is_there(sysroot.path()));
    }
}
