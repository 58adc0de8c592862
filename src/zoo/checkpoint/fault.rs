//! What is wrong with a file, as the readers know it: without the file's path.

use std::path::Path;

/// Half of an [`Error::File`](crate::Error::File); [`Fault::at`] adds the path.
#[derive(Debug)]
pub(crate) struct Fault {
    why: String,
    advice: &'static str,
}

pub(crate) type Result<T> = std::result::Result<T, Fault>;

impl Fault {
    /// Bytes are missing or contradict each other.
    pub fn damaged(why: impl ToString) -> Self {
        Fault { why: why.to_string(), advice: "the file is damaged: get it again" }
    }

    /// The file is whole but holds something else than weights.
    pub fn refused(why: impl ToString) -> Self {
        let advice = "only weights are read: in Python, `torch.save(model.state_dict(), path)`";
        Fault { why: why.to_string(), advice }
    }

    /// The same fault, found in this tensor.
    pub fn in_tensor(self, name: &str) -> Self {
        Fault { why: format!("{}: {}", quoted(name), self.why), ..self }
    }

    /// The same fault as a public error, on one line whatever the file put into it.
    pub fn at(self, path: &Path) -> crate::Error {
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        let why: String = self.why.chars().map(plain).take(300).collect();
        crate::Error::file(path, why, self.advice)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::UnexpectedEof => Fault::damaged("the file ends too early"),
            std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput => {
                Fault::damaged(error)
            }
            std::io::ErrorKind::NotFound => {
                Fault { why: "there is no such file".to_string(), advice: "check the path" }
            }
            _ => Fault { why: error.to_string(), advice: "check the path and its permissions" },
        }
    }
}

impl From<zip::result::ZipError> for Fault {
    fn from(error: zip::result::ZipError) -> Self {
        match error {
            zip::result::ZipError::Io(error) => error.into(),
            other => Fault::damaged(other),
        }
    }
}

impl From<tch::TchError> for Fault {
    fn from(error: tch::TchError) -> Self {
        Fault::damaged(crate::Error::from(error))
    }
}

/// A name from a file, fit for one line of an error message.
pub(crate) fn quoted(name: &str) -> String {
    let mut shown: String = name.chars().take(100).collect::<String>().escape_debug().collect();
    if name.chars().nth(100).is_some() {
        shown.push_str("...");
    }
    format!("`{shown}`")
}
