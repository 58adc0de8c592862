//! What a cell and this project's notebook kernel say to each other.

use super::place::{Place, place};
use crate::clean;
use serde_json::{Value, json};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write, stdout};
use std::path::PathBuf;
use std::time::{Duration, Instant, UNIX_EPOCH};

const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Sends a message: one line that starts with an ASCII record separator.
///
/// evcxr may pass on the last line of a cell only after it has said that the cell is done. So that
/// no message comes too late, each is followed by one that nobody would miss.
pub(super) fn send(message: &Value) -> io::Result<()> {
    let mut out = stdout().lock();
    out.write_all(lines(message).as_bytes())?;
    out.flush()
}

/// A message and the one after it, each a line.
pub(super) fn lines(message: &Value) -> String {
    let message = clean::json(message);
    format!("\u{1e}ConvLens {message}\n\u{1e}ConvLens {}\n", json!({"type": "end"}))
}

/// The time in nanoseconds, so that ids sort by age and outer loops come before inner ones, and 64
/// random bits from the standard library's own hash keys.
pub(super) fn unique_id() -> String {
    let time = UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
    format!("{time:016x}-{:016x}", RandomState::new().hash_one(()))
}

/// What the kernel's cells do for `eprintln!`.
///
/// In this project's notebook kernel the line keeps its place among what the cell prints, which it
/// does not on the way of standard error; elsewhere it goes to standard error.
///
/// ```
/// convlens::show::stderr("a warning");
/// ```
pub fn stderr(text: &str) {
    // Nobody is left to read what cannot be written.
    let _ = match place() {
        Place::Relay { .. } => send(&json!({ "type": "stderr", "text": text })),
        _ => writeln!(io::stderr(), "{text}"),
    };
}

/// The reader's Stop button.
pub(super) struct Stop {
    file: PathBuf,
    next_look: Instant,
}

impl Stop {
    pub(super) fn new(file: PathBuf, now: Instant) -> Self {
        Stop { file, next_look: now }
    }

    /// Whether it has been pressed; looks at most every 50 ms.
    pub(super) fn pressed(&mut self, now: Instant) -> bool {
        if now < self.next_look {
            return false;
        }
        self.next_look = now + BETWEEN_LOOKS;
        self.file.exists()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_button_is_looked_at_first_and_then_every_50_ms() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let start = Instant::now();
        let after = |ms| start + Duration::from_millis(ms);
        assert!(Stop::new(file.path().into(), start).pressed(start), "pressed before the loop");

        let mut stop = Stop::new(file.path().with_extension("later"), start);
        assert!(!stop.pressed(start));
        std::fs::write(&stop.file, "").unwrap();
        assert!(!stop.pressed(after(49)));
        assert!(stop.pressed(after(50)));
        std::fs::remove_file(&stop.file).unwrap();
    }

    #[test]
    fn ids_differ_and_sort_by_age() {
        let ids: Vec<String> = (0..100).map(|_| unique_id()).collect();
        assert!(ids.iter().collect::<HashSet<_>>().len() == 100);
        std::thread::sleep(Duration::from_millis(1));
        assert!(ids.iter().all(|id| *id < unique_id()));
    }
}
