//! What can go wrong with files, the index and what the user typed.

use std::path::PathBuf;

/// An error of the library. Each message says what, where, and what to do next.
///
/// Text never errs: cleaning, folding and detection return a result and a report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{path}: {source}", path = path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// A file, or a record of one, that can't be read as an article.
    #[error("{place}: {reason}")]
    Input { place: String, reason: String },
    /// What the user typed can't be understood.
    #[error("{0}")]
    Usage(String),
    /// The index is missing, broken or of another version.
    #[error("{0}")]
    Index(String),
}

impl Error {
    /// Attaches the path to an input/output error.
    pub fn io(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Error::Io { path: path.into(), source }
    }
}

/// The library's result.
pub type Result<T> = std::result::Result<T, Error>;
