//! An open index and the questions it takes.

use super::filter::Filter;
use super::find::{Finder, Match, Occurrence, Searched};
use super::request::{Filters, Level, Mode, Order, SearchRequest, ZoneFilter};
use super::response::*;
use super::{best, facets, hits, kwic, rank, verify};
use crate::error::{Error, Result};
use crate::index::{OpenIndex, Record};
use crate::query::{self, Query};
use std::path::Path;
use std::time::Instant;

/// An index opened for questions. Stays at the commit at which it was opened.
#[derive(Debug)]
pub struct Engine {
    pub(super) index: OpenIndex,
}

/// The matches of a query, and how it was read.
pub(super) struct Found {
    pub query: Query,
    pub finder: Finder,
    pub matches: Vec<Match>,
}

impl Engine {
    /// Opens the index at `dir`. Loads no dictionary.
    ///
    /// # Errors
    /// When there is no index, or it is damaged or of another version.
    pub fn open(dir: &Path) -> Result<Engine> {
        Ok(Engine { index: OpenIndex::open(dir)? })
    }

    /// Articles in the index.
    pub fn articles(&self) -> usize {
        self.index.searcher.num_docs() as usize
    }

    /// Ranked passages.
    ///
    /// # Errors
    /// When the query or a filter can't be read, or the index is damaged.
    pub fn search(&self, request: &SearchRequest) -> Result<Response> {
        let mut response = self.search_today(request)?;
        if let Some(year) = request.filters.as_of {
            self.as_of(year, response.hits.iter_mut().map(|h| &mut h.about))?;
            self.summary_as_of(year, &mut response.summary.facets);
        }
        Ok(response)
    }

    /// With the places as they are today.
    fn search_today(&self, request: &SearchRequest) -> Result<Response> {
        let start = Instant::now();
        let mut notes = Vec::new();
        let filter = Filter::new(&self.index, &request.filters, &mut notes)?;
        if request.mode != Mode::Best {
            let found = self.find(&request.query, &request.filters, &filter)?;
            if !found.matches.is_empty() || request.mode == Mode::Keyword {
                if found.matches.is_empty() {
                    self.note_outside(&request.query, &request.filters, &mut notes)?;
                }
                return self.keyword_response(request, found, notes, start);
            }
        }
        let query = parse(&request.query)?;
        let found = best::search(self, &query, request, &filter)?;
        let fallback = request.mode == Mode::Auto;
        if fallback && !found.hits.is_empty() {
            let (what, those) = match query.literals().len() {
                1 => ("the keyword", "parts of it"),
                _ => ("all the keywords", "some of them"),
            };
            notes.push(format!("no article holds {what}; showing the best match for {those}"));
        }
        if found.hits.is_empty() || fallback {
            self.note_outside(&request.query, &request.filters, &mut notes)?;
        }
        let summary = Summary {
            query: request.query.clone(),
            mode: "best",
            articles: found.articles,
            passages: None,
            occurrences: None,
            restored_articles: 0,
            restored: 0,
            returned: found.hits.len(),
            facets: found.facets,
            took_ms: millis(start),
            notes,
        };
        Ok(Response { summary, hits: found.hits })
    }

    fn keyword_response(
        &self,
        request: &SearchRequest,
        mut found: Found,
        notes: Vec<String>,
        start: Instant,
    ) -> Result<Response> {
        let count = self.tally(&request.query, &found);
        let counted = facets::summary(&self.index, found.matches.iter().filter(|m| m.certain))?;
        let wanted = match request.limit {
            0 => usize::MAX,
            limit => request.offset.saturating_add(limit),
        };
        let order = rank::Sorting::new(&self.index, request.order)?;
        order.top(&mut found.matches, wanted)?;
        let mut hits = hits::build(self, &found, &request.query, wanted, request.order)?;
        hits.drain(..request.offset.min(hits.len()));
        let summary = Summary {
            query: request.query.clone(),
            mode: "keyword",
            articles: count.articles,
            passages: Some(count.passages),
            occurrences: Some(count.occurrences),
            restored_articles: count.restored_articles,
            restored: count.restored,
            returned: hits.len(),
            facets: counted,
            took_ms: millis(start),
            notes,
        };
        Ok(Response { summary, hits })
    }

    /// Exact counts.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub fn count(&self, query: &str, filters: &Filters) -> Result<Count> {
        let mut notes = Vec::new();
        let filter = Filter::new(&self.index, filters, &mut notes)?;
        let found = self.find(query, filters, &filter)?;
        let mut count = self.tally(query, &found);
        if count.articles == 0 {
            self.note_outside(query, filters, &mut notes)?;
        }
        count.notes = notes;
        Ok(count)
    }

    fn tally(&self, query: &str, found: &Found) -> Count {
        let mut count = Count {
            query: query.to_owned(),
            articles: 0,
            passages: 0,
            occurrences: 0,
            restored_articles: 0,
            restored: 0,
            notes: Vec::new(),
        };
        for matched in &found.matches {
            count.restored += matched.guessed as usize;
            if matched.certain {
                count.articles += 1;
                count.passages += matched.passages as usize;
                count.occurrences += matched.occurrences as usize;
            } else {
                count.restored_articles += 1;
            }
        }
        count
    }

    /// Counts by facet value; without a query, of all articles that pass the filters.
    ///
    /// # Errors
    /// As [`Engine::search`], and when a facet does not exist.
    pub fn facets(&self, query: Option<&str>, by: &[String], filters: &Filters) -> Result<FacetTable> {
        self.facets_at(query, by, Level::Told, filters)
    }

    /// [`Engine::facets`], with the places counted at a level.
    ///
    /// # Errors
    /// As there.
    pub fn facets_at(
        &self,
        query: Option<&str>,
        by: &[String],
        level: Level,
        filters: &Filters,
    ) -> Result<FacetTable> {
        let mut notes = Vec::new();
        let reading = facets::Reading { level, as_of: filters.as_of, confidence: filters.confidence };
        let filter = Filter::new(&self.index, filters, &mut notes)?;
        let table = match query {
            Some(text) => {
                let found = self.find(text, filters, &filter)?;
                let certain = found.matches.iter().filter(|m| m.certain);
                let counted = certain.map(|m| ((m.segment(), m.document), Some(m.occurrences as usize)));
                facets::table(&self.index, by, reading, counted)?
            }
            None => {
                let all = (0..self.index.literal.len())
                    .flat_map(|segment| self.index.living(segment).map(move |document| (segment, document)))
                    .filter(|&(segment, document)| filter.accepts(segment, document));
                facets::table(&self.index, by, reading, all.map(|at| (at, None)))?
            }
        };
        if let (Some(text), 0) = (query, table.articles) {
            self.note_outside(text, filters, &mut notes)?;
        }
        Ok(FacetTable { query: query.map(Into::into), notes, ..table })
    }

    /// Every occurrence in its context. `width` characters on each side.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub fn kwic(
        &self,
        query: &str,
        filters: &Filters,
        width: usize,
        sort: kwic::Sort,
    ) -> Result<Concordance> {
        let mut notes = Vec::new();
        let filter = Filter::new(&self.index, filters, &mut notes)?;
        let mut found = self.find(query, filters, &filter)?;
        let order = rank::Sorting::new(&self.index, Order::Date)?;
        order.by_date_then_name(&mut found.matches, sort == kwic::Sort::Date)?;
        let mut lines = kwic::lines(self, query, &found, width, sort)?;
        if let Some(year) = filters.as_of {
            self.as_of(year, lines.iter_mut().map(|l| &mut l.about))?;
        }
        if lines.is_empty() {
            self.note_outside(query, filters, &mut notes)?;
        }
        Ok(Concordance { lines, notes })
    }

    /// Reads every stored article and compares what a scan finds with what the index answers.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub fn verify(&self, query: &str, filters: &Filters) -> Result<Verification> {
        let filter = Filter::new(&self.index, filters, &mut Vec::new())?;
        let found = self.find(query, filters, &filter)?;
        verify::compare(self, query, filters, &filter, &found)
    }

    pub(super) fn find(&self, text: &str, filters: &Filters, filter: &Filter) -> Result<Found> {
        let query = parse(text)?;
        let finder = Finder::new(&query, filters);
        let matches = finder.find(&self.index, filter)?;
        Ok(Found { query, finder, matches })
    }

    /// Says so when what was not found in titles and bodies stands elsewhere on the pages.
    fn note_outside(&self, query: &str, filters: &Filters, notes: &mut Vec<String>) -> Result<()> {
        if filters.zone == ZoneFilter::All {
            return Ok(());
        }
        let wider = Filters { zone: ZoneFilter::All, ..filters.clone() };
        let filter = Filter::new(&self.index, &wider, &mut Vec::new())?;
        let found = self.find(query, &wider, &filter)?;
        let articles = found.matches.iter().filter(|m| m.certain).count();
        if articles > 0 {
            let s = if articles == 1 { "" } else { "s" };
            notes.push(format!(
                "{articles} article{s} match{} outside the article body (navigation, advertisements, unrelated \
                 posts); see them with --zone all",
                if articles == 1 { "es" } else { "" }
            ));
        }
        Ok(())
    }

    /// The stored article behind a match.
    pub(super) fn record(&self, segment: usize, document: u32) -> Result<Record> {
        self.index.record(segment, document)
    }

    /// What output calls an article: its own id unless another article has the same.
    ///
    /// # Errors
    /// When the index is damaged.
    pub(super) fn article_name(&self, record: &Record) -> Result<String> {
        let Some(id) = &record.id else { return Ok(record.name()) };
        let same = self.with_id(id)?;
        if same.len() < 2 {
            return Ok(id.clone());
        }
        let in_file = self.with_term(self.index.fields.path, &record.path)?;
        match (same.iter().filter(|place| in_file.contains(place)).count(), record.record) {
            (2.., Some(number)) => Ok(format!("{}:{number}", record.long_name())),
            _ => Ok(record.long_name()),
        }
    }

    /// Places of the living articles with an id.
    pub(super) fn with_id(&self, id: &str) -> Result<Vec<(usize, u32)>> {
        self.with_term(self.index.fields.id, id)
    }

    pub(super) fn with_term(&self, field: tantivy::schema::Field, value: &str) -> Result<Vec<(usize, u32)>> {
        use tantivy::DocSet;
        let term = tantivy::Term::from_field_text(field, value);
        let mut places = Vec::new();
        for (segment, reader) in self.index.searcher.segment_readers().iter().enumerate() {
            let postings = reader
                .inverted_index(field)
                .and_then(|i| Ok(i.read_postings(&term, tantivy::schema::IndexRecordOption::Basic)?))
                .map_err(crate::index::unreadable)?;
            let Some(mut postings) = postings else { continue };
            while postings.doc() != tantivy::TERMINATED {
                if !reader.is_deleted(postings.doc()) {
                    places.push((segment, postings.doc()));
                }
                postings.advance();
            }
        }
        Ok(places)
    }
}

pub(super) fn parse(text: &str) -> Result<Query> {
    query::parse(text).map_err(|e| Error::Usage(e.to_string()))
}

fn millis(start: Instant) -> f64 {
    (start.elapsed().as_secs_f64() * 1e5).round() / 100.0
}

impl Found {
    /// Where the keywords of a match stand.
    pub fn occurrences(&self, engine: &Engine, matched: &Match) -> Result<Vec<Occurrence>> {
        let all = self.finder.occurrences(&engine.index, matched.segment(), matched.document)?;
        Ok(all.unwrap_or_default())
    }

    /// What was searched: the folded text, or the text as written.
    pub fn searched(&self) -> Searched {
        self.finder.searched
    }
}
