//! What is answered. Field names are the output's; see `docs` in CONTRACT terms in the README.

use serde::Serialize;
use std::collections::BTreeMap;

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Response {
    pub summary: Summary,
    pub hits: Vec<Hit>,
}

/// What every line of output says of the article it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct About {
    /// Its name: its own id, else its path.
    pub article: String,
    /// The file, as given on the command line.
    pub path: String,
    /// The outlet that published it.
    pub source: Option<String>,
    pub title: Option<String>,
    /// The day of publication, where it is known.
    pub date: Option<String>,
    pub year: Option<i32>,
    /// What it is about, as paths of names.
    pub districts: Vec<String>,
}

/// One passage with its highlights.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "hit")]
pub struct Hit {
    pub query: String,
    /// From 1.
    pub rank: usize,
    pub score: f32,
    #[serde(flatten)]
    pub about: About,
    pub zone: &'static str,
    /// In the raw text, from 1; `None` in a title that stands outside the text.
    pub line: Option<usize>,
    /// The passage, repaired.
    pub text: String,
    pub highlights: Vec<Highlight>,
    pub url: Option<String>,
    /// The record's other keys.
    pub meta: BTreeMap<String, String>,
}

/// A highlighted stretch of a passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Highlight {
    /// In characters of the passage.
    pub start: usize,
    pub end: usize,
    /// In bytes of the source; `None` in a title that stands outside the text.
    pub raw_start: Option<usize>,
    pub raw_end: Option<usize>,
    pub kind: Kind,
}

/// How a hit stands in the source; the worse kinds are the greater ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The characters stand there, in whatever script, width or case.
    Exact,
    /// Something inside was repaired or skipped.
    Repaired,
    /// A character was guessed.
    Restored,
}

impl Kind {
    /// As in the output.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Exact => "exact",
            Kind::Repaired => "repaired",
            Kind::Restored => "restored",
        }
    }
}

/// What a search found in all.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "summary")]
pub struct Summary {
    pub query: String,
    /// `keyword` or `best`.
    pub mode: &'static str,
    pub articles: usize,
    /// `None` in best match.
    pub passages: Option<usize>,
    /// `None` in best match.
    pub occurrences: Option<usize>,
    pub restored_articles: usize,
    pub restored: usize,
    pub returned: usize,
    pub facets: SummaryFacets,
    pub took_ms: f64,
    /// What a reader should know of the answer.
    pub notes: Vec<String>,
}

/// The facets of the articles found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SummaryFacets {
    pub district: Vec<FacetCount<String>>,
    pub year: Vec<FacetCount<i64>>,
}

/// Articles of one facet value; `value` is `None` where it is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetCount<T> {
    pub value: Option<T>,
    pub articles: usize,
}

/// The answer to a count.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "count")]
pub struct Count {
    pub query: String,
    pub articles: usize,
    pub passages: usize,
    pub occurrences: usize,
    /// Articles that hold all keywords only by a guess.
    pub restored_articles: usize,
    /// Occurrences that stand there only by a guess.
    pub restored: usize,
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// The answer to a facet question.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetTable {
    pub query: Option<String>,
    pub by: Vec<String>,
    pub rows: Vec<FacetRow>,
    /// Articles counted, each once.
    pub articles: usize,
    pub notes: Vec<String>,
}

/// One combination of facet values.
#[derive(Debug, Clone, PartialEq)]
pub struct FacetRow {
    /// One a facet; `None` where the article has no value.
    pub values: Vec<Option<FacetValue>>,
    pub articles: usize,
    /// `None` without a query.
    pub occurrences: Option<usize>,
}

/// A facet value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum FacetValue {
    Number(i64),
    Text(String),
}

impl std::fmt::Display for FacetValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FacetValue::Number(n) => n.fmt(f),
            FacetValue::Text(t) => t.fmt(f),
        }
    }
}

/// One occurrence in its context.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "kwic")]
pub struct KwicLine {
    pub query: String,
    #[serde(flatten)]
    pub about: About,
    pub zone: &'static str,
    pub line: Option<usize>,
    pub left: String,
    pub hit: String,
    pub right: String,
    pub raw_start: Option<usize>,
    pub raw_end: Option<usize>,
    pub kind: Kind,
}

/// The answer of a concordance.
#[derive(Debug, Clone, PartialEq)]
pub struct Concordance {
    pub lines: Vec<KwicLine>,
    pub notes: Vec<String>,
}

/// The index's answer beside a scan's.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename = "verify")]
pub struct Verification {
    pub query: String,
    /// Articles read.
    pub scanned: usize,
    /// Found by the scan.
    pub articles: usize,
    pub occurrences: usize,
    /// Occurrences that the scan found and the index did not.
    pub missed: usize,
    /// Occurrences that the index found and the scan did not.
    pub extra: usize,
    /// The articles in which they differ.
    pub differences: Vec<Difference>,
}

/// An article in which the index and the scan differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub article: String,
    pub path: String,
    pub missed: usize,
    pub extra: usize,
}
