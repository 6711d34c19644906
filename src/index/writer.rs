//! Writing to an index: one writer at a time, everything or nothing.

use super::files::FileList;
use super::literal::LiteralPlugin;
use super::manifest::Manifest;
use super::open::{OpenIndex, damaged};
use super::record::Record;
use super::schema::Fields;
use crate::analysis::Analyzed;
use crate::error::{Error, Result};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings, IndexWriter, Term};

/// An index opened for writing. What is not committed is lost when it is dropped.
pub struct Writer {
    dir: PathBuf,
    data: PathBuf,
    manifest: Manifest,
    fields: Fields,
    inner: IndexWriter,
    /// The name of the last commit's list of files.
    list: Option<String>,
    /// Whether the manifest on disk already names this data.
    current: bool,
    /// Whether an older index answers until all of the new one is there.
    replaces: bool,
    _lock: File,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Writer {
    /// Where the data lies.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Opens the index at `dir` for writing, or makes one, and returns it with the source files
    /// its last commit covers. With `rebuild`, a new one is made beside the old, which goes on
    /// answering until the new one is finished.
    ///
    /// # Errors
    /// When the folder can't be written, another process is writing, or the index is of another
    /// version and `rebuild` is not set.
    pub fn open(dir: &Path, rebuild: bool, memory: usize) -> Result<(Writer, FileList)> {
        if dir.exists() && !dir.is_dir() {
            return Err(Error::Index(format!(
                "{} is a file, not an index folder; name a folder with --index",
                dir.display()
            )));
        }
        std::fs::create_dir_all(dir).map_err(|e| Error::io(dir, e))?;
        let lock = lock(dir)?;
        let old = match Manifest::load(dir) {
            Ok(manifest) => manifest,
            Err(_) if rebuild => None,
            Err(e) => return Err(e),
        };
        if let (Some(manifest), false) = (&old, rebuild) {
            manifest.check(dir)?;
            // What can't be read is not written to: a file missing here would be missing for good.
            OpenIndex::open(dir)?;
        }
        sweep(dir, old.as_ref().map(|m| m.data.as_str()));
        let replaces = rebuild && old.is_some();
        let (manifest, current) = match old {
            Some(manifest) if !rebuild => (manifest, true),
            _ => (Manifest::new(free_name(dir)), false),
        };
        let data = dir.join(&manifest.data);
        let error = |e| damaged(dir, e);
        let index = if current {
            let mut index = Index::open_in_dir(&data).map_err(error)?;
            index.register_plugin(Arc::new(LiteralPlugin));
            index
        } else {
            std::fs::create_dir_all(&data).map_err(|e| Error::io(&data, e))?;
            Index::builder()
                .schema(Fields::schema())
                .settings(settings())
                .register_plugin(Arc::new(LiteralPlugin))
                .create_in_dir(&data)
                .map_err(|e| not_written(dir, e))?
        };
        let metas = index.load_metas().map_err(error)?;
        let files = match (&metas.payload, current) {
            (Some(name), true) => FileList::load(&data, name)?,
            _ => FileList::default(),
        };
        let fields = Fields::of(&index.schema())?;
        // One thread takes the documents: reading, cleaning and segmenting run ahead of it on
        // their own, and each further thread would leave a segment more behind.
        let inner = index.writer_with_num_threads(1, memory).map_err(error)?;
        let list = metas.payload;
        // There is no index before the first commit: a search meanwhile says so, rather than that
        // nothing was found in an empty one.
        let writer = Writer {
            dir: dir.to_owned(),
            data,
            manifest,
            fields,
            inner,
            list,
            current,
            replaces,
            _lock: lock,
        };
        Ok((writer, files))
    }

    /// Adds an article. Callable from several threads.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn add(&self, record: &mut Record, analyzed: &Analyzed) -> Result<()> {
        if let Some(key) = record.key() {
            self.inner.delete_term(Term::from_field_text(self.fields.key, &key));
        }
        let document = self.fields.document(record, analyzed);
        self.inner.add_document(document).map_err(|e| not_written(&self.dir, e))?;
        Ok(())
    }

    /// Takes out all articles of a source file that were added before.
    pub fn remove_file(&self, path: &str) {
        self.inner.delete_term(Term::from_field_text(self.fields.path, path));
    }

    /// Makes everything since the last commit permanent at once, with the list of source files
    /// that it now covers.
    ///
    /// # Errors
    /// When the disk is full or the folder can't be written; the last commit stands.
    pub fn commit(&mut self, files: &mut FileList) -> Result<()> {
        let error = |e| not_written(&self.dir, e);
        let mut prepared = self.inner.prepare_commit().map_err(error)?;
        files.opstamp = prepared.opstamp();
        let name = files.store(&self.data, self.list.as_deref())?;
        prepared.set_payload(&name);
        prepared.commit().map_err(error)?;
        if !self.replaces {
            self.publish()?;
        }
        FileList::sweep(&self.data, &name);
        self.list = Some(name);
        Ok(())
    }

    /// Makes this the data that answers.
    fn publish(&mut self) -> Result<()> {
        if !self.current {
            self.manifest.store(&self.dir)?;
            self.current = true;
        }
        Ok(())
    }

    /// Publishes a rebuilt index, waits for merges, joins what is left into few segments, and cleans up.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn finish(mut self) -> Result<()> {
        self.publish()?;
        let error = |e| damaged(&self.dir, e);
        let segments = self.inner.index().searchable_segment_metas().map_err(error)?;
        // Few segments open quickly. Only small ones are joined, so that an update of a large
        // index does not write it all again. Deleted articles count in the frequencies by which
        // articles are ranked: in small segments none stays, so that an index brought up to date
        // ranks like one built anew.
        let (small, large): (Vec<_>, Vec<_>) = segments.iter().partition(|s| s.max_doc() < SMALL);
        let half_deleted = large.iter().filter(|s| s.num_deleted_docs() * 2 > s.max_doc());
        let rewrite = small.iter().any(|s| s.has_deletes()) || half_deleted.clone().count() > 0;
        let ids: Vec<_> = small.iter().chain(half_deleted).map(|s| s.id()).collect();
        drop((small, large));
        // tantivy keeps the files of every segment that something still speaks of.
        drop(segments);
        if ids.len() > 1 || rewrite {
            self.inner.merge(&ids).wait().map_err(error)?;
        }
        self.inner.garbage_collect_files().wait().map_err(error)?;
        self.inner.wait_merging_threads().map_err(|e| damaged(&self.dir, e))?;
        sweep(&self.dir, Some(&self.manifest.data));
        Ok(())
    }
}

/// What stopped the writing; most often a full disk.
fn not_written(dir: &Path, e: tantivy::TantivyError) -> Error {
    match e {
        tantivy::TantivyError::LockFailure(..) => damaged(dir, e),
        e => Error::Index(format!(
            "the index at {} can't be written ({e}); what was committed before stands. See that the disk has room, \
             and run the command again",
            dir.display()
        )),
    }
}

/// How tantivy stores articles.
pub fn settings() -> IndexSettings {
    IndexSettings { docstore_compression: Compressor::Lz4, ..IndexSettings::default() }
}

/// Segments of fewer articles are joined at the end.
const SMALL: u32 = 100_000;

fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|e| Error::io(&path, e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::Index(format!(
            "{} is being written by another process; wait for it to end and run the command again",
            dir.display()
        ))),
        Err(std::fs::TryLockError::Error(e)) => Err(Error::io(path, e)),
    }
}

/// A name for a data folder that is not taken.
fn free_name(dir: &Path) -> String {
    (1u32..)
        .map(|n| format!("{DATA}{n}"))
        .find(|name| !dir.join(name).exists())
        .expect("numbers do not run out")
}

/// Removes data folders that no manifest names: rebuilds that were cut off, and old data.
fn sweep(dir: &Path, keep: Option<&str>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(DATA) && Some(name) != keep) {
            // What can't be removed now is swept next time.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

const DATA: &str = "data-";
