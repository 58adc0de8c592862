//! Where the program runs, which decides how progress and figures are shown.

use std::io::IsTerminal;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A notebook cell: plain lines on standard output, pictures as evcxr expects them.
    Evcxr,
    /// A terminal: one moving bar.
    Terminal,
    /// A pipe or a file: plain lines on standard output.
    Plain,
}

pub(super) fn place() -> Place {
    if std::env::var_os("EVCXR_IS_RUNTIME").is_some() {
        return Place::Evcxr;
    }
    if std::io::stderr().is_terminal() { Place::Terminal } else { Place::Plain }
}
