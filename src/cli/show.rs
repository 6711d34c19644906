//! `fangzhi show`

use super::args::{Cli, Format, ShowArgs, View};
use super::batch::engine;
use super::output::{Out, Outcome};
use super::term::Style;
use super::{beside, facets, json, text};
use fangzhi::search::{Quality, Record};
use serde::Serialize;
use std::io::Write;

pub fn run(cli: &Cli, args: &ShowArgs) -> anyhow::Result<Outcome> {
    let engine = engine(cli)?;
    let records = engine.articles_named(&args.article)?;
    let style = Style::new(cli);
    let mut out = if args.format.format == Format::Text { Out::paged() } else { Out::plain() };
    for (i, record) in records.iter().enumerate() {
        match args.format.format {
            Format::Json | Format::Jsonl => json::line(&mut out, &with_quality(record))?,
            Format::Csv | Format::Tsv => anyhow::bail!("show prints no table; use --format text or json"),
            Format::Text => {
                if records.len() > 1 {
                    writeln!(out, "{}{}", if i > 0 { "\n" } else { "" }, style.title(&record.long_name()))?;
                }
                match args.view {
                    _ if args.as_written => writeln!(out, "{}", style.safe(record.decoded_text()))?,
                    View::Clean => text::article(&mut out, record, style)?,
                    View::Raw => writeln!(out, "{}", style.safe(record.decoded_text()))?,
                    View::Facets => facets::article(&mut out, record, style)?,
                    View::Repairs => beside::repairs(&mut out, record, style)?,
                }
            }
        }
    }
    out.finish()?;
    Ok(Outcome::Found)
}

/// A record with what is known of its quality.
#[derive(Serialize)]
struct WithQuality<'r> {
    #[serde(flatten)]
    record: &'r Record,
    quality: Quality,
}

fn with_quality(record: &Record) -> WithQuality<'_> {
    WithQuality { record, quality: Quality::of(record) }
}
