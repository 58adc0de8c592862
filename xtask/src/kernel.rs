//! Our kernel spec, and the warm build folder every kernel starts from.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::command;
use crate::evcxr;
use crate::home::{Home, write_whole};
use crate::step::{note, step};

const NAME: &str = "warm kernel";
const SPEC: &str = "venv/share/jupyter/kernels/convlens";

/// Installs the kernel spec into the private Python and warms the kernel for this clone.
pub fn make(home: &Home) -> Result<()> {
    install_spec(home)?;
    warm(home)
}

/// What the kernel's launcher needs to know.
fn environment(home: &Home) -> Vec<(&'static str, String)> {
    vec![
        ("CONVLENS_HOME", home.path.display().to_string()),
        ("CONVLENS_EVCXR", evcxr::binary(home).display().to_string()),
        ("PYTHONDONTWRITEBYTECODE", "1".into()),
    ]
}

fn install_spec(home: &Home) -> Result<()> {
    let start = home.join("kernel/start.py");
    write(&start, &fs::read_to_string(home.script("start.py"))?)?;
    let env: serde_json::Map<_, _> =
        environment(home).into_iter().map(|(k, v)| (k.into(), v.into())).collect();
    let spec = json!({
        "argv": [home.python(), start, "{connection_file}"],
        "display_name": "ConvLens (Rust)",
        "language": "rust",
        "interrupt_mode": "message",
        "env": env,
    });
    write(&home.join(SPEC).join("kernel.json"), &serde_json::to_string_pretty(&spec)?)
}

fn write(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    write_whole(path, text)
}

/// `template.py` on this clone, with the environment of the kernel spec.
fn template(home: &Home, action: &str) -> Result<Command> {
    let spec = fs::read_to_string(home.join(SPEC).join("kernel.json"))?;
    let spec: serde_json::Value = serde_json::from_str(&spec)?;
    let env = spec["env"].as_object().context("kernel.json has no env")?.clone();
    let mut python = Command::new(home.python());
    python.arg(home.script("template.py")).arg(action).arg(&home.clone);
    python.envs(env.iter().filter_map(|(k, v)| Some((k, v.as_str()?))));
    Ok(python)
}

/// Compiles what a first cell needs, if the clone changed since the last time.
fn warm(home: &Home) -> Result<()> {
    let mut status = String::new();
    let look = template(home, "status")?;
    command::run(home, "looking at the warm kernel", look, |line| status = line.to_owned())?;
    let message = match status.as_str() {
        "ready" => None,
        "changed" => Some("ConvLens sources changed: warming the kernel, about 20 s"),
        "missing" => Some("compiling the crate for the kernel, about 2 minutes on two cores"),
        "" => bail!("template.py says nothing about the warm kernel"),
        damage => {
            note(NAME, &format!("damaged: {damage}; it is made again"));
            Some("compiling the crate for the kernel, about 2 minutes on two cores")
        }
    };
    if let Some(message) = message {
        println!("{message}");
    }
    step(NAME, message.is_none(), |progress| {
        let message = message.unwrap_or_default();
        progress.message(message);
        let mut crates = 0;
        command::run(home, "warming the kernel", template(home, "warm")?, |line| {
            if line.trim_start().starts_with("Compiling ") {
                crates += 1;
                progress.message(format!("{message}, {crates} crates so far"));
            }
        })
    })
}
