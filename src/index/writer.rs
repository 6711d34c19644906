//! Writing to an index: one writer at a time, everything or nothing.

use super::files::FileList;
use super::literal::{self, Backlog, LiteralPlugin};
use super::manifest::Manifest;
use super::open::{OpenIndex, damaged};
use super::record::Record;
use super::schema::Fields;
use crate::analysis::Analyzed;
use crate::error::{Error, Result};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::indexer::{NoMergePolicy, UserOperation};
use tantivy::store::Compressor;
use tantivy::{Index, IndexSettings, IndexWriter, TantivyDocument, Term};

/// An index opened for writing. What is not committed is lost when it is dropped.
pub struct Writer {
    dir: PathBuf,
    data: PathBuf,
    manifest: Manifest,
    fields: Fields,
    inner: IndexWriter,
    /// What was handed to tantivy and not yet taken.
    backlog: Arc<Backlog>,
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
        let backlog = Arc::new(Backlog::default());
        let plugin = Arc::new(LiteralPlugin::fed_by(&backlog));
        let index = if current {
            let mut index = Index::open_in_dir(&data).map_err(error)?;
            index.register_plugin(plugin);
            index
        } else {
            std::fs::create_dir_all(&data).map_err(|e| Error::io(&data, e))?;
            Index::builder()
                .schema(Fields::schema())
                .settings(settings())
                .register_plugin(plugin)
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
        let inner: IndexWriter = index.writer_with_num_threads(1, memory).map_err(error)?;
        // Segments are joined once, in `finish`: tantivy's merges meanwhile would take away the segments
        // that it chooses, and write again what is written again soon.
        inner.set_merge_policy(Box::new(NoMergePolicy));
        let list = metas.payload;
        // There is no index before the first commit: a search meanwhile says so, rather than that
        // nothing was found in an empty one.
        let writer = Writer {
            dir: dir.to_owned(),
            data,
            manifest,
            fields,
            inner,
            backlog,
            list,
            current,
            replaces,
            _lock: lock,
        };
        Ok((writer, files))
    }

    /// An article as it is added.
    pub fn document(&self, record: &mut Record, analyzed: &Analyzed) -> TantivyDocument {
        self.fields.document(record, analyzed)
    }

    /// Adds articles. Callable from several threads; waits while many bytes are on their way.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn add(&self, documents: Vec<TantivyDocument>) -> Result<()> {
        self.run(documents.into_iter().map(UserOperation::Add).collect())
    }

    /// The same, each instead of what was added before under its key.
    ///
    /// # Errors
    /// When the index can't be written.
    pub fn replace(&self, documents: impl Iterator<Item = (String, TantivyDocument)>) -> Result<()> {
        let both = |(key, document): (String, _)| {
            let old = Term::from_field_text(self.fields.key, &key);
            [UserOperation::Delete(old), UserOperation::Add(document)]
        };
        self.run(documents.flat_map(both).collect())
    }

    fn run(&self, operations: Vec<UserOperation>) -> Result<()> {
        let added = operations.iter().filter_map(|operation| match operation {
            UserOperation::Add(document) => Some(literal::weight(document, self.fields.literal)),
            UserOperation::Delete(_) => None,
        });
        self.backlog.add(added.sum());
        self.inner.run(operations).map_err(|e| not_written(&self.dir, e))?;
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
        let sizes: Vec<_> = segments.iter().map(|s| (s.max_doc(), s.num_deleted_docs())).collect();
        let ids: Vec<_> = to_join(&sizes).into_iter().map(|i| segments[i].id()).collect();
        // tantivy keeps the files of every segment that something still speaks of.
        drop(segments);
        if !ids.is_empty() {
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

/// Segments of so many articles are not joined with others, unless there are too many.
const LARGE: u32 = 100_000;

/// Segments that are left at most.
const MOST: usize = 8;

/// Segments of fewer are written again without much ado.
const SMALL: u32 = 2_000;

/// Which segments, given of each its articles and how many of them are deleted, to write anew as
/// one when an update ends.
///
/// Few segments open quickly; but an update must not write again an index that is much larger than
/// it. So a segment is joined with the smaller ones once they have come to a third of it, and each
/// article is written again a few times in all. Deleted articles count in the frequencies by which
/// articles are ranked: a segment is written again when they are a tenth of it (or of any share in a
/// small one, so that a small index brought up to date ranks like one built anew).
fn to_join(segments: &[(u32, u32)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..segments.len()).collect();
    order.sort_by_key(|&i| segments[i]);
    let (mut joined, mut total) = (Vec::new(), 0);
    for (left, i) in (1..=segments.len()).rev().zip(order) {
        let (all, deleted) = segments[i];
        let decayed = deleted > 0 && (all < SMALL || deleted > all / if all < LARGE { 10 } else { 2 });
        let suits = all < LARGE && (all < SMALL || joined.is_empty() || all / 3 <= total);
        if suits || decayed || left + usize::from(!joined.is_empty()) > MOST {
            joined.push(i);
            total += all - deleted;
        }
    }
    let alone =
        |&i: &usize| segments[i].1 == 0 || segments[i].0 >= SMALL && segments[i].1 <= segments[i].0 / 10;
    if joined.len() == 1 && joined.iter().all(alone) {
        joined.clear();
    }
    joined
}

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

#[cfg(test)]
mod tests {
    use super::to_join;

    #[test]
    fn segments_are_joined_when_it_is_worth_it() {
        for (segments, expected) in [
            (&[][..], &[][..]),
            (&[(500_000, 0)], &[]),
            (&[(10, 0)], &[]),
            (&[(10, 1)], &[0]),
            (&[(10, 0), (20, 0)], &[0, 1]),
            // A large index and a small update.
            (&[(70_000, 700), (700, 0)], &[]),
            (&[(70_000, 1400), (700, 0), (700, 0)], &[1, 2]),
            (&[(70_000, 0), (15_000, 0), (10_000, 0)], &[2, 1, 0]),
            (&[(70_000, 8_000), (700, 0)], &[1, 0]),
            (&[(500_000, 40_000), (50_000, 0), (90_000, 0)], &[1, 2]),
            (&[(500_000, 260_000), (50_000, 0)], &[1, 0]),
            (&[(200_000, 0), (200_000, 0)], &[]),
            // Too many.
            (&[(200_000, 0); 8], &[]),
            (&[(200_000, 0); 9], &[0, 1]),
            (&[(200_000, 0); 11], &[0, 1, 2, 3]),
        ] {
            assert_eq!(to_join(segments), expected, "{segments:?}");
        }
    }
}
