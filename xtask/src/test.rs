//! `cargo xtask test`: every test, with everything they need.

use anyhow::{Result, ensure};

use crate::home::Home;
use crate::setup;

/// Runs `cargo test --workspace` and whatever else was given.
pub fn run(home: &Home, options: &[String]) -> Result<()> {
    let mut cargo = setup::ready(home, "cargo")?;
    cargo.args(["test", "--workspace"]).args(options).current_dir(&home.clone);
    ensure!(cargo.status()?.success(), "some tests failed; their names and messages are above");
    Ok(())
}
