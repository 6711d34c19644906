//! From a record of a JSON or CSV file to an article.

use super::Problem;
use super::metadata::{YEARS, valid_year};
use super::{Emit, Metadata};
use crate::article::{Article, Given};
use serde_json::{Map, Value};
use std::ops::ControlFlow;

/// A record's fields, in their order.
pub(super) type Fields = Map<String, Value>;

/// Where a record stands, and how its file was decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub path: &'a str,
    pub line: u64,
    /// Its place among the file's records (see [`Article::record`]).
    pub record: u64,
    pub encoding: &'static str,
    pub replaced: u32,
}

/// Emits the record's article, and a problem for each field that is not as it should be. Such
/// a field is kept under its name in `extra`, so that nothing is lost; without a text there
/// is no article.
pub(super) fn emit_record(
    fields: Fields,
    place: Place<'_>,
    metadata: &Metadata,
    emit: &mut Emit<'_>,
) -> ControlFlow<()> {
    let problem = |reason: String| Problem::new(place.path, place.line, reason);
    match article(fields) {
        Err(reason) => emit(Err(problem(reason))),
        Ok((text, mut given, complaints)) => {
            metadata.apply(place.path, &mut given);
            emit(Ok(Article {
                path: place.path.to_owned(),
                record: Some(place.record),
                text,
                encoding: place.encoding.to_owned(),
                replaced: place.replaced,
                given,
                ..Article::default()
            }))?;
            for complaint in complaints {
                emit(Err(problem(complaint)))?;
            }
            ControlFlow::Continue(())
        }
    }
}

/// As [`emit_record`], for any JSON value: only an object is a record.
pub(super) fn emit_value(
    value: Value,
    place: Place<'_>,
    metadata: &Metadata,
    emit: &mut Emit<'_>,
) -> ControlFlow<()> {
    match value {
        Value::Object(fields) => emit_record(fields, place, metadata, emit),
        other => {
            let reason = format!("a record must be an object {{…}}, this is {}", type_of(&other));
            emit(Err(Problem::new(place.path, place.line, reason)))
        }
    }
}

/// The text, what is said of it, and what is wrong with other fields.
fn article(mut fields: Fields) -> Result<(String, Given, Vec<String>), String> {
    fields.retain(|_, value| !value.is_null());
    let text = match fields.shift_remove("text").or_else(|| fields.shift_remove("content")) {
        Some(Value::String(text)) => text,
        Some(other) => return Err(format!("its text must be a string, not {}", type_of(&other))),
        None => return Err("no field \"text\" (or \"content\")".to_owned()),
    };
    let mut given = Given::default();
    let mut complaints = Vec::new();
    for (key, value) in fields {
        match set(&mut given, &key, &value) {
            Set::Done => {}
            Set::Unknown => {
                given.extra.insert(key, plain(&value));
            }
            Set::Wrong(expected) => {
                complaints
                    .push(format!("\"{key}\" must be {expected}, not {}: kept as it stands", shown(&value)));
                given.extra.insert(key, plain(&value));
            }
        }
    }
    Ok((text, given, complaints))
}

enum Set {
    Done,
    Unknown,
    /// What it should have been.
    Wrong(String),
}

/// Sets the field of `given` that `key` names.
fn set(given: &mut Given, key: &str, value: &Value) -> Set {
    let field = match key {
        "id" => &mut given.id,
        "title" => &mut given.title,
        "date" => &mut given.date,
        "source" => &mut given.source,
        "url" => &mut given.url,
        "year" => {
            return match year(value) {
                Ok(year) => {
                    given.year = year;
                    Set::Done
                }
                Err(()) => Set::Wrong(format!("a year from {} to {}", YEARS.start(), YEARS.end())),
            };
        }
        "district" | "districts" => {
            return match districts(value) {
                Some(districts) => {
                    given.districts.extend(districts);
                    Set::Done
                }
                None => Set::Wrong("a string or a list of strings".to_owned()),
            };
        }
        _ => return Set::Unknown,
    };
    match value {
        Value::String(_) | Value::Number(_) => {
            let text = plain(value);
            *field = (!text.is_empty()).then_some(text);
            Set::Done
        }
        _ => Set::Wrong("a string".to_owned()),
    }
}

/// A whole number, also as pandas writes a column with gaps (`2023.0`) or as a string; an
/// empty string is no year.
fn year(value: &Value) -> Result<Option<i32>, ()> {
    let number = match value {
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse::<f64>().map_err(|_| ())?,
        Value::Number(number) => number.as_f64().ok_or(())?,
        _ => return Err(()),
    };
    let whole = number.fract() == 0.0 && (0.0..10_000.0).contains(&number);
    if whole && valid_year(number as i64) { Ok(Some(number as i32)) } else { Err(()) }
}

fn districts(value: &Value) -> Option<Vec<String>> {
    let items = match value {
        Value::Array(items) => items.iter().collect(),
        other => vec![other],
    };
    let mut districts = Vec::new();
    for item in items {
        match item {
            Value::String(name) if name.trim().is_empty() => {}
            Value::String(name) => districts.push(name.clone()),
            Value::Null => {}
            _ => return None,
        }
    }
    Some(districts)
}

/// A string as it is, another value as compact JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A value in a message, cut after 40 characters.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The record as one line: what `article` made of it.
    fn check(record: &str, expected: &str) {
        let fields = serde_json::from_str(record).unwrap();
        let got = match article(fields) {
            Err(reason) => format!("error: {reason}"),
            Ok((text, g, complaints)) => {
                let mut parts = vec![text];
                let fields = [
                    ("id", g.id),
                    ("title", g.title),
                    ("date", g.date),
                    ("source", g.source),
                    ("url", g.url),
                ];
                parts.extend(fields.into_iter().filter_map(|(k, v)| Some(format!("{k}={}", v?))));
                parts.extend(g.year.map(|y| format!("year={y}")));
                parts.extend(g.districts.iter().map(|d| format!("district={d}")));
                parts.extend(g.extra.iter().map(|(k, v)| format!("+{k}={v}")));
                parts.extend(complaints.into_iter().map(|c| format!("!{c}")));
                parts.join(" | ")
            }
        };
        assert_eq!(got, expected, "{record}");
    }

    #[test]
    fn fields() {
        check(r#"{"text":"a"}"#, "a");
        check(r#"{"content":"a"}"#, "a");
        check(r#"{"text":"a","content":"b"}"#, "a | +content=b");
        check(r#"{"text":null,"content":"b"}"#, "b");
        check(r#"{"text":""}"#, "");
        check(r#"{"text":"a","id":7,"title":"t","date":20240315}"#, "a | id=7 | title=t | date=20240315");
        check(r#"{"text":"a","id":"x/7","source":"鲁网","url":"u"}"#, "a | id=x/7 | source=鲁网 | url=u");
        check(r#"{"text":"a","id":"","title":null}"#, "a");
        check(r#"{"text":"a","year":2024}"#, "a | year=2024");
        check(r#"{"text":"a","year":"2024"}"#, "a | year=2024");
        check(r#"{"text":"a","year":2024.0}"#, "a | year=2024");
        check(r#"{"text":"a","year":""}"#, "a");
        check(r#"{"text":"a","district":"槐荫区"}"#, "a | district=槐荫区");
        check(r#"{"text":"a","district":["槐荫区",null,"市中区"]}"#, "a | district=槐荫区 | district=市中区");
        check(r#"{"text":"a","districts":["槐荫区"],"district":""}"#, "a | district=槐荫区");
        check(
            r#"{"text":"a","Title":"t","n":1.5,"o":{"k":[1]},"z":null}"#,
            r#"a | +Title=t | +n=1.5 | +o={"k":[1]}"#,
        );
    }

    #[test]
    fn faults() {
        check(r#"{"title":"a"}"#, r#"error: no field "text" (or "content")"#);
        check(r#"{"Text":"a"}"#, r#"error: no field "text" (or "content")"#);
        check(r#"{"text":7}"#, "error: its text must be a string, not a number");
        check(r#"{"text":["a"]}"#, "error: its text must be a string, not an array");
        check(
            r#"{"text":"a","year":"二〇二四"}"#,
            r#"a | +year=二〇二四 | !"year" must be a year from 1000 to 2999, not "二〇二四": kept as it stands"#,
        );
        for year in ["24", "2024.5", "-1", "1e400", "true", "[2024]", "99999"] {
            let record = format!(r#"{{"text":"a","year":{}}}"#, year.replace("1e400", "\"1e400\""));
            let fields = serde_json::from_str(&record).unwrap();
            let (_, given, complaints) = article(fields).unwrap();
            assert_eq!((given.year, complaints.len()), (None, 1), "{year}");
        }
        check(
            r#"{"text":"a","district":[1]}"#,
            r#"a | +district=[1] | !"district" must be a string or a list of strings, not [1]: kept as it stands"#,
        );
        check(
            r#"{"text":"a","title":{"zh":"t"}}"#,
            r#"a | +title={"zh":"t"} | !"title" must be a string, not {"zh":"t"}: kept as it stands"#,
        );
    }
}
