//! From matches to passages with highlights.

use super::engine::{Engine, Found};
use super::find::{Match, Occurrence, by_paragraph, paragraph_at};
use super::page::Page;
use super::rank::{Score, tier};
use super::request::Order;
use super::response::{About, Highlight, Hit, Kind};
use crate::error::Result;
use crate::index::Record;
use crate::passage;
use std::cmp::Reverse;
use std::ops::Range;

/// Each further passage of an article counts so much less than the one before it, so that an
/// article with many passages does not fill the first page.
const FURTHER: f32 = 0.8;

/// A passage of a match, before its text is read.
struct Candidate {
    /// The article's place among the matches.
    article: usize,
    tier: u8,
    score: f32,
    span: Range<usize>,
    occurrences: Range<usize>,
}

/// The first `wanted` hits of the matches, which are in their order.
pub(super) fn build(
    engine: &Engine,
    found: &Found,
    query: &str,
    wanted: usize,
    order: Order,
) -> Result<Vec<Hit>> {
    let mut candidates = Vec::new();
    let mut all = Vec::with_capacity(found.matches.len());
    for (article, matched) in found.matches.iter().enumerate() {
        let occurrences = found.occurrences(engine, matched)?;
        candidates.extend(of_article(engine, found, article, matched, &occurrences)?);
        all.push(occurrences);
    }
    if order == Order::Relevance {
        candidates.sort_by_key(|c| (c.tier, Reverse(Score(c.score)), c.article, c.span.start));
    }
    candidates.truncate(wanted);
    // An article's record is read once for all its passages.
    let mut by_article: Vec<usize> = (0..candidates.len()).collect();
    by_article.sort_by_key(|&i| candidates[i].article);
    let mut hits: Vec<Option<Hit>> = candidates.iter().map(|_| None).collect();
    for group in by_article.chunk_by(|&a, &b| candidates[a].article == candidates[b].article) {
        let article = candidates[group[0]].article;
        let matched = &found.matches[article];
        let record = engine.record(matched.segment(), matched.document)?;
        let name = engine.article_name(&record)?;
        let page = Page::of(&record, found.searched());
        for &i in group {
            let candidate = &candidates[i];
            let occurrences = &all[article][candidate.occurrences.clone()];
            let hit = hit(&page, &name, query, candidate.span.clone(), occurrences);
            hits[i] = Some(Hit { rank: i + 1, score: round(candidate.score), ..hit });
        }
    }
    Ok(hits.into_iter().flatten().collect())
}

/// A score as it is printed.
pub(super) fn round(score: f32) -> f32 {
    (score * 1000.0).round() / 1000.0
}

fn of_article(
    engine: &Engine,
    found: &Found,
    article: usize,
    matched: &Match,
    all: &[Occurrence],
) -> Result<Vec<Candidate>> {
    let units = found.finder.units(&engine.index, matched.segment(), matched.document)?;
    let mut candidates = Vec::new();
    for (span, range) in by_paragraph(all, |at| paragraph_at(&units, at)) {
        let start = span.start;
        let occurrences = &all[range.clone()];
        let hits: Vec<_> =
            occurrences.iter().map(|o| o.start as usize - start..o.end as usize - start).collect();
        for passage in passage::passages(&units[span], &hits) {
            let inside = &occurrences[passage.hits.clone()];
            let mut keywords: Vec<u16> = inside.iter().map(|o| o.keyword).collect();
            keywords.sort_unstable();
            keywords.dedup();
            // What it shows of the query: how many keywords, then how often.
            let worth = keywords.len() as f32 + 1.0 - 1.0 / (1.0 + inside.len() as f32);
            candidates.push(Candidate {
                article,
                tier: tier(inside.iter()),
                score: worth,
                span: start + passage.span.start..start + passage.span.end,
                occurrences: range.start + passage.hits.start..range.start + passage.hits.end,
            });
        }
    }
    candidates.sort_by_key(|c| (c.tier, Reverse(Score(c.score)), c.span.start));
    let tier = matched.tier;
    let mut score = matched.score;
    for candidate in &mut candidates {
        candidate.score = score;
        candidate.tier = candidate.tier.max(tier);
        score *= FURTHER;
    }
    Ok(candidates)
}

/// A hit for the units `span` of a page, which lie in one paragraph.
pub(super) fn hit(
    page: &Page<'_>,
    name: &str,
    query: &str,
    span: Range<usize>,
    inside: &[Occurrence],
) -> Hit {
    let number = page.paragraph_at(span.start);
    let paragraph = page.layout.paragraphs[number];
    let span = span.start.max(paragraph.start)..span.end.min(paragraph.end);
    let shown = page.place(number, span.start, span.end);
    let text = &page.text(&paragraph)[shown.within.range()];
    let lead = text.len() - text.trim_start().len();
    let text = text.trim();
    let origin = shown.within.start() + lead;
    let mut ranges = Vec::new();
    for o in inside {
        let (from, to) = ((o.start as usize).max(span.start), (o.end as usize).min(span.end));
        if from < to {
            let units = &page.layout.units[from..to];
            let kind = page.kind(&page.place(number, from, to), units);
            ranges.push((from..to, if o.guessed { Kind::Restored } else { kind }));
        }
    }
    let highlights = passage::merge(&ranges, Kind::max).into_iter().map(|(range, kind)| {
        let place = page.place(number, range.start, range.end);
        let raw = place.decoded.map(|decoded| page.raw(decoded));
        let start = text[..place.within.start() - origin].chars().count();
        let length = text[place.within.start() - origin..place.within.end() - origin].chars().count();
        Highlight {
            start,
            end: start + length,
            raw_start: raw.map(|r| r.start()),
            raw_end: raw.map(|r| r.end()),
            kind,
        }
    });
    let highlights = highlights.collect();
    let record = page.record;
    Hit {
        query: query.to_owned(),
        rank: 0,
        score: 0.0,
        about: about(record, name),
        zone: paragraph.zone.name(),
        line: shown.decoded.map(|decoded| page.line(decoded)),
        text: text.to_owned(),
        highlights,
        url: record.url.clone(),
        meta: record.extra.clone(),
    }
}

/// What output says of an article.
pub(super) fn about(record: &Record, name: &str) -> About {
    let dating = record.facets.dating.as_ref();
    About {
        article: name.to_owned(),
        path: record.path.clone(),
        source: record.source().map(Into::into),
        title: record.title.clone(),
        date: dating.and_then(|d| d.date()),
        year: dating.map(|d| d.year),
        districts: record.districts().map(Into::into).collect(),
    }
}
