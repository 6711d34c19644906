//! A user's own places: `places.toml` in a folder of articles, or the file named by `--places`.
//!
//! ```toml
//! # One table a place, by its path; the last part may be a place of your own.
//! ["山东省/济南市/中央商务区"]
//! names = ["济南中央商务区", "济南CBD"]   # mean it wherever they stand
//! short = ["中央商务区"]                  # mean it in an article that names its city
//!
//! ["山东省/济南市/槐荫区"]
//! former = ["某某县"]                     # names of earlier days
//! not = ["槐荫"]                          # names that do not mean it
//! ```
//! Read row by row: a fault is reported with its line, and the other rows still count.

use super::metadata::pieces;
use super::{Problem, display_path};
use crate::article::OwnPlace;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// What a row may set.
const KEYS: &str = "names, short, former, not";

/// Reads the files, one after another. A file that can't be read, and each row that is wrong, is a problem.
pub fn own_places<'p>(files: impl IntoIterator<Item = &'p Path>) -> (Vec<OwnPlace>, Vec<Problem>) {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        let shown = display_path(file).unwrap_or_else(|| file.to_string_lossy().into_owned());
        match std::fs::read(file) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => parse(text.trim_start_matches('\u{FEFF}'), &shown, &mut rows, &mut problems),
                Err(_) => problems.push(Problem::new(&shown, None, "not valid UTF-8: save it as UTF-8")),
            },
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                problems.push(Problem::new(&shown, None, "no such file: check the spelling of --places"));
            }
            Err(e) => problems.push(Problem::new(&shown, None, e.to_string())),
        }
    }
    (rows, problems)
}

fn parse(text: &str, shown: &str, rows: &mut Vec<OwnPlace>, problems: &mut Vec<Problem>) {
    for (line, piece) in pieces(text) {
        let line_of = |at: usize| line + memchr::memchr_iter(b'\n', &piece.as_bytes()[..at]).count() as u64;
        let mut complain =
            |at: usize, reason: String| problems.push(Problem::new(shown, line_of(at), reason));
        let table = match DeTable::parse(piece) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start.min(piece.len()));
                complain(at, format!("{}: this is not TOML, so its table is left out", error.message()));
                continue;
            }
        };
        let mut tables: Vec<_> = table.into_iter().collect();
        tables.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in tables {
            let at = key.span().start;
            let path = key.into_inner().into_owned();
            let DeValue::Table(fields) = value.into_inner() else {
                complain(at, format!("\"{path}\" stands in no table: write [\"省/市/区\"] above it"));
                continue;
            };
            let same = |row: &&OwnPlace| row.file == shown && row.path == path;
            if let Some(first) = rows.iter().find(same) {
                complain(at, format!("a second table for {path}: the one in line {} counts", first.line));
                continue;
            }
            let mut row = OwnPlace { path, file: shown.to_owned(), line: line_of(at), ..OwnPlace::default() };
            let mut faults = Vec::new();
            for (key, value) in fields {
                if let Err(reason) = set(&mut row, key.get_ref(), value.get_ref()) {
                    faults.push((key.span().start, reason));
                }
            }
            faults.sort();
            match faults.is_empty() {
                true => rows.push(row),
                false => faults
                    .into_iter()
                    .for_each(|(at, reason)| complain(at, format!("{reason}; the row is left out"))),
            }
        }
    }
}

fn set(row: &mut OwnPlace, key: &str, value: &DeValue<'_>) -> Result<(), String> {
    let to = match key {
        "names" => &mut row.names,
        "short" => &mut row.short,
        "former" => &mut row.former,
        "not" => &mut row.not,
        _ => return Err(format!("unknown key \"{key}\": choose among {KEYS}")),
    };
    let items = match value {
        DeValue::Array(items) => items.iter().map(|item| item.get_ref()).collect(),
        other => vec![other],
    };
    for item in items {
        match item {
            DeValue::String(name) if name.trim().chars().count() > 1 => to.push(name.trim().to_owned()),
            DeValue::String(name) => {
                return Err(format!("{key} has \"{name}\": a name has two characters at least"));
            }
            _ => return Err(format!("{key} must be a string or a list of strings: {key} = [\"济南CBD\"]")),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<OwnPlace>, Vec<String>) {
        let (mut rows, mut problems) = (Vec::new(), Vec::new());
        parse(text, "places.toml", &mut rows, &mut problems);
        (rows, problems.iter().map(Problem::to_string).collect())
    }

    #[test]
    fn good_rows() {
        let (rows, problems) =
            read("['济南市/中央商务区']\nnames=['济南CBD']\nshort='中央商务区'\n['槐荫区']\nnot=['槐荫']");
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!((rows[0].path.as_str(), rows[0].line), ("济南市/中央商务区", 1));
        assert_eq!(
            (rows[0].names.as_slice(), rows[0].short.as_slice()),
            (&["济南CBD".to_owned()][..], &["中央商务区".to_owned()][..])
        );
        assert_eq!((rows[1].not.as_slice(), rows[1].line), (&["槐荫".to_owned()][..], 4));
    }

    #[test]
    fn faults_have_their_line_and_the_choices() {
        for (text, says) in [
            (
                "['济南市']\nname='x'",
                "places.toml:2: unknown key \"name\": choose among names, short, former, not",
            ),
            ("['济南市']\nnames=3", "places.toml:2: names must be a string or a list of strings"),
            ("['济南市']\nnames=['甲']", "places.toml:2: names has \"甲\": a name has two characters"),
            ("names=['甲乙']", "places.toml:1: \"names\" stands in no table"),
            (
                "['济南市']\nnames=['甲乙']\n['济南市']\nnames=['丙丁']",
                "places.toml:3: a second table for 济南市: the one in line 1",
            ),
            ("['济南市']\nnames=['甲乙'\n", "this is not TOML"),
        ] {
            let (rows, problems) = read(&format!("{text}\n['槐荫区']\nnames=['大槐树片区']\n"));
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            assert!(problems[0].contains(says), "{text}: {problems:?}");
            assert!(rows.iter().any(|r| r.path == "槐荫区"), "{text}");
        }
    }
}
