//! Timings and sizes on real text: `cargo bench`. Results are asserted against a scan, so that a
//! figure never stands beside a wrong answer. `-- --keep` adds the run to `runs.tsv`.
//!
//! The text is a JSON Lines collection of news (`id title date text`), by default
//! `../shared/data/news`; `FANGZHI_DATA` names another folder. See README.md beside this file.

mod machine;
mod oracle;
mod plain;

use fangzhi::search::{Engine, Filters, IndexOptions, SearchRequest, ZoneFilter, update};
use oracle::Collection;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let Some(data) = data() else {
        println!(
            "no data: set FANGZHI_DATA to a folder with a JSON Lines collection; see tests/bench/README.md"
        );
        return;
    };
    let mut figures = machine::Figures::new();
    let dir = tempfile::tempdir().expect("a temporary folder");
    let index = dir.path().join("index");

    let collection = Collection::read(&data);
    let megabytes = collection.bytes as f64 / 1e6;
    figures.put("text", megabytes, "MB in titles and texts");
    figures.put("articles", collection.articles.len() as f64, "articles");

    // In turn, so that the machine's mood meets both; the figures are medians.
    let plain = dir.path().join("plain");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        ours.push(timed(|| build(&data, &index)));
        let _ = std::fs::remove_dir_all(&plain);
        theirs.push(timed(|| plain::build(&collection.articles, &plain, threads(), MEMORY)));
    }
    let [(seconds, cpu), (plain_seconds, plain_cpu)] = [ours, theirs].map(medians);
    figures.put("indexing", megabytes / seconds, "MB/s wall, cleaning and facets included");
    figures.put("indexing-cpu", megabytes / cpu, "MB per CPU second");
    figures.put("index-size", size(&index) as f64 / collection.bytes as f64, "× the text");
    figures.put("plain-indexing", megabytes / plain_seconds, "MB/s wall, tantivy with tantivy-jieba alone");
    figures.put("plain-indexing-cpu", megabytes / plain_cpu, "MB per CPU second, the same");
    figures.put("plain-size", size(&plain) as f64 / collection.bytes as f64, "× the text, the same");
    figures.put("indexing-ratio", plain_seconds / seconds, "× the speed of tantivy with tantivy-jieba alone");
    figures.put("indexing-cpu-ratio", plain_cpu / cpu, "× its work per CPU second");

    one_shot(&index, dir.path(), &mut figures);
    warm(&index, &collection, &mut figures);

    figures.print();
    if std::env::args().any(|arg| arg == "--keep") {
        figures.keep(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/runs.tsv")));
    }
}

fn data() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/news");
    let folder = std::env::var_os("FANGZHI_DATA").map_or_else(|| PathBuf::from(default), PathBuf::from);
    folder.is_dir().then_some(folder)
}

/// What both may use, in bytes: the default of `--memory`.
const MEMORY: usize = 512 << 20;

fn build(data: &Path, index: &Path) {
    let options = IndexOptions {
        paths: vec![data.to_owned()],
        index: index.to_owned(),
        metadata: None,
        places: None,
        rebuild: true,
        threads: threads(),
        memory: MEMORY,
    };
    let report = update(&options, &mut std::io::empty(), &|_| {}).expect("an index");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

/// Wall time and CPU time, in seconds.
fn timed(work: impl FnOnce()) -> (f64, f64) {
    let (start, cpu) = (Instant::now(), machine::cpu_seconds());
    work();
    (start.elapsed().as_secs_f64(), machine::cpu_seconds() - cpu)
}

fn medians(times: Vec<(f64, f64)>) -> (f64, f64) {
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    (median(times.iter().map(|t| t.0).collect()), median(times.iter().map(|t| t.1).collect()))
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get())
}

fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => size(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}

/// The median time of a command, run so many times after a warm-up.
fn median(runs: usize, mut command: impl FnMut() -> Command) -> Duration {
    let mut run = || {
        let start = Instant::now();
        let status = command().stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it starts");
        assert!(status.code().is_some_and(|code| code < 2), "{status}");
        start.elapsed()
    };
    run();
    let mut times: Vec<Duration> = (0..runs).map(|_| run()).collect();
    times.sort();
    times[runs / 2]
}

/// Whole processes: an empty Rust program, and queries on the seeds and on the collection.
fn one_shot(index: &Path, dir: &Path, figures: &mut machine::Figures) {
    let source = dir.join("empty.rs");
    let empty = dir.join("empty");
    std::fs::write(&source, "fn main() {}").expect("a file");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let compiled = Command::new(rustc).args(["-O", "-o"]).arg(&empty).arg(&source).status().expect("rustc");
    assert!(compiled.success());
    let program = env!("CARGO_BIN_EXE_fangzhi");
    let seeds = dir.join("seeds-index");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
    let built =
        Command::new(program).args(["index", folder, "--index"]).arg(&seeds).stderr(Stdio::null()).status();
    assert!(built.is_ok_and(|status| status.success()));
    let search = |index: &Path, query: &str| {
        let mut command = Command::new(program);
        command.args(["search", query, "--index"]).arg(index);
        command
    };
    let base = median(101, || Command::new(&empty));
    let on_seeds = median(101, || search(&seeds, "比亚迪"));
    let on_news = median(101, || search(index, "比亚迪"));
    let best = median(31, || search(index, "新能源汽车在哪里生产"));
    let ms = |d: Duration| d.as_secs_f64() * 1e3;
    figures.put("empty-program", ms(base), "ms, whole process");
    figures.put("one-shot-seeds", ms(on_seeds), "ms, whole process: search 比亚迪 on the five seeds");
    figures.put("one-shot-seeds-ratio", ms(on_seeds) / ms(base), "× an empty Rust program");
    figures.put("one-shot-news", ms(on_news), "ms, whole process: search 比亚迪 on the collection");
    figures.put("one-shot-best", ms(best), "ms, whole process: best match on the collection");
}

/// In one process: counts against a scan, then latency by length of query.
fn warm(index: &Path, collection: &Collection, figures: &mut machine::Figures) {
    let engine = Engine::open(index).expect("just built");
    // The whole page: what a scan of the records reads.
    let filters = Filters { zone: ZoneFilter::All, ..Filters::default() };
    let mut checked = 0;
    for length in [1, 2, 3, 4, 6] {
        let queries = collection.pieces(length, 100);
        let mut counts = Vec::new();
        let mut searches = Vec::new();
        for query in &queries {
            let start = Instant::now();
            let count = engine.count(query, &filters).expect("an answer");
            counts.push(start.elapsed());
            let (articles, occurrences) = collection.scan(query);
            assert_eq!((count.articles, count.occurrences), (articles, occurrences), "{query}");
            checked += 1;
            let start = Instant::now();
            let request = SearchRequest {
                query: query.clone(),
                filters: filters.clone(),
                limit: 10,
                ..Default::default()
            };
            engine.search(&request).expect("an answer");
            searches.push(start.elapsed());
        }
        for (what, mut times) in [("count", counts), ("search", searches)] {
            times.sort();
            let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
            figures.put(&format!("{what}-{length}-p50"), at(0.5), &format!("ms warm, {length} characters"));
            figures.put(&format!("{what}-{length}-p99"), at(0.99), &format!("ms warm, {length} characters"));
        }
    }
    figures.put("checked", checked as f64, "counts equal to a scan's");
}
