//! Where the program runs, which decides how progress, figures and panics are shown.

use std::env::var_os;
use std::io::{IsTerminal, stdout};
use std::path::PathBuf;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A notebook cell of this project's kernel, which takes messages ([`super::relay`]).
    Relay {
        /// The file that exists once the reader has pressed Stop in this cell.
        stop: PathBuf,
    },
    /// A notebook cell of a stock kernel: plain lines, pictures as evcxr expects them.
    Evcxr,
    /// A terminal: moving bars.
    Terminal,
    /// A pipe or a file: plain lines.
    Plain,
}

pub(super) fn place() -> Place {
    let in_cell = var_os("EVCXR_IS_RUNTIME").is_some();
    match var_os("CONVLENS_STOP") {
        Some(file) if in_cell => Place::Relay { stop: file.into() },
        None if in_cell => Place::Evcxr,
        _ if stdout().is_terminal() => Place::Terminal,
        _ => Place::Plain,
    }
}
