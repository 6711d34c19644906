//! JSON: the keys that scripts rely on.

use fangzhi::search::{Concordance, FacetTable};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// One object on a line of its own.
pub fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Pretty-printed objects: one alone, or several in an array.
pub struct Array {
    many: bool,
    count: usize,
}

impl Array {
    pub fn new(many: bool) -> Array {
        Array { many, count: 0 }
    }

    pub fn put(&mut self, out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
        if self.many {
            out.write_all(if self.count == 0 { b"[\n" } else { b",\n" })?;
        }
        self.count += 1;
        serde_json::to_writer_pretty(&mut *out, value)?;
        if self.many { Ok(()) } else { out.write_all(b"\n") }
    }

    pub fn end(self, out: &mut impl Write) -> io::Result<()> {
        match (self.many, self.count) {
            (false, _) => Ok(()),
            (true, 0) => out.write_all(b"[]\n"),
            (true, _) => out.write_all(b"\n]\n"),
        }
    }
}

fn row(table: &FacetTable, row: &fangzhi::search::FacetRow) -> Map<String, Value> {
    let mut object = Map::new();
    for (facet, value) in table.by.iter().zip(&row.values) {
        object.insert(facet.clone(), json!(value));
    }
    object.insert("articles".into(), json!(row.articles));
    object.insert("occurrences".into(), json!(row.occurrences));
    object
}

/// The whole table as one object.
pub fn facet_table(table: &FacetTable) -> Value {
    let rows: Vec<_> = table.rows.iter().map(|r| row(table, r)).collect();
    json!({ "query": table.query, "by": table.by, "articles": table.articles, "rows": rows })
}

/// Its rows, each an object.
pub fn facet_rows(table: &FacetTable) -> impl Iterator<Item = Map<String, Value>> {
    table.rows.iter().map(|r| {
        let mut object = Map::new();
        object.insert("type".into(), json!("facet"));
        object.insert("query".into(), json!(table.query));
        object.extend(row(table, r));
        object
    })
}

pub fn facet_summary(table: &FacetTable) -> Value {
    json!({
        "type": "summary",
        "query": table.query,
        "by": table.by,
        "articles": table.articles,
        "returned": table.rows.len(),
    })
}

pub fn concordance(query: &str, answer: &Concordance, total: usize) -> Value {
    json!({ "summary": concordance_summary(query, answer, total), "hits": answer.lines })
}

pub fn concordance_summary(query: &str, answer: &Concordance, total: usize) -> Value {
    json!({ "type": "summary", "query": query, "occurrences": total, "returned": answer.lines.len() })
}
