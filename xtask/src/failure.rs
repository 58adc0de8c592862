//! What is said when a command fails.

use std::io::{self, ErrorKind};

use anyhow::Error;

/// One line, with what to do where the system's own words leave that open.
pub fn sentence(error: &Error) -> String {
    let text = format!("{error:#}");
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let line = lines.collect::<Vec<_>>().join("; ");
    match kind(error).and_then(advice) {
        Some(advice) => format!("{line}; {advice}"),
        None => line,
    }
}

fn kind(error: &Error) -> Option<ErrorKind> {
    error.chain().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind)
}

fn advice(kind: ErrorKind) -> Option<&'static str> {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded).then_some(
        "the disk is full: free some space, or set CONVLENS_HOME to a folder on another disk",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn an_error_is_one_line() {
        let error = Error::msg("first\n\n  second\n").context("while trying");
        assert_eq!(sentence(&error), "while trying: first; second");
    }

    #[test]
    fn a_full_disk_is_said_with_what_to_do() {
        let full: Result<(), _> = Err(io::Error::from(ErrorKind::StorageFull));
        let said = sentence(&full.context("cannot write /a/b").unwrap_err());
        assert!(
            said.starts_with("cannot write /a/b: ") && said.contains("free some space"),
            "{said}"
        );
    }
}
