//! Best match: any of the words, the most relevant article first.
//!
//! The query is cut into terms without a dictionary: pairs of neighbouring Han characters and the
//! single characters, and runs of letters or digits whole; never a punctuation mark. Articles are
//! scored by BM25 over the terms in title and body; the best hundred are scored again by their
//! best window of thirty characters, which also gives the passage. Function and question words
//! weigh half, as do pairs with one of them. The recipe and its constants were measured on judged
//! question sets (CMRC 2018, DRCD and others); see ARCHITECTURE.md.

use super::engine::Engine;
use super::filter::Filter;
use super::find::{Finder, Occurrence, part_at};
use super::rank::{B, CLOSENESS, K1, Score, WINDOW, collection, idf};
use super::request::{Filters, SearchRequest};
use super::response::{Hit, SummaryFacets};
use super::{facets, hits, page};
use crate::error::Result;
use crate::index::OpenIndex;
use crate::index::literal::{Document, Gram, pair, single};
use crate::passage;
use crate::query::Query;
use crate::text::fold::is_han;
use std::cmp::Reverse;

/// Articles whose text is read to score them.
const READ: usize = 2000;

/// Articles that are scored again by their best window.
const WINDOWS: usize = 100;

/// What best match found.
pub(super) struct Best {
    pub hits: Vec<Hit>,
    /// Articles that hold a pair or a run of the query.
    pub articles: usize,
    pub facets: SummaryFacets,
}

/// A term of the query.
struct Term {
    units: Vec<u16>,
    /// Articles that hold it are found; single characters only add to their score.
    finds: bool,
    weight: f32,
}

/// Function and question words, in search form: half weight.
const FUNCTION_CHARS: &str =
    "的了在是和与及或而之于以为其这那有不也就都被把对从到个们么吗呢吧啊哪谁几何怎多少请问";
/// Characters that hardly ever belong to a word with a neighbour: `南的`, `的新`.
const PARTICLES: &str = "的了吗呢吧";
const FUNCTION_PAIRS: [&str; 24] = [
    "什么", "哪里", "哪些", "哪个", "哪儿", "哪年", "哪种", "哪位", "怎么", "怎样", "如何", "为何", "多少",
    "几个", "是谁", "是否", "有何", "以及", "还是", "因为", "所以", "可以", "我们", "他们",
];

fn terms(query: &Query) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut add = |units: Vec<u16>, finds: bool, half: bool| {
        if !terms.iter().any(|t| t.units == units) {
            terms.push(Term { units, finds, weight: if half { 0.5 } else { 1.0 } });
        }
    };
    let encode = |chars: &[char]| chars.iter().collect::<String>().encode_utf16().collect::<Vec<u16>>();
    for literal in query.literals() {
        let chars: Vec<char> = literal.folded().chars().collect();
        let kind = |c: &char| if is_han(*c) { 2 } else { c.is_alphanumeric() as u8 };
        for run in chars.chunk_by(|a, b| kind(a) == kind(b)) {
            match kind(&run[0]) {
                2 => {
                    for c in run {
                        add(encode(&[*c]), false, FUNCTION_CHARS.contains(*c));
                    }
                    for two in run.windows(2) {
                        let text: String = two.iter().collect();
                        let function = FUNCTION_PAIRS.contains(&text.as_str())
                            || two.iter().all(|c| FUNCTION_CHARS.contains(*c))
                            || two.iter().any(|c| PARTICLES.contains(*c));
                        let half = function || two.iter().any(|c| FUNCTION_CHARS.contains(*c));
                        add(encode(two), !function, half);
                    }
                }
                1 => add(encode(run), true, false),
                _ => {}
            }
        }
    }
    if !terms.iter().any(|t| t.finds) {
        // Nothing but single characters or function words: let them find.
        terms.iter_mut().for_each(|t| t.finds = t.units.len() > 1);
    }
    terms
}

/// The grams that stand for a term among the candidates.
fn grams(term: &Term) -> Vec<Gram> {
    match term.units.as_slice() {
        [one] => vec![single(*one)],
        many => many.windows(2).map(|w| pair(w[0], w[1])).collect(),
    }
}

pub(super) fn search(
    engine: &Engine,
    query: &Query,
    request: &SearchRequest,
    filter: &Filter,
) -> Result<Best> {
    let index = &engine.index;
    let terms = terms(query);
    let finder = Finder::new(query, &Filters { as_written: false, ..request.filters.clone() });
    let (n, average) = collection(index);
    let weights: Vec<f32> = terms
        .iter()
        .map(|term| {
            let df: u32 = index
                .literal
                .iter()
                .map(|l| grams(term).into_iter().map(|g| l.frequency(g)).min().unwrap_or(0))
                .sum();
            if df == 0 { 0.0 } else { term.weight * idf(n, df as f32) }
        })
        .collect();
    let mut candidates = candidates(index, filter, &terms, &weights, average);
    // Where the filters leave out guesses, their positions count as if nothing stood there.
    let without = |text: &Document<'_>| if request.filters.no_restored { text.guessed() } else { Vec::new() };
    if request.filters.no_restored {
        for c in candidates.iter_mut().filter(|c| c.finds) {
            let text = read(index, c.segment, c.document)?;
            if text.has_guesses() {
                let places = places(&searched(&text, &finder), &terms, &without(&text));
                c.finds = terms.iter().zip(places).any(|(term, at)| term.finds && !at.is_empty());
            }
        }
    }
    let found: Vec<_> = candidates.iter().filter(|c| c.finds).map(|c| (c.segment, c.document)).collect();
    let articles = found.len();
    let facets = facets::documents_summary(index, found.into_iter())?;
    let mut scored = Vec::new();
    for c in candidates.into_iter().filter(|c| c.finds).take(READ) {
        let text = read(index, c.segment, c.document)?;
        let units = searched(&text, &finder);
        let places = places(&units, &terms, &without(&text));
        let norm = K1 * (1.0 - B + B * units.len() as f32 / average.max(1.0));
        let score: f32 = places
            .iter()
            .zip(&weights)
            .map(|(at, weight)| weight * at.len() as f32 / (at.len() as f32 + norm))
            .sum();
        scored.push((Score(score), c.segment, c.document));
    }
    scored.sort_by_key(|&(score, segment, document)| (Reverse(score), segment, document));
    scored.truncate(WINDOWS.max(match request.limit {
        0 => usize::MAX,
        limit => request.offset.saturating_add(limit),
    }));
    let mut ranked = Vec::new();
    for (score, segment, document) in scored {
        let text = read(index, segment, document)?;
        let units = searched(&text, &finder);
        let window = best_window(&places(&units, &terms, &without(&text)), &weights);
        ranked.push((Score(score.0 + CLOSENESS * window.worth), segment, document, window));
    }
    ranked.sort_by_key(|r| Reverse(r.0));
    let mut hits = Vec::new();
    let wanted = if request.limit == 0 { usize::MAX } else { request.limit };
    // Equal scores are put in order by the articles' names once these are read.
    for (score, segment, document, window) in ranked {
        if hits.len() >= request.offset.saturating_add(wanted)
            && hits.last().is_some_and(|(s, _)| *s != score)
        {
            break;
        }
        let record = engine.record(segment, document)?;
        let name = engine.article_name(&record)?;
        let text = read(index, segment, document)?;
        let units = searched(&text, &finder);
        let found = highlights(&text, &units, &terms, &weights, window.from, &without(&text));
        let page = page::Page::of(&record, super::find::Searched::Folded);
        let Some((span, inside)) = passage_at(&units, window.from, &found) else { continue };
        hits.push((score, hits::hit(&page, &name, &request.query, span, inside)));
    }
    hits.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.article.cmp(&b.1.article)));
    let hits = hits.into_iter().enumerate().skip(request.offset).take(wanted);
    let hits =
        hits.map(|(i, (score, hit))| Hit { rank: i + 1, score: hits::round(score.0), ..hit }).collect();
    Ok(Best { hits, articles, facets })
}

struct Candidate {
    segment: usize,
    document: u32,
    finds: bool,
    bound: f32,
}

/// Articles that hold any term, by what their terms would score at one occurrence each.
fn candidates(
    index: &OpenIndex,
    filter: &Filter,
    terms: &[Term],
    weights: &[f32],
    average: f32,
) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (segment, literal) in index.literal.iter().enumerate() {
        let mut sums = vec![(0.0f32, false); literal.documents() as usize];
        for (term, &weight) in terms.iter().zip(weights).filter(|(_, w)| **w > 0.0) {
            for document in literal.candidates(&term.units) {
                let sum = &mut sums[document as usize];
                sum.0 += weight;
                sum.1 |= term.finds;
            }
        }
        for (document, (sum, finds)) in sums.into_iter().enumerate().filter(|(_, s)| s.0 > 0.0) {
            let document = document as u32;
            if filter.accepts(segment, document) {
                let length = literal.body_units(document) as f32;
                let bound = sum / (1.0 + K1 * (1.0 - B + B * length / average.max(1.0)));
                candidates.push(Candidate { segment, document, finds, bound });
            }
        }
    }
    candidates.sort_by_key(|c| (Reverse(Score(c.bound)), c.segment, c.document));
    candidates
}

fn read(index: &OpenIndex, segment: usize, document: u32) -> Result<Document<'_>> {
    index.literal[segment].document(document).map_err(crate::index::unreadable)
}

/// The units that the zone filter leaves.
fn searched(text: &Document<'_>, finder: &Finder) -> Vec<u16> {
    let mut units = text.to_units();
    units.truncate(finder.end(text.body_end(), text.page_end()));
    units
}

/// For each term, where it stands, but for places that touch a position of `without` (ascending).
fn places(units: &[u16], terms: &[Term], without: &[u32]) -> Vec<Vec<u32>> {
    let mut places = vec![Vec::new(); terms.len()];
    let mut first: Vec<(u16, usize)> = terms.iter().enumerate().map(|(t, term)| (term.units[0], t)).collect();
    first.sort_unstable();
    for (at, unit) in units.iter().enumerate() {
        let from = first.partition_point(|(u, _)| u < unit);
        for &(_, t) in first[from..].iter().take_while(|(u, _)| u == unit) {
            let end = at + terms[t].units.len();
            let touched = || {
                let next = without.partition_point(|&w| (w as usize) < at);
                without.get(next).is_some_and(|&w| (w as usize) < end)
            };
            if units[at..].starts_with(&terms[t].units) && !touched() {
                places[t].push(at as u32);
            }
        }
    }
    places
}

/// A window of an article.
struct Window {
    from: usize,
    worth: f32,
}

/// The window that holds the most weight of distinct terms; the first of equal ones.
fn best_window(places: &[Vec<u32>], weights: &[f32]) -> Window {
    let mut all: Vec<(u32, usize)> =
        places.iter().enumerate().flat_map(|(t, at)| at.iter().map(move |&at| (at, t))).collect();
    all.sort_unstable();
    let mut best = Window { from: all.first().map_or(0, |a| a.0 as usize), worth: 0.0 };
    let mut inside = vec![0u32; places.len()];
    let (mut worth, mut left) = (0.0, 0);
    for &(at, term) in &all {
        inside[term] += 1;
        if inside[term] == 1 {
            worth += weights[term];
        }
        while at - all[left].0 > WINDOW {
            let term = all[left].1;
            inside[term] -= 1;
            if inside[term] == 0 {
                worth -= weights[term];
            }
            left += 1;
        }
        if worth > best.worth + 1e-6 {
            best = Window { from: all[left].0 as usize, worth };
        }
    }
    best
}

/// What is highlighted in the paragraph of the best window: pairs and runs, and single
/// characters only where nothing better stands.
fn highlights(
    text: &Document<'_>,
    units: &[u16],
    terms: &[Term],
    weights: &[f32],
    at: usize,
    without: &[u32],
) -> Vec<Occurrence> {
    let (start, end) = paragraph(units, at);
    let guessed = text.guessed();
    let here = without.iter().filter(|w| (start..end).contains(&(**w as usize)));
    let here: Vec<u32> = here.map(|w| w - start as u32).collect();
    let places = places(&units[start..end], terms, &here);
    let mut found = Vec::new();
    for (t, term) in terms.iter().enumerate().filter(|(t, term)| term.finds && weights[*t] > 0.0) {
        for &place in &places[t] {
            let (from, to) = (start as u32 + place, start as u32 + place + term.units.len() as u32);
            found.push(Occurrence {
                start: from,
                end: to,
                keyword: t as u16,
                part: part_at(from as usize, text.title_end(), text.body_end()),
                word: text.is_boundary(from as usize) && text.is_boundary(to as usize),
                guessed: guessed.iter().any(|g| (from..to).contains(g)),
            });
        }
    }
    found.sort_unstable_by_key(|o| (o.start, o.end, o.keyword));
    found
}

fn paragraph(units: &[u16], at: usize) -> (usize, usize) {
    let is_break = |u: &u16| *u == b'\n' as u16;
    let start = units[..at].iter().rposition(is_break).map_or(0, |i| i + 1);
    let end = units[at..].iter().position(is_break).map_or(units.len(), |i| at + i);
    (start, end)
}

/// The passage of a paragraph that shows a window, and the occurrences inside it.
fn passage_at<'a>(
    units: &[u16],
    at: usize,
    found: &'a [Occurrence],
) -> Option<(std::ops::Range<usize>, &'a [Occurrence])> {
    let (start, end) = paragraph(units, at);
    let hits: Vec<_> = found.iter().map(|o| o.start as usize - start..o.end as usize - start).collect();
    let window = at - start;
    let passages = passage::passages(&units[start..end], &hits);
    let passage = passages
        .iter()
        .find(|p| p.span.contains(&window))
        .or_else(|| passages.iter().find(|p| p.span.start >= window))
        .or(passages.last())?;
    Some((start + passage.span.start..start + passage.span.end, &found[passage.hits.clone()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms_of(query: &str) -> Vec<(String, bool, f32)> {
        let query = crate::query::parse(query).expect("a query");
        terms(&query).into_iter().map(|t| (String::from_utf16_lossy(&t.units), t.finds, t.weight)).collect()
    }

    #[test]
    fn terms_are_pairs_characters_and_runs() {
        let terms = terms_of("济南在哪里，BYD？");
        let has = |text: &str, finds, weight| terms.contains(&(text.to_owned(), finds, weight));
        assert!(has("济南", true, 1.0) && has("济", false, 1.0) && has("byd", true, 1.0));
        assert!(has("哪里", false, 0.5) && has("在", false, 0.5));
        assert!(terms.iter().all(|t| !t.0.contains([',', '?'])));
    }

    #[test]
    fn a_single_character_finds_nothing() {
        assert!(terms_of("迪").iter().all(|t| !t.1));
    }

    #[test]
    fn windows() {
        let window = best_window(&[vec![0, 100], vec![110], vec![200]], &[1.0, 1.0, 1.5]);
        assert_eq!((window.from, window.worth), (100, 2.0));
    }
}
