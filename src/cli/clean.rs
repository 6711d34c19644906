//! `fangzhi clean`: the repaired text of files, without an index.

use super::args::{CleanArgs, Cli, Format, Zone};
use super::output::{Out, Outcome};
use super::{json, term};
use anyhow::Context;
use fangzhi::article::{self, Article, Block, Clean, Markup};
use fangzhi::search::{Quality, Record, clean_bytes};
use fangzhi::text::Span;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub fn run(_: &Cli, args: &CleanArgs) -> anyhow::Result<Outcome> {
    anyhow::ensure!(
        matches!(args.format, Format::Text | Format::Jsonl),
        "clean prints --format text or jsonl"
    );
    let cores = || std::thread::available_parallelism().map_or(1, |n| n.get());
    let threads = args.threads.map_or_else(cores, usize::from).min(args.files.len()).max(1);
    let mut out = Out::plain();
    let mut failed = false;
    // A few files a thread, then what came of them in the order they were named: memory stays bounded.
    for files in args.files.chunks(threads * 4) {
        for page in pages(files, threads, args) {
            match page {
                Ok(page) => out.write_all(&page)?,
                Err(e) => {
                    // What stands before it in the output is printed before it.
                    out.flush()?;
                    term::complain(&format!("{e:#}"));
                    failed = true;
                }
            }
        }
    }
    out.finish()?;
    Ok(if failed { Outcome::Incomplete } else { Outcome::Found })
}

/// What is printed of each file, by so many threads.
fn pages(files: &[PathBuf], threads: usize, args: &CleanArgs) -> Vec<anyhow::Result<Vec<u8>>> {
    if threads < 2 {
        return files.iter().map(|file| page(file, args)).collect();
    }
    let (next, done) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let n = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(file) = files.get(n)
                {
                    let page = page(file, args);
                    done.lock().expect("no thread panics while it holds the lock").insert(n, page);
                }
            });
        }
    });
    done.into_inner().expect("no thread panics while it holds the lock").into_values().collect()
}

/// What is printed of a file.
fn page(path: &Path, args: &CleanArgs) -> anyhow::Result<Vec<u8>> {
    let mut page = Vec::new();
    let (article, mut clean) = read(path)?;
    if args.as_written {
        let span = Span::new(0, article.text.len());
        let blocks = vec![Block { span, zone: article::Zone::Body }];
        clean = Clean { text: article.text.clone(), blocks, ..Clean::default() };
    }
    match args.format {
        Format::Text => print_text(&mut page, &clean, args.zone)?,
        _ => print_lines(&mut page, &article, &clean, args.zone)?,
    }
    Ok(page)
}

fn read(path: &Path) -> anyhow::Result<(Article, Clean)> {
    let name = path.to_string_lossy();
    let mut bytes = Vec::new();
    if name == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).context("standard input can't be read")?;
    } else {
        bytes = std::fs::read(path).with_context(|| format!("{name}: can't be read"))?;
    }
    let markup = match path.extension().and_then(|e| e.to_str()) {
        Some("md") => Markup::Markdown,
        Some("html" | "htm") => Markup::Html,
        _ => Markup::Plain,
    };
    Ok(clean_bytes(&name, &bytes, markup)?)
}

fn print_text(out: &mut Vec<u8>, clean: &Clean, zone: Zone) -> std::io::Result<()> {
    match zone {
        Zone::All => {
            out.write_all(clean.text.as_bytes())?;
            if !clean.text.ends_with('\n') && !clean.text.is_empty() {
                out.write_all(b"\n")?;
            }
        }
        Zone::Body => {
            for block in clean.blocks.iter().filter(|b| b.zone.is_body()) {
                writeln!(out, "{}", clean.block_text(block))?;
            }
        }
    }
    Ok(())
}

fn print_lines(out: &mut Vec<u8>, article: &Article, clean: &Clean, zone: Zone) -> std::io::Result<()> {
    for r in &clean.repairs {
        let raw = article.source_map.map(r.span);
        json::line(
            out,
            &json!({
                "type": "repair", "path": article.path, "rule": r.rule, "kind": r.kind,
                "raw_start": raw.start(), "raw_end": raw.end(),
                "before": r.before, "after": r.after, "confidence": r.confidence,
            }),
        )?;
    }
    for block in clean.blocks.iter().filter(|b| zone == Zone::All || b.zone.is_body()) {
        let raw = article.source_map.map(clean.map.map(block.span));
        json::line(
            out,
            &json!({
                "type": "zone", "path": article.path, "zone": block.zone.name(),
                "raw_start": raw.start(), "raw_end": raw.end(), "text": clean.block_text(block),
            }),
        )?;
    }
    let record = Record::new(article.clone(), clean.clone(), article::Facets::default());
    let quality = Quality::of(&record);
    json::line(
        out,
        &json!({
            "type": "summary", "path": article.path, "encoding": article.encoding,
            "replaced": article.replaced, "repairs": clean.repairs.len(), "quality": quality,
            "title": article.given.title.clone().or_else(|| clean.title()), "text": clean.text,
        }),
    )
}
