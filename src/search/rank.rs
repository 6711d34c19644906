//! The order of articles.
//!
//! A keyword's occurrences weigh by how they stand: as words, as parts of words, in the title.
//! They are summed as BM25 does (k1 0.9, b 0.4: Anserini's defaults, the best of those tried on
//! the judged sets), and keywords that stand close together add to it. Articles in which some
//! keyword only straddles words come after all others, guesses last.

use super::find::{Finder, Match, Occurrence};
use super::request::Order;
use crate::analysis::Part;
use crate::error::Result;
use crate::index::OpenIndex;
use crate::index::literal::{LiteralReader, Standing, grams};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tantivy::columnar::{Column, StrColumn};

pub(super) const K1: f32 = 0.9;
pub(super) const B: f32 = 0.4;

/// Keywords within so many characters of each other stand close.
pub(super) const WINDOW: u32 = 30;

/// What closeness adds, as a share of the keywords' weight.
pub(super) const CLOSENESS: f32 = 0.5;

/// What an occurrence weighs that only straddles words.
const STRADDLING: f32 = 0.15;

/// What an occurrence weighs that was only guessed.
const GUESSED: f32 = 0.5;

/// What a keyword's occurrences weigh.
pub(super) fn weight(s: &Standing) -> f32 {
    let part = |all: u32, words: u32| words as f32 + STRADDLING * all.saturating_sub(words) as f32;
    3.0 * part(s.title, s.title_words) + part(s.body, s.body_words) + 0.3 * part(s.rest, s.rest_words)
}

/// The same, of occurrences of which some are guesses.
pub(super) fn occurrences_weight<'a>(occurrences: impl Iterator<Item = &'a Occurrence>) -> f32 {
    let mut standing = [Standing::default(); 2];
    for o in occurrences {
        let s = &mut standing[usize::from(o.guessed)];
        let (all, words) = match o.part {
            Part::Title => (&mut s.title, &mut s.title_words),
            Part::Body => (&mut s.body, &mut s.body_words),
            Part::Rest => (&mut s.rest, &mut s.rest_words),
        };
        *all += 1;
        *words += u32::from(o.word);
    }
    weight(&standing[0]) + GUESSED * weight(&standing[1])
}

/// Whether something comes first (0), last but for guesses (1), or last (2): 0 when a word
/// stands there, 1 when the keyword only straddles words, 2 when it is only guessed. Of an
/// article it is the tier of the keyword that stands worst.
pub(super) fn tier<'a>(occurrences: impl Iterator<Item = &'a Occurrence>) -> u8 {
    occurrences
        .map(|o| match (o.guessed, o.word) {
            (true, _) => 2,
            (false, false) => 1,
            (false, true) => 0,
        })
        .min()
        .unwrap_or(2)
}

/// BM25's weight of a term in `df` of `n` articles.
pub(super) fn idf(n: f32, df: f32) -> f32 {
    (1.0 + (n - df + 0.5).max(0.0) / (df + 0.5)).ln()
}

/// BM25's saturation of a term frequency by the article's length.
pub(super) fn saturate(tf: f32, length: f32, average: f32) -> f32 {
    tf / (tf + K1 * (1.0 - B + B * length / average.max(1.0)))
}

/// Articles and the average length of a body in units.
pub(super) fn collection(index: &OpenIndex) -> (f32, f32) {
    let documents: u32 = index.literal.iter().map(|l| l.documents()).sum();
    let units: u64 = index.literal.iter().map(|l| l.units()).sum();
    (documents as f32, units as f32 / (documents as f32).max(1.0))
}

/// What the keywords of a query weigh in a collection.
pub(super) struct Weights {
    idfs: Vec<f32>,
    average: f32,
}

impl Weights {
    pub fn new(index: &OpenIndex, finder: &Finder) -> Weights {
        let (n, average) = collection(index);
        let idf_of = |keyword: &super::find::Keyword| {
            let grams = grams(&keyword.units);
            let rarest = |literal: &LiteralReader| {
                grams.iter().map(|&(_, gram)| literal.frequency(gram)).min().unwrap_or(0)
            };
            idf(n, index.literal.iter().map(rarest).sum::<u32>() as f32)
        };
        Weights { idfs: finder.keywords.iter().map(idf_of).collect(), average }
    }

    /// The score of an article of a length in units, given what its occurrences of each keyword
    /// weigh ([`weight`]) and what [`Self::closeness`] gave.
    pub fn score(&self, weights: &[f32], closeness: f32, length: u32) -> f32 {
        let terms = weights.iter().zip(&self.idfs);
        let keywords: f32 = terms.map(|(&w, idf)| idf * saturate(w, length as f32, self.average)).sum();
        keywords + CLOSENESS * closeness
    }

    /// What it adds that keywords stand close together.
    pub fn closeness(&self, occurrences: &[Occurrence]) -> f32 {
        if self.idfs.len() > 1 { closeness(occurrences, &self.idfs) } else { 0.0 }
    }
}

/// The weight of the distinct keywords in the best window.
fn closeness(occurrences: &[Occurrence], idfs: &[f32]) -> f32 {
    let mut best = 0.0f32;
    let mut last = vec![None; idfs.len()];
    for o in occurrences {
        last[o.keyword as usize] = Some(o.start);
        let near = last
            .iter()
            .zip(idfs)
            .filter(|(at, _)| at.is_some_and(|at| o.end <= at + WINDOW.max(o.end - o.start)));
        best = best.max(near.map(|(_, idf)| idf).sum());
    }
    best
}

/// Sorts articles, equal ones by their name, so that the order never depends on chance.
pub(super) struct Sorting {
    order: Order,
    segments: Vec<Columns>,
}

struct Columns {
    path: Option<StrColumn>,
    id: Option<StrColumn>,
    number: Column<i64>,
    day: Column<i64>,
}

/// Path, id and place in the file: articles of one score are told apart by it, however the index
/// was made.
type Name = (String, String, i64);

/// Without a day, day, tier, score: what comes first is least.
type Key = (i64, i64, u8, Reverse<Score>);

impl Sorting {
    pub fn new(index: &OpenIndex, order: Order) -> Result<Sorting> {
        let segments = index.searcher.segment_readers().iter().map(|reader| {
            let fast = reader.fast_fields();
            Ok(Columns {
                path: fast.str("path")?,
                id: fast.str("id")?,
                number: fast.i64("number")?,
                day: fast.i64("from")?,
            })
        });
        let segments = segments.collect::<tantivy::Result<_>>().map_err(crate::index::unreadable)?;
        Ok(Sorting { order, segments })
    }

    fn name(&self, matched: &Match) -> Result<Name> {
        let columns = &self.segments[matched.segment()];
        let read = |column: &Option<StrColumn>| -> Result<String> {
            let mut name = String::new();
            if let Some(column) = column
                && let Some(ord) = column.term_ords(matched.document).next()
            {
                column.ord_to_str(ord, &mut name).map_err(crate::index::unreadable)?;
            }
            Ok(name)
        };
        let number = columns.number.first(matched.document).unwrap_or(0);
        Ok((read(&columns.path)?, read(&columns.id)?, number))
    }

    fn day(&self, matched: &Match) -> Option<i64> {
        self.segments[matched.segment()].day.first(matched.document)
    }

    fn key(&self, matched: &Match) -> Key {
        let day = match (self.order, self.order != Order::Relevance) {
            (_, false) => (0, 0),
            (order, true) => match (self.day(matched), order) {
                (None, _) => (1, 0),
                (Some(day), Order::DateDescending) => (0, -day),
                (Some(day), _) => (0, day),
            },
        };
        (day.0, day.1, matched.tier, Reverse(Score(matched.score)))
    }

    /// Puts the first `wanted` matches in order, and drops the others where there are more.
    pub fn top(&self, matches: &mut Vec<Match>, wanted: usize) -> Result<()> {
        if wanted == 0 {
            matches.clear();
        } else if wanted < matches.len() {
            // All that are level with the last one stay: their names decide between them.
            let mut first = BinaryHeap::with_capacity(wanted + 1);
            for matched in matches.iter() {
                let key = self.key(matched);
                if first.len() < wanted {
                    first.push(key);
                } else if first.peek().is_some_and(|last| key < *last) {
                    first.pop();
                    first.push(key);
                }
            }
            if let Some(last) = first.peek() {
                matches.retain(|matched| self.key(matched) <= *last);
            }
        }
        matches.sort_by_cached_key(|matched| self.key(matched));
        for group in matches.chunk_by_mut(|a, b| self.key(a) == self.key(b)).filter(|g| g.len() > 1) {
            let mut failed = None;
            group.sort_by_cached_key(|matched| {
                self.name(matched).unwrap_or_else(|e| {
                    failed = Some(e);
                    Name::default()
                })
            });
            if let Some(e) = failed {
                return Err(e);
            }
        }
        matches.truncate(wanted);
        Ok(())
    }

    /// Sorts by day, where that is wanted, then by name.
    pub fn by_date_then_name(&self, matches: &mut [Match], by_date: bool) -> Result<()> {
        let mut failed = None;
        matches.sort_by_cached_key(|m| {
            let day = if by_date { self.day(m).unwrap_or(i64::MAX) } else { 0 };
            let name = self.name(m).unwrap_or_else(|e| {
                failed = Some(e);
                Name::default()
            });
            (day, name)
        });
        failed.map_or(Ok(()), Err)
    }
}

/// A score in a total order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Score(pub f32);

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: u32, keyword: u16) -> Occurrence {
        Occurrence { start, end: start + 2, keyword, part: Part::Body, word: true, guessed: false }
    }

    #[test]
    fn close_keywords_weigh_more() {
        let near = closeness(&[at(0, 0), at(10, 1)], &[2.0, 3.0]);
        let far = closeness(&[at(0, 0), at(100, 1)], &[2.0, 3.0]);
        assert_eq!((near, far), (5.0, 3.0));
    }

    #[test]
    fn tiers() {
        let straddling = Occurrence { word: false, ..at(0, 0) };
        let guessed = Occurrence { guessed: true, ..at(0, 0) };
        assert_eq!(tier([straddling, at(5, 0)].iter()), 0);
        assert_eq!(tier([straddling, guessed].iter()), 1);
        assert_eq!(tier([guessed].iter()), 2);
    }

    #[test]
    fn rare_terms_weigh_more() {
        assert!(idf(1000.0, 1.0) > idf(1000.0, 500.0));
        assert!(idf(10.0, 10.0) > 0.0);
        assert!(saturate(2.0, 100.0, 100.0) > saturate(1.0, 100.0, 100.0));
        assert!(saturate(1.0, 50.0, 100.0) > saturate(1.0, 200.0, 100.0));
    }
}
