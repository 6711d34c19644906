//! Many queries in one process.

use super::args::{Cli, Queries};
use super::output::Outcome;
use super::term;
use anyhow::Context;
use fangzhi::search::{Engine, IndexOptions, exists, update};
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Runs `answer` for the query, or for each line of the batch, in order. A line that can't be
/// read as a query is reported with its number; the others are answered.
pub fn each(
    queries: &Queries,
    mut answer: impl FnMut(&str) -> anyhow::Result<Outcome>,
) -> anyhow::Result<Outcome> {
    let Some(path) = &queries.batch else {
        return answer(queries.query.as_deref().unwrap_or_default());
    };
    let reader: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        let file = std::fs::File::open(path).with_context(|| format!("{}: can't be read", path.display()))?;
        Box::new(BufReader::new(file))
    };
    let (mut found, mut failed) = (false, false);
    for (number, line) in reader.split(b'\n').enumerate() {
        let line = line.with_context(|| format!("{}: can't be read", path.display()))?;
        let place = || format!("{}:{}", path.display(), number + 1);
        let Ok(text) = std::str::from_utf8(&line) else {
            term::complain(&format!("{}: not valid UTF-8: save the file as UTF-8", place()));
            failed = true;
            continue;
        };
        let text = text.trim_end_matches('\r').trim_start_matches('\u{feff}');
        if text.trim().is_empty() {
            continue;
        }
        match answer(text) {
            Ok(outcome) => found |= outcome == Outcome::Found,
            Err(e) if e.downcast_ref::<fangzhi::Error>().is_some_and(is_usage) => {
                term::complain(&format!("{}: {e:#}", place()));
                failed = true;
            }
            Err(e) => return Err(e),
        }
    }
    Ok(if failed { Outcome::Incomplete } else { Outcome::found(found) })
}

fn is_usage(e: &fangzhi::Error) -> bool {
    matches!(e, fangzhi::Error::Usage(_))
}

/// Opens the index; where there is none but a `seeds` folder beside it, builds it first.
pub fn engine(cli: &Cli) -> anyhow::Result<Engine> {
    let dir = &cli.index;
    if !exists(dir)? {
        let seeds = dir.parent().unwrap_or(Path::new("")).join("seeds");
        if seeds.is_dir() {
            term::note(&format!("no index at {} yet: building it from {}", dir.display(), seeds.display()));
            let options = IndexOptions {
                paths: vec![seeds],
                index: dir.clone(),
                metadata: None,
                places: None,
                rebuild: false,
                threads: std::thread::available_parallelism().map_or(1, |n| n.get()),
                memory: 256 << 20,
            };
            let report = update(&options, &mut std::io::empty(), &|_| {})?;
            super::index::report(&report, dir);
        }
    }
    Ok(Engine::open(dir)?)
}
