//! How well best match answers: `cargo bench --bench retrieval`, and `-- --keep` adds the run to
//! `runs.tsv`.
//!
//! Judged questions on paragraphs of encyclopaedias, by default in `../shared/data/retrieval`;
//! `FANGZHI_RETRIEVAL` names another folder. See README.md beside this file.

mod machine;

use fangzhi::search::{Engine, IndexOptions, Mode, SearchRequest, update};
use flate2::read::MultiGzDecoder;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A set's questions, and the set whose paragraphs and judgements they use.
const SETS: [(&str, &str); 3] =
    [("cmrc2018", "cmrc2018"), ("drcd_trad", "drcd_trad"), ("drcd_simpq", "drcd_trad")];

/// How many hits are looked at.
const DEPTH: usize = 10;

fn main() {
    let Some(data) = data() else {
        println!("no data: set FANGZHI_RETRIEVAL to a folder with judged sets; see tests/bench/README.md");
        return;
    };
    let mut figures = machine::Figures::new();
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (set, corpus) in SETS.into_iter().filter(|(set, _)| data.join(set).is_dir()) {
        let index = dir.path().join(corpus);
        if !index.exists() {
            build(&data.join(corpus), &index);
        }
        let questions = questions(&data.join(set), &data.join(corpus));
        measure(set, &index, &questions, &mut figures);
    }
    figures.print();
    if std::env::args().any(|arg| arg == "--keep") {
        figures.keep(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/runs.tsv")));
    }
}

fn data() -> Option<PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/retrieval");
    let folder = std::env::var_os("FANGZHI_RETRIEVAL").map_or_else(|| default.into(), PathBuf::from);
    folder.is_dir().then_some(folder)
}

fn lines(path: &Path) -> impl Iterator<Item = String> {
    let file = File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    BufReader::new(MultiGzDecoder::new(file)).lines().map(|line| line.expect("text"))
}

fn objects(path: &Path) -> impl Iterator<Item = serde_json::Value> {
    lines(path).map(|line| serde_json::from_str(&line).expect("a JSON object"))
}

fn build(corpus: &Path, index: &Path) {
    let records = index.with_extension("jsonl");
    let mut file = File::create(&records).expect("a file");
    for object in objects(&corpus.join("corpus.jsonl.gz")) {
        let record =
            serde_json::json!({"id": object["_id"], "title": object["title"], "text": object["text"]});
        writeln!(file, "{record}").expect("written");
    }
    let options = IndexOptions {
        paths: vec![records],
        index: index.to_owned(),
        metadata: None,
        places: None,
        rebuild: true,
        threads: std::thread::available_parallelism().map_or(1, |n| n.get()),
        memory: 256 << 20,
    };
    let report = update(&options, &mut std::io::empty(), &|_| {}).expect("an index");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

/// A question and the paragraphs that answer it.
struct Question {
    text: String,
    answers: HashSet<String>,
}

fn questions(set: &Path, corpus: &Path) -> Vec<Question> {
    let mut answers: HashMap<String, HashSet<String>> = HashMap::new();
    for line in lines(&corpus.join("qrels.tsv.gz")) {
        let mut fields = line.split('\t');
        // The score of the header is none.
        if let (Some(query), Some(paragraph), Some(Ok(1..))) =
            (fields.next(), fields.next(), fields.next().map(str::parse::<u32>))
        {
            answers.entry(query.to_owned()).or_default().insert(paragraph.to_owned());
        }
    }
    let question = |object: serde_json::Value| {
        let field = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
        Question { text: field("text"), answers: answers.remove(&field("_id")).unwrap_or_default() }
    };
    objects(&set.join("queries.jsonl.gz")).map(question).collect()
}

fn measure(set: &str, index: &Path, questions: &[Question], figures: &mut machine::Figures) {
    let engine = Engine::open(index).expect("just built");
    let mut times: Vec<Duration> = Vec::with_capacity(questions.len());
    let mut ranks = Vec::with_capacity(questions.len());
    let cpu = machine::cpu_seconds();
    for question in questions {
        let start = Instant::now();
        ranks.push(rank(&engine, question));
        times.push(start.elapsed());
    }
    let cpu = (machine::cpu_seconds() - cpu) * 1e3 / questions.len().max(1) as f64;
    let (even, odd): (Vec<_>, Vec<_>) = ranks.iter().enumerate().partition(|(line, _)| line % 2 == 0);
    let half = |ranks: Vec<(usize, &Option<usize>)>| 100.0 * mrr(ranks.into_iter().map(|(_, rank)| *rank));
    let first = ranks.iter().filter(|rank| **rank == Some(1)).count();
    let mut put = |name: &str, value: f64, unit: &str| figures.put(&format!("{set}-{name}"), value, unit);
    put("questions", questions.len() as f64, "questions");
    put("mrr10", 100.0 * mrr(ranks.iter().copied()), "MRR@10 in hundredths, all questions");
    put("mrr10-even", half(even), "in hundredths, even lines: weights were chosen on these");
    put("mrr10-odd", half(odd), "in hundredths, odd lines");
    put("success1", 100.0 * first as f64 / questions.len().max(1) as f64, "% answered by the first hit");
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    put("p50", at(0.5), "ms warm, ten hits");
    put("p99", at(0.99), "ms warm, ten hits");
    put("cpu", cpu, "CPU ms a question");
}

/// The rank of the first hit that answers, from 1. A question without text has none.
fn rank(engine: &Engine, question: &Question) -> Option<usize> {
    let request = SearchRequest {
        query: question.text.clone(),
        limit: DEPTH,
        mode: Mode::Best,
        ..SearchRequest::default()
    };
    let hits = engine.search(&request).ok()?.hits;
    hits.iter().find(|hit| question.answers.contains(&hit.about.article)).map(|hit| hit.rank)
}

/// The mean of one over the rank, 0 where there is none.
fn mrr(ranks: impl ExactSizeIterator<Item = Option<usize>>) -> f64 {
    let n = ranks.len().max(1) as f64;
    ranks.flatten().map(|rank| 1.0 / rank as f64).sum::<f64>() / n
}
