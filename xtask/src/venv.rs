//! Private Pythons in the cache, at pinned versions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command;
use crate::download::sha256;
use crate::home::{Home, remove, write_whole};
use crate::part;
use crate::prerequisites;
use crate::step::{Progress, step};

/// A Python with the packages of one list.
pub struct Venv {
    /// What its step is called.
    pub name: &'static str,
    /// Its folder in the cache.
    pub folder: &'static str,
    /// The packages, with a sha256 for each file.
    pub requirements: PathBuf,
    /// What can be imported if it is whole.
    pub modules: &'static str,
}

const COMPLETE: &str = "
import importlib.metadata, sys
found = list(importlib.metadata.distributions())
files = (f for package in found for f in package.files or [] if '__pycache__' not in str(f))
sys.exit(len(found) < int(sys.argv[1]) or not all(f.locate().exists() for f in files))
";

/// Makes the one with JupyterLab and what runs and converts notebooks.
pub fn make(home: &Home) -> Result<()> {
    let requirements = home.script("requirements.txt");
    let venv =
        Venv { name: "Jupyter", folder: "venv", requirements, modules: "jupyter_client, zmq" };
    venv.make(home, |_| Ok(()))
}

impl Venv {
    /// Makes it, with `finish` as the last touch; its stamp, written last, says for which list.
    pub fn make(&self, home: &Home, finish: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let wanted = sha256(&self.requirements)?;
        let stamp = home.join(self.folder).join(".complete");
        let found = fs::read_to_string(&stamp).unwrap_or_default();
        let place = home.join(self.folder);
        let works = || self.works(home) && (part::is_known(&place) || self.is_complete(home));
        let ready = found == wanted && part::is_whole(home, self.name, &place, works)?;
        step(self.name, ready, |progress| {
            remove(&place)?;
            self.create(home)?;
            self.install(home, progress)?;
            finish(&self.python(home))?;
            part::finish(home, &place)?;
            write_whole(&stamp, &wanted)
        })
    }

    /// Its interpreter.
    pub fn python(&self, home: &Home) -> PathBuf {
        home.join(self.folder).join("bin/python")
    }

    fn works(&self, home: &Home) -> bool {
        let import = format!("import {}", self.modules);
        command::first_line(&self.python(home).to_string_lossy(), &["-c", &import]).is_some()
    }

    /// Are the packages that every machine needs there, with all the files that they say they have?
    fn is_complete(&self, home: &Home) -> bool {
        let list = fs::read_to_string(&self.requirements).unwrap_or_default();
        let packages = list.lines().filter(|l| l.contains("==") && !l.contains(';')).count();
        let arguments = ["-c", COMPLETE, &packages.to_string()];
        command::first_line(&self.python(home).to_string_lossy(), &arguments).is_some()
    }

    fn create(&self, home: &Home) -> Result<()> {
        let python = prerequisites::python().context("no Python found")?;
        let mut command = Command::new(python);
        command.args(["-m", "venv"]).arg(home.join(self.folder));
        command::run(home, "python -m venv", command, |_| ())
    }

    fn install(&self, home: &Home, progress: &Progress) -> Result<()> {
        let mut pip = Command::new(self.python(home));
        pip.args(["-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-deps"]);
        pip.args(["--disable-pip-version-check", "--no-cache-dir", "--no-input"]);
        pip.arg("--requirement").arg(&self.requirements);
        command::run(home, "pip install", pip, |line| {
            if let Some(package) = line.strip_prefix("Collecting ") {
                progress.message(package.split(['=', ' ']).next().unwrap_or_default().to_owned());
            } else if line.starts_with("Installing") {
                progress.message("installing");
            }
        })
        .context("cannot install its packages, which come from the network")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_that_could_not_be_finished_is_never_taken_for_whole() {
        let folder = tempfile::tempdir().unwrap();
        let clone = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().into();
        let home = Home { path: folder.path().into(), clone };
        let requirements = folder.path().join("requirements.txt");
        let venv = Venv { name: "peer", folder: "peer", requirements, modules: "sys" };
        let make = || venv.make(&home, |_| anyhow::bail!("no compiler")).unwrap_err();
        fs::write(&venv.requirements, "no such thing\n").unwrap();
        let message = format!("{:#}", make());
        let begins =
            "peer: cannot install its packages, which come from the network: pip install failed:";
        assert!(message.starts_with(begins), "{message}");
        fs::write(&venv.requirements, "").unwrap();
        assert_eq!(format!("{:#}", make()), "peer: no compiler");
        venv.make(&home, |_| Ok(())).unwrap();
        venv.make(&home, |_| anyhow::bail!("made again")).unwrap();
    }
}
