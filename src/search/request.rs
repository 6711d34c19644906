//! What can be asked.

use crate::error::{Error, Result};
use std::str::FromStr;

/// Which articles, and which of their text, count. Values of one filter are alternatives;
/// different filters must all hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Names or paths of districts, cities, provinces.
    pub districts: Vec<String>,
    pub years: Vec<YearFilter>,
    /// First and last day, as numbers such as 20240131, both included.
    pub dates: Vec<(i64, i64)>,
    /// Names of outlets.
    pub sources: Vec<String>,
    /// Marks of quality (see [`Quality`](super::Quality)), or rules of repair: only articles that have one.
    pub quality: Vec<String>,
    /// The same: no article that has one.
    pub without: Vec<String>,
    /// Glob patterns over paths.
    pub paths: Vec<String>,
    pub zone: ZoneFilter,
    /// The raw text as it stands: no repair, no folding.
    pub as_written: bool,
    /// Only occurrences that begin and end where words do.
    pub whole_word: bool,
    /// Leave out what was only guessed.
    pub no_restored: bool,
    /// Places as they were at the end of this year.
    pub as_of: Option<i32>,
    /// Only districts and dates that are at least so sure, in hundredths; others count as unknown.
    pub confidence: Option<u8>,
}

/// At which level places are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Level {
    /// The narrowest that each article is about.
    #[default]
    Told,
    Province,
    City,
    District,
    /// Each place with all that hold it.
    All,
}

/// Which part of the page is searched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ZoneFilter {
    /// Title and body.
    #[default]
    Body,
    /// The whole page.
    All,
}

/// A year, a range of years, or the articles whose year is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearFilter {
    /// Both included.
    Range(i64, i64),
    Unknown,
}

impl FromStr for YearFilter {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text.eq_ignore_ascii_case("unknown") {
            return Ok(YearFilter::Unknown);
        }
        let year = |t: &str, open: i64| -> Option<i64> {
            if t.is_empty() {
                return Some(open);
            }
            (t.len() == 4 && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse().ok()).flatten()
        };
        let range = match text.split_once("..") {
            Some((a, b)) if !(a.is_empty() && b.is_empty()) => year(a, 0).zip(year(b, 9999)),
            Some(_) => None,
            None => (!text.is_empty()).then(|| year(text, 0)).flatten().map(|y| (y, y)),
        };
        match range {
            Some((a, b)) if a <= b => Ok(YearFilter::Range(a, b)),
            Some((a, b)) => Err(Error::Usage(format!("the years {a}..{b} run backwards; write {b}..{a}"))),
            None => Err(Error::Usage(format!(
                "`{text}` is no year; write 2023, 2021..2023, 2021.., ..2023 or unknown"
            ))),
        }
    }
}

/// Reads a range of days such as `2024-01-01..2024-06-30`, `2024-01..2024-06`, `2024-03-15` or
/// `2024-03..`.
///
/// # Errors
/// When it is no such range.
pub fn parse_dates(text: &str) -> Result<(i64, i64)> {
    let bad = || {
        Error::Usage(format!(
            "`{text}` is no range of days; write 2024-01-01..2024-06-30, 2024-01..2024-06 or 2024-03-15"
        ))
    };
    let (a, b) = text.split_once("..").unwrap_or((text, text));
    if a.is_empty() && b.is_empty() {
        return Err(bad());
    }
    let from = if a.is_empty() { 0 } else { day(a, false).ok_or_else(bad)? };
    let to = if b.is_empty() { 99_991_231 } else { day(b, true).ok_or_else(bad)? };
    if from > to {
        return Err(Error::Usage(format!("the days {text} run backwards; write {b}..{a}")));
    }
    Ok((from, to))
}

fn day(text: &str, last: bool) -> Option<i64> {
    let mut parts = text.split('-');
    let mut number = |digits: usize| -> Option<Option<i64>> {
        match parts.next() {
            None => Some(None),
            Some(p) if p.len() == digits && p.bytes().all(|b| b.is_ascii_digit()) => Some(p.parse().ok()),
            Some(_) => None,
        }
    };
    let (year, month, day) = (number(4)??, number(2)?, number(2)?);
    if parts.next().is_some() {
        return None;
    }
    let month_or = |open| month.unwrap_or(open);
    let (month, day) = if last { (month_or(12), day.unwrap_or(31)) } else { (month_or(1), day.unwrap_or(1)) };
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some(year * 10_000 + month * 100 + day)
}

/// How keywords are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// All keywords; when no article has them all, best match.
    #[default]
    Auto,
    /// All keywords must occur.
    Keyword,
    /// Any of the words, the most relevant first.
    Best,
}

/// The order of hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Relevance,
    /// The oldest first; articles without a date last.
    Date,
    /// The newest first; articles without a date last.
    DateDescending,
}

/// A search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchRequest {
    pub query: String,
    pub filters: Filters,
    pub mode: Mode,
    pub order: Order,
    /// At most so many passages; 0 for all.
    pub limit: usize,
    /// Passages to skip first.
    pub offset: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years() {
        let check = |text: &str, expected: Option<YearFilter>| {
            assert_eq!(text.parse::<YearFilter>().ok(), expected, "{text}");
        };
        check("2023", Some(YearFilter::Range(2023, 2023)));
        check("2021..2023", Some(YearFilter::Range(2021, 2023)));
        check("2021..", Some(YearFilter::Range(2021, 9999)));
        check("..2023", Some(YearFilter::Range(0, 2023)));
        check("unknown", Some(YearFilter::Unknown));
        for bad in ["", "..", "23", "2023年", "2023..2021", "2021...2023", "two", "-2023"] {
            check(bad, None);
        }
    }

    #[test]
    fn days() {
        let check = |text: &str, expected: Option<(i64, i64)>| {
            assert_eq!(parse_dates(text).ok(), expected, "{text}");
        };
        check("2024-01-01..2024-06-30", Some((20240101, 20240630)));
        check("2024-03-15", Some((20240315, 20240315)));
        check("2024-03", Some((20240301, 20240331)));
        check("2023..2024-02", Some((20230101, 20240231)));
        check("2024-03..", Some((20240301, 99991231)));
        for bad in ["", "..", "2024-13-01", "2024-1-1", "2024-01-01-01", "2024-06..2024-01", "x..y"] {
            check(bad, None);
        }
    }
}
