//! `cargo xtask setup`: everything a reader needs, each part once.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::home::{Home, remove};
use crate::step::duration;
use crate::{cifar10, evcxr, kernel, libtorch, part, prerequisites, rust_source, venv, weights};

/// What libtorch computes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    #[default]
    Cpu,
    Cuda,
}

/// What `cargo xtask setup` is told.
#[derive(Debug, Default, PartialEq)]
pub struct Options {
    device: Device,
    repair: bool,
}

impl Options {
    /// Reads `[--cuda] [--repair]`.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--cuda" => options.device = Device::Cuda,
                "--repair" => options.repair = true,
                _ => bail!("`cargo xtask setup` takes `--cuda` and `--repair`, not `{argument}`"),
            }
        }
        Ok(options)
    }
}

/// Sets everything up.
pub fn run(home: &Home, options: &Options) -> Result<()> {
    let began = std::time::Instant::now();
    if options.repair {
        part::repair(home)?;
    }
    make(home, options.device)?;
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
    let jupyter = home.join("jupyter");
    std::fs::create_dir_all(&jupyter)
        .with_context(|| format!("cannot create {}", jupyter.display()))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_cuda_and_repair() {
        let parse = |text: &str| {
            Options::parse(&text.split_whitespace().map(String::from).collect::<Vec<_>>())
        };
        let both = Options { device: Device::Cuda, repair: true };
        assert_eq!(parse("--repair --cuda").unwrap(), both);
        assert_eq!(parse("").unwrap(), Options::default());
        let said = parse("--fix").unwrap_err().to_string();
        assert_eq!(said, "`cargo xtask setup` takes `--cuda` and `--repair`, not `--fix`");
    }
}
