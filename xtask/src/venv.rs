//! The private Python: JupyterLab and what runs and converts notebooks, at pinned versions.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::download::sha256;
use crate::home::{Home, put, remove};
use crate::prerequisites;
use crate::step::{Progress, step};

/// Makes `venv`; its stamp, written last, says for which list of packages.
pub fn make(home: &Home) -> Result<()> {
    let wanted = sha256(&home.script("requirements.txt"))?;
    let stamp = home.join("venv/.complete");
    let found = fs::read_to_string(&stamp).unwrap_or_default();
    let works = command::first_line(&home.python().to_string_lossy(), &["-c", "import zmq"]);
    step("Jupyter", found == wanted && works.is_some(), |progress| {
        remove(&home.join("venv"))?;
        create(home)?;
        install(home, progress)?;
        let finished = home.join("venv/.complete.tmp");
        fs::write(&finished, &wanted)?;
        put(&finished, &stamp)
    })
}

fn create(home: &Home) -> Result<()> {
    let python = prerequisites::python().context("no Python found")?;
    let mut command = Command::new(python);
    command.args(["-m", "venv"]).arg(home.join("venv"));
    command::run(home, "python -m venv", command, |_| ())
}

fn install(home: &Home, progress: &Progress) -> Result<()> {
    let mut pip = Command::new(home.python());
    pip.args(["-m", "pip", "install", "--require-hashes", "--only-binary=:all:"]);
    pip.args(["--disable-pip-version-check", "--no-input", "--requirement"]);
    pip.arg(home.script("requirements.txt"));
    command::run(home, "pip install", pip, |line| {
        if let Some(package) = line.strip_prefix("Collecting ") {
            progress.message(package.split(['=', ' ']).next().unwrap_or_default().to_owned());
        } else if line.starts_with("Installing") {
            progress.message("installing");
        }
    })
}
