//! An article as it is stored: everything that is shown of it.

use super::losses;
use crate::article::{Article, Block, Clean, Facets, Markup, Zone};
use crate::error::{Error, Result};
use crate::text::fold::search_form_mapped;
use crate::text::{OffsetMap, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The stored article.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub path: String,
    /// The record's place in its file, from 1, for files of many records.
    pub record: Option<u64>,
    pub id: Option<String>,
    /// To be shown.
    pub title: Option<String>,
    /// The title when it stands outside the text, and so is searched beside it.
    pub outside_title: Option<String>,
    pub url: Option<String>,
    pub extra: BTreeMap<String, String>,
    pub clean: Clean,
    /// The decoded text where cleaning changed anything; else it is the clean text.
    pub decoded: Option<String>,
    /// From the decoded text to the bytes on disk.
    pub source_map: OffsetMap,
    pub encoding: String,
    pub replaced: u32,
    pub markup: Markup,
    pub facets: Facets,
}

impl Record {
    /// What is stored of an article, its clean text and its facets.
    pub fn new(article: Article, mut clean: Clean, facets: Facets) -> Record {
        let given = article.given;
        let detected = match article.markup {
            Markup::Markdown => clean.title().map(|title| title.trim_start_matches('#').trim().to_owned()),
            _ => clean.title(),
        };
        let given_title = given.title.as_deref().map(one_line).filter(|title| !title.is_empty());
        // A title that stands in the text is searched there, not twice.
        let outside_title = given_title.clone().filter(|title| match title_line(&clean, title) {
            Some(line) => {
                clean.blocks[line].zone = Zone::Title;
                false
            }
            None => true,
        });
        Record {
            path: article.path,
            record: article.record,
            id: given.id,
            title: given_title.or(detected),
            outside_title,
            url: given.url,
            extra: given.extra,
            decoded: (article.text != clean.text).then_some(article.text),
            clean,
            source_map: article.source_map,
            encoding: article.encoding,
            replaced: article.replaced,
            markup: article.markup,
            facets,
        }
    }

    /// What the article is about, the weightiest first.
    pub fn districts(&self) -> impl Iterator<Item = &str> {
        self.facets.places.iter().filter(|p| p.about).map(|p| p.path.as_str())
    }

    /// The outlet, given or detected.
    pub fn source(&self) -> Option<&str> {
        self.facets.source.as_ref().map(|(name, _)| name.as_str())
    }

    /// The decoded text.
    pub fn decoded_text(&self) -> &str {
        self.decoded.as_deref().unwrap_or(&self.clean.text)
    }

    /// Where a stretch of the clean text stands in the file: the line, from 1, and the bytes.
    pub fn raw_place(&self, span: Span) -> (usize, Span) {
        let decoded = self.clean.map.map(span);
        let text = self.decoded_text();
        let end = text.floor_char_boundary(decoded.start());
        (text[..end].matches('\n').count() + 1, self.source_map.map(decoded))
    }

    /// By what an article from standard input is replaced when it comes again: its id, or its
    /// place in the stream.
    pub fn key(&self) -> Option<String> {
        stream_key(&self.path, self.id.as_deref(), self.record)
    }

    /// The name by which output calls the article: its own id, else its path (with the place of
    /// the record in a file of many).
    pub fn name(&self) -> String {
        match (&self.id, self.record) {
            (Some(id), _) => id.clone(),
            (None, Some(record)) => format!("{}:{record}", self.path),
            (None, None) => self.path.clone(),
        }
    }

    /// The name where another article has the same id.
    pub fn long_name(&self) -> String {
        match &self.id {
            Some(id) => format!("{}#{id}", self.path),
            None => self.name(),
        }
    }

    /// As bytes for the document store. `units` is its page in the literal layer: of the clean
    /// text, only what the page does not say is stored.
    pub fn encode(&mut self, units: &[u16]) -> Vec<u8> {
        let text = std::mem::take(&mut self.clean.text);
        let mut bytes = postcard::to_stdvec(self).expect("plain data in memory always serializes");
        bytes.extend(losses::encode(&text, &self.clean.blocks, units, self.outside_title.is_some()));
        self.clean.text = text;
        bytes
    }

    /// From the document store's bytes and the page in the literal layer.
    ///
    /// # Errors
    /// When they are damaged or of another version.
    pub fn decode(bytes: &[u8], units: &[u16]) -> Result<Record> {
        let damaged =
            |e: &str| Error::Index(format!("a stored article can't be read ({e}); build the index anew"));
        let (mut record, losses): (Record, _) =
            postcard::take_from_bytes(bytes).map_err(|e| damaged(&e.to_string()))?;
        let text = losses::decode(losses, &record.clean.blocks, units, record.outside_title.is_some());
        record.clean.text = text.ok_or_else(|| damaged("its text does not fit its page"))?;
        let fits = |b: &Block| record.clean.text.get(b.span.range()).is_some();
        if !record.clean.blocks.iter().all(fits) {
            return Err(damaged("its paragraphs do not fit its text"));
        }
        Ok(record)
    }
}

/// See [`Record::key`].
pub(super) fn stream_key(path: &str, id: Option<&str>, record: Option<u64>) -> Option<String> {
    let name = || match id {
        Some(id) => format!("id {id}"),
        None => format!("record {}", record.unwrap_or(1)),
    };
    (path == "-").then(name)
}

/// A title from outside the text, as one paragraph.
fn one_line(title: &str) -> String {
    title
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Lines among which a given title is looked for: it stands above the text, below a menu at most.
const TITLE_LINES: usize = 50;

/// The line of the text that is the title.
fn title_line(clean: &Clean, title: &str) -> Option<usize> {
    let form = |text: &str| search_form_mapped(text).0;
    let title = form(title);
    let could_be = |text: &str| text.trim().len() <= 4 * title.len() && form(text) == title;
    clean.blocks.iter().take(TITLE_LINES).position(|block| could_be(clean.block_text(block)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Given;

    #[test]
    fn names() {
        let record = |id: Option<&str>, record| Record {
            path: "a/b.jsonl".into(),
            id: id.map(Into::into),
            record,
            ..Record::default()
        };
        assert_eq!(record(Some("x1"), Some(3)).name(), "x1");
        assert_eq!(record(Some("x1"), Some(3)).long_name(), "a/b.jsonl#x1");
        assert_eq!(record(None, Some(3)).name(), "a/b.jsonl:3");
        assert_eq!(record(None, None).name(), "a/b.jsonl");
    }

    #[test]
    fn round_trip() {
        let article = Article { path: "a.txt".into(), text: "比亚迪".into(), ..Article::default() };
        let clean = Clean { text: "比亚迪".into(), ..Clean::default() };
        let mut record = Record::new(article, clean, Facets::default());
        assert_eq!(record.decoded, None);
        let bytes = record.encode(&[]);
        assert_eq!(Record::decode(&bytes, &[]).expect("just made"), record);
        assert!(Record::decode(&[1, 2, 3], &[]).is_err());
    }

    #[test]
    fn a_given_title_that_stands_in_the_text_is_not_doubled() {
        let given = Given { title: Some("標題 一".into()), ..Given::default() };
        let article = Article { text: "标题一".into(), given, ..Article::default() };
        let block = Block { span: Span::new(0, 9), zone: Zone::Navigation };
        let clean = Clean { text: "标题一".into(), blocks: vec![block], ..Clean::default() };
        let record = Record::new(article, clean, Facets::default());
        assert_eq!(record.outside_title, None);
        assert_eq!(record.title.as_deref(), Some("標題 一"));
        assert_eq!(record.clean.blocks[0].zone, Zone::Title);
    }

    #[test]
    fn a_given_title_is_outside_the_text() {
        let given = Given { title: Some("标题".into()), ..Given::default() };
        let article = Article { text: "正文".into(), given, ..Article::default() };
        let clean = Clean { text: "正文".into(), ..Clean::default() };
        let record = Record::new(article, clean, Facets::default());
        assert_eq!(record.outside_title.as_deref(), Some("标题"));
    }
}
