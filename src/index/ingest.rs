//! Bringing an index up to date with its source files.
//!
//! One thread reads the files; as many as there are cores clean, date, place and segment; one
//! writes (tantivy's). Queues between them are short, so that memory stays bounded whatever the
//! collection's size.

use super::files::{FileEntry, FileList};
use super::record::{Record, stream_key};
use super::writer::Writer;
use crate::analysis::{Segmenter, Words, analyze};
use crate::article::{Article, Facets};
use crate::error::{Error, Result};
use crate::place::Gazetteer;
use crate::source::{self, Metadata, Problem, SourceFile};
use crate::{clean, date, outlet, place};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What to index, and where.
#[derive(Debug, Clone)]
pub struct IndexOptions {
    /// Files and folders; `-` for JSON Lines on standard input.
    pub paths: Vec<PathBuf>,
    /// The index folder.
    pub index: PathBuf,
    /// A metadata file that applies to all paths.
    pub metadata: Option<PathBuf>,
    /// A file that adds or corrects places, besides the folders' own.
    pub places: Option<PathBuf>,
    /// Make a new index, whatever is there.
    pub rebuild: bool,
    /// Threads that clean and segment; at least one.
    pub threads: usize,
    /// Memory for what is not yet written, in bytes.
    pub memory: usize,
}

/// How far indexing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of source files read, and to be read.
    pub bytes: u64,
    pub total_bytes: u64,
    pub articles: u64,
}

/// What indexing did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IndexReport {
    /// Files that were not in the index.
    pub added: usize,
    /// Files that had changed.
    pub updated: usize,
    /// Files that are gone.
    pub removed: usize,
    /// Files that were not read again.
    pub unchanged: usize,
    /// Articles read from new and changed files.
    pub articles: u64,
    /// Articles in the index now, as far as its files tell.
    pub total_articles: u64,
    /// Bytes of source files read.
    pub bytes: u64,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// What should be known.
    pub warnings: Vec<String>,
}

/// Bytes read after which what was done is committed, so that a long run that is cut off goes on
/// where it was.
const COMMIT_EVERY: u64 = 256 << 20;

/// Articles are handed to the workers by the batch: so many bytes of text, or one article.
const BATCH: usize = 32 << 10;

/// Batches in the queue to the workers.
const QUEUE: usize = 16;

/// Files with malformed bytes that are named, each time something is committed.
const DAMAGED: usize = 20;

/// Brings the index up to date and says what was done. `progress` is called now and then.
///
/// # Errors
/// When the index can't be written, a metadata file can't be read, or no path exists. What can't
/// be read of the articles is in the report.
pub fn update(
    options: &IndexOptions,
    stdin: &mut dyn std::io::BufRead,
    progress: &dyn Fn(Progress),
) -> Result<IndexReport> {
    let mut report = IndexReport::default();
    let (from_stdin, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        options.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
    let discovery = source::discover(&paths, std::slice::from_ref(&options.index));
    let everything_failed = discovery.files.is_empty() && from_stdin.is_empty();
    if everything_failed
        && !discovery.problems.is_empty()
        && (options.rebuild || !super::open::exists(&options.index).unwrap_or(true))
    {
        // Nothing to index and nothing indexed, or to be thrown away: leave no empty index behind
        // for a slip of the pen.
        return Err(Error::Usage(discovery.problems[0].to_string()));
    }
    let (mut metadata, faults) = Metadata::gather(options.metadata.as_deref(), &discovery.metadata);
    let (mut writer, mut files) = Writer::open(&options.index, options.rebuild, options.memory)?;
    let roots: Vec<String> = paths.iter().filter_map(|r| source::display_path(r)).collect();
    let within = |file: &str| roots.iter().any(|root| is_below(file, root));
    let (own, places, place_faults) = super::places::gather(
        super::places::load(writer.data())?,
        &discovery.places,
        options.places.as_deref(),
        within,
    );
    let known = |district: &str| {
        place::resolve_in(&places, district).is_empty().then(|| place::no_place(&places, district))
    };
    let district_faults = metadata.check_districts(known);
    super::places::store(writer.data(), &own)?;
    let rules = Rules { metadata, places, fingerprint: super::places::fingerprint(&own) };
    let metadata = &rules.metadata;
    let plan = Plan::make(&discovery.files, &paths, &rules, &files);
    report.problems = discovery.problems;
    for found in [faults, place_faults, district_faults] {
        report.problems.extend(found);
    }
    report.problems.extend(plan.problems);
    let unused = metadata.unused(discovery.files.iter().map(|f| f.path.as_str()));
    report.warnings.extend(unused.iter().map(Problem::to_string));
    report.unchanged = plan.unchanged;
    if plan.unchanged_problems > 0 {
        report.warnings.push(format!(
            "{} of the unchanged files could not be read in full; correct them, or see what was wrong with --rebuild",
            plan.unchanged_problems
        ));
    }
    for path in &plan.gone {
        writer.remove_file(path);
        files.files.remove(path);
        report.removed += 1;
    }
    let total_bytes = plan.todo.iter().map(|f| f.size).sum();
    let mut run = Run {
        total_bytes,
        threads: options.threads.max(1),
        progress,
        rules: &rules,
        bytes: 0,
        articles: AtomicU64::new(0),
    };
    let mut todo = plan.todo.as_slice();
    while !todo.is_empty() {
        // One commit's worth of files.
        let mut size = 0;
        let n = todo.iter().take_while(|f| {
            size += f.size;
            size <= COMMIT_EVERY
        });
        let n = n.count();
        let (now, later) = todo.split_at(n.max(1));
        for file in now {
            match files.files.contains_key(&file.path) {
                true => report.updated += 1,
                false => report.added += 1,
            }
            writer.remove_file(&file.path);
        }
        run.files(&writer, now, &mut files, &mut report)?;
        writer.commit(&mut files)?;
        todo = later;
    }
    if !from_stdin.is_empty() {
        run.stdin(&writer, stdin, &mut report)?;
    }
    if !from_stdin.is_empty() || plan.todo.is_empty() {
        writer.commit(&mut files)?;
    }
    writer.finish()?;
    report.articles = run.articles.into_inner();
    report.bytes = run.bytes;
    report.total_articles = files.files.values().map(|f| f.articles).sum();
    Ok(report)
}

/// What decides, besides an article's own text, how it is told.
struct Rules {
    metadata: Metadata,
    places: Gazetteer,
    /// Of the user's own places.
    fingerprint: u64,
}

/// What is to be done.
struct Plan<'a> {
    todo: Vec<&'a SourceFile>,
    gone: BTreeSet<String>,
    unchanged: usize,
    /// Those of them of which something could not be read.
    unchanged_problems: usize,
    /// Changed files that can't be opened; they keep their articles.
    problems: Vec<Problem>,
}

impl<'a> Plan<'a> {
    fn make(found: &'a [SourceFile], roots: &[PathBuf], rules: &Rules, known: &FileList) -> Plan<'a> {
        let mut plan = Plan {
            todo: Vec::new(),
            gone: BTreeSet::new(),
            unchanged: 0,
            unchanged_problems: 0,
            problems: Vec::new(),
        };
        let by_canonical: HashMap<&str, &String> =
            known.files.iter().map(|(path, entry)| (entry.canonical.as_str(), path)).collect();
        let present: BTreeSet<&str> = found.iter().map(|f| f.path.as_str()).collect();
        for file in found {
            let entry = entry(file, rules);
            match known.files.get(&file.path) {
                Some(old) if same(old, &entry) => {
                    plan.unchanged += 1;
                    plan.unchanged_problems += (old.problems > 0) as usize;
                }
                Some(old) if old.articles > 0 => match std::fs::File::open(&file.file) {
                    Ok(_) => plan.todo.push(file),
                    Err(e) => plan.problems.push(Problem {
                        path: file.path.clone(),
                        line: None,
                        reason: format!("{e}; the index keeps it as it was read before"),
                    }),
                },
                _ => plan.todo.push(file),
            }
            // The same file under another name (`a` and `./a`, or from another folder) is moved,
            // not doubled.
            if let Some(other) = by_canonical.get(entry.canonical.as_str())
                && **other != file.path
                && !present.contains(other.as_str())
            {
                plan.gone.insert((*other).clone());
            }
        }
        // A file that left its place and stands elsewhere with the same size and time was moved
        // there, as by renaming its folder: its old name is no second article.
        let new: HashSet<(u64, u64)> = plan.todo.iter().map(|f| (f.size, f.modified_ns)).collect();
        let roots: Vec<String> = roots.iter().filter_map(|r| source::display_path(r)).collect();
        for (path, old) in known.files.iter().filter(|(path, _)| !present.contains(path.as_str())) {
            let below = roots.iter().any(|root| is_below(path, root));
            let moved = || {
                let time = u64::try_from(old.modified_ns).unwrap_or(0);
                new.contains(&(old.size, time)) && look(old) == Look::Gone
            };
            // What can't be looked at, as in a folder without permission or on a disk that fails,
            // is not gone: it stays as it was read.
            if below && look(old) != Look::Barred || !below && moved() {
                plan.gone.insert(path.clone());
            }
        }
        plan
    }
}

/// What is known of a file that was not found this time.
#[derive(PartialEq, Eq)]
enum Look {
    Gone,
    There,
    Barred,
}

fn look(entry: &FileEntry) -> Look {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    match std::fs::symlink_metadata(&entry.canonical) {
        Ok(_) => Look::There,
        Err(e) if matches!(e.kind(), NotFound | NotADirectory) => Look::Gone,
        Err(_) => Look::Barred,
    }
}

/// Whether a displayed path is the root or lies below it.
fn is_below(path: &str, root: &str) -> bool {
    match root {
        "." | "" => !path.starts_with('/') && !path.starts_with("../"),
        root => path
            .strip_prefix(root)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || root == "/"),
    }
}

fn entry(file: &SourceFile, rules: &Rules) -> FileEntry {
    let canonical = file.file.canonicalize().unwrap_or_else(|_| file.file.clone());
    FileEntry {
        size: file.size,
        modified_ns: i128::from(file.modified_ns),
        metadata: rules.metadata.fingerprint(&file.path) ^ rules.fingerprint,
        canonical: canonical.to_string_lossy().into_owned(),
        articles: 0,
        problems: 0,
    }
}

/// Whether a file need not be read again. One of which nothing could be read is tried each time:
/// permission may have been given since, which changes neither its size nor its time.
fn same(old: &FileEntry, new: &FileEntry) -> bool {
    let unread = old.articles == 0 && old.problems > 0;
    !unread && (old.size, old.modified_ns, old.metadata) == (new.size, new.modified_ns, new.metadata)
}

/// One run of reading and adding.
struct Run<'a> {
    total_bytes: u64,
    threads: usize,
    progress: &'a dyn Fn(Progress),
    rules: &'a Rules,
    bytes: u64,
    articles: AtomicU64,
}

impl Run<'_> {
    /// Reads files and adds their articles.
    fn files(
        &mut self,
        writer: &Writer,
        now: &[&SourceFile],
        files: &mut FileList,
        report: &mut IndexReport,
    ) -> Result<()> {
        let mut bytes = self.bytes;
        let (progress, total_bytes, articles) = (self.progress, self.total_bytes, &self.articles);
        let (problems, done, damaged) = self.with_workers(writer, |send| {
            let (mut problems, mut done) = (Vec::new(), Vec::new());
            let mut damaged: Vec<String> = Vec::new();
            for file in now {
                let mut entry = entry(file, self.rules);
                let mut bad: Option<(u64, String)> = None;
                // `Break` only says that a worker failed, which is reported below.
                let _ = source::read_file(file, &self.rules.metadata, &mut |read| match read {
                    Ok(article) => {
                        entry.articles += 1;
                        if article.replaced > 0 {
                            let before = bad.as_ref().map_or(0, |(n, _)| *n);
                            bad = Some((before + u64::from(article.replaced), article.encoding.clone()));
                        }
                        if entry.articles.is_multiple_of(1000) {
                            progress(Progress {
                                bytes,
                                total_bytes,
                                articles: articles.load(Ordering::Relaxed),
                            });
                        }
                        send(article)
                    }
                    Err(problem) => {
                        entry.problems += 1;
                        problems.push(problem);
                        ControlFlow::Continue(())
                    }
                });
                bytes += file.size;
                progress(Progress { bytes, total_bytes, articles: articles.load(Ordering::Relaxed) });
                done.push((file.path.clone(), entry));
                damaged.extend(bad.map(|(n, encoding)| {
                    let sequences =
                        if n == 1 { "one sequence of bytes is" } else { "sequences of bytes are" };
                    let count = if n == 1 { String::new() } else { format!("{n} ") };
                    format!(
                        "{}: read as {encoding}, in which {count}{sequences} malformed (U+FFFD now)",
                        file.path
                    )
                }));
            }
            (problems, done, damaged)
        })?;
        let more = damaged.len().saturating_sub(DAMAGED);
        report.warnings.extend(damaged.into_iter().take(DAMAGED));
        if more > 0 {
            report.warnings.push(format!(
                "and {more} more files with malformed bytes; fangzhi facets --by path --quality lost lists them"
            ));
        }
        self.bytes = bytes;
        report.problems.extend(problems);
        files.files.extend(done);
        Ok(())
    }

    fn stdin(
        &mut self,
        writer: &Writer,
        stdin: &mut dyn std::io::BufRead,
        report: &mut IndexReport,
    ) -> Result<()> {
        let mut nameless = 0u64;
        let problems = self.with_workers(writer, |send| {
            let mut problems = Vec::new();
            let _ = source::read_stdin(stdin, &self.rules.metadata, &mut |read| match read {
                Ok(article) => {
                    nameless += u64::from(article.given.id.is_none());
                    send(article)
                }
                Err(problem) => {
                    problems.push(problem);
                    ControlFlow::Continue(())
                }
            });
            problems
        })?;
        report.problems.extend(problems);
        if nameless > 0 {
            report.warnings.push(format!(
                "{nameless} records from standard input have no `id`: the next ones without it take their \
                 places in the index; give each an `id` to keep both"
            ));
        }
        Ok(())
    }

    /// Runs `read` on this thread while workers add what it sends. The first error of a worker
    /// stops the reading.
    fn with_workers<T>(
        &self,
        writer: &Writer,
        read: impl FnOnce(&mut dyn FnMut(Article) -> ControlFlow<()>) -> T,
    ) -> Result<T> {
        let (sender, receiver) = std::sync::mpsc::sync_channel::<Vec<(u64, Article)>>(QUEUE);
        // Of two records with one key in a stream the later one counts, whichever worker is done
        // first.
        let latest: Mutex<HashMap<String, u64>> = Mutex::default();
        let receiver = Mutex::new(receiver);
        let articles = &self.articles;
        let failure: Mutex<Option<Error>> = Mutex::new(None);
        let failed = AtomicBool::new(false);
        let result = std::thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| {
                    let mut segmenter = Segmenter::new();
                    loop {
                        let Ok(batch) = receiver.lock().map_or(Err(()), |r| r.recv().map_err(|_| ())) else {
                            return;
                        };
                        if failed.load(Ordering::Relaxed) {
                            continue;
                        }
                        let n = batch.len() as u64;
                        match add(writer, batch, &self.rules.places, &mut segmenter, &latest) {
                            Ok(()) => {
                                articles.fetch_add(n, Ordering::Relaxed);
                            }
                            Err(e) => {
                                failed.store(true, Ordering::Relaxed);
                                if let Ok(mut failure) = failure.lock() {
                                    failure.get_or_insert(e);
                                }
                            }
                        }
                    }
                });
            }
            let (mut number, mut batch, mut size) = (0, Vec::new(), 0);
            let result = read(&mut |article| {
                number += 1;
                if let Some(key) = stream_key(&article.path, article.given.id.as_deref(), article.record)
                    && let Ok(mut latest) = latest.lock()
                {
                    latest.insert(key, number);
                }
                size += article.text.len();
                batch.push((number, article));
                if size >= BATCH {
                    size = 0;
                    if failed.load(Ordering::Relaxed) || sender.send(std::mem::take(&mut batch)).is_err() {
                        return ControlFlow::Break(());
                    }
                }
                ControlFlow::Continue(())
            });
            // Workers go only when the sender does; if all have failed, that is reported below.
            let _ = sender.send(batch);
            drop(sender);
            result
        });
        match failure.into_inner() {
            Ok(None) => Ok(result),
            Ok(Some(e)) => Err(e),
            Err(_) => Err(Error::Index("a worker stopped; nothing was committed".into())),
        }
    }
}

/// The line from articles as read to the index.
fn add(
    writer: &Writer,
    batch: Vec<(u64, Article)>,
    places: &Gazetteer,
    segmenter: &mut Segmenter,
    latest: &Mutex<HashMap<String, u64>>,
) -> Result<()> {
    let (mut documents, mut keyed) = (Vec::with_capacity(batch.len()), Vec::new());
    for (number, article) in batch {
        let clean = clean::clean(&article, &Words);
        let days = date::told_of(&clean, &article.given);
        let facets = Facets {
            dating: days.dating,
            fetched: days.fetched,
            years: days.years,
            places: place::detect_in(places, &clean, &article.given),
            source: outlet::detect(&clean, &article.given),
        };
        let mut record = Record::new(article, clean, facets);
        let analyzed = analyze(record.outside_title.as_deref(), &record.clean, segmenter);
        let document = writer.document(&mut record, &analyzed);
        match record.key() {
            None => documents.push(document),
            Some(key) => keyed.push((number, key, document)),
        }
    }
    writer.add(documents)?;
    if keyed.is_empty() {
        return Ok(());
    }
    // Held while they are added, so that taking out the one before and adding this are one step.
    let Ok(latest) = latest.lock() else { return Ok(()) };
    keyed.retain(|(number, key, _)| latest.get(key) == Some(number));
    writer.replace(keyed.into_iter().map(|(_, key, document)| (key, document)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below() {
        for (path, root, expected) in [
            ("seeds/a.txt", "seeds", true),
            ("seeds2/a.txt", "seeds", false),
            ("seeds/a.txt", "seeds/a.txt", true),
            ("a.txt", ".", true),
            ("/x/a.txt", ".", false),
            ("/x/a.txt", "/x", true),
        ] {
            assert_eq!(is_below(path, root), expected, "{path} below {root}");
        }
    }
}
