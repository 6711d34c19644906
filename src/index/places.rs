//! A user's own places as the index holds them: what its articles were told by, so that a question reads
//! names in the same way. They lie beside the data, in `places.json`.

use super::manifest::{checksum, replace_file};
use crate::article::OwnPlace;
use crate::error::{Error, Result};
use crate::place::Gazetteer;
use crate::source::{self, Problem};
use std::path::{Path, PathBuf};

const NAME: &str = "places.json";

/// The rows that an index in `data` holds; none where there is no such file.
///
/// # Errors
/// When it is damaged.
pub fn load(data: &Path) -> Result<Vec<OwnPlace>> {
    let path = data.join(NAME);
    match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|e| {
            Error::Index(format!("{}: damaged ({e}); build the index anew with --rebuild", path.display()))
        }),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(Error::io(path, e)),
    }
}

/// The rows of now: those of the files found and named, and those that the index holds of files that were
/// not looked for this time. With what is wrong with them, and the places they make.
pub fn gather(
    stored: Vec<OwnPlace>,
    found: &[PathBuf],
    named: Option<&Path>,
    within: impl Fn(&str) -> bool,
) -> (Vec<OwnPlace>, Gazetteer, Vec<Problem>) {
    let files: Vec<&Path> = named.into_iter().chain(found.iter().map(PathBuf::as_path)).collect();
    let (mut rows, mut problems) = source::own_places(files.iter().copied());
    let read: Vec<String> = files.iter().filter_map(|f| source::display_path(f)).collect();
    rows.extend(stored.into_iter().filter(|row| !within(&row.file) && !read.contains(&row.file)));
    let (_, faults) = Gazetteer::with(&rows);
    for (n, reason) in &faults {
        problems.push(Problem::new(&rows[*n].file, rows[*n].line, format!("{reason}; the row is left out")));
    }
    let mut n = 0;
    rows.retain(|_| {
        n += 1;
        faults.iter().all(|f| f.0 + 1 != n)
    });
    let (gazetteer, _) = Gazetteer::with(&rows);
    (rows, gazetteer, problems)
}

/// Writes them beside the data, where they differ from what is there.
///
/// # Errors
/// When the folder can't be written.
pub fn store(data: &Path, rows: &[OwnPlace]) -> Result<()> {
    if load(data).is_ok_and(|old| old == rows) {
        return Ok(());
    }
    let bytes = serde_json::to_vec_pretty(rows).expect("plain data always serializes");
    replace_file(&data.join(NAME), &bytes)
}

/// A number that changes when the rows say something else; 0 for none.
pub fn fingerprint(rows: &[OwnPlace]) -> u64 {
    if rows.is_empty() {
        return 0;
    }
    let bare: Vec<OwnPlace> =
        rows.iter().map(|r| OwnPlace { file: String::new(), line: 0, ..r.clone() }).collect();
    let bytes = serde_json::to_vec(&bare).expect("plain data always serializes");
    u64::from(checksum(&bytes)) << 32 | 1
}
