//! CSV and TSV with a header, row by row.

use super::lines::{Peeked, RecordDecoder, broken_off, read_whole};
use super::record::{Fields, Place, emit_record};
use super::{Emit, Metadata, Problem, decode};
use csv::{ByteRecord, ErrorKind, ReaderBuilder};
use serde_json::Value;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;

/// Reads a table and emits its rows. In GB18030 and Big5 no part of a character looks like a
/// comma, a tab, a quotation mark or a line break, so the cells are cut first and decoded then.
pub(super) fn read(
    path: &str,
    reader: impl Read,
    delimiter: u8,
    metadata: &Metadata,
    emit: &mut Emit<'_>,
) -> ControlFlow<()> {
    let peeked = Peeked::new(reader);
    let mut decoder = match RecordDecoder::new(peeked.head()) {
        Ok(decoder) => decoder,
        Err(error) => return emit(Err(Problem::new(path, None, error.to_string()))),
    };
    if !decoder.is_utf16() {
        return rows(path, peeked, delimiter, &mut decoder, metadata, emit);
    }
    let (bytes, failed) = read_whole(peeked);
    let decoded = match decode(&bytes) {
        Ok(decoded) => decoded,
        Err(error) => return emit(Err(Problem::new(path, None, error.to_string()))),
    };
    let emit_decoded: &mut Emit<'_> = &mut |item| {
        emit(item.map(|mut article| {
            decoded.encoding.clone_into(&mut article.encoding);
            article
        }))
    };
    let text = Cursor::new(decoded.text.as_bytes());
    rows(path, text, delimiter, &mut RecordDecoder::utf8(), metadata, emit_decoded)?;
    match failed {
        Some(error) => emit(Err(broken_off(path, None, &error))),
        None => ControlFlow::Continue(()),
    }
}

fn rows(
    path: &str,
    reader: impl Read,
    delimiter: u8,
    decoder: &mut RecordDecoder,
    metadata: &Metadata,
    emit: &mut Emit<'_>,
) -> ControlFlow<()> {
    let mut table = ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(reader);
    let mut row = ByteRecord::new();
    let mut header: Option<Vec<String>> = None;
    let mut number = 0;
    loop {
        let more = table.read_byte_record(&mut row);
        let line = row.position().map_or(1, csv::Position::line);
        match more {
            Ok(false) => return ControlFlow::Continue(()),
            Ok(true) => {}
            Err(error) => match error.into_kind() {
                ErrorKind::UnequalLengths { pos, expected_len, len } => {
                    number += 1;
                    let reason = format!(
                        "the row has {len} cells, the header {expected_len}: left out \
                         (is a quotation mark not closed, or a delimiter not quoted?)"
                    );
                    emit(Err(Problem::new(path, pos.map(|pos| pos.line()), reason)))?;
                    continue;
                }
                ErrorKind::Io(error) => return emit(Err(broken_off(path, table.position().line(), &error))),
                // The other kinds belong to UTF-8 records, to seeking and to serde.
                _ => return emit(Err(Problem::new(path, line, "not a table"))),
            },
        }
        decoder.look_at(row.as_slice());
        let Some(names) = &header else {
            let mark = char::from_u32(0xFEFF).unwrap_or_default();
            let names: Vec<String> =
                row.iter().map(|name| decoder.decode(name).0.trim_start_matches(mark).to_owned()).collect();
            if !names.iter().any(|name| name == "text" || name == "content") {
                let reason = format!(
                    "no column \"text\" (or \"content\") in the header; it has: {:.200}",
                    names.join(", ")
                );
                return emit(Err(Problem::new(path, line, reason)));
            }
            header = Some(names);
            continue;
        };
        number += 1;
        let mut fields = Fields::new();
        let mut bad = 0;
        for (name, cell) in names.iter().zip(&row) {
            let (text, replaced) = decoder.decode(cell);
            bad += replaced;
            // An empty cell says nothing; a text may be empty.
            if !text.is_empty() || name == "text" {
                fields.insert(name.clone(), cell_value(name, text.into_owned()));
            }
        }
        let place = Place { path, line, record: number, encoding: decoder.name(), replaced: bad };
        emit_record(fields, place, metadata, emit)?;
    }
}

/// A cell as the value a JSON record would have: several districts stand in one cell, divided
/// by `;` or `|`.
fn cell_value(name: &str, text: String) -> Value {
    match name {
        "district" | "districts" => {
            text.split([';', '；', '|']).map(|district| Value::from(district.trim())).collect()
        }
        _ => Value::String(text),
    }
}
