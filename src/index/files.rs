//! Which source files a commit covers, so that only what changed is read again.

use super::manifest::replace_file;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What was seen of a source file when it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// In bytes.
    pub size: u64,
    /// Time of last change, in nanoseconds since 1970.
    pub modified_ns: i128,
    /// Of the metadata row that applies to it.
    pub metadata: u64,
    /// The file itself, so that another way of naming it is noticed.
    pub canonical: String,
    pub articles: u64,
    /// What could not be read of it.
    pub problems: u64,
}

/// The source files of an index, by their path as given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileList {
    pub files: BTreeMap<String, FileEntry>,
}

impl FileList {
    /// Reads the list that a commit named.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn load(data: &Path, name: &str) -> Result<FileList> {
        let path = data.join(name);
        let bytes = std::fs::read(&path).map_err(|e| Error::io(&path, e))?;
        postcard::from_bytes(&bytes).map_err(|_| {
            Error::Index(format!("{}: damaged; build the index anew with --rebuild", path.display()))
        })
    }

    /// Writes the list for the commit numbered `n` and returns the name it is to carry.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn store(&self, data: &Path, n: u64) -> Result<String> {
        let name = format!("{PREFIX}{n}");
        let bytes = postcard::to_stdvec(self).expect("plain data always serializes");
        replace_file(&data.join(&name), &bytes)?;
        Ok(name)
    }

    /// Removes the lists of earlier commits.
    pub fn sweep(data: &Path, keep: &str) {
        let Ok(entries) = std::fs::read_dir(data) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name != keep) {
                // A list that stays behind costs a few bytes and is swept next time.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

const PREFIX: &str = "files-";
