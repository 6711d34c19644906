//! `fangzhi clean`: the repaired text of files, without an index.

use super::args::{CleanArgs, Cli, Format, Zone};
use super::output::{Out, Outcome};
use super::{json, term};
use anyhow::Context;
use fangzhi::article::{Article, Clean, Markup};
use fangzhi::search::clean_bytes;
use serde_json::json;
use std::io::{Read, Write};
use std::path::Path;

pub fn run(_: &Cli, args: &CleanArgs) -> anyhow::Result<Outcome> {
    anyhow::ensure!(
        matches!(args.format, Format::Text | Format::Jsonl),
        "clean prints --format text or jsonl"
    );
    let mut out = Out::plain();
    let mut failed = false;
    for path in &args.files {
        let (article, clean) = match read(path) {
            Ok(read) => read,
            Err(e) => {
                term::complain(&format!("{e:#}"));
                failed = true;
                continue;
            }
        };
        match args.format {
            Format::Text => print_text(&mut out, &clean, args.zone)?,
            _ => print_lines(&mut out, &article, &clean, args.zone)?,
        }
    }
    out.finish()?;
    Ok(if failed { Outcome::Incomplete } else { Outcome::Found })
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

fn print_text(out: &mut Out, clean: &Clean, zone: Zone) -> std::io::Result<()> {
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

fn print_lines(out: &mut Out, article: &Article, clean: &Clean, zone: Zone) -> std::io::Result<()> {
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
    json::line(
        out,
        &json!({
            "type": "summary", "path": article.path, "encoding": article.encoding,
            "replaced": article.replaced, "repairs": clean.repairs.len(),
            "title": clean.title(), "text": clean.text,
        }),
    )
}
