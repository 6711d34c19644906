//! Tables: comma- or tab-separated, with the names of the JSON keys as header.

use super::args::Format;
use fangzhi::search::*;
use std::io::{self, Write};

/// Rows under one header, written with the first of them.
pub struct Table {
    delimiter: u8,
    begun: bool,
}

fn join(list: &[String]) -> String {
    list.join(";")
}

fn or_empty<T: ToString>(value: Option<T>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

/// The columns of [`About`].
const ABOUT: [&str; 7] = ["article", "path", "source", "title", "date", "year", "districts"];

fn about(a: &About) -> Vec<String> {
    let optional = [&a.source, &a.title, &a.date].map(|value| or_empty(value.as_ref()));
    let mut row = vec![a.article.clone(), a.path.clone()];
    row.extend(optional);
    row.extend([or_empty(a.year), join(&a.districts)]);
    row
}

impl Table {
    pub fn new(format: Format) -> Table {
        Table { delimiter: if format == Format::Tsv { b'\t' } else { b',' }, begun: false }
    }

    fn write(&mut self, out: &mut impl Write, header: &[&str], rows: Vec<Vec<String>>) -> io::Result<()> {
        let mut writer = csv::WriterBuilder::new().delimiter(self.delimiter).from_writer(out);
        if !std::mem::replace(&mut self.begun, true) {
            writer.write_record(header)?;
        }
        for row in rows {
            writer.write_record(&row)?;
        }
        writer.flush()
    }

    pub fn hits(&mut self, out: &mut impl Write, hits: &[Hit]) -> io::Result<()> {
        let header =
            [&["query", "rank", "score"][..], &ABOUT, &["zone", "line", "text", "highlights", "url", "meta"]]
                .concat();
        let rows = hits.iter().map(|h| {
            let first = vec![h.query.clone(), h.rank.to_string(), h.score.to_string()];
            let last = vec![
                h.zone.to_owned(),
                or_empty(h.line),
                h.text.clone(),
                serde_json::to_string(&h.highlights).unwrap_or_default(),
                or_empty(h.url.as_ref()),
                serde_json::to_string(&h.meta).unwrap_or_default(),
            ];
            [first, about(&h.about), last].concat()
        });
        self.write(out, &header, rows.collect())
    }

    pub fn count(&mut self, out: &mut impl Write, c: &Count) -> io::Result<()> {
        let header = ["query", "articles", "passages", "occurrences", "restored_articles", "restored"];
        let numbers = [c.articles, c.passages, c.occurrences, c.restored_articles, c.restored];
        let row = std::iter::once(c.query.clone()).chain(numbers.map(|n| n.to_string())).collect();
        self.write(out, &header, vec![row])
    }

    pub fn facets(&mut self, out: &mut impl Write, table: &FacetTable) -> io::Result<()> {
        let mut header: Vec<&str> = table.by.iter().map(String::as_str).collect();
        header.extend(["articles", "occurrences"]);
        let rows = table.rows.iter().map(|r| {
            let mut row: Vec<String> = r.values.iter().map(|v| or_empty(v.as_ref())).collect();
            row.extend([r.articles.to_string(), or_empty(r.occurrences)]);
            row
        });
        self.write(out, &header, rows.collect())
    }

    /// A cross table, as a spreadsheet has it; its first row is the head.
    pub fn cross(&mut self, out: &mut impl Write, rows: &[Vec<String>]) -> io::Result<()> {
        let Some((head, rows)) = rows.split_first() else { return Ok(()) };
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        self.write(out, &head, rows.to_vec())
    }

    pub fn kwic(&mut self, out: &mut impl Write, lines: &[KwicLine]) -> io::Result<()> {
        let last = ["zone", "line", "left", "hit", "right", "raw_start", "raw_end", "kind"];
        let header = [&["query"][..], &ABOUT, &last].concat();
        let rows = lines.iter().map(|l| {
            let last = vec![
                l.zone.to_owned(),
                or_empty(l.line),
                l.left.clone(),
                l.hit.clone(),
                l.right.clone(),
                or_empty(l.raw_start),
                or_empty(l.raw_end),
                l.kind.name().to_owned(),
            ];
            [vec![l.query.clone()], about(&l.about), last].concat()
        });
        self.write(out, &header, rows.collect())
    }

    pub fn verify(&mut self, out: &mut impl Write, v: &Verification) -> io::Result<()> {
        let header = ["query", "scanned", "articles", "occurrences", "missed", "extra"];
        let numbers = [v.scanned, v.articles, v.occurrences, v.missed, v.extra];
        let row = std::iter::once(v.query.clone()).chain(numbers.map(|n| n.to_string())).collect();
        self.write(out, &header, vec![row])
    }
}
