//! `fangzhi index`

use super::args::{Cli, IndexArgs};
use super::output::Outcome;
use super::{term, watch};
use fangzhi::search::{IndexOptions, IndexReport, Progress, update};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

pub fn run(cli: &Cli, args: &IndexArgs) -> anyhow::Result<Outcome> {
    let paths = if args.paths.is_empty() {
        let seeds = PathBuf::from("seeds");
        anyhow::ensure!(
            seeds.is_dir(),
            "no PATH given and no folder `seeds` here; name the folder with your articles: fangzhi index FOLDER"
        );
        vec![seeds]
    } else {
        args.paths.clone()
    };
    let mut options = IndexOptions {
        paths,
        index: cli.index.clone(),
        metadata: args.meta.clone(),
        places: args.places.clone(),
        rebuild: args.rebuild,
        threads: match args.threads {
            Some(n) => n.into(),
            None => std::thread::available_parallelism().map_or(1, |n| n.get()),
        },
        memory: (args.memory as usize) << 20,
    };
    if args.watch {
        return watch::run(&mut options, &|options, before| {
            let done = once(options)?;
            if before.is_none_or(|before| news(&done, before)) {
                report(&done, &options.index);
            }
            Ok(done)
        });
    }
    let done = once(&options)?;
    report(&done, &cli.index);
    Ok(if done.problems.is_empty() { Outcome::Found } else { Outcome::Incomplete })
}

fn once(options: &IndexOptions) -> anyhow::Result<IndexReport> {
    let bar = bar();
    let progress = |p: Progress| {
        bar.set_length(p.total_bytes);
        bar.set_position(p.bytes);
        bar.set_message(format!("{} articles", p.articles));
    };
    let done = update(options, &mut std::io::stdin().lock(), &progress);
    bar.finish_and_clear();
    Ok(done?)
}

/// Whether there is more to say than the time before.
fn news(done: &IndexReport, before: &IndexReport) -> bool {
    done.added + done.updated + done.removed > 0 || done.problems != before.problems
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let style = "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {msg} {eta}";
    let bar = ProgressBar::new(0);
    match ProgressStyle::with_template(style) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Problems listed one by one before they are only counted.
const LISTED: usize = 100;

/// The closing lines: problems, then what was done.
pub fn report(done: &IndexReport, dir: &Path) {
    for problem in done.problems.iter().take(LISTED) {
        term::complain(&problem.to_string());
    }
    if done.problems.len() > LISTED {
        term::complain(&format!("and {} more problems", done.problems.len() - LISTED));
    }
    for warning in &done.warnings {
        term::note(warning);
    }
    let plural = |n: u64, what: &str| if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") };
    let mut parts = vec![format!("{} read", plural(done.articles, "article"))];
    for (n, what) in [
        (done.added, "new"),
        (done.updated, "changed"),
        (done.removed, "removed"),
        (done.unchanged, "unchanged"),
    ] {
        if n > 0 {
            parts.push(format!("{} {what}", plural(n as u64, "file")));
        }
    }
    if !done.problems.is_empty() {
        parts.push(plural(done.problems.len() as u64, "problem"));
    }
    term::note(&format!("{}; the index at {} is up to date", parts.join(", "), dir.display()));
    if done.articles == 0 && done.unchanged == 0 && done.removed == 0 {
        term::note(
            "no articles were found: a folder may hold .txt .md .html .jsonl .ndjson .json .csv .tsv, each also .gz",
        );
    }
}
