//! An article as plain data, at each stage from the file to the facets.

use crate::text::{OffsetMap, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a text is marked up; cleaning treats each kind by its own steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Markup {
    /// Lines of text.
    #[default]
    Plain,
    /// Markdown: `*` is emphasis, `#` a heading.
    Markdown,
    /// HTML, tags and all.
    Html,
}

/// An article as it was read: decoded, nothing else changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// The file, as given on the command line (`-` for standard input).
    pub path: String,
    /// For a record of a file of many: its place there, counted from 1 (the line of a JSON
    /// Lines file, the row of a CSV file without its header, the element of an array).
    pub record: Option<u64>,
    /// The decoded text: a whole file, or a record's text field.
    pub text: String,
    /// From byte ranges of `text` to byte ranges of the file (for a record: of its text field
    /// in UTF-8, so the identity).
    pub source_map: OffsetMap,
    /// The encoding that was used, by its WHATWG name: `UTF-8`, `gb18030`, `Big5`, `UTF-16LE`.
    pub encoding: String,
    /// How many malformed sequences were replaced by U+FFFD.
    pub replaced: u32,
    pub markup: Markup,
    /// What the record or the metadata file says of the article.
    pub given: Given,
}

/// What is known of an article from its record or from `metadata.toml`, as it stands there.
/// Wins over everything that is detected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub id: Option<String>,
    pub title: Option<String>,
    pub date: Option<String>,
    pub year: Option<i32>,
    /// As written: a path, a name, a short name.
    pub districts: Vec<String>,
    pub source: Option<String>,
    pub url: Option<String>,
    /// Every other key with its value as text, kept and shown.
    pub extra: BTreeMap<String, String>,
}

/// A row of a user's `places.toml`: a place of their own, or more names for a known one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPlace {
    /// As written: `山东省/济南市/中央商务区`; the last part may be new.
    pub path: String,
    /// Names that mean it wherever they stand.
    pub names: Vec<String>,
    /// Names that mean it where the article names its city.
    pub short: Vec<String>,
    /// Names of earlier days.
    pub former: Vec<String>,
    /// Names that do not mean it.
    pub not: Vec<String>,
    /// Where the row stands.
    pub file: String,
    pub line: u64,
}

/// What part of a page a paragraph belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zone {
    Title,
    Body,
    /// An image's file name or a bare caption mark, such as `11.png`.
    Caption,
    /// Who wrote, edited, published, and when; source and print lines.
    Byline,
    /// Menus, breadcrumbs, share buttons, contact lines, friend links.
    Navigation,
    Advertisement,
    /// Other people's posts below or beside the article.
    Unrelated,
}

impl Zone {
    /// Whether `--zone body` searches it: the title and the body.
    pub fn is_body(self) -> bool {
        matches!(self, Zone::Title | Zone::Body)
    }

    /// The name used in output: `title`, `body`, …
    pub fn name(self) -> &'static str {
        match self {
            Zone::Title => "title",
            Zone::Body => "body",
            Zone::Caption => "caption",
            Zone::Byline => "byline",
            Zone::Navigation => "navigation",
            Zone::Advertisement => "advertisement",
            Zone::Unrelated => "unrelated",
        }
    }
}

/// A paragraph (one line of the clean text that holds more than white space) and its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// In the clean text, without the line break.
    pub span: Span,
    pub zone: Zone,
}

/// What a repair means for a hit that overlaps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RepairKind {
    /// The text was rebuilt or noise dropped, with proof: hits are `repaired`.
    Repaired,
    /// A character was guessed: hits are `restored`, counted apart.
    Restored,
    /// Same characters in another script: hits stay `exact`. One entry for a whole text.
    Script,
    /// Something is wrong here and was left as it stands; no text was changed.
    Reported,
}

/// One repair of a text, or one report of what can't be repaired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repair {
    /// In the decoded text ([`Article::text`]).
    pub span: Span,
    /// The rule's short name, such as `pinyin`, `split-character`, `mask`, `lost-number`.
    pub rule: String,
    pub kind: RepairKind,
    /// What stands in the decoded text; empty for a whole-text entry.
    pub before: String,
    /// What the clean text has instead.
    pub after: String,
    /// From 0 to 1; 1 is proof.
    pub confidence: f32,
}

/// An article's text after cleaning: what is indexed, searched and shown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Clean {
    /// The repaired text. A line is a paragraph.
    pub text: String,
    /// From byte ranges of `text` to byte ranges of the decoded text.
    pub map: OffsetMap,
    /// In order of their spans.
    pub repairs: Vec<Repair>,
    /// The paragraphs, in order; white space between them belongs to none.
    pub blocks: Vec<Block>,
    /// The day of publication that an HTML page declares in its `<meta>` elements, as it stands there.
    pub declared: Option<String>,
}

impl Clean {
    /// The text of a block.
    pub fn block_text(&self, block: &Block) -> &str {
        &self.text[block.span.range()]
    }

    /// The title that stands in the text: its first title block, trimmed.
    pub fn title(&self) -> Option<String> {
        let block = self.blocks.iter().find(|b| b.zone == Zone::Title)?;
        Some(self.block_text(block).trim().to_owned())
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The rule's short name: `given`, `printed`, `declared`, `address`, `enacted`, `signed`, `dateline`,
    /// `source`, `title`, `body`, `inferred`.
    pub rule: String,
    /// The words that say it, as they stand in the clean text; empty when given from outside.
    pub words: String,
    /// Where those words stand in the clean text.
    pub span: Option<Span>,
    /// From 0 to 1.
    pub confidence: f32,
}

/// The day or year of publication, with its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dating {
    pub year: i32,
    /// 1–12, when known.
    pub month: Option<u8>,
    /// 1–31, when known; only with a month.
    pub day: Option<u8>,
    pub evidence: Evidence,
}

impl Dating {
    /// `2024-03-15` when the day is known, else `None`.
    pub fn date(&self) -> Option<String> {
        match (self.month, self.day) {
            (Some(m), Some(d)) => Some(format!("{:04}-{m:02}-{d:02}", self.year)),
            _ => None,
        }
    }

    /// The first and the last day it can be, as numbers such as 20240315.
    pub fn day_range(&self) -> (i64, i64) {
        let month = |m: u8, d: u8| self.year as i64 * 10_000 + m as i64 * 100 + d as i64;
        match (self.month, self.day) {
            (Some(m), Some(d)) => (month(m, d), month(m, d)),
            (Some(m), None) => (month(m, 1), month(m, 31)),
            (None, _) => (month(1, 1), month(12, 31)),
        }
    }
}

/// A place the article is about, or merely names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Placing {
    /// `山东省/济南市/槐荫区`
    pub path: String,
    /// About it, not merely naming it: only these are facet values.
    pub about: bool,
    pub evidence: Evidence,
}

/// A year that the text speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearTold {
    pub year: i32,
    /// Only as what is to come, or as an end of a stretch of time: `2023—2025年`, `到2035年`.
    pub plan: bool,
    /// The first words that say it, and where they stand in the clean text.
    pub words: String,
    pub span: Span,
    /// How often it is told.
    pub times: u32,
}

/// What the detectors say of an article.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facets {
    pub dating: Option<Dating>,
    /// The day on which the page was fetched, where its clock shows it; no day of publication.
    pub fetched: Option<Dating>,
    /// The years that title and body speak of, in their order.
    pub years: Vec<YearTold>,
    /// `about` first, the weightiest first; then mentions.
    pub places: Vec<Placing>,
    /// The outlet that published it, given or detected.
    pub source: Option<(String, Evidence)>,
}
