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
        let header = [
            "query",
            "rank",
            "score",
            "article",
            "path",
            "source",
            "title",
            "date",
            "year",
            "districts",
            "zone",
            "line",
            "text",
            "highlights",
            "url",
            "meta",
        ];
        let rows = hits.iter().map(|h| {
            vec![
                h.query.clone(),
                h.rank.to_string(),
                h.score.to_string(),
                h.article.clone(),
                h.path.clone(),
                or_empty(h.source.as_ref()),
                or_empty(h.title.as_ref()),
                or_empty(h.date.as_ref()),
                or_empty(h.year),
                join(&h.districts),
                h.zone.to_owned(),
                or_empty(h.line),
                h.text.clone(),
                serde_json::to_string(&h.highlights).unwrap_or_default(),
                or_empty(h.url.as_ref()),
                serde_json::to_string(&h.meta).unwrap_or_default(),
            ]
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

    pub fn kwic(&mut self, out: &mut impl Write, lines: &[KwicLine]) -> io::Result<()> {
        let header = [
            "query",
            "article",
            "path",
            "source",
            "title",
            "date",
            "year",
            "districts",
            "zone",
            "line",
            "left",
            "hit",
            "right",
            "raw_start",
            "raw_end",
            "kind",
        ];
        let rows = lines.iter().map(|l| {
            vec![
                l.query.clone(),
                l.article.clone(),
                l.path.clone(),
                or_empty(l.source.as_ref()),
                or_empty(l.title.as_ref()),
                or_empty(l.date.as_ref()),
                or_empty(l.year),
                join(&l.districts),
                l.zone.to_owned(),
                or_empty(l.line),
                l.left.clone(),
                l.hit.clone(),
                l.right.clone(),
                or_empty(l.raw_start),
                or_empty(l.raw_end),
                l.kind.name().to_owned(),
            ]
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
