//! Opening an index for reading.

use super::files::FileList;
use super::literal::{LiteralPlugin, LiteralReader};
use super::manifest::{Manifest, rebuild};
use super::record::Record;
use super::schema::Fields;
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::schema::Value;
use tantivy::store::StoreReader;
use tantivy::{Index, ReloadPolicy, Searcher, TantivyDocument};

/// An index at its last commit.
pub struct OpenIndex {
    pub dir: PathBuf,
    pub data: PathBuf,
    pub manifest: Manifest,
    pub fields: Fields,
    pub index: Index,
    pub searcher: Searcher,
    /// One a segment, in the searcher's order.
    pub literal: Vec<LiteralReader>,
    stores: Vec<StoreReader>,
}

impl std::fmt::Debug for OpenIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenIndex").field("dir", &self.dir).finish_non_exhaustive()
    }
}

/// Whether there is an index at `dir`.
///
/// # Errors
/// When its manifest is damaged.
pub fn exists(dir: &Path) -> Result<bool> {
    Ok(Manifest::load(dir)?.is_some())
}

impl OpenIndex {
    /// Opens the index at `dir`.
    ///
    /// # Errors
    /// When there is none, or it is damaged or of another version; the message says what to do.
    pub fn open(dir: &Path) -> Result<OpenIndex> {
        let manifest = Manifest::load(dir)?.ok_or_else(|| {
            Error::Index(format!(
                "no index at {}; make one with: fangzhi index FOLDER --index {}",
                dir.display(),
                dir.display()
            ))
        })?;
        manifest.check(dir)?;
        let data = dir.join(&manifest.data);
        let damaged = |e: tantivy::TantivyError| damaged(dir, e);
        let mut index = Index::open_in_dir(&data).map_err(damaged)?;
        index.register_plugin(Arc::new(LiteralPlugin));
        let fields = Fields::of(&index.schema())?;
        let reader =
            index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(damaged)?;
        let searcher = reader.searcher();
        let segments = searcher.segment_readers();
        let literal =
            segments.iter().map(LiteralReader::open).collect::<tantivy::Result<_>>().map_err(damaged)?;
        let stores = segments
            .iter()
            .map(|segment| segment.get_store_reader(8))
            .collect::<std::io::Result<_>>()
            .map_err(|e| Error::io(&data, e))?;
        Ok(OpenIndex { dir: dir.to_owned(), data, manifest, fields, index, searcher, literal, stores })
    }

    /// A stored article.
    ///
    /// # Errors
    /// When the index is damaged there.
    pub fn record(&self, segment: usize, document: u32) -> Result<Record> {
        let stored: TantivyDocument =
            self.stores[segment].get(document).map_err(|e| damaged(&self.dir, e))?;
        let bytes =
            stored.get_first(self.fields.record).and_then(|value| value.as_bytes().map(<[u8]>::to_vec));
        Record::decode(&bytes.unwrap_or_default())
    }

    /// The source files that the last commit covers.
    ///
    /// # Errors
    /// When the list is missing or damaged.
    pub fn files(&self) -> Result<FileList> {
        let metas = self.index.load_metas().map_err(|e| damaged(&self.dir, e))?;
        match metas.payload {
            Some(name) => FileList::load(&self.data, &name),
            None => Ok(FileList::default()),
        }
    }

    /// The living documents of a segment, ascending.
    pub fn living(&self, segment: usize) -> impl Iterator<Item = u32> + '_ {
        self.searcher.segment_readers()[segment].doc_ids_alive()
    }
}

/// Compares each file of the index with its checksum and returns the damaged ones.
///
/// # Errors
/// When a file can't be read at all.
pub fn check_files(index: &OpenIndex) -> Result<Vec<String>> {
    let bad = index.index.validate_checksum().map_err(|e| damaged(&index.dir, e))?;
    let mut names: Vec<String> = bad.iter().map(|path| path.display().to_string()).collect();
    names.sort();
    Ok(names)
}

/// Bytes of the index on disk.
pub fn size_on_disk(data: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(data) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|m| m.len()).sum()
}

/// A library's error about an index, with what to do.
pub fn damaged(dir: &Path, e: tantivy::TantivyError) -> Error {
    use tantivy::TantivyError::*;
    let what = match &e {
        LockFailure(..) => {
            return Error::Index(format!(
                "{} is being written by another process; wait for it",
                dir.display()
            ));
        }
        OpenReadError(tantivy::directory::error::OpenReadError::FileDoesNotExist(path)) => {
            format!("{} is missing", path.display())
        }
        other => other.to_string(),
    };
    Error::Index(format!("the index at {} is damaged ({what}); {}", dir.display(), rebuild(dir)))
}
