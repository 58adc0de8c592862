//! `cargo xtask parity`: torch saves every network with random weights, ConvLens loads it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::home::Home;
use crate::setup::{self, Device};
use crate::venv::{self, Venv};
use crate::{command, libtorch, prerequisites};

/// Prints a table of the networks; fails if the logits of one differ.
pub fn run(home: &Home, options: &[String]) -> Result<()> {
    ensure!(options.is_empty(), "`cargo xtask parity` takes no options");
    prerequisites::check()?;
    let peer = peer(home);
    let libtorch = make(home, &peer)?;
    let mut cargo = setup::command(home, "cargo", &libtorch);
    cargo.args(["test", "--quiet", "--package", "convlens", "--test", "parity", "checkpoints"]);
    cargo.args(["--", "--ignored", "--nocapture", "--test-threads=1"]).current_dir(&home.clone);
    cargo.env("CONVLENS_PEER_PYTHON", peer.python(home)).env("RUST_BACKTRACE", "0");
    ensure!(cargo.status()?.success(), "some networks differ or were not compared, see above");
    Ok(())
}

fn make(home: &Home, peer: &Venv) -> Result<PathBuf> {
    let _lock = home.lock()?;
    venv::make(home)?;
    let libtorch = libtorch::make(home, Device::Cpu)?;
    peer.make(home, |python| stand_ins(home, python))?;
    Ok(libtorch)
}

/// A Python with the versions that the expected values of tests/parity were made with.
fn peer(home: &Home) -> Venv {
    let requirements = script(home, "requirements.txt");
    let modules = "torch, torchvision, efficientnet_lite_pytorch";
    Venv { name: "torch for Python", folder: "parity", requirements, modules }
}

/// On Linux the packages hold torch for CUDA; lets it start without CUDA's own 2 GB.
fn stand_ins(home: &Home, python: &Path) -> Result<()> {
    let mut command = Command::new(python);
    command.arg(script(home, "stand_ins.py"));
    match cfg!(target_os = "linux") {
        true => command::run(home, "linking stand-ins for CUDA", command, |_| ()),
        false => Ok(()),
    }
}

fn script(home: &Home, name: &str) -> PathBuf {
    home.clone.join("tests/parity").join(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::torch_wheels::VERSION;
    use std::fs;

    #[test]
    fn an_option_is_refused_before_anything_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home { path: folder.path().into(), clone: folder.path().into() };
        let error = run(&home, &["--fast".into()]).unwrap_err();
        assert_eq!(error.to_string(), "`cargo xtask parity` takes no options");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn both_sides_are_one_release_of_torch() {
        let list = fs::read_to_string(peer(&Home::find().unwrap()).requirements).unwrap();
        assert!(list.lines().any(|line| line == format!("torch=={VERSION} \\")), "{list}");
    }
}
