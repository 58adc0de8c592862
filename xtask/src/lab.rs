//! `cargo xtask lab`: JupyterLab on the notebooks.

use std::os::unix::process::CommandExt;

use anyhow::Result;

use crate::home::Home;
use crate::setup;

/// Becomes JupyterLab; `options` are its own, such as `--no-browser`.
pub fn run(home: &Home, options: &[String]) -> Result<()> {
    let mut lab = setup::ready(home, home.python())?;
    lab.args(["-m", "jupyterlab", "--MultiKernelManager.default_kernel_name=convlens"]);
    lab.arg("--notebook-dir").arg(home.clone.join("notebooks"));
    lab.args(options);
    Err(anyhow::Error::new(lab.exec()).context("JupyterLab did not start"))
}
