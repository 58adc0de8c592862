//! How a call ended.

use serde_json::{Value, json};

/// How a call ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// An error, as the reader sees it.
    Refused(String),
    /// A result whose numbers are finite.
    Answered,
    /// A result with so many NaN or infinities.
    NotFinite(usize),
    /// A panic, and what it said.
    Panicked(String),
    /// The end of the whole process, and how it ended.
    Aborted(String),
    /// No answer within the time that a row has.
    Hung,
}

impl Outcome {
    /// One line for the worker's report; the worker knows nothing of aborts and hangs.
    pub fn to_line(&self) -> String {
        let value = match self {
            Outcome::Refused(text) => json!({ "refused": text }),
            Outcome::NotFinite(count) => json!({ "not finite": count }),
            Outcome::Panicked(text) => json!({ "panicked": text }),
            _ => json!({}),
        };
        value.to_string()
    }

    pub fn of_line(line: &str) -> Outcome {
        let value: Value = serde_json::from_str(line).unwrap_or_default();
        let text = |key: &str| value[key].as_str().map(str::to_string);
        if let Some(count) = value["not finite"].as_u64() {
            return Outcome::NotFinite(count as usize);
        }
        let panicked = text("panicked").map(Outcome::Panicked);
        text("refused").map(Outcome::Refused).or(panicked).unwrap_or(Outcome::Answered)
    }
}
