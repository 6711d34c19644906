//! Opening an index for reading.

use super::directory::ReadDirectory;
use super::files::FileList;
use super::literal::{LiteralPlugin, LiteralReader};
use super::manifest::{Manifest, rebuild};
use super::record::Record;
use super::schema::Fields;
use crate::error::{Error, Result};
use crate::place::Gazetteer;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::directory::error::LockError;
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
    /// Places as its articles were told by.
    pub places: Gazetteer,
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
        // A writer may take files away between the reading of their names and their opening. Then
        // the index is opened again as it is now; it is damaged when it fails twice in one state.
        let mut failed_in = None;
        for _ in 0..TRIES {
            match Self::open_once(dir) {
                Err(e) => {
                    let now = Some(state(dir));
                    if now == failed_in {
                        return Err(e);
                    }
                    failed_in = now;
                }
                opened => return opened,
            }
        }
        Self::open_once(dir)
    }

    fn open_once(dir: &Path) -> Result<OpenIndex> {
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
        let mut index =
            Index::open(ReadDirectory::open(&data).map_err(|e| damaged(e.into()))?).map_err(damaged)?;
        index.register_plugin(Arc::new(LiteralPlugin::default()));
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
            .map_err(|e| damaged(e.into()))?;
        let own = super::places::load(&data)?;
        let places = if own.is_empty() { Gazetteer::default() } else { Gazetteer::with(&own).0 };
        Ok(OpenIndex {
            dir: dir.to_owned(),
            data,
            manifest,
            fields,
            index,
            searcher,
            literal,
            places,
            stores,
        })
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
        let page = self.literal[segment].document(document).map_err(|e| damaged(&self.dir, e.into()))?;
        Record::decode(&bytes.unwrap_or_default(), &page.to_units())
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

/// How often a changing index is opened again.
const TRIES: usize = 20;

/// What changes with each commit and each merge.
fn state(dir: &Path) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
    let manifest = Manifest::load(dir).ok().flatten();
    let meta = manifest.as_ref().and_then(|m| std::fs::read(dir.join(&m.data).join("meta.json")).ok());
    (manifest.map(|m| m.data.into_bytes()), meta)
}

/// Compares each file of the index with its checksum, and what is said of them with what they
/// hold. Returns what is wrong.
///
/// # Errors
/// When the list of files can't be read at all.
pub fn check_files(index: &OpenIndex) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    if !index.manifest.is_intact() {
        problems.push("manifest.json: changed since it was written".to_owned());
    }
    let metas = index.index.load_metas().map_err(|e| damaged(&index.dir, e))?;
    let mut written = serde_json::to_vec_pretty(&metas).unwrap_or_default();
    written.push(b'\n');
    let settings = super::writer::settings();
    let counts = index.searcher.segment_readers().iter().zip(&metas.segments);
    let counts_fit = || counts.clone().all(|(r, m)| r.num_docs() == m.num_docs());
    if std::fs::read(index.data.join("meta.json")).ok() != Some(written)
        || metas.schema != Fields::schema()
        || metas.index_settings != settings
        || index.files().is_ok_and(|list| list.opstamp != metas.opstamp)
        || !counts_fit()
    {
        problems.push("meta.json: changed since it was written".to_owned());
    }
    // tantivy's own check passes over files that `.managed.json` does not name.
    let directory = index.index.directory();
    let managed = directory.list_managed_files();
    let mut names: Vec<PathBuf> = metas.list_segment_files().into_iter().collect();
    names.sort();
    for name in names {
        if !index.data.join(&name).exists() {
            // Not every segment has each kind of file.
            if managed.contains(&name) {
                problems.push(format!("{}: missing", name.display()));
            }
            continue;
        }
        if !directory.validate_checksum(&name).unwrap_or(false) {
            problems.push(format!("{}: its checksum is wrong", name.display()));
        }
        if !managed.contains(&name) {
            problems.push(format!(".managed.json: does not name {}", name.display()));
        }
    }
    Ok(problems)
}

/// Bytes of the index on disk.
pub fn size_on_disk(data: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(data) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|m| m.len()).sum()
}

/// An error met in the middle of an answer, with what to do.
pub fn unreadable(e: impl std::fmt::Display) -> Error {
    Error::Index(format!(
        "the index is damaged ({e}): fangzhi check says where; build it anew with fangzhi index --rebuild"
    ))
}

/// A library's error about an index, with what to do.
pub fn damaged(dir: &Path, e: tantivy::TantivyError) -> Error {
    use tantivy::TantivyError::*;
    let what = match &e {
        LockFailure(LockError::IoError(e), _) => return Error::io(dir, std::io::Error::other(e.clone())),
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
