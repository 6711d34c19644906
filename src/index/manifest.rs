//! How an index was made, so that another program does not misread it.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::path::Path;

/// `manifest.json` in the index folder. Replaced in one step, never changed in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The program that made the index.
    pub program: String,
    /// How the text was analysed; compared as a whole.
    #[serde(flatten)]
    pub analysis: Analysis,
    /// The folder that holds the data, within the index folder.
    pub data: String,
    /// Of the rest, so that a check notices a change.
    #[serde(default)]
    pub checksum: u32,
}

/// Everything on which the indexed form of a text depends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Analysis {
    /// Fields and stored articles.
    pub schema: u32,
    /// Format of the literal layer.
    pub literal: u32,
    /// Checksum of the folding table.
    pub fold: u32,
    /// Dictionary of the segmenter.
    pub dictionary: String,
}

impl Analysis {
    /// What this program does.
    pub fn current() -> Self {
        Analysis {
            schema: super::schema::SCHEMA_VERSION,
            literal: super::literal::FORMAT_VERSION,
            fold: crate::text::fold::table_checksum(),
            dictionary: crate::analysis::dictionary_version().to_owned(),
        }
    }
}

const NAME: &str = "manifest.json";

impl Manifest {
    /// The manifest of an index whose data lies in `data`, made by this program.
    pub fn new(data: String) -> Self {
        let program = concat!("fangzhi ", env!("CARGO_PKG_VERSION")).to_owned();
        let manifest = Manifest { program, analysis: Analysis::current(), data, checksum: 0 };
        Manifest { checksum: manifest.sum(), ..manifest }
    }

    fn sum(&self) -> u32 {
        let rest = Manifest { checksum: 0, ..self.clone() };
        checksum(&serde_json::to_vec(&rest).expect("plain data always serializes"))
    }

    /// Whether it is as it was written.
    pub fn is_intact(&self) -> bool {
        self.checksum == self.sum()
    }

    /// Reads the manifest of the index at `dir`; `None` if there is no index.
    ///
    /// # Errors
    /// When it can't be read or is damaged.
    pub fn load(dir: &Path) -> Result<Option<Manifest>> {
        let path = dir.join(NAME);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) if e.kind() == std::io::ErrorKind::NotADirectory => {
                return Err(Error::Index(format!(
                    "{} is a file, not an index folder; name a folder with --index",
                    dir.display()
                )));
            }
            Err(e) => return Err(Error::io(path, e)),
        };
        let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|e| {
            Error::Index(format!("{}: damaged or not fangzhi's ({e}); {}", path.display(), rebuild(dir)))
        })?;
        if manifest.data.contains(['/', '\\']) || manifest.data.starts_with('.') {
            return Err(Error::Index(format!("{}: names a folder outside the index", path.display())));
        }
        Ok(Some(manifest))
    }

    /// Refuses an index that was analysed otherwise than this program would.
    ///
    /// # Errors
    /// When any version differs; the message names the command that rebuilds.
    pub fn check(&self, dir: &Path) -> Result<()> {
        let current = Analysis::current();
        if self.analysis == current {
            return Ok(());
        }
        Err(Error::Index(format!(
            "the index at {} was made by {} in another way ({}); {}",
            dir.display(),
            self.program,
            differences(&self.analysis, &current).join(", "),
            rebuild(dir)
        )))
    }

    /// Puts the manifest in place, in one step.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn store(&self, dir: &Path) -> Result<()> {
        let json = serde_json::to_vec_pretty(self).expect("plain data always serializes");
        replace_file(&dir.join(NAME), &json)
    }
}

fn differences(theirs: &Analysis, ours: &Analysis) -> Vec<String> {
    let rows = [
        ("schema", theirs.schema.to_string(), ours.schema.to_string()),
        ("literal layer", theirs.literal.to_string(), ours.literal.to_string()),
        ("folding table", format!("{:08x}", theirs.fold), format!("{:08x}", ours.fold)),
        ("dictionary", theirs.dictionary.clone(), ours.dictionary.clone()),
    ];
    rows.into_iter().filter(|(_, a, b)| a != b).map(|(what, a, b)| format!("{what} {a}, not {b}")).collect()
}

/// CRC-32, as in gzip.
pub fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// What to type to build an index anew.
pub fn rebuild(dir: &Path) -> String {
    format!("build it anew: fangzhi index --rebuild --index {} FOLDER", dir.display())
}

/// Writes a file beside its place, flushes it to the disk and renames it into place.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let beside = path.with_extension("new");
    let write = || {
        let mut file = std::fs::File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, path)?;
        match path.parent() {
            Some(parent) => std::fs::File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    };
    write().map_err(|e| Error::io(path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_is_refused_with_the_command() {
        let mut manifest = Manifest::new("data-1".into());
        assert!(manifest.check(Path::new("index")).is_ok());
        manifest.analysis.fold ^= 1;
        let message = manifest.check(Path::new("index")).expect_err("differs").to_string();
        assert!(
            message.contains("folding table") && message.contains("fangzhi index --rebuild"),
            "{message}"
        );
    }

    #[test]
    fn a_data_folder_outside_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        Manifest::new("../elsewhere".into()).store(dir.path()).unwrap();
        assert!(Manifest::load(dir.path()).is_err());
    }
}
