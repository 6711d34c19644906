//! The proof that nothing is lost: a scan that knows nothing of the index.
//!
//! It reads each stored article, folds its clean text character by character and compares at
//! each position, sharing with the search only the folding of a character and the rule that
//! spaces between Han characters do not count. What it finds is compared with the index's answer
//! occurrence by occurrence.

use super::engine::{Engine, Found};
use super::filter::Filter;
use super::request::{Filters, ZoneFilter};
use super::response::{Difference, Verification};
use crate::article::{RepairKind, Zone};
use crate::error::Result;
use crate::index::Record;
use crate::text::fold::{fold_char, is_han};
use std::collections::BTreeMap;

/// Occurrences of one keyword in one article: certain ones, guessed ones.
type Tally = (usize, usize);

pub(super) fn compare(
    engine: &Engine,
    query: &str,
    filters: &Filters,
    filter: &Filter,
    found: &Found,
) -> Result<Verification> {
    let mut answered: BTreeMap<(usize, u32), Vec<Tally>> = BTreeMap::new();
    let keywords = found.finder.keywords.len();
    for matched in &found.matches {
        // Of one keyword, what was counted, however it was; of several, what each has of it.
        let mut tallies = vec![(matched.occurrences as usize, matched.guessed as usize)];
        if keywords > 1 {
            tallies = vec![(0, 0); keywords];
            for o in &found.occurrences(engine, matched)? {
                let tally = &mut tallies[o.keyword as usize];
                if o.guessed { tally.1 += 1 } else { tally.0 += 1 }
            }
        }
        answered.insert((matched.segment(), matched.document), tallies);
    }
    // Whether a word stands there is the index's knowledge: `verify` proves the literal search.
    let literals: Vec<Vec<char>> = found
        .query
        .literals()
        .iter()
        .map(|literal| if filters.as_written { literal.text() } else { literal.folded() }.chars().collect())
        .collect();
    let mut result = Verification {
        query: query.to_owned(),
        scanned: 0,
        articles: 0,
        occurrences: 0,
        missed: 0,
        extra: 0,
        differences: Vec::new(),
    };
    for segment in 0..engine.index.literal.len() {
        for document in engine.index.living(segment).filter(|&d| filter.accepts(segment, d)) {
            let record = engine.record(segment, document)?;
            result.scanned += 1;
            let scanned = scan(&record, &literals, filters);
            let empty = vec![(0, 0); keywords];
            let index = answered.get(&(segment, document)).unwrap_or(&empty);
            if scanned.iter().all(|t| t.0 > 0) {
                result.articles += 1;
                result.occurrences += scanned.iter().map(|t| t.0).sum::<usize>();
            }
            let over = |a: &[Tally], b: &[Tally]| -> usize {
                a.iter().zip(b).map(|(a, b)| a.0.saturating_sub(b.0) + a.1.saturating_sub(b.1)).sum()
            };
            let (missed, extra) = (over(&scanned, index), over(index, &scanned));
            if missed + extra > 0 {
                result.missed += missed;
                result.extra += extra;
                result.differences.push(Difference {
                    article: engine.article_name(&record)?,
                    path: record.path.clone(),
                    missed,
                    extra,
                });
            }
        }
    }
    result.differences.sort_by(|a, b| (&a.path, &a.article).cmp(&(&b.path, &b.article)));
    Ok(result)
}

/// Scans one article; all zero when a keyword is missing.
fn scan(record: &Record, literals: &[Vec<char>], filters: &Filters) -> Vec<Tally> {
    let wanted = |zone: Zone| filters.zone == ZoneFilter::All || zone.is_body();
    let mut tallies = vec![(0, 0); literals.len()];
    let mut paragraph = |text: Vec<(char, bool)>| {
        for (tally, literal) in tallies.iter_mut().zip(literals) {
            let (certain, guessed) = occurrences(&text, literal);
            tally.0 += certain;
            tally.1 += if filters.no_restored { 0 } else { guessed };
        }
    };
    let guesses: Vec<_> =
        record.clean.repairs.iter().filter(|r| r.kind == RepairKind::Restored).map(|r| r.span).collect();
    if let Some(title) = &record.outside_title {
        paragraph(if filters.as_written { written(title) } else { folded(title, |_, _| false) });
    }
    for block in record.clean.blocks.iter().filter(|b| wanted(b.zone)) {
        if filters.as_written {
            paragraph(written(&record.decoded_text()[record.clean.map.map(block.span).range()]));
        } else {
            paragraph(folded(record.clean.block_text(block), |start, end| {
                if guesses.is_empty() {
                    return false;
                }
                let start = block.span.start() + start;
                let decoded = record.clean.map.map(crate::text::Span::new(start, block.span.start() + end));
                guesses.iter().any(|g| g.overlaps(decoded))
            }));
        }
    }
    if tallies.contains(&(0, 0)) {
        tallies.fill((0, 0));
    }
    tallies
}

fn written(text: &str) -> Vec<(char, bool)> {
    text.chars().map(|c| (if c == '\n' { ' ' } else { c }, false)).collect()
}

/// A paragraph's characters folded, without the spaces that do not count, each with whether it
/// was guessed.
fn folded(text: &str, guessed: impl Fn(usize, usize) -> bool) -> Vec<(char, bool)> {
    let mut out: Vec<(char, bool)> = Vec::new();
    let mut space = false;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            space = true;
            continue;
        }
        let f = fold_char(c);
        if space
            && let Some(&(before, _)) = out.last()
            && !(is_han(before) && is_han(f))
        {
            out.push((' ', false));
        }
        space = false;
        out.push((f, guessed(at, at + c.len_utf8())));
    }
    out
}

/// Counts a literal from left to right, not overlapping: where it stands, then where it was
/// guessed.
fn occurrences(text: &[(char, bool)], literal: &[char]) -> Tally {
    let matches = |at: usize| text[at..].iter().zip(literal).all(|(t, l)| t.0 == *l);
    let mut places: Vec<(usize, usize)> = Vec::new();
    let mut count = |guess: bool| {
        let mut n = 0;
        let mut at = 0;
        while at + literal.len() <= text.len() {
            let end = at + literal.len();
            let guessed = text[at..end].iter().any(|t| t.1);
            let taken = |&(a, b): &(usize, usize)| at < b && a < end;
            if guessed == guess && matches(at) && !(guess && places.iter().any(taken)) {
                n += 1;
                if !guess {
                    places.push((at, end));
                }
                at = end;
            } else {
                at += 1;
            }
        }
        n
    };
    if literal.is_empty() { (0, 0) } else { (count(false), count(true)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, literal: &str, expected: usize) {
        let literal: Vec<char> = literal.chars().collect();
        assert_eq!(occurrences(&folded(text, |_, _| false), &literal).0, expected, "{literal:?} in {text}");
    }

    #[test]
    fn scans() {
        check("比亚迪在比亞迪", "比亚迪", 2);
        check("比 亚\u{3000}迪", "比亚迪", 1);
        check("30 GW", "30gw", 0);
        check("30 GW", "30 gw", 1);
        check("哈哈哈", "哈哈", 1);
        check("", "哈", 0);
    }
}
