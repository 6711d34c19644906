//! What telling place, date and outlet costs: CPU time for a byte of text, on the news.
//!
//! `cargo bench --bench tagging [-- --keep]`. With `FANGZHI_ITEMS=500` only so many items are read,
//! for a count of instructions.

mod machine;

use fangzhi::article::{Block, Clean, Given, Zone};
use fangzhi::text::Span;
use fangzhi::{date, outlet, place};
use machine::{Figures, cpu_seconds};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// The title and each line of the text as a block.
fn article(record: &serde_json::Value) -> Clean {
    let mut clean = Clean::default();
    let title = record["title"].as_str().into_iter().map(|t| (t, Zone::Title));
    let lines = record["text"].as_str().unwrap_or("").lines().map(|l| (l, Zone::Body));
    for (text, zone) in title.chain(lines).filter(|(text, _)| !text.trim().is_empty()) {
        let start = clean.text.len();
        clean.text.push_str(text);
        clean.blocks.push(Block { span: Span::new(start, clean.text.len()), zone });
        clean.text.push('\n');
    }
    clean
}

fn read(folder: &Path) -> Vec<Clean> {
    let items = std::env::var("FANGZHI_ITEMS").ok().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    files.sort();
    let gz = files.into_iter().filter(|p| p.extension().is_some_and(|e| e == "gz"));
    let lines = gz.flat_map(|p| {
        let file = std::fs::File::open(p).expect("a readable file");
        BufReader::new(flate2::read::GzDecoder::new(file)).lines().map_while(Result::ok)
    });
    lines.take(items).filter_map(|l| Some(article(&serde_json::from_str(&l).ok()?))).collect()
}

fn main() {
    let folder = std::env::var_os("FANGZHI_DATA").map(PathBuf::from);
    let articles =
        read(&folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/news")));
    if articles.is_empty() {
        eprintln!("skipped: there is no collection to measure on");
        return;
    }
    let bytes: usize = articles.iter().map(|a| a.text.len()).sum();
    let given = Given::default();
    let mut figures = Figures::new();
    figures.put("text", bytes as f64 / 1e6, "MB");
    let mut measure = |name: &str, tag: &dyn Fn(&Clean) -> usize| {
        let start = cpu_seconds();
        let found: usize = articles.iter().map(tag).sum();
        let spent = cpu_seconds() - start;
        assert!(found > 0, "{name} finds nothing");
        figures.put(name, spent * 1e9 / bytes as f64, "ns a byte");
        figures.put(&format!("{name} found"), found as f64, "");
    };
    measure("place", &|a| place::detect(a, &given).len());
    measure("date", &|a| usize::from(date::told_of(a, &given).dating.is_some()));
    measure("outlet", &|a| usize::from(outlet::detect(a, &given).is_some()));
    if std::env::args().any(|a| a == "--keep") {
        figures.keep(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/runs.tsv"));
    }
    figures.print();
}
