//! Growth and latency on a large collection: `cargo bench --bench large`.
//!
//! The collection is made from a small one (`FANGZHI_DATA`, by default `../shared/data/news`) with
//! perturbed copies: see `enlarge.rs`. `-- --sizes 10,100,1000` names the sizes in MB of text,
//! `-- --scan N` compares so many counts with a scan at each size, `-- --make FOLDER MB` only writes a
//! collection, `-- --keep` adds the run to `runs.tsv`. Only the command line and the public interface
//! are used.

mod draw;
mod enlarge;
mod machine;
mod oracle;

use enlarge::Original;
use fangzhi::search::{Engine, Filters, SearchRequest, ZoneFilter};
use machine::Figures;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/news");
    let data = std::env::var_os("FANGZHI_DATA").map_or_else(|| PathBuf::from(default), PathBuf::from);
    if !data.is_dir() {
        println!(
            "no data: set FANGZHI_DATA to a folder with a JSON Lines collection; see tests/bench/README.md"
        );
        return;
    }
    let originals = enlarge::read(&data);
    let args: Vec<String> = std::env::args().collect();
    let after = |name: &str| args.iter().position(|arg| arg == name).map(|at| &args[at + 1..]);
    if let Some([folder, megabytes, ..]) = after("--make") {
        let bytes = megabytes.parse::<u64>().expect("MB") * 1_000_000;
        let (bytes, articles) = enlarge::write(&originals, bytes, Path::new(folder));
        println!("{:.1} MB of text in {articles} articles", bytes as f64 / 1e6);
        return;
    }
    let sizes = after("--sizes").map_or("10,100,1000", |rest| &rest[0]);
    let scanned = after("--scan").map_or(100, |rest| rest[0].parse().expect("a number"));
    let frequencies = draw::Frequencies::of(&originals);
    let queries = frequencies.queries(&originals, 100);
    let mut figures = Figures::new();
    let dir = tempfile::tempdir().expect("a temporary folder");
    let empty = empty_program(dir.path());
    let empty = median(101, || Command::new(&empty));
    figures.put("empty-program", ms(empty), "ms, whole process");
    for size in sizes.split(',') {
        let bytes = size.parse::<u64>().expect("MB") * 1_000_000;
        let bench =
            Bench { name: size, folder: dir.path().join(size), index: dir.path().join("index"), empty };
        bench.run(&originals, bytes, &queries, scanned, &mut figures);
        std::fs::remove_dir_all(&bench.folder).expect("it was there");
        std::fs::remove_dir_all(&bench.index).expect("it was there");
    }
    figures.print();
    if args.iter().any(|arg| arg == "--keep") {
        figures.keep(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/runs.tsv")));
    }
}

struct Bench<'a> {
    /// MB of text, before each figure's name.
    name: &'a str,
    folder: PathBuf,
    index: PathBuf,
    /// An empty program's time.
    empty: Duration,
}

impl Bench<'_> {
    fn run(
        &self,
        originals: &[Original],
        bytes: u64,
        queries: &[(String, Vec<String>)],
        scanned: usize,
        figures: &mut Figures,
    ) {
        let mut put = |name: &str, value: f64, unit: &str| {
            figures.put(&format!("{}MB-{name}", self.name), value, unit);
        };
        let (bytes, articles) = enlarge::write(originals, bytes, &self.folder);
        let megabytes = bytes as f64 / 1e6;
        put("text", megabytes, "MB in titles and texts, made");
        put("articles", articles as f64, "articles, made");
        let full = self.build();
        put("indexing", megabytes / full.wall, "MB/s wall");
        put("indexing-cpu", megabytes / full.cpu, "MB per CPU second");
        put("indexing-memory", full.memory, "MB at most, `fangzhi index`");
        put("size", size(&self.index) as f64 / bytes as f64, "× the text");

        let keyword = &queries.iter().find(|(name, _)| name == "3-middling").expect("drawn").1[0];
        for (name, query, mode) in
            [("keyword", keyword.as_str(), "keyword"), ("best", "新能源汽车在哪里生产", "best")]
        {
            let time = median(51, || {
                let mut command = Command::new(env!("CARGO_BIN_EXE_fangzhi"));
                command.args(["search", query, "--mode", mode, "--index"]).arg(&self.index);
                command
            });
            put(&format!("one-shot-{name}"), ms(time), "ms, whole process");
            put(
                &format!("one-shot-{name}-ratio"),
                time.as_secs_f64() / self.empty.as_secs_f64(),
                "× an empty program",
            );
        }

        let engine = Engine::open(&self.index).expect("just built");
        for (name, set) in queries {
            latencies(&engine, name, set, &mut put);
        }
        everything(&engine, queries, &mut put);
        if scanned > 0 {
            put("checked", self.scan(&engine, scanned) as f64, "counts equal to a scan's");
        }
        drop(engine);

        enlarge::change(&self.folder, enlarge::FILES / 2);
        let update = self.build();
        put("update", update.wall, "s wall, 1 % of the articles changed");
        put("update-share", 100.0 * update.wall / full.wall, "% of the full build's wall time");
        put("update-share-cpu", 100.0 * update.cpu / full.cpu, "% of the full build's CPU time");
    }

    fn build(&self) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fangzhi"));
        command.arg("index").arg(&self.folder).arg("--index").arg(&self.index);
        Ran::of(&mut command)
    }

    /// Counts of random pieces against a scan of the source files; the number compared.
    fn scan(&self, engine: &Engine, n: usize) -> usize {
        let collection = oracle::Collection::read(&self.folder);
        assert!(collection.bytes > 0, "the collection is there");
        let filters = Filters { zone: ZoneFilter::All, ..Filters::default() };
        let lengths = [1, 2, 3, 4, 6];
        let mut checked = 0;
        for length in lengths {
            for query in collection.pieces(length, n.div_ceil(lengths.len())) {
                let count = engine.count(&query, &filters).expect("an answer");
                assert_eq!((count.articles, count.occurrences), collection.scan(&query), "{query}");
                checked += 1;
            }
        }
        checked
    }
}

/// Keyword queries with counts, facets, ten passages and highlights; and counts alone.
fn latencies(engine: &Engine, name: &str, queries: &[String], put: &mut dyn FnMut(&str, f64, &str)) {
    let request = |query: &String| SearchRequest {
        query: query.clone(),
        mode: fangzhi::search::Mode::Keyword,
        limit: 10,
        ..SearchRequest::default()
    };
    for query in queries.iter().take(5) {
        engine.search(&request(query)).expect("an answer");
    }
    let (mut searches, mut counts) = (Vec::new(), Vec::new());
    let cpu = machine::cpu_seconds();
    for query in queries {
        searches.push(timed(|| drop(engine.search(&request(query)).expect("an answer"))));
    }
    let cpu = (machine::cpu_seconds() - cpu) * 1e3 / queries.len().max(1) as f64;
    for query in queries {
        counts.push(timed(|| drop(engine.count(query, &Filters::default()).expect("an answer"))));
    }
    for (what, times) in [("search", searches), ("count", counts)] {
        for (share, label) in [(0.5, "p50"), (0.99, "p99")] {
            put(&format!("{what}-{name}-{label}"), ms(quantile(&times, share)), "ms warm");
        }
    }
    put(&format!("search-{name}-cpu"), cpu, "CPU ms a query");
}

/// Counts and facets over all articles, or as many as the most frequent characters reach.
fn everything(engine: &Engine, queries: &[(String, Vec<String>)], put: &mut dyn FnMut(&str, f64, &str)) {
    let none = Filters::default();
    let singles = queries.iter().filter(|(name, _)| name == "1-frequent").flat_map(|(_, set)| set);
    let articles = |query: &String| engine.count(query, &none).expect("an answer").articles;
    let widest = singles.max_by_key(|query| articles(query)).expect("drawn");
    let share = 100.0 * articles(widest) as f64 / engine.articles() as f64;
    put("widest", share, &format!("% of the articles hold {widest}, the most frequent"));
    let eleven = |run: &dyn Fn()| quantile(&(0..11).map(|_| timed(run)).collect::<Vec<_>>(), 0.5);
    let by = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    put("count-widest", ms(eleven(&|| drop(engine.count(widest, &none).expect("an answer")))), "ms warm");
    for names in [&["year"][..], &["month"], &["district"], &["district", "year"]] {
        let label = names.join("+");
        let all = eleven(&|| drop(engine.facets(None, &by(names), &none).expect("a table")));
        put(&format!("facets-all-{label}"), ms(all), "ms warm, all articles");
        let found = eleven(&|| drop(engine.facets(Some(widest), &by(names), &none).expect("a table")));
        put(&format!("facets-widest-{label}"), ms(found), "ms warm");
    }
}

/// What a program took.
struct Ran {
    wall: f64,
    cpu: f64,
    /// At most, in MB; 0 where the system does not say.
    memory: f64,
}

impl Ran {
    fn of(command: &mut Command) -> Ran {
        let (start, cpu) = (Instant::now(), children_cpu());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let status = format!("/proc/{}/status", child.id());
        let mut memory = 0.0f64;
        let code = loop {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let peak = peak.and_then(|kb| kb.trim().trim_end_matches(" kB").parse::<f64>().ok());
            memory = memory.max(peak.unwrap_or(0.0) / 1024.0);
            if let Some(code) = child.try_wait().expect("a status") {
                break code;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(code.success(), "{code}");
        Ran { wall: start.elapsed().as_secs_f64(), cpu: children_cpu() - cpu, memory }
    }
}

/// User and system time of the programs that this one started and that ended.
fn children_cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields = after_name.split_whitespace().skip(13).take(2);
    fields.filter_map(|f| f.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn empty_program(dir: &Path) -> PathBuf {
    let (source, program) = (dir.join("empty.rs"), dir.join("empty"));
    std::fs::write(&source, "fn main() {}").expect("a file");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let compiled = Command::new(rustc).args(["-O", "-o"]).arg(&program).arg(&source).status().expect("rustc");
    assert!(compiled.success());
    program
}

fn median(runs: usize, mut command: impl FnMut() -> Command) -> Duration {
    let mut run = || {
        let mut command = command();
        command.stdout(Stdio::null()).stderr(Stdio::null());
        timed(|| assert!(command.status().expect("it starts").code().is_some_and(|code| code < 2)))
    };
    run();
    quantile(&(0..runs).map(|_| run()).collect::<Vec<_>>(), 0.5)
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn quantile(times: &[Duration], share: f64) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times.get((times.len().saturating_sub(1) as f64 * share) as usize).copied().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let bytes = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => size(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    };
    entries.map(bytes).sum()
}
