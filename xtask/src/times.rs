//! `cargo xtask times`: how long a reader waits for a kernel and for a cell, and what it takes.

use anyhow::{Result, ensure};

use crate::home::Home;
use crate::setup;

/// Measures with a real kernel on this clone.
pub fn run(home: &Home) -> Result<()> {
    let mut python = setup::ready(home, home.python())?;
    python.arg(home.clone.join("benches/kernel.py"));
    ensure!(python.status()?.success(), "the kernel could not be measured");
    Ok(())
}
