//! What the index holds, whether it is whole, how a query is read, and single articles.

use super::engine::{Engine, parse};
use super::facets;
use super::filter::Filter;
use super::find::Match;
use super::request::Filters;
use crate::error::{Error, Result};
use crate::index::literal::{self, grams};
use crate::index::{Record, check_files, size_on_disk};
use crate::text::fold::is_han;
use serde::Serialize;
use std::collections::BTreeMap;

/// What an index holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "stats")]
pub struct Stats {
    pub index: String,
    pub articles: usize,
    /// Source files, and those of them that could not be read in full.
    pub files: usize,
    pub files_with_problems: usize,
    /// Characters of title and body, in search form.
    pub characters: u64,
    /// Characters of the whole pages.
    pub page_characters: u64,
    /// Bytes on disk.
    pub bytes: u64,
    pub segments: usize,
    /// Articles whose text was repaired or converted in any way.
    pub repaired_articles: usize,
    pub years: Vec<(Option<i64>, usize)>,
    pub districts: usize,
    pub metadata_keys: Vec<String>,
    pub program: String,
    pub dictionary: String,
}

/// Whether an index is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename = "check")]
pub struct Check {
    pub index: String,
    pub articles: usize,
    /// What is wrong; empty when it is whole.
    pub problems: Vec<String>,
}

/// How a query is read.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "explain")]
pub struct Explanation {
    pub query: String,
    /// The query as it was understood.
    pub parsed: String,
    pub keywords: Vec<KeywordExplanation>,
    /// Articles that hold all keywords.
    pub articles: usize,
    /// `keyword`, or `best` when no article holds them all.
    pub mode: &'static str,
}

/// One keyword.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KeywordExplanation {
    pub text: String,
    /// What is looked for.
    pub folded: String,
    /// The grams that give the candidates, each with its articles.
    pub grams: Vec<(String, u32)>,
    /// Articles whose text was read.
    pub candidates: usize,
    /// Articles that hold it, and how often.
    pub articles: usize,
    pub occurrences: usize,
    /// Occurrences that begin and end where words do.
    pub words: usize,
    /// Other characters that count as the same, for the characters of the keyword.
    pub also: String,
}

impl Engine {
    /// What the index holds.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn stats(&self) -> Result<Stats> {
        let index = &self.index;
        let files = index.files()?;
        let all = (0..index.literal.len()).flat_map(|s| index.living(s).map(move |d| (s, d)));
        let documents: Vec<(usize, u32)> = all.collect();
        let counted = facets::documents_summary(index, documents.iter().copied())?;
        let mut characters = 0;
        let mut page_characters = 0;
        for &(segment, document) in &documents {
            let text = index.literal[segment].document(document).map_err(crate::index::unreadable)?;
            characters += text.body_end() as u64;
            page_characters += text.page_end() as u64;
        }
        let repaired = |(segment, literal): (usize, &crate::index::literal::LiteralReader)| {
            let reader = &index.searcher.segment_readers()[segment];
            literal.changed().filter(|&document| !reader.is_deleted(document)).count()
        };
        Ok(Stats {
            index: index.dir.display().to_string(),
            articles: documents.len(),
            files: files.files.len(),
            files_with_problems: files.files.values().filter(|f| f.problems > 0).count(),
            characters,
            page_characters,
            bytes: size_on_disk(&index.data),
            segments: index.literal.len(),
            repaired_articles: index.literal.iter().enumerate().map(repaired).sum(),
            years: counted.year.into_iter().map(|y| (y.value, y.articles)).collect(),
            districts: counted.district.iter().filter(|d| d.value.is_some()).count(),
            metadata_keys: facets::metadata_keys(index)?.into_iter().collect(),
            program: index.manifest.program.clone(),
            dictionary: index.manifest.analysis.dictionary.clone(),
        })
    }

    /// Reads everything once: checksums, the list of files, every stored article against the
    /// text that is searched.
    ///
    /// # Errors
    /// When the index can't be read at all.
    pub fn check(&self) -> Result<Check> {
        let index = &self.index;
        let mut problems = check_files(index)?;
        let listed = match index.files() {
            Ok(files) => Some(files),
            Err(e) => {
                problems.push(e.to_string());
                None
            }
        };
        let mut by_path: BTreeMap<String, u64> = BTreeMap::new();
        let mut articles = 0;
        for segment in 0..index.literal.len() {
            for document in index.living(segment) {
                articles += 1;
                match self.check_article(segment, document) {
                    Ok(record) => *by_path.entry(record.path).or_default() += 1,
                    Err(problem) => problems.push(problem),
                }
            }
        }
        for (path, found) in by_path.iter().filter(|(path, _)| *path != "-") {
            if listed.as_ref().is_some_and(|l| !l.files.contains_key(path)) {
                problems.push(format!("{path}: {found} articles of a file that is not listed"));
            }
        }
        for (path, entry) in listed.iter().flat_map(|l| &l.files) {
            let found = by_path.get(path).copied().unwrap_or(0);
            if found != entry.articles {
                problems.push(format!("{path}: {found} articles, where {} were indexed", entry.articles));
            }
        }
        Ok(Check { index: index.dir.display().to_string(), articles, problems })
    }

    fn check_article(&self, segment: usize, document: u32) -> std::result::Result<Record, String> {
        let place = format!("article {document} of segment {segment}");
        let record = self.record(segment, document).map_err(|e| format!("{place}: {e}"))?;
        let text = self.index.literal[segment].document(document).map_err(|e| format!("{place}: {e}"))?;
        let layout = crate::analysis::Layout::of(record.outside_title.as_deref(), &record.clean);
        if layout.units != text.to_units() {
            return Err(format!(
                "{}: the text that is searched is not the text that is stored",
                record.name()
            ));
        }
        Ok(record)
    }

    /// How a query is read, and what it matches.
    ///
    /// # Errors
    /// As [`Engine::search`].
    pub fn explain(&self, query: &str, filters: &Filters) -> Result<Explanation> {
        let filter = Filter::new(&self.index, filters, &mut Vec::new())?;
        let found = self.find(query, filters, &filter)?;
        let articles = found.matches.len();
        let mut keywords = Vec::new();
        for literal in found.query.literals() {
            let units: Vec<u16> = literal.folded().encode_utf16().collect();
            let grams = grams(&units).into_iter().map(|(at, gram)| {
                let length = if literal::is_pair(gram) { 2 } else { 1 };
                (String::from_utf16_lossy(&units[at..at + length]), gram)
            });
            let frequency = |gram| self.index.literal.iter().map(|l| l.frequency(gram)).sum();
            // Quoted, so that marks inside the keyword are not read again as marks.
            let single = self.find(&literal.to_string(), filters, &filter)?;
            let sum = |count: fn(&Match) -> u32| single.matches.iter().map(|m| count(m) as usize).sum();
            keywords.push(KeywordExplanation {
                text: literal.text().to_owned(),
                folded: literal.folded().to_owned(),
                grams: grams.map(|(text, gram)| (text, frequency(gram))).collect(),
                candidates: self
                    .index
                    .literal
                    .iter()
                    .map(|l| l.candidates(&units, found.finder.extent()).len())
                    .sum(),
                articles: single.matches.len(),
                occurrences: sum(|m| m.occurrences + m.guessed),
                words: sum(|m| m.words),
                also: same_characters(literal.folded()),
            });
        }
        let mode = if articles > 0 { "keyword" } else { "best" };
        let parsed = parse(query)?.to_string();
        Ok(Explanation { query: query.to_owned(), parsed, keywords, articles, mode })
    }

    /// The articles with this id or path, at least one.
    ///
    /// # Errors
    /// When there is none: the message says how to find its name.
    pub fn articles_named(&self, name: &str) -> Result<Vec<Record>> {
        let mut places = self.with_id(name)?;
        if places.is_empty() {
            let path = name.strip_prefix("./").unwrap_or(name);
            places = self.with_term(self.index.fields.path, path)?;
        }
        if places.is_empty()
            && let Some((path, id)) = name.rsplit_once('#')
        {
            let in_file = self.with_term(self.index.fields.path, path)?;
            places = self.with_id(id)?.into_iter().filter(|place| in_file.contains(place)).collect();
        }
        if places.is_empty()
            && let Some((name, record)) = name.rsplit_once(':')
            && let Ok(record) = record.parse::<u64>()
        {
            // `file:7`, or `file#id:7` where the file has the id twice.
            let mut in_file = self.with_term(self.index.fields.path, name)?;
            if let (true, Some((path, _))) = (in_file.is_empty(), name.rsplit_once('#')) {
                in_file = self.with_term(self.index.fields.path, path)?;
            }
            for place in in_file {
                if self.record(place.0, place.1)?.record == Some(record) {
                    places.push(place);
                }
            }
        }
        if places.is_empty() {
            return Err(Error::Usage(format!(
                "no article `{name}` in {}; take the `article` or `path` of a hit, or list all with: \
                 fangzhi facets --by article",
                self.index.dir.display()
            )));
        }
        let mut records =
            places.into_iter().map(|(s, d)| self.record(s, d)).collect::<Result<Vec<Record>>>()?;
        records.sort_by(|a, b| (&a.path, a.record).cmp(&(&b.path, b.record)));
        Ok(records)
    }
}

/// The characters of the common planes that fold to the characters of a keyword.
fn same_characters(folded: &str) -> String {
    let mut same = String::new();
    for c in folded.chars().filter(|c| is_han(*c)) {
        let others = ('\u{3400}'..='\u{9fff}').filter(|&o| o != c && crate::text::fold::fold_char(o) == c);
        same.extend(others.filter(|o| !same.contains(*o)).collect::<Vec<_>>());
    }
    same
}
