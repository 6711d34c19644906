//! Best match: any of the words, the most relevant article first.
//!
//! The query is cut into terms without a dictionary ([`terms`]); grams give the articles that
//! may be worth reading; a few hundred are read ([`places`]) and scored ([`score`]), and each
//! hit shows the passage where most of the query stands close together. The recipe and its
//! constants were measured on judged question sets (CMRC 2018, DRCD); see ARCHITECTURE.md.

mod places;
mod score;
mod terms;

use super::engine::Engine;
use super::filter::Filter;
use super::find::{Finder, Occurrence, Searched, paragraph_at};
use super::rank::{Score, collection, idf};
use super::request::{Filters, SearchRequest};
use super::response::{Hit, SummaryFacets};
use super::{facets, hits, page};
use crate::error::Result;
use crate::index::OpenIndex;
use crate::index::literal::{Document, Extent, LiteralReader, Needle, pair, single};
use crate::passage;
use crate::query::Query;
use places::{Place, Terms};
use score::Scorer;
use std::cmp::Reverse;
use std::ops::Range;
use terms::Term;

/// Articles whose text is read to score them, when no more are asked for. With 30 instead of
/// 2,000 the measured questions lost 0.0005 at most, with 100 nothing; longer articles differ
/// more in how often a term stands in them.
const READ: usize = 300;

/// What best match found.
pub(super) struct Best {
    pub hits: Vec<Hit>,
    /// Articles that hold a pair or a run of the query.
    pub articles: usize,
    pub facets: SummaryFacets,
}

pub(super) fn search(
    engine: &Engine,
    query: &Query,
    request: &SearchRequest,
    filter: &Filter,
) -> Result<Best> {
    let index = &engine.index;
    let scorer = scorer(index, query);
    let reader = Reader {
        index,
        finder: Finder::new(query, &Filters { as_written: false, ..request.filters.clone() }),
        no_restored: request.filters.no_restored,
    };
    let mut candidates = candidates(index, filter, &scorer, reader.finder.extent());
    if request.filters.no_restored {
        drop_guessed(&reader, &scorer, &mut candidates)?;
    }
    let articles = candidates.len();
    let facets = facets::documents_summary(index, candidates.iter().map(|c| (c.segment, c.document)))?;
    let wanted = match request.limit {
        0 => usize::MAX,
        limit => request.offset.saturating_add(limit),
    };
    promising(&mut candidates, READ.max(wanted));
    let mut ranked = Vec::with_capacity(candidates.len());
    let mut places = Vec::new();
    for c in candidates {
        let article = reader.read(c.segment, c.document)?;
        article.places(&scorer.terms, &mut places);
        let title = &article.units[..article.text.title_end().min(article.units.len())];
        if let Some(score) = scorer.score(&article.units, title, &places) {
            ranked.push((Score(score), c.segment, c.document));
        }
    }
    ranked.sort_by_key(|&(score, segment, document)| (Reverse(score), segment, document));
    let mut hits: Vec<(Score, Hit)> = Vec::new();
    // Equal scores are put in order by the articles' names once these are read.
    for (score, segment, document) in ranked {
        if hits.len() >= wanted && hits.last().is_some_and(|(s, _)| *s != score) {
            break;
        }
        let record = engine.record(segment, document)?;
        let name = engine.article_name(&record)?;
        let article = reader.read(segment, document)?;
        let page = page::Page::of(&record, Searched::Folded);
        let Some((span, inside)) = passage(&article, &scorer) else { continue };
        hits.push((score, hits::hit(&page, &name, &request.query, span, &inside)));
    }
    hits.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.about.article.cmp(&b.1.about.article)));
    let hits = hits.into_iter().enumerate().skip(request.offset).take(wanted - request.offset);
    let hits =
        hits.map(|(i, (score, hit))| Hit { rank: i + 1, score: hits::round(score.0), ..hit }).collect();
    Ok(Best { hits, articles, facets })
}

/// The query's terms and what each weighs in this collection.
fn scorer(index: &OpenIndex, query: &Query) -> Scorer {
    let terms = terms::terms(query);
    let (n, average) = collection(index);
    let weight = |term: &Term| match index.literal.iter().map(|l| frequency(l, term)).sum::<f32>() {
        0.0 => 0.0,
        articles => term.weight * idf(n, articles),
    };
    let weights = terms.iter().map(weight).collect();
    Scorer::new(query, Terms::new(terms), weights, average)
}

/// How many texts are looked at to tell how many articles hold a run of letters.
const SAMPLE: usize = 64;

/// How many documents of a segment hold a term: exact for one and two units, else the share of
/// a sample of those that hold all its pairs. (`Bungie` by its most frequent pair `un` would
/// weigh nothing.)
fn frequency(literal: &LiteralReader, term: &Term) -> f32 {
    let extent = Extent::Body;
    match *term.units.as_slice() {
        [one] => literal.frequency(single(one)) as f32,
        [one, two] if let Some(gram) = pair(one, two) => literal.frequency(gram) as f32,
        _ => {
            let candidates = literal.candidates(&term.units, extent);
            let needle = Needle::new(&term.units);
            let step = candidates.len().div_ceil(SAMPLE).max(1);
            let sample = candidates.iter().step_by(step);
            let holds =
                |d: &&u32| literal.document(**d).is_ok_and(|text| text.holds(&needle, text.body_end()));
            match sample.filter(holds).count() {
                // Those that were not looked at may hold it.
                0 if step > 1 => 1.0,
                found => (found * step) as f32,
            }
        }
    }
}

/// An article that holds a term which finds it.
struct Candidate {
    segment: usize,
    document: u32,
    /// What the terms that find it would score at one occurrence each. (The others, single
    /// characters mostly, have long lists, and change nothing in which articles are worth reading:
    /// with them the judged questions were answered no better.)
    estimate: f32,
}

/// All candidates, in the index's order.
fn candidates(index: &OpenIndex, filter: &Filter, scorer: &Scorer, extent: Extent) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (segment, literal) in index.literal.iter().enumerate() {
        let mut sums = vec![0.0f32; literal.documents() as usize];
        let terms = scorer.terms.all.iter().zip(&scorer.weights);
        for (term, &weight) in terms.filter(|(term, weight)| term.finds && **weight > 0.0) {
            literal.each_candidate(&term.units, extent, |document| sums[document as usize] += weight);
        }
        for (document, sum) in sums.into_iter().enumerate().filter(|(_, sum)| *sum > 0.0) {
            let document = document as u32;
            if filter.accepts(segment, document) {
                let estimate = scorer.at_least(sum, literal.body_units(document) as f32);
                candidates.push(Candidate { segment, document, estimate });
            }
        }
    }
    candidates
}

/// Keeps the `wanted` candidates of the highest estimates, and those level with the last of them:
/// which of these are read must not depend on how the index was made.
fn promising(candidates: &mut Vec<Candidate>, wanted: usize) {
    if (1..candidates.len()).contains(&wanted) {
        let (_, last, _) = candidates.select_nth_unstable_by_key(wanted - 1, |c| Reverse(Score(c.estimate)));
        let least = last.estimate;
        candidates.retain(|c| c.estimate >= least);
    }
}

/// Drops articles that hold only guesses of the terms that find articles.
fn drop_guessed(reader: &Reader<'_>, scorer: &Scorer, candidates: &mut Vec<Candidate>) -> Result<()> {
    let mut places = Vec::new();
    let mut kept = Vec::with_capacity(candidates.len());
    for c in candidates.drain(..) {
        let article = reader.read(c.segment, c.document)?;
        if article.text.has_guesses() {
            article.places(&scorer.terms, &mut places);
            if !places.iter().any(|p| scorer.terms.all[p.term as usize].finds) {
                continue;
            }
        }
        kept.push(c);
    }
    *candidates = kept;
    Ok(())
}

/// Reads articles as the request searches them.
struct Reader<'a> {
    index: &'a OpenIndex,
    finder: Finder,
    no_restored: bool,
}

/// An article's text.
struct Article<'a> {
    text: Document<'a>,
    /// The units that the zone filter leaves.
    units: Vec<u16>,
    /// Positions that count as if nothing stood there: guesses, where the filters leave them out.
    without: Vec<u32>,
}

impl<'a> Reader<'a> {
    fn read(&self, segment: usize, document: u32) -> Result<Article<'a>> {
        let index: &'a OpenIndex = self.index;
        let text = index.literal[segment].document(document).map_err(crate::index::unreadable)?;
        let mut units = text.to_units();
        units.truncate(self.finder.end(text.body_end(), text.page_end()));
        let without = if self.no_restored { text.guessed() } else { Vec::new() };
        Ok(Article { text, units, without })
    }
}

impl Article<'_> {
    /// All places of the terms, instead of what `into` held.
    fn places(&self, terms: &Terms, into: &mut Vec<Place>) {
        into.clear();
        terms.places(&self.units, &self.without, into);
    }
}

/// The passage that shows most of the query close together, and what is highlighted in it.
///
/// Only pairs and runs count, since single characters anywhere (`产` and `生` beside each other)
/// say nothing to a reader; and the body, since the title is printed with every hit. Where there
/// is nothing better, what there is.
fn passage(article: &Article<'_>, scorer: &Scorer) -> Option<(Range<usize>, Vec<Occurrence>)> {
    let mut places = Vec::new();
    article.places(&scorer.terms, &mut places);
    let finds = |p: &Place| scorer.terms.all[p.term as usize].finds;
    let in_body = |p: &Place| p.start as usize >= article.text.title_end();
    for better in [&finds as &dyn Fn(&Place) -> bool, &in_body] {
        if places.iter().any(better) {
            places.retain(better);
        }
    }
    let window = scorer.window(&places)?;
    let worth = |within: &[Place]| Score(places::worth(within.iter(), &scorer.weights));
    let of_window = |p: &Place| p.start >= window.start && p.end <= window.end;
    // A window may reach over a paragraph's end.
    let inside: Vec<Place> = places.iter().copied().filter(of_window).collect();
    let of_paragraph = |p: &Place| paragraph_at(&article.units, p.start as usize).start;
    let best = inside.chunk_by(|a, b| of_paragraph(a) == of_paragraph(b)).rev().max_by_key(|c| worth(c));
    let paragraph = paragraph_at(&article.units, best.map_or(window.start, |c| c[0].start) as usize);
    places.retain(|p| paragraph.contains(&(p.start as usize)));
    let hits: Vec<_> =
        places.iter().map(|p| p.start as usize - paragraph.start..p.end as usize - paragraph.start).collect();
    let passages = passage::passages(&article.units[paragraph.clone()], &hits);
    let shown = passages.iter().rev().max_by_key(|p| {
        let hits = &places[p.hits.clone()];
        let near: Vec<Place> = hits.iter().filter(|p| of_window(p)).copied().collect();
        (worth(&near), worth(hits))
    })?;
    let guessed = article.text.guessed();
    let shown_places = places[shown.hits.clone()].iter();
    let inside =
        shown_places.map(|p| Occurrence::in_page(&article.text, p.start, p.end, p.term, &guessed)).collect();
    Some((paragraph.start + shown.span.start..paragraph.start + shown.span.end, inside))
}
