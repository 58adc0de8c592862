//! Parts of the cache: whether one still is what set-up made. `xtask/kernel/manifest.py` keeps the lists of
//! their files, because kernels look at them too.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::home::Home;
use crate::step::note;
use crate::{command, prerequisites};

/// Is the part in `folder` whole, and does it pass its `probe`? What is damaged is said. A part that an earlier
/// set-up made without a list gets one, if it passes.
pub fn is_whole(home: &Home, name: &str, folder: &Path, probe: impl Fn() -> bool) -> Result<bool> {
    if !folder.is_dir() {
        return Ok(false);
    }
    let state = manifest(home, "check", folder)?;
    let known = state != "unknown";
    if known && state != "whole" {
        note(name, &format!("damaged: {state}; it is made again"));
        return Ok(false);
    }
    let works = probe();
    match (works, known) {
        (true, false) => finish(home, folder)?,
        (true, true) => {}
        (false, _) => {
            note(name, &format!("damaged: {} does not work; it is made again", folder.display()))
        }
    }
    Ok(works)
}

/// Is there a list of the part's files?
pub fn is_known(folder: &Path) -> bool {
    folder.join(".manifest").is_file()
}

/// Lists the files of a part that is complete.
pub fn finish(home: &Home, folder: &Path) -> Result<()> {
    manifest(home, "write", folder).map(|_| ())
}

/// Compares the contents of all parts with their lists, and removes those that are damaged.
pub fn repair(home: &Home) -> Result<()> {
    let _lock = home.lock()?;
    let mut damaged = vec![];
    let mut python = python(home, "repair")?;
    python.arg(&home.path);
    command::run(home, "looking for damage", python, |line| damaged.push(line.to_owned()))?;
    damaged.iter().for_each(|why| note("damaged", why));
    Ok(())
}

/// What it says about `folder`, in one word or one sentence.
fn manifest(home: &Home, action: &str, folder: &Path) -> Result<String> {
    let mut said = String::new();
    let mut python = python(home, action)?;
    python.arg(folder);
    let what = format!("manifest.py {action}");
    command::run(home, &what, python, |line| said = line.to_owned())?;
    Ok(said)
}

fn python(home: &Home, action: &str) -> Result<Command> {
    let mut python = Command::new(prerequisites::python().context("no Python found")?);
    python.arg(home.script("manifest.py")).arg(action).env("PYTHONDONTWRITEBYTECODE", "1");
    Ok(python)
}
