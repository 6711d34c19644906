//! Which source files a commit covers, so that only what changed is read again.

use super::manifest::{checksum, rebuild, replace_file};
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
    /// Of the commit that the list belongs to, so that a check notices when tantivy's own record
    /// of it was changed.
    pub opstamp: u64,
}

impl FileList {
    /// Reads the list that a commit named.
    ///
    /// # Errors
    /// When the file is missing or damaged.
    pub fn load(data: &Path, name: &str) -> Result<FileList> {
        let path = data.join(name);
        let bad = |what: String| {
            let dir = data.parent().unwrap_or(data);
            Error::Index(format!("{}: {what}; {}", path.display(), rebuild(dir)))
        };
        let bytes = std::fs::read(&path).map_err(|e| bad(e.to_string()))?;
        let (list, sum) = bytes.split_last_chunk::<4>().ok_or_else(|| bad("damaged".into()))?;
        if checksum(list) != u32::from_le_bytes(*sum) {
            return Err(bad("damaged".into()));
        }
        postcard::from_bytes(list).map_err(|_| bad("damaged".into()))
    }

    /// Writes the list under a name that the list of the last commit, `last`, does not have: that
    /// one counts until the commit is made, and a program killed in between must leave it.
    /// Returns the name.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn store(&self, data: &Path, last: Option<&str>) -> Result<String> {
        let number = last.and_then(|name| name.strip_prefix(PREFIX)?.parse::<u64>().ok());
        let name = format!("{PREFIX}{}", number.unwrap_or(0).wrapping_add(1));
        let mut bytes = postcard::to_stdvec(self).expect("plain data always serializes");
        bytes.extend(checksum(&bytes).to_le_bytes());
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
