//! The one error type: what was expected, what came, what to do.

use crate::clean::line;
use std::path::{Path, PathBuf};

/// Everything that can go wrong, each as one sentence for the reader of a notebook cell: one line, without
/// control characters, whatever it tells of.
///
/// ```
/// use convlens::Error;
/// let e = Error::argument("class", "0..1000", 1234, "look its index up with `zoo::class_index`");
/// assert_eq!(
///     e.to_string(),
///     "class: expected 0..1000, got 1234; look its index up with `zoo::class_index`"
/// );
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value, shape or name that the callee cannot use.
    #[error("{}", line(&format!("{what}: expected {expected}, got {got}; {advice}")))]
    Argument {
        /// The argument's name.
        what: String,
        /// What would have been accepted.
        expected: String,
        /// What came.
        got: String,
        /// What to do about it.
        advice: String,
    },
    /// A file that is missing, damaged, or not what its name says.
    #[error("{}", line(&format!("{}: {why}; {advice}", path.display())))]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
        /// What to do about it.
        advice: String,
    },
    /// libtorch refused an operation; its C++ stack frames are cut off.
    #[error("{}", line(&format!("libtorch: {_0}")))]
    Torch(String),
    /// A figure could not be drawn.
    #[error("{}", line(&format!("drawing: {_0}")))]
    Draw(String),
}

/// `std::result::Result` with this crate's [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An [`Error::Argument`].
    pub fn argument(
        what: impl ToString,
        expected: impl ToString,
        got: impl ToString,
        advice: impl ToString,
    ) -> Self {
        Error::Argument {
            what: clipped(what),
            expected: clipped(expected),
            got: clipped(got),
            advice: clipped(advice),
        }
    }

    /// An [`Error::File`].
    pub fn file(path: impl AsRef<Path>, why: impl ToString, advice: impl ToString) -> Self {
        Error::File {
            path: path.as_ref().to_path_buf(),
            why: why.to_string(),
            advice: advice.to_string(),
        }
    }
}

/// The most characters of one part of a sentence: what came may be a whole book.
const LONGEST: usize = 400;

fn clipped(text: impl ToString) -> String {
    let mut text = text.to_string();
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}

impl From<tch::TchError> for Error {
    fn from(error: tch::TchError) -> Self {
        let text = match error {
            tch::TchError::Torch(text) => text,
            other => other.to_string(),
        };
        Error::Torch(out_of_memory(&text).unwrap_or_else(|| first_sentence(&text)))
    }
}

/// What libtorch says when the memory does not suffice, in our words.
fn out_of_memory(text: &str) -> Option<String> {
    let wanted = text.split("you tried to allocate ").nth(1)?.split_whitespace().next()?;
    Some(format!("there is no memory for {wanted} bytes; use fewer or smaller images"))
}

/// libtorch's message without the C++ frames that follow it, on one line.
pub(crate) fn first_sentence(text: &str) -> String {
    let message = text.split("\nException raised from").next().unwrap_or(text);
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn torch_errors_lose_their_frames() {
        let a = tch::Tensor::zeros([2, 3], (tch::Kind::Float, tch::Device::Cpu));
        let e = Error::from(a.f_matmul(&a).unwrap_err()).to_string();
        assert!(e.starts_with("libtorch: mat1 and mat2 shapes cannot be multiplied"), "{e}");
        assert!(!e.contains("Exception") && !e.contains('\n'), "{e}");
    }

    #[test]
    fn too_little_memory_is_said_in_plain_words() {
        let size = [1 << 30, 1 << 20];
        let e = tch::Tensor::f_empty(size, (tch::Kind::Float, tch::Device::Cpu)).unwrap_err();
        let said =
            "libtorch: there is no memory for 4503599627370496 bytes; use fewer or smaller images";
        assert_eq!(Error::from(e).to_string(), said);
    }
}
