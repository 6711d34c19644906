//! Which articles match, and where: candidates from grams, decided on the text.

use super::filter::Filter;
use super::rank::{self, Weights, tier, weight};
use super::request::{Filters, ZoneFilter};
use super::{page, parallel};
use crate::analysis::{PARAGRAPH, Part};
use crate::error::Result;
use crate::index::OpenIndex;
use crate::index::literal::{Document, Extent, LiteralReader, Needle, Postings, Standing};
use crate::passage;
use crate::query::Query;
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

/// An article that holds all the keywords, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Match {
    pub segment: u32,
    pub document: u32,
    /// How often the keywords stand there, and how often they were only guessed.
    pub occurrences: u32,
    pub guessed: u32,
    /// How many of both are words.
    pub words: u32,
    /// Passages that show what is certain; 0 when the match is not.
    pub passages: u32,
    /// It holds all the keywords without a guess.
    pub certain: bool,
    /// See [`rank::tier`].
    pub tier: u8,
    /// See [`rank`].
    pub score: f32,
}

impl Match {
    pub fn segment(&self) -> usize {
        self.segment as usize
    }
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
        let weights = Weights::new(index, self);
        let segments: Vec<usize> = (0..index.literal.len()).collect();
        let listed = |&segment: &usize| self.listed(index, segment, filter, &weights);
        let frequent = index.literal.iter().map(|l| self.listed_documents(l)).sum();
        let mut matches = Vec::new();
        for (segment, listed) in parallel::map(&segments, frequent, listed).into_iter().enumerate() {
            match listed? {
                Some(found) if matches.is_empty() => matches = found,
                Some(found) => matches.extend(found),
                None => {
                    let candidates = self.candidates(&index.literal[segment]);
                    let read = |document: &u32| match filter.accepts(segment, *document) {
                        true => self.in_article(index, segment, *document, &weights),
                        false => Ok(None),
                    };
                    for found in parallel::map(&candidates, candidates.len(), read) {
                        matches.extend(found?);
                    }
                }
            }
        }
        Ok(matches)
    }

    /// Documents that [`Self::listed`] would look at.
    fn listed_documents(&self, literal: &LiteralReader) -> usize {
        match self.keywords.as_slice() {
            [one] => literal.exact(&one.units).map_or(0, |(body, _)| body.left() as usize),
            _ => 0,
        }
    }

    /// The matches of a segment where its lists alone say them; `None` where texts must be read.
    fn listed(
        &self,
        index: &OpenIndex,
        segment: usize,
        filter: &Filter,
        weights: &Weights,
    ) -> Result<Option<Vec<Match>>> {
        let literal = &index.literal[segment];
        let [keyword] = self.keywords.as_slice() else { return Ok(None) };
        if self.searched == Searched::Written || self.whole_word {
            return Ok(None);
        }
        let Some((body, rest)) = literal.exact(&keyword.units) else { return Ok(None) };
        let rest = if self.zone == ZoneFilter::All { rest } else { Postings::none() };
        let (mut body, mut rest, mut guessed) =
            (body.peekable(), rest.peekable(), literal.guessed().peekable());
        let mut found = Vec::with_capacity(body.size_hint().0);
        loop {
            let next = [body.peek(), rest.peek()].map(|p| p.map_or(u32::MAX, |p| p.document));
            let document = next[0].min(next[1]);
            if document == u32::MAX {
                return Ok(Some(found));
            }
            let in_body = body.next_if(|p| p.document == document).map(|p| p.counts).unwrap_or_default();
            let in_rest = rest.next_if(|p| p.document == document).map(|p| p.counts).unwrap_or_default();
            if !filter.accepts(segment, document) {
                continue;
            }
            while guessed.next_if(|g| *g < document).is_some() {}
            if guessed.peek() == Some(&document) {
                found.extend(self.in_article(index, segment, document, weights)?);
                continue;
            }
            let standing = Standing {
                title: in_body.title,
                title_words: in_body.title_words,
                body: in_body.times - in_body.title,
                body_words: in_body.words.saturating_sub(in_body.title_words),
                rest: in_rest.times,
                rest_words: in_rest.words,
            };
            let passages = in_body.passages + in_rest.passages;
            found.push(self.plain(literal, segment, document, &standing, passages, weights));
        }
    }

    /// A match of a single keyword that was nowhere guessed.
    fn plain(
        &self,
        literal: &LiteralReader,
        segment: usize,
        document: u32,
        standing: &Standing,
        passages: u32,
        weights: &Weights,
    ) -> Match {
        let words = standing.title_words + standing.body_words + standing.rest_words;
        let score = weights.score(&[weight(standing)], 0.0, literal.body_units(document));
        Match {
            segment: segment as u32,
            document,
            occurrences: standing.title + standing.body + standing.rest,
            guessed: 0,
            words,
            passages,
            certain: true,
            tier: u8::from(words == 0),
            score,
        }
    }

    /// A superset of the documents of a segment that match.
    fn candidates(&self, literal: &LiteralReader) -> Vec<u32> {
        let extent = self.extent();
        let lists = self.keywords.iter().map(|keyword| literal.candidates(&keyword.units, extent));
        let mut candidates = lists.reduce(|before, found| both(&before, &found)).unwrap_or_default();
        if self.searched == Searched::Written {
            // Grams are those of the clean text; where it differs, the raw text must be read.
            candidates.extend(literal.changed());
            candidates.sort_unstable();
            candidates.dedup();
        }
        candidates
    }

    /// The match in an article, by its text.
    fn in_article(
        &self,
        index: &OpenIndex,
        segment: usize,
        document: u32,
        weights: &Weights,
    ) -> Result<Option<Match>> {
        let literal = &index.literal[segment];
        let text = literal.document(document).map_err(crate::index::unreadable)?;
        if self.searched == Searched::Folded {
            let end = self.end(text.body_end(), text.page_end());
            if !self.keywords.iter().all(|keyword| text.holds(&keyword.needle, end)) {
                return Ok(None);
            }
            if let [keyword] = self.keywords.as_slice()
                && !self.whole_word
                && !text.has_guesses()
            {
                let count = |units: &[u16], hits: &[Range<usize>]| passage::passages(units, hits).len();
                let (standing, passages) = text.standing(&keyword.needle, end, passage::LONGEST, count);
                return Ok(Some(self.plain(literal, segment, document, &standing, passages as u32, weights)));
            }
        }
        let Some(occurrences) = self.occurrences(index, segment, document)? else { return Ok(None) };
        let keywords = self.keywords.len();
        let of = |k: usize| occurrences.iter().filter(move |o| o.keyword as usize == k);
        let certain = (0..keywords).all(|k| of(k).any(|o| !o.guessed));
        let passages = match certain {
            true => self.passages(index, segment, document, &occurrences)?,
            false => 0,
        };
        let weighed: Vec<f32> = (0..keywords).map(|k| rank::occurrences_weight(of(k))).collect();
        let close = weights.closeness(&occurrences);
        let guessed = occurrences.iter().filter(|o| o.guessed).count() as u32;
        Ok(Some(Match {
            segment: segment as u32,
            document,
            occurrences: occurrences.len() as u32 - guessed,
            guessed,
            words: occurrences.iter().filter(|o| o.word).count() as u32,
            passages,
            certain,
            tier: (0..keywords).map(|k| tier(of(k))).max().unwrap_or(2),
            score: weights.score(&weighed, close, literal.body_units(document)),
        }))
    }

    /// Where the keywords stand in an article, in order; `None` when one of them does not.
    pub fn occurrences(
        &self,
        index: &OpenIndex,
        segment: usize,
        document: u32,
    ) -> Result<Option<Vec<Occurrence>>> {
        match self.searched {
            Searched::Folded => {
                let text = index.literal[segment].document(document).map_err(crate::index::unreadable)?;
                Ok(self.in_document(&text))
            }
            Searched::Written => page::written_occurrences(self, index, segment, document),
        }
    }

    /// What of a page is searched.
    pub fn extent(&self) -> Extent {
        match self.zone {
            ZoneFilter::Body => Extent::Body,
            ZoneFilter::All => Extent::Page,
        }
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

    /// The page of an article, as it was searched.
    pub fn units(&self, index: &OpenIndex, segment: usize, document: u32) -> Result<Vec<u16>> {
        match self.searched {
            Searched::Folded => {
                let text = index.literal[segment].document(document).map_err(crate::index::unreadable)?;
                Ok(text.to_units())
            }
            Searched::Written => {
                let record = index.record(segment, document)?;
                Ok(page::Page::of(&record, self.searched).layout.units)
            }
        }
    }

    /// How many passages an article has, those left out that hold only guesses.
    fn passages(
        &self,
        index: &OpenIndex,
        segment: usize,
        document: u32,
        occurrences: &[Occurrence],
    ) -> Result<u32> {
        let units = self.units(index, segment, document)?;
        let mut count = 0;
        for (span, inside) in by_paragraph(occurrences, |at| paragraph_at(&units, at)) {
            let certain = occurrences[inside].iter().filter(|o| !o.guessed);
            let hits: Vec<_> =
                certain.map(|o| o.start as usize - span.start..o.end as usize - span.start).collect();
            count += passage::count(&units[span], &hits) as u32;
        }
        Ok(count)
    }
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
