//! `fangzhi index --watch`: an index that follows its folders.
//!
//! What happens in the folders only says when to look: each time, the index is brought up to date in the
//! same way as by hand, which reads what changed and nothing else. So an event that was lost, or that came
//! twice, can't make the index wrong.

use super::output::Outcome;
use super::term::{complain, note};
use fangzhi::search::{IndexOptions, IndexReport};
use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// Nothing has changed for so long: a copy of many files is over.
const QUIET: Duration = Duration::from_millis(500);

/// A folder that never rests is looked at all the same.
const LONGEST: Duration = Duration::from_secs(10);

/// How often what went wrong, or went away, is tried again; and how often folders are gone through
/// where the system does not tell of changes.
const AGAIN: Duration = Duration::from_secs(5);

#[derive(Debug, PartialEq, Eq)]
enum Happened {
    Changed,
    Stop,
}

/// Brings the index up to date now and whenever a file changes, until Ctrl-C. `update` does it once and
/// reports.
///
/// # Errors
/// When the first update fails, or Ctrl-C can't be caught.
pub fn run(
    options: &mut IndexOptions,
    update: &dyn Fn(&IndexOptions, Option<&IndexReport>) -> anyhow::Result<IndexReport>,
) -> anyhow::Result<Outcome> {
    anyhow::ensure!(
        options.paths.iter().all(|path| path.as_os_str() != "-"),
        "standard input can't be watched; name files or folders with --watch"
    );
    let (sender, happened) = channel();
    let stopped = stop_at_ctrl_c(sender.clone())?;
    // Before the first update: what changes meanwhile is seen.
    let mut folders = Folders::watch(options, sender);
    let mut last = update(options, None)?;
    options.rebuild = false;
    folders.note();
    let mut failed = false;
    while !stopped.load(Ordering::Relaxed) {
        match happened.recv_timeout(AGAIN) {
            Ok(Happened::Changed) => {
                if settle(&happened) == Happened::Stop {
                    break;
                }
            }
            Ok(Happened::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                if !folders.again() && !failed {
                    continue;
                }
            }
        }
        // A folder that was made anew is another one to the system.
        folders.again();
        match update(options, Some(&last)) {
            Ok(report) => {
                last = report;
                failed = false;
            }
            Err(e) => {
                // Another process that writes, a disk that is full: it may pass.
                if !failed {
                    complain(&format!("{e:#}; trying again"));
                }
                failed = true;
            }
        }
    }
    note(&format!("stopped; the index at {} stays as it is", options.index.display()));
    Ok(Outcome::Found)
}

/// The first Ctrl-C ends the watching when what is under way is done, the second ends the program: what
/// was committed stands either way.
fn stop_at_ctrl_c(sender: Sender<Happened>) -> anyhow::Result<Arc<AtomicBool>> {
    let stopped = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stopped);
    ctrlc::set_handler(move || {
        if seen.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        // Nobody listens any more when the first update has failed.
        let _ = sender.send(Happened::Stop);
    })?;
    Ok(stopped)
}

/// Waits until nothing happens any more.
fn settle(happened: &Receiver<Happened>) -> Happened {
    let begun = Instant::now();
    loop {
        match happened.recv_timeout(QUIET) {
            Ok(Happened::Changed) if begun.elapsed() < LONGEST => {}
            Ok(Happened::Stop) => return Happened::Stop,
            _ => return Happened::Changed,
        }
    }
}

/// The folders that are watched.
struct Folders {
    watcher: Box<dyn Watcher>,
    /// Each with the way it is watched, and whether it is.
    list: Vec<(PathBuf, RecursiveMode, bool)>,
    /// The system tells of no changes here, so the folders are gone through.
    polls: bool,
}

impl Folders {
    fn watch(options: &IndexOptions, sender: Sender<Happened>) -> Folders {
        let mut list = BTreeSet::new();
        for path in &options.paths {
            match path.is_file() {
                // A file is often replaced by another of its name, which its folder sees.
                true => list.insert((parent(path), false)),
                false => list.insert((path.clone(), true)),
            };
        }
        list.extend(options.metadata.iter().chain(&options.places).map(|file| (parent(file), false)));
        let list = list.into_iter().map(|(folder, deep)| {
            (folder, if deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive }, false)
        });
        let config = Config::default().with_poll_interval(AGAIN);
        let index = options.index.clone();
        let (told, polled) = (sender.clone(), sender);
        let index_too = index.clone();
        let native = RecommendedWatcher::new(move |event| tell(&told, event, &index), config);
        let mut folders = match native {
            Ok(watcher) => Folders { watcher: Box::new(watcher), list: list.collect(), polls: false },
            Err(_) => Folders { watcher: Box::new(notify::NullWatcher), list: list.collect(), polls: true },
        };
        let watched = !folders.polls && folders.all();
        if !watched
            && let Ok(watcher) = PollWatcher::new(move |event| tell(&polled, event, &index_too), config)
        {
            // Most often more folders than the system is set to watch.
            folders.watcher = Box::new(watcher);
            folders.polls = true;
            folders.list.iter_mut().for_each(|(_, _, watched)| *watched = false);
            folders.all();
        }
        folders
    }

    /// Watches those that are there and not yet watched; whether the system could.
    fn all(&mut self) -> bool {
        let mut could = true;
        for (folder, mode, watched) in
            self.list.iter_mut().filter(|(folder, _, watched)| !watched && folder.exists())
        {
            *watched = self.watcher.watch(folder, *mode).is_ok();
            could &= *watched;
        }
        could
    }

    /// Watches again what went away and came back; whether there was any such folder.
    fn again(&mut self) -> bool {
        let mut back = false;
        for (folder, _, watched) in &mut self.list {
            if *watched && !folder.exists() {
                // Its watch went with it; what can't be taken away is gone already.
                let _ = self.watcher.unwatch(folder);
                *watched = false;
                back = true;
            }
            back |= !*watched && folder.exists();
        }
        self.all();
        back
    }

    fn note(&self) {
        let names: Vec<String> = self.list.iter().map(|(folder, ..)| folder.display().to_string()).collect();
        let how = if self.polls {
            format!(", going through it every {} seconds: the system tells of no changes", AGAIN.as_secs())
        } else {
            String::new()
        };
        note(&format!("watching {}{how}; stop with Ctrl-C", names.join(", ")));
    }
}

fn parent(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn tell(sender: &Sender<Happened>, event: notify::Result<Event>, index: &Path) {
    let changed = match &event {
        Ok(event) => event.need_rescan() || counts(event, index),
        // What is not known can't be left out.
        Err(_) => true,
    };
    if changed {
        // The other end goes when the watching ends.
        let _ = sender.send(Happened::Changed);
    }
}

/// Whether an event may have changed an article: reading changes none, nor does the index that lies in
/// the folder it indexes.
fn counts(event: &Event, index: &Path) -> bool {
    let reads = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
        EventKind::Access(_) => true,
        _ => false,
    };
    // Made by the first update, so that it is looked up each time.
    let own = index.canonicalize().unwrap_or_else(|_| index.to_owned());
    let inside = |path: &PathBuf| {
        path.starts_with(index)
            || path.starts_with(&own)
            || path.canonicalize().is_ok_and(|path| path.starts_with(&own))
    };
    !reads && (event.paths.is_empty() || !event.paths.iter().all(inside))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{CreateKind, ModifyKind};

    #[test]
    fn what_counts() {
        let index = Path::new("/articles/index");
        for (kind, path, expected) in [
            (EventKind::Create(CreateKind::File), "/articles/a.txt", true),
            (EventKind::Modify(ModifyKind::Any), "/articles/a.txt", true),
            (EventKind::Access(AccessKind::Close(AccessMode::Write)), "/articles/a.txt", true),
            (EventKind::Access(AccessKind::Open(AccessMode::Any)), "/articles/a.txt", false),
            (EventKind::Access(AccessKind::Close(AccessMode::Read)), "/articles/a.txt", false),
            (EventKind::Create(CreateKind::File), "/articles/index/lock", false),
            (EventKind::Create(CreateKind::File), "/articles/index2/a.txt", true),
        ] {
            let event = Event::new(kind).add_path(PathBuf::from(path));
            assert_eq!(counts(&event, index), expected, "{kind:?} {path}");
        }
    }

    #[test]
    fn rests() {
        let (sender, happened) = channel();
        sender.send(Happened::Changed).expect("a listener");
        assert_eq!(settle(&happened), Happened::Changed);
        sender.send(Happened::Changed).expect("a listener");
        sender.send(Happened::Stop).expect("a listener");
        assert_eq!(settle(&happened), Happened::Stop);
    }
}
