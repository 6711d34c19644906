//! From files to articles: the only room that touches input files.
//!
//! [`discover()`] expands the paths on the command line; [`read_file`] reads a file's articles
//! one after another; [`decode()`] turns bytes into text with the exact way back. What can't be
//! read is a [`Problem`] that names the place, and never stops the rest.

mod convert;
mod decode;
mod detect;
mod discover;
mod frequent;
mod json;
mod lines;
mod metadata;
mod mixed;
mod page;
mod places;
mod read;
mod record;
mod table;

pub use decode::{Decoded, NotText, decode, decode_html};
pub use discover::{Discovery, Kind, METADATA_NAME, PLACES_NAME, SourceFile, discover, display_path};
pub use metadata::Metadata;
pub use places::own_places;
pub use read::{article_of, read_file, read_stdin};

use crate::Error;
use crate::article::Article;
use std::fmt;
use std::ops::ControlFlow;

/// Something that could not be read, or not as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as given on the command line (`-` for standard input).
    pub path: String,
    /// Counted from 1, where the fault is in one line.
    pub line: Option<u64>,
    /// What is wrong and, where it helps, what to do.
    pub reason: String,
}

impl Problem {
    /// A problem at a line, if it is in one.
    pub fn new(path: &str, line: impl Into<Option<u64>>, reason: impl Into<String>) -> Self {
        Problem { path: path.to_owned(), line: line.into(), reason: reason.into() }
    }

    /// The path, and the line where there is one: `news.jsonl:7`.
    pub fn place(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.path),
            None => self.path.clone(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.reason)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Error::Input { place: problem.place(), reason: problem.reason }
    }
}

/// Where articles and problems go, one by one as they are read; `Break` ends the reading.
pub type Emit<'a> = dyn FnMut(Result<Article, Problem>) -> ControlFlow<()> + 'a;
