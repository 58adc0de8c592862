//! `cargo xtask browser`: the kernel in JupyterLab, as a reader sees it in Chromium.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command::{self, first_line};
use crate::home::{Home, put};
use crate::part;
use crate::setup;
use crate::step::step;

const NODE: u32 = 20;
const CHROMIUM: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Runs a tool and gives the first line it prints; None if it is missing or fails.
type Ask<'a> = &'a dyn Fn(&str, &[&str]) -> Option<String>;

/// Runs the checks of `xtask/browser`; screenshots of them go to `target/browser`.
pub fn run(home: &Home, options: &[String]) -> Result<()> {
    ensure!(options.is_empty(), "`cargo xtask browser` takes no options");
    let chromium = tools(std::env::var("CONVLENS_CHROMIUM").ok(), &first_line)?;
    let mut checks = setup::ready(home, "node")?;
    playwright(home)?;
    checks.arg(home.clone.join("xtask/browser/main.mjs")).arg(home.join("browser"));
    checks.arg(chromium).arg(home.python()).env("CONVLENS_CRATE", &home.clone);
    ensure!(checks.status()?.success(), "some checks failed; target/browser shows what was seen");
    Ok(())
}

/// The path of Chromium; fails with all tools that are missing in one sentence.
fn tools(given: Option<String>, ask: Ask) -> Result<String> {
    let chromium = chromium(given, ask);
    let advice = [no_node(ask), no_npm(ask), chromium.as_ref().err().cloned()];
    let missing: Vec<_> = advice.into_iter().flatten().collect();
    chromium.ok().filter(|_| missing.is_empty()).with_context(|| missing.join("; also, "))
}

fn no_node(ask: Ask) -> Option<String> {
    let found = ask("node", &["--version"]).unwrap_or_else(|| "none".into());
    let major = found.trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok());
    major
        .is_none_or(|major: u32| major < NODE)
        .then(|| format!("Node.js {NODE} or newer is needed, found {found}; install it"))
}

fn no_npm(ask: Ask) -> Option<String> {
    let missing = ask("npm", &["--version"]).is_none();
    missing.then(|| "npm is needed; install it, for example `apt install npm`".into())
}

/// The path of the given Chromium, or of one with a usual name; else what to do.
fn chromium(given: Option<String>, ask: Ask) -> Result<String, String> {
    let names = given.map_or(CHROMIUM.map(String::from).to_vec(), |name| vec![name]);
    let runs = names.iter().find(|name| ask(name, &["--version"]).is_some());
    runs.and_then(|name| ask("sh", &["-c", "command -v \"$0\"", name])).ok_or_else(|| {
        format!(
            "Chromium is needed, and {} does not run; install it, for example \
             `apt install chromium`, or set CONVLENS_CHROMIUM to its path",
            names.join(" or ")
        )
    })
}

/// Installs what drives Chromium into the cache, as the clone's lock file says.
fn playwright(home: &Home) -> Result<()> {
    let [place, source] = [home.join("browser"), home.clone.join("xtask/browser")];
    let lock = |folder: &Path| fs::read(folder.join("package-lock.json")).ok();
    let _lock = home.lock()?;
    let same = lock(&place) == lock(&source);
    let whole = same && part::is_whole(home, "Playwright", &place, || true)?;
    step("Playwright", whole, |_| {
        let scratch = home.scratch("browser")?;
        for file in FILES {
            fs::copy(source.join(file), scratch.join(file))?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--prefix"]).arg(&scratch);
        command::run(home, "npm ci", npm, |_| ())?;
        part::finish(home, &scratch)?;
        put(&scratch, &place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with these tools.
    fn tools_of(given: Option<&str>, versions: &[(&str, &str)]) -> Result<String, String> {
        let ask = |tool: &str, arguments: &[&str]| match arguments {
            ["-c", _, name] => Some(format!("/usr/bin/{name}")),
            _ => versions.iter().find(|(name, _)| *name == tool).map(|(_, line)| (*line).into()),
        };
        tools(given.map(String::from), &ask).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn every_missing_tool_is_said_at_once_with_what_to_do() {
        let message = tools_of(None, &[]).unwrap_err();
        let lines: Vec<_> = message.split("; also, ").collect();
        assert_eq!(lines.len(), 3, "{message}");
        assert!(lines[0].starts_with("Node.js 20 or newer is needed, found none"), "{message}");
        assert!(lines[1].contains("apt install npm"), "{message}");
        assert!(lines[2].contains("set CONVLENS_CHROMIUM"), "{message}");
    }

    #[test]
    fn an_old_node_is_refused() {
        let with_node = |version| {
            tools_of(None, &[("node", version), ("npm", "9.2.0"), ("chromium-browser", "148")])
        };
        let message = "Node.js 20 or newer is needed, found v18.19.0; install it";
        assert_eq!(with_node("v18.19.0"), Err(message.into()));
        assert_eq!(with_node("v20.11.0"), Ok("/usr/bin/chromium-browser".into()));
    }

    #[test]
    fn a_given_chromium_is_the_only_one_tried() {
        let versions = [("node", "v22.1.0"), ("npm", "10.8.2"), ("chromium", "148")];
        let message = tools_of(Some("chrome"), &versions).unwrap_err();
        assert!(message.starts_with("Chromium is needed, and chrome does not run"), "{message}");
    }
}
