//! The Rust kernel for Jupyter, built from its released source and its own lock file.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::command;
use crate::home::{Home, put, remove};
use crate::part;
use crate::step::{Progress, step};

const NAME: &str = "evcxr kernel";
const VERSION: &str = "0.22.0";

/// The kernel's program.
pub fn binary(home: &Home) -> PathBuf {
    home.join(format!("evcxr-{VERSION}/bin/evcxr_jupyter"))
}

/// Builds the kernel, once.
pub fn build(home: &Home) -> Result<()> {
    let place = home.join(format!("evcxr-{VERSION}"));
    let starts = || command::first_line(&binary(home).to_string_lossy(), &["--help"]).is_some();
    let whole = part::is_whole(home, NAME, &place, starts)?;
    step(NAME, whole, |progress| {
        let scratch = home.scratch("evcxr")?;
        compile(home, &scratch, progress)?;
        part::finish(home, &scratch.join("root"))?;
        put(&scratch.join("root"), &place)?;
        remove(&scratch)
    })
}

fn compile(home: &Home, scratch: &Path, progress: &Progress) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo.args(["install", "evcxr_jupyter", "--version", VERSION, "--locked"]);
    cargo.arg("--root").arg(scratch.join("root"));
    cargo.env("CARGO_TARGET_DIR", scratch.join("target")).env_remove("RUSTFLAGS");
    cargo.current_dir(scratch); // so that no cargo settings of the clone apply
    let mut crates = 0;
    command::run(home, "cargo install evcxr_jupyter", cargo, |line| {
        if line.trim_start().starts_with("Compiling ") {
            crates += 1;
            progress.message(format!("{crates} crates (of about 300, 6 minutes on two cores)"));
        }
    })
}
