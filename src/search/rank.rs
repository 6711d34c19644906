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
use crate::index::literal::{pair, single};
use tantivy::columnar::{Column, StrColumn};

pub(super) const K1: f32 = 0.9;
pub(super) const B: f32 = 0.4;

/// Keywords within so many characters of each other stand close.
pub(super) const WINDOW: u32 = 30;

/// What closeness adds, as a share of the keywords' weight.
pub(super) const CLOSENESS: f32 = 0.5;

/// What an occurrence weighs.
fn weight(o: &Occurrence) -> f32 {
    let place = match o.part {
        Part::Title => 3.0,
        Part::Body => 1.0,
        Part::Rest => 0.3,
    };
    place * if o.word { 1.0 } else { 0.15 } * if o.guessed { 0.5 } else { 1.0 }
}

/// Whether something comes first (0), last but for guesses (1), or last (2): 0 when a word
/// stands there, 1 when the keyword only straddles words, 2 when it is only guessed.
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

impl Match {
    /// The tier of the keyword that stands worst.
    pub fn tier(&self, keywords: usize) -> u8 {
        (0..keywords)
            .map(|k| tier(self.occurrences.iter().filter(|o| o.keyword as usize == k)))
            .max()
            .unwrap_or(2)
    }
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

/// Scores all matches.
pub(super) fn score(index: &OpenIndex, finder: &Finder, matches: &mut [Match]) {
    let (n, average) = collection(index);
    let idfs: Vec<f32> = finder
        .keywords
        .iter()
        .map(|keyword| {
            let rarest = |literal: &crate::index::literal::LiteralReader| match keyword.units.as_slice() {
                [one] => literal.frequency(single(*one)),
                many => many.windows(2).map(|w| literal.frequency(pair(w[0], w[1]))).min().unwrap_or(0),
            };
            idf(n, index.literal.iter().map(rarest).sum::<u32>() as f32)
        })
        .collect();
    for matched in matches {
        let length = index.literal[matched.segment].body_units(matched.document) as f32;
        let mut weights = vec![0.0; idfs.len()];
        for o in &matched.occurrences {
            weights[o.keyword as usize] += weight(o);
        }
        let keywords: f32 =
            weights.iter().zip(&idfs).map(|(&w, idf)| idf * saturate(w, length, average)).sum();
        let close = if idfs.len() > 1 { closeness(&matched.occurrences, &idfs) } else { 0.0 };
        matched.score = keywords + CLOSENESS * close;
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
type Key = (i64, i64, u8, std::cmp::Reverse<Score>);

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
        let columns = &self.segments[matched.segment];
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
        self.segments[matched.segment].day.first(matched.document)
    }

    /// Puts the first `wanted` matches in order, and drops the others where there are more.
    pub fn top(&self, matches: &mut Vec<Match>, wanted: usize) -> Result<()> {
        let keywords = |m: &Match| 1 + m.occurrences.iter().map(|o| o.keyword as usize).max().unwrap_or(0);
        let key = |m: &Match| -> Key {
            let day = match (self.order, self.day(m)) {
                (Order::Relevance, _) => (0, 0),
                (_, None) => (1, 0),
                (Order::Date, Some(day)) => (0, day),
                (Order::DateDescending, Some(day)) => (0, -day),
            };
            (day.0, day.1, m.tier(keywords(m)), std::cmp::Reverse(Score(m.score)))
        };
        let mut order: Vec<(Key, usize)> = matches.iter().enumerate().map(|(i, m)| (key(m), i)).collect();
        if wanted == 0 {
            order.clear();
        } else if wanted < order.len() {
            // All that are level with the last one stay: their names decide between them.
            let last = order.select_nth_unstable(wanted - 1).1.0;
            order.retain(|(key, _)| *key <= last);
        }
        order.sort_unstable();
        for group in order.chunk_by_mut(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
            let mut failed = None;
            group.sort_by_cached_key(|(_, i)| {
                self.name(&matches[*i]).unwrap_or_else(|e| {
                    failed = Some(e);
                    Name::default()
                })
            });
            if let Some(e) = failed {
                return Err(e);
            }
        }
        order.truncate(wanted);
        let mut slots: Vec<Option<Match>> = std::mem::take(matches).into_iter().map(Some).collect();
        matches.extend(order.into_iter().filter_map(|(_, i)| slots[i].take()));
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
