//! libtorch 2.13.0: the user's own, the cache's, or made from the released wheels.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command;
use crate::home::{Home, put, remove};
use crate::local;
use crate::part;
use crate::setup::Device;
use crate::step::{Progress, step};
use crate::torch_wheels::{VERSION, needed, wheels};
use crate::unpack::unpack;

const LIBRARY: &str =
    if cfg!(target_os = "macos") { "libtorch_cpu.dylib" } else { "libtorch_cpu.so" };

/// Finds or makes libtorch, tells cargo about it, and returns its folder.
pub fn make(home: &Home, device: Device) -> Result<PathBuf> {
    let (folder, ours) = match yours(home)? {
        Some(folder) => (folder, false),
        None => (make_ours(home, device)?, true),
    };
    local::write(home, &folder, ours)?;
    Ok(folder)
}

/// The libtorch that `LIBTORCH` or `LIBTORCH_USE_PYTORCH=1` names.
fn yours(home: &Home) -> Result<Option<PathBuf>> {
    let given = std::env::var_os("LIBTORCH").map(PathBuf::from);
    if let Some(folder) = given.filter(|f| !f.as_os_str().is_empty() && !local::wrote(home, f)) {
        ensure_usable(&folder).context("LIBTORCH")?;
        return Ok(Some(folder));
    }
    if std::env::var("LIBTORCH_USE_PYTORCH").is_ok_and(|v| v == "1") {
        let code = "import os, torch; print(os.path.dirname(torch.__file__))";
        let folder = command::first_line("python3", &["-c", code]).context(
            "LIBTORCH_USE_PYTORCH is 1 but `import torch` fails in python3; install torch there",
        )?;
        ensure_usable(Path::new(&folder)).context("LIBTORCH_USE_PYTORCH")?;
        return Ok(Some(folder.into()));
    }
    Ok(None)
}

fn ensure_usable(folder: &Path) -> Result<()> {
    ensure!(
        folder.join("lib").join(LIBRARY).is_file(),
        "there is no lib/{LIBRARY} in {}; unset it, or set it to libtorch {VERSION}",
        folder.display()
    );
    let found = fs::read_to_string(folder.join("build-version")).unwrap_or_default();
    let number = found.trim().split('+').next().unwrap_or_default();
    ensure!(
        number.is_empty() || number == VERSION,
        "libtorch {VERSION} is needed, {} holds {number}; unset it to let set-up fetch the right one",
        folder.display()
    );
    Ok(())
}

fn make_ours(home: &Home, device: Device) -> Result<PathBuf> {
    let cuda = home.join(format!("libtorch-{VERSION}-cuda"));
    let torch = cuda.join("torch");
    if device == Device::Cuda || torch.is_dir() {
        let whole = part::is_whole(home, "libtorch (CUDA)", &cuda, || loads(home, &torch))?;
        step("libtorch (CUDA)", whole, |p| install_cuda(home, &cuda, p))?;
        ensure_loads(whole || loads(home, &torch), &torch)?;
        return Ok(torch);
    }
    let folder = home.join(format!("libtorch-{VERSION}"));
    let whole = part::is_whole(home, "libtorch", &folder, || loads(home, &folder))?;
    step("libtorch", whole, |p| install_cpu(home, &folder, p))?;
    ensure_loads(whole || loads(home, &folder), &folder)?;
    Ok(folder)
}

/// Fresh from its wheels: what is wrong then is the machine.
fn ensure_loads(loads: bool, folder: &Path) -> Result<()> {
    ensure!(
        loads,
        "this machine cannot load {}; install libtorch {VERSION} that it can, and set LIBTORCH",
        folder.join("lib").join(LIBRARY).display()
    );
    Ok(())
}

/// Does the system's loader take the library, and all that it names?
fn loads(home: &Home, folder: &Path) -> bool {
    let code = "import ctypes, sys; print(ctypes.CDLL(sys.argv[1]))";
    let library = folder.join("lib").join(LIBRARY);
    let arguments = ["-c", code, &library.to_string_lossy()];
    command::first_line(&home.python().to_string_lossy(), &arguments).is_some()
}

fn install_cpu(home: &Home, place: &Path, progress: &Progress) -> Result<()> {
    let scratch = home.scratch("libtorch")?;
    for wheel in wheels()? {
        let file = wheel.fetch(home, progress)?;
        progress.message("unpacking");
        unpack(&file, &scratch, needed)?;
        remove(file.parent().unwrap_or(&file))?;
    }
    complete(&scratch)?;
    part::finish(home, &scratch)?;
    put(&scratch, place)
}

/// What libtorch's build adds to the wheel's files.
fn complete(folder: &Path) -> Result<()> {
    let lib = folder.join("lib");
    if cfg!(target_os = "linux") {
        fs::write(lib.join("libtorch.so"), "INPUT(libtorch_cpu.so)\n")?;
        link_name(&lib, "libgomp.so.1", "libgomp.so")?;
    }
    fs::write(folder.join("build-version"), format!("{VERSION}\n"))?;
    Ok(())
}

#[cfg(unix)]
fn link_name(lib: &Path, library: &str, name: &str) -> Result<()> {
    Ok(std::os::unix::fs::symlink(library, lib.join(name))?)
}

/// The whole wheel with its CUDA libraries, which it finds beside itself.
fn install_cuda(home: &Home, place: &Path, progress: &Progress) -> Result<()> {
    let scratch = home.scratch("libtorch-cuda")?;
    let mut pip = Command::new(home.python());
    pip.args(["-m", "pip", "install", "--only-binary=:all:", "--no-cache-dir", "--no-compile"]);
    pip.arg("--disable-pip-version-check").arg("--target").arg(&scratch);
    pip.arg(format!("torch=={VERSION}"));
    command::run(home, "installing torch with CUDA", pip, |line| {
        if let Some(package) = line.strip_prefix("Collecting ") {
            progress.message(package.split(['=', ' ']).next().unwrap_or_default().to_owned());
        }
    })?;
    fs::write(scratch.join("torch/build-version"), format!("{VERSION}\n"))?;
    part::finish(home, &scratch)?;
    put(&scratch, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_libtorch_of_another_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let message = format!("{:#}", ensure_usable(folder.path()).unwrap_err());
        assert!(message.contains("there is no lib/libtorch_cpu"), "{message}");
        fs::create_dir(folder.path().join("lib")).unwrap();
        for name in ["libtorch_cpu.so", "libtorch_cpu.dylib"] {
            fs::write(folder.path().join("lib").join(name), "").unwrap();
        }
        fs::write(folder.path().join("build-version"), "2.9.1+cpu\n").unwrap();
        let message = format!("{:#}", ensure_usable(folder.path()).unwrap_err());
        assert!(message.contains("2.13.0 is needed"), "{message}");
    }
}
