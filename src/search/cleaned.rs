//! Cleaning without an index.

use crate::analysis::Words;
use crate::article::{Article, Clean, Markup};
use crate::error::Result;
use crate::{clean, source};

/// The bytes of one file, decoded and cleaned. `path` is its name in reports.
///
/// # Errors
/// When they are no text.
pub fn clean_bytes(path: &str, bytes: &[u8], markup: Markup) -> Result<(Article, Clean)> {
    let article = source::article_of(path, bytes, markup)?;
    let clean = clean::clean(&article, &Words);
    Ok((article, clean))
}
