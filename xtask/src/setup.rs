//! `cargo xtask setup`: everything a reader needs, each part once.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::home::{Home, remove};
use crate::step::duration;
use crate::{cifar10, evcxr, kernel, libtorch, prerequisites, rust_source, venv, weights};

/// What libtorch computes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Device {
    Cpu,
    Cuda,
}

/// Sets everything up.
pub fn run(home: &Home, device: Device) -> Result<()> {
    let began = std::time::Instant::now();
    make(home, device)?;
    println!("set up in {} ({})", home.path.display(), duration(began.elapsed()));
    Ok(())
}

/// All steps; returns where libtorch is.
pub fn make(home: &Home, device: Device) -> Result<PathBuf> {
    prerequisites::check()?;
    let _lock = home.lock()?;
    rust_source::make(home)?;
    venv::make(home)?;
    let libtorch = libtorch::make(home, device)?;
    weights::make(home)?;
    cifar10::make(home)?;
    evcxr::build(home)?;
    kernel::make(home)?;
    std::fs::create_dir_all(home.join("jupyter"))?;
    remove(&home.join("tmp"))?;
    Ok(libtorch)
}

/// Sets up, then fetches the training pictures of CIFAR-10.
pub fn cifar10_train(home: &Home) -> Result<()> {
    make(home, Device::Cpu)?;
    let _lock = home.lock()?;
    cifar10::make_train(home)
}

/// Sets up, then prepares `program` to run with what set-up made.
pub fn ready(home: &Home, program: impl AsRef<OsStr>) -> Result<Command> {
    let libtorch = make(home, Device::Cpu)?;
    Ok(command(home, program, &libtorch))
}

/// `program` with libtorch, and with every folder Jupyter writes to inside the cache.
pub fn command(home: &Home, program: impl AsRef<OsStr>, libtorch: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("LIBTORCH", libtorch).env("CONVLENS_HOME", &home.path);
    for (name, folder) in [
        ("JUPYTER_CONFIG_DIR", "config"),
        ("JUPYTER_DATA_DIR", "data"),
        ("JUPYTER_RUNTIME_DIR", "runtime"),
        ("IPYTHONDIR", "ipython"),
    ] {
        command.env(name, home.join("jupyter").join(folder));
    }
    command.env("JUPYTER_PREFER_ENV_PATH", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    command
}
