//! `fangzhi facets` for reading and for spreadsheets, and what is known of one article.

use super::term::{Style, columns, pad_left, pad_right};
use fangzhi::article::{Dating, Evidence};
use fangzhi::search::{Cells, FacetTable, FacetValue, Record};
use std::io::{self, Write};

fn name(value: &Option<FacetValue>, style: Style) -> String {
    match value {
        Some(value) => style.safe(&value.to_string()),
        None => "unknown".to_owned(),
    }
}

/// Rows with the first `names` cells to the left and the others to the right, the first row as a head.
fn aligned(out: &mut impl Write, rows: &[Vec<String>], names: usize, style: Style) -> io::Result<()> {
    let count = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> =
        (0..count).map(|c| rows.iter().map(|r| columns(&r[c])).max().unwrap_or(0)).collect();
    for (i, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(c, cell)| match c < names {
                true => pad_right(cell, widths[c]),
                false => pad_left(cell, widths[c]),
            })
            .collect();
        let line = cells.join("  ");
        let line = line.trim_end();
        writeln!(out, "{}", if i == 0 { style.title(line) } else { line.to_owned() })?;
    }
    Ok(())
}

fn in_all(table: &FacetTable) -> String {
    match table.articles {
        1 => "1 article in all".to_owned(),
        n => format!("{n} articles in all"),
    }
}

/// A list: a row for each combination of values.
pub fn list(out: &mut impl Write, table: &FacetTable, style: Style) -> io::Result<()> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut header: Vec<String> = table.by.clone();
    header.push("articles".into());
    if table.query.is_some() {
        header.push("occurrences".into());
    }
    rows.push(header);
    for row in &table.rows {
        let mut cells: Vec<String> = row.values.iter().map(|v| name(v, style)).collect();
        cells.push(row.articles.to_string());
        cells.extend(row.occurrences.map(|n| n.to_string()));
        rows.push(cells);
    }
    aligned(out, &rows, table.by.len(), style)?;
    writeln!(out, "{}", style.faint(&in_all(table)))
}

/// The cells of a cross table with its heads and sums; an unknown value is called so.
pub fn cross_rows(table: &FacetTable, cells: Cells, style: Style) -> Vec<Vec<String>> {
    let cross = table.cross(cells);
    let numbers =
        |row: &[usize], sum: usize| row.iter().chain([&sum]).map(ToString::to_string).collect::<Vec<_>>();
    let head = cross.columns.iter().map(|v| name(v, style));
    let mut rows = vec![[table.by[0].clone()].into_iter().chain(head).chain(["sum".to_owned()]).collect()];
    for (n, value) in cross.rows.iter().enumerate() {
        rows.push([vec![name(value, style)], numbers(&cross.cells[n], cross.row_sums[n])].concat());
    }
    rows.push([vec!["sum".to_owned()], numbers(&cross.column_sums, cross.sum)].concat());
    rows
}

/// A cross table of two facets.
pub fn cross(out: &mut impl Write, table: &FacetTable, cells: Cells, style: Style) -> io::Result<()> {
    aligned(out, &cross_rows(table, cells, style), 1, style)?;
    let overlaps = table.cross(cells).overlaps;
    let more = if overlaps { "; one with several values counts in each" } else { "" };
    writeln!(out, "{}", style.faint(&format!("{}{more}", in_all(table))))
}

/// What is known of an article, each value with the rule that found it, the words, and their raw place.
pub fn article(out: &mut impl Write, record: &Record, style: Style) -> io::Result<()> {
    let head = ["facet", "value", "rule", "confidence", "line", "bytes", "words"].map(str::to_owned);
    let mut rows: Vec<Vec<String>> = vec![head.to_vec()];
    let mut put = |facet: &str, value: String, evidence: &Evidence| {
        let place = evidence.span.map(|span| record.raw_place(span));
        let (line, bytes) = match place {
            Some((line, raw)) => (line.to_string(), format!("{}-{}", raw.start(), raw.end())),
            None => ("-".to_owned(), "-".to_owned()),
        };
        let confidence = format!("{:.2}", evidence.confidence);
        let words = style.safe(evidence.words.trim());
        rows.push(vec![
            facet.to_owned(),
            style.safe(&value),
            evidence.rule.clone(),
            confidence,
            line,
            bytes,
            words,
        ]);
    };
    let day = |d: &Dating| match (d.month, d.day) {
        (Some(m), Some(day)) => format!("{:04}-{m:02}-{day:02}", d.year),
        (Some(m), None) => format!("{:04}-{m:02}", d.year),
        _ => d.year.to_string(),
    };
    let facets = &record.facets;
    if let Some(dating) = &facets.dating {
        put("date", day(dating), &dating.evidence);
    }
    if let Some(fetched) = &facets.fetched {
        put("fetched", day(fetched), &fetched.evidence);
    }
    if let Some((source, evidence)) = &facets.source {
        put("source", source.clone(), evidence);
    }
    for place in &facets.places {
        put(if place.about { "district" } else { "mentioned-district" }, place.path.clone(), &place.evidence);
    }
    for told in &facets.years {
        let rule = if told.plan { "plan" } else { "told" };
        let evidence =
            Evidence { rule: rule.into(), words: told.words.clone(), span: Some(told.span), confidence: 1.0 };
        put("mentioned-year", told.year.to_string(), &evidence);
    }
    aligned(out, &rows, 7, style)?;
    for (facet, missing) in
        [("date", facets.dating.is_none()), ("district", record.districts().next().is_none())]
    {
        if missing {
            writeln!(out, "{}", style.faint(&format!("no {facet} is known; metadata.toml can give it")))?;
        }
    }
    Ok(())
}
