//! The rows of a metadata file, each with what is wrong with it.

use crate::source::{Problem, display_path};
use std::ops::RangeInclusive;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// The years that a row or a record may give.
pub(in crate::source) const YEARS: RangeInclusive<i64> = 1000..=2999;

pub(in crate::source) fn valid_year(year: i64) -> bool {
    YEARS.contains(&year)
}

/// What a row may set.
const KEYS: &str = "title, date, year, district, source";

/// What one table says of the files it matches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub file: String,
    pub line: u64,
    pub title: Option<String>,
    pub date: Option<String>,
    pub year: Option<i32>,
    pub districts: Option<Vec<String>>,
    /// Where they stand.
    pub district_line: u64,
    pub source: Option<String>,
}

/// The good rows of `text`, and what is wrong with the others.
pub(super) fn parse(text: &str, shown: &str) -> (Vec<Row>, Vec<Problem>) {
    let mut rows: Vec<Row> = Vec::new();
    let mut problems = Vec::new();
    for (line, piece) in pieces(text) {
        let line_of = |at: usize| line + memchr::memchr_iter(b'\n', &piece.as_bytes()[..at]).count() as u64;
        let mut complain =
            |at: usize, reason: String| problems.push(Problem::new(shown, line_of(at), reason));
        let table = match DeTable::parse(piece) {
            Ok(table) => table.into_inner(),
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start.min(piece.len()));
                let message = error.message();
                complain(at, format!("{message}: this is not TOML, so its table is left out"));
                continue;
            }
        };
        let mut tables: Vec<_> = table.into_iter().collect();
        tables.sort_by_key(|(key, _)| key.span().start);
        for (key, value) in tables {
            let at = key.span().start;
            let name = key.into_inner();
            let DeValue::Table(fields) = value.into_inner() else {
                complain(at, format!("\"{name}\" stands in no table: write [\"FILE\"] above it"));
                continue;
            };
            if fields.values().any(|value| matches!(value.get_ref(), DeValue::Table(_))) {
                complain(at, format!("put the file's name in quotes: [\"{name}.…\"]"));
                continue;
            }
            let file = display_path(Path::new(name.as_ref())).unwrap_or_default();
            if let Some(first) = rows.iter().find(|row| row.file == file) {
                complain(at, format!("a second table for {file}: the one in line {} counts", first.line));
                continue;
            }
            let mut row = Row { file, line: line_of(at), ..Row::default() };
            let mut fields: Vec<_> = fields.into_iter().collect();
            fields.sort_by_key(|(key, _)| key.span().start);
            for (key, value) in fields {
                if key.get_ref().starts_with("district") {
                    row.district_line = line_of(key.span().start);
                }
                if let Err(reason) = row.set(key.get_ref(), value.get_ref()) {
                    complain(key.span().start, reason);
                }
            }
            if let (Some(date), Some(year)) = (&row.date, row.year)
                && !date.starts_with(&format!("{year}-"))
            {
                complain(
                    at,
                    format!("date {date} and year {year} of {} disagree: the date counts", row.file),
                );
                row.year = None;
            }
            rows.push(row);
        }
    }
    (rows, problems)
}

/// The whole text if it is TOML; else its tables one by one, each with the line it begins in,
/// so that a fault in one does not spoil the others.
pub(in crate::source) fn pieces(text: &str) -> Vec<(u64, &str)> {
    if DeTable::parse(text).is_ok() {
        return vec![(1, text)];
    }
    let mut pieces = vec![(1, 0)];
    let mut at = 0;
    for (number, line) in (1u64..).zip(text.split_inclusive('\n')) {
        if line.trim_start().starts_with('[') && at > 0 {
            pieces.push((number, at));
        }
        at += line.len();
    }
    let ends = pieces.iter().skip(1).map(|piece| piece.1).chain([text.len()]);
    pieces.iter().zip(ends).map(|(&(line, start), end)| (line, &text[start..end])).collect()
}

impl Row {
    fn set(&mut self, key: &str, value: &DeValue<'_>) -> Result<(), String> {
        let text = |example: &str| match value {
            DeValue::String(text) if !text.trim().is_empty() => Ok(Some(text.to_string())),
            _ => Err(format!("{key} must be a string that is not empty: {key} = \"{example}\"")),
        };
        match key {
            "title" => self.title = text("…")?,
            "source" => self.source = text("济南日报")?,
            "date" => self.date = Some(date(value)?),
            "year" => {
                let year = match value {
                    DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
                    _ => None,
                };
                let year = year.filter(|year| valid_year(*year)).and_then(|year| i32::try_from(year).ok());
                if year.is_none() {
                    let (first, last) = (YEARS.start(), YEARS.end());
                    return Err(format!("year must be a whole number from {first} to {last}: year = 2022"));
                }
                self.year = year;
            }
            "district" | "districts" => {
                let items = match value {
                    DeValue::Array(items) => items.iter().map(|item| item.get_ref()).collect(),
                    other => vec![other],
                };
                let names: Option<Vec<String>> = items
                    .into_iter()
                    .map(|item| match item {
                        DeValue::String(name) if !name.trim().is_empty() => Some(name.to_string()),
                        _ => None,
                    })
                    .collect();
                self.districts = Some(names.ok_or_else(|| {
                    format!("{key} must be a string or a list of strings: {key} = [\"槐荫区\", \"市中区\"]")
                })?);
            }
            _ => return Err(format!("unknown key \"{key}\": choose among {KEYS}")),
        }
        Ok(())
    }
}

/// A TOML date, or a string like one.
fn date(value: &DeValue<'_>) -> Result<String, String> {
    let text = match value {
        DeValue::String(text) => text.to_string(),
        // The time of day, if any, stands after the ten characters of the date.
        DeValue::Datetime(time) => time.to_string().chars().take(10).collect(),
        _ => String::new(),
    };
    if valid_date(&text) {
        Ok(text)
    } else {
        Err("date must be a day of the calendar: date = \"2022-08-20\"; if only the year is known, \
             year = 2022"
            .to_owned())
    }
}

/// Whether `text` is a day written `YYYY-MM-DD`.
fn valid_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let number = |part: &str, len: usize| {
        (part.len() == len && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<i64>().ok())?
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    valid_year(year) && (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_text_is_read(text in r#"([\[\]'"=.#\n a济]|year|date|2022|\PC){0,40}"#) {
            for row in parse(&text, "m").0 {
                prop_assert!(row.line >= 1 && row.year.is_none_or(|y| valid_year(y.into())));
            }
        }
    }

    #[test]
    fn faults_are_named_and_the_rest_counts() {
        let cases = [
            ("year = 2022", "1: \"year\" stands in no table: write [\"FILE\"] above it"),
            (
                "['a']\nyaer = 2022",
                "2: unknown key \"yaer\": choose among title, date, year, district, source",
            ),
            ("['a']\nyear = '2022'", "2: year must be a whole number from 1000 to 2999: year = 2022"),
            ("['a']\nyear = 22", "2: year must be a whole number from 1000 to 2999: year = 2022"),
            ("['a']\n\nyear = 3000", "3: year must be a whole number from 1000 to 2999: year = 2022"),
            (
                "['a']\ndistrict = ['x', 1]",
                "2: district must be a string or a list of strings: district = [\"槐荫区\", \"市中区\"]",
            ),
            ("['a']\ntitle = 7", "2: title must be a string that is not empty: title = \"…\""),
            ("['a']\nsource = ' '", "2: source must be a string that is not empty: source = \"济南日报\""),
            (
                "['a']\ndate='2022-01-02'\nyear=2023",
                "1: date 2022-01-02 and year 2023 of a disagree: the date counts",
            ),
            ("['a']\nyear=2022\n['a']\nyear=2023", "3: a second table for a: the one in line 1 counts"),
            ("['a']\nyear=2022\n['./a']\nyear=2023", "3: a second table for a: the one in line 1 counts"),
            ("[a.txt]\nyear=2022", "1: put the file's name in quotes: [\"a.…\"]"),
            (
                "['x']\nyear = \n",
                "2: string values must be quoted, expected literal string: this is not TOML, so its table is left out",
            ),
            (
                "['x'\nyear = 2022\n",
                "1: unclosed table, expected `]`: this is not TOML, so its table is left out",
            ),
        ];
        for (text, expected) in cases {
            let (rows, problems) = parse(&format!("{text}\n['good']\nyear = 1999\n"), "m.toml");
            let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
            assert_eq!(problems, [format!("m.toml:{expected}")], "{text}");
            let good = rows.iter().find(|row| row.file == "good").unwrap();
            assert_eq!(good.year, Some(1999), "{text}");
        }
    }

    #[test]
    fn dates() {
        for (text, valid) in [
            ("2022-08-20", true),
            ("2024-02-29", true),
            ("2000-02-29", true),
            ("1900-02-29", false),
            ("2023-02-29", false),
            ("2022-13-01", false),
            ("2022-00-01", false),
            ("2022-04-31", false),
            ("2022-8-2", false),
            ("22-08-20", false),
            ("2022年8月20日", false),
            ("0999-01-01", false),
            ("+202-01-01", false),
            ("", false),
        ] {
            assert_eq!(valid_date(text), valid, "{text}");
        }
    }
}
