//! Which articles match, and where: candidates from grams, decided on the text.

use super::filter::Filter;
use super::request::{Filters, ZoneFilter};
use super::{page, parallel};
use crate::analysis::{PARAGRAPH, Part};
use crate::error::Result;
use crate::index::OpenIndex;
use crate::index::literal::{Document, Needle};
use crate::passage;
use crate::query::Query;
use std::borrow::Cow;
use std::ops::Range;

/// A keyword's occurrence in a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// First unit, in the laid-out page.
    pub start: u32,
    pub end: u32,
    /// Which of the query's keywords.
    pub keyword: u16,
    pub part: Part,
    /// It begins and ends where words do.
    pub word: bool,
    /// A character inside was only guessed.
    pub guessed: bool,
}

impl Occurrence {
    /// The occurrence at these units of a page, of which `guessed` were only guessed.
    pub fn in_page(text: &Document<'_>, start: u32, end: u32, keyword: u16, guessed: &[u32]) -> Occurrence {
        Occurrence {
            start,
            end,
            keyword,
            part: part_at(start as usize, text.title_end(), text.body_end()),
            word: text.is_boundary(start as usize) && text.is_boundary(end as usize),
            guessed: guessed.iter().any(|g| (start..end).contains(g)),
        }
    }
}

/// An article that holds all the keywords.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Match {
    pub segment: usize,
    pub document: u32,
    /// Ordered by position.
    pub occurrences: Vec<Occurrence>,
    /// It holds all the keywords without a guess.
    pub certain: bool,
    /// Set by ranking.
    pub score: f32,
}

/// Which form of the text is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Searched {
    /// Repaired and folded.
    Folded,
    /// The decoded text as it stands.
    Written,
}

/// A query made ready to be looked for.
#[derive(Debug)]
pub(super) struct Finder {
    pub keywords: Vec<Keyword>,
    pub searched: Searched,
    zone: ZoneFilter,
    whole_word: bool,
    no_restored: bool,
}

/// One keyword.
#[derive(Debug)]
pub(super) struct Keyword {
    /// As typed.
    pub text: String,
    /// In search form; gives the candidates.
    pub units: Vec<u16>,
    needle: Needle,
}

impl Finder {
    pub fn new(query: &Query, filters: &Filters) -> Finder {
        let searched = if filters.as_written { Searched::Written } else { Searched::Folded };
        let keywords = query
            .literals()
            .iter()
            .map(|literal| {
                let units: Vec<u16> = literal.folded().encode_utf16().collect();
                let written: Vec<u16> = literal.text().encode_utf16().collect();
                let needle = Needle::new(if searched == Searched::Written { &written } else { &units });
                Keyword { text: literal.text().to_owned(), units, needle }
            })
            .collect();
        Finder {
            keywords,
            searched,
            zone: filters.zone,
            whole_word: filters.whole_word,
            no_restored: filters.no_restored,
        }
    }

    /// All articles that hold all keywords and pass the filters, in the index's order.
    pub fn find(&self, index: &OpenIndex, filter: &Filter) -> Result<Vec<Match>> {
        let mut matches = Vec::new();
        for (segment, literal) in index.literal.iter().enumerate() {
            let mut candidates: Option<Vec<u32>> = None;
            for keyword in &self.keywords {
                let found = literal.candidates(&keyword.units);
                candidates = Some(match candidates {
                    None => found,
                    Some(before) => both(&before, &found),
                });
            }
            let mut candidates = candidates.unwrap_or_default();
            if self.searched == Searched::Written {
                // Grams are those of the clean text; where it differs, the raw text must be read.
                candidates.extend(literal.changed());
                candidates.sort_unstable();
                candidates.dedup();
            }
            let found = parallel::map(&candidates, |&document| -> Result<Option<Match>> {
                if !filter.accepts(segment, document) {
                    return Ok(None);
                }
                let occurrences = match self.searched {
                    Searched::Folded => {
                        let text = literal.document(document).map_err(crate::index::unreadable)?;
                        self.in_document(&text)
                    }
                    Searched::Written => page::written_occurrences(self, index, segment, document)?,
                };
                Ok(occurrences.map(|occurrences| {
                    let certain = (0..self.keywords.len())
                        .all(|k| occurrences.iter().any(|o| o.keyword as usize == k && !o.guessed));
                    Match { segment, document, occurrences, certain, score: 0.0 }
                }))
            });
            for matched in found {
                matches.extend(matched?);
            }
        }
        Ok(matches)
    }

    /// Where the searched part of a page ends.
    pub fn end(&self, body_end: usize, page_end: usize) -> usize {
        match self.zone {
            ZoneFilter::Body => body_end,
            ZoneFilter::All => page_end,
        }
    }

    /// The occurrences in a page, or `None` when a keyword has none.
    fn in_document(&self, text: &Document<'_>) -> Option<Vec<Occurrence>> {
        let guessed = text.guessed();
        let end = self.end(text.body_end(), text.page_end());
        self.collect(|keyword| {
            let length = keyword.units.len() as u32;
            let starts = text.find(&keyword.needle, end).into_iter();
            starts.map(|start| Occurrence::in_page(text, start, start + length, 0, &guessed)).collect()
        })
    }

    /// Gathers the occurrences of each keyword from `all` (every place where it stands, also
    /// overlapping ones) and chooses those that count: from left to right, not overlapping, what
    /// stands there before what was guessed.
    pub fn collect(&self, mut all: impl FnMut(&Keyword) -> Vec<Occurrence>) -> Option<Vec<Occurrence>> {
        let mut chosen = Vec::new();
        for (k, keyword) in self.keywords.iter().enumerate() {
            let mut found = all(keyword);
            if self.whole_word {
                found.retain(|o| o.word);
            }
            if self.no_restored {
                found.retain(|o| !o.guessed);
            }
            if found.is_empty() {
                return None;
            }
            let mut free = 0;
            let certain_from = chosen.len();
            for o in found.iter().filter(|o| !o.guessed) {
                if o.start >= free {
                    free = o.end;
                    chosen.push(Occurrence { keyword: k as u16, ..*o });
                }
            }
            let certain: Vec<_> = chosen[certain_from..].iter().map(|o| (o.start, o.end)).collect();
            let mut free = 0;
            for o in found.iter().filter(|o| o.guessed) {
                if o.start >= free && !certain.iter().any(|&(a, b)| o.start < b && a < o.end) {
                    free = o.end;
                    chosen.push(Occurrence { keyword: k as u16, ..*o });
                }
            }
        }
        chosen.sort_unstable_by_key(|o| (o.start, o.end, o.keyword));
        Some(chosen)
    }

    /// The page that a match lies in, as it was searched.
    pub fn units(&self, index: &OpenIndex, matched: &Match) -> Result<Vec<u16>> {
        match self.searched {
            Searched::Folded => {
                let literal = &index.literal[matched.segment];
                let text = literal.document(matched.document).map_err(crate::index::unreadable)?;
                Ok(text.to_units())
            }
            Searched::Written => {
                let record = index.record(matched.segment, matched.document)?;
                Ok(page::Page::of(&record, self.searched).layout.units)
            }
        }
    }

    /// How many passages a match has, those left out that hold only guesses.
    pub fn passages(&self, index: &OpenIndex, matched: &Match) -> Result<usize> {
        if self.searched == Searched::Written {
            let units = self.units(index, matched)?;
            return Ok(count_passages(
                &matched.occurrences,
                |at| paragraph_at(&units, at),
                |range| units[range].into(),
            ));
        }
        let literal = &index.literal[matched.segment];
        let text = literal.document(matched.document).map_err(crate::index::unreadable)?;
        Ok(count_passages(&matched.occurrences, |at| text.paragraph(at), |range| text.units(range).into()))
    }
}

/// Counts the passages of occurrences, given where paragraphs are and what stands in them.
fn count_passages<'a>(
    occurrences: &[Occurrence],
    paragraph: impl Fn(usize) -> Range<usize>,
    units: impl Fn(Range<usize>) -> Cow<'a, [u16]>,
) -> usize {
    let mut count = 0;
    for (span, inside) in by_paragraph(occurrences, paragraph) {
        let certain = occurrences[inside].iter().filter(|o| !o.guessed);
        let hits: Vec<_> =
            certain.map(|o| o.start as usize - span.start..o.end as usize - span.start).collect();
        count += passage::count(span.len(), &hits, || units(span.clone()));
    }
    count
}

/// Where the paragraph begins and ends that holds a unit.
pub(super) fn paragraph_at(units: &[u16], at: usize) -> Range<usize> {
    let start = units[..at].iter().rposition(|&u| u == PARAGRAPH).map_or(0, |i| i + 1);
    let end = units[at..].iter().position(|&u| u == PARAGRAPH).map_or(units.len(), |i| at + i);
    start..end
}

/// Which part of the page a unit belongs to.
pub(super) fn part_at(unit: usize, title_end: usize, body_end: usize) -> Part {
    if unit < title_end {
        Part::Title
    } else if unit < body_end {
        Part::Body
    } else {
        Part::Rest
    }
}

/// The paragraphs that hold occurrences, each with which of them; `paragraph` tells where the
/// paragraph begins and ends that holds a unit.
pub(super) fn by_paragraph(
    occurrences: &[Occurrence],
    paragraph: impl Fn(usize) -> Range<usize>,
) -> Vec<(Range<usize>, Range<usize>)> {
    let mut paragraphs = Vec::new();
    let mut next = 0;
    while next < occurrences.len() {
        let span = paragraph(occurrences[next].start as usize);
        let first = next;
        while next < occurrences.len() && (occurrences[next].start as usize) < span.end {
            next += 1;
        }
        paragraphs.push((span, first..next));
    }
    paragraphs
}

/// What both ascending lists hold.
fn both(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (mut i, mut j) = (0, 0);
    let mut both = Vec::new();
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                both.push(a[i]);
                i += 1;
                j += 1;
            }
        }
    }
    both
}
