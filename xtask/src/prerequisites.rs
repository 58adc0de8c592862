//! What must be on the machine before anything is downloaded.

use std::sync::OnceLock;

use anyhow::{Result, ensure};

use crate::command::first_line;

const RUST: (u32, u32) = (1, 95);
const PYTHON: (u32, u32) = (3, 10);

/// Runs a tool and gives the first line it prints; None if it is missing or fails.
type Ask<'a> = &'a dyn Fn(&str, &[&str]) -> Option<String>;

/// Fails with everything that is missing in one sentence.
pub fn check() -> Result<()> {
    let missing = missing(&first_line);
    ensure!(missing.is_empty(), "{}", missing.join("; also, "));
    Ok(())
}

/// A Python that can make the private environment.
pub fn python() -> Option<String> {
    static FOUND: OnceLock<Option<String>> = OnceLock::new();
    FOUND.get_or_init(|| find_python(&first_line)).clone()
}

fn missing(ask: Ask) -> Vec<String> {
    [rust(ask), compiler(ask), venv(ask)].into_iter().flatten().collect()
}

fn rust(ask: Ask) -> Option<String> {
    let (major, minor) = RUST;
    let found = ask("rustc", &["--version"]).unwrap_or_else(|| "none".into());
    let old = version(&found).is_none_or(|v| v < RUST);
    old.then(|| {
        format!(
            "Rust {major}.{minor} or newer is needed, found {found}; run `rustup update stable`"
        )
    })
}

fn compiler(ask: Ask) -> Option<String> {
    let given = std::env::var("CXX").ok();
    let names = ["c++", "g++", "clang++"].map(String::from);
    let test = ["-std=c++17", "-fsyntax-only", "-x", "c++", "/dev/null"];
    let found = given.into_iter().chain(names).any(|name| ask(&name, &test).is_some());
    (!found).then(|| {
        "a C++17 compiler is needed (c++, g++ or clang++); install one, for example \
         `apt install g++` or `xcode-select --install`"
            .into()
    })
}

fn venv(ask: Ask) -> Option<String> {
    let (major, minor) = PYTHON;
    let Some(python) = find_python(ask) else {
        return Some(format!(
            "Python {major}.{minor} or newer is needed; install it, or set PYTHON to its path"
        ));
    };
    let lacking = ask(&python, &["-c", "import venv, ensurepip"]).is_none();
    lacking.then(|| {
        format!(
            "{python} lacks the venv module; install it, for example `apt install python3-venv`"
        )
    })
}

/// `PYTHON`, else the usual names.
fn find_python(ask: Ask) -> Option<String> {
    let given = std::env::var("PYTHON").ok();
    let names = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
    given.into_iter().chain(names.map(String::from)).find(|name| {
        let version = ask(name, &["--version"]).and_then(|line| version(&line));
        version.is_some_and(|v| v >= PYTHON)
    })
}

/// The first `major.minor` in a tool's version line.
fn version(line: &str) -> Option<(u32, u32)> {
    let word = line.split_whitespace().find(|w| w.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut numbers = word.split('.').map(|n| n.parse().ok());
    Some((numbers.next()??, numbers.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_tools_own_lines() {
        assert_eq!(version("rustc 1.95.0 (59807616e 2026-04-14)"), Some((1, 95)));
        assert_eq!(version("Python 3.9.2"), Some((3, 9)));
        assert_eq!(version("no rustc"), None);
        assert!((3, 9) < PYTHON && (3, 10) >= PYTHON);
    }

    #[test]
    fn everything_missing_is_said_at_once_with_what_to_do() {
        let lines = missing(&|_, _| None);
        for (line, advice) in lines.iter().zip(["rustup update", "apt install g++", "set PYTHON"]) {
            assert!(line.contains(advice), "{line}");
        }
        assert_eq!(lines.len(), 3);
    }

    #[test]
    fn a_python_without_its_extras_is_told_apart() {
        let bare = |tool: &str, arguments: &[&str]| match (tool, arguments) {
            ("rustc", _) => Some("rustc 1.95.0".into()),
            (_, ["--version"]) => Some("Python 3.12.1".into()),
            (_, ["-c", _]) => None,
            _ => Some(String::new()),
        };
        let lines = missing(&bare);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("apt install python3-venv"), "{}", lines[0]);
    }
}
