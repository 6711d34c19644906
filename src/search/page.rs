//! An article as it is shown: from units of the laid-out page to text, bytes and lines.

use super::find::{Finder, Occurrence, Searched, part_at};
use super::response::Kind;
use crate::analysis::{Layout, PARAGRAPH, Paragraph, unit_spans};
use crate::article::RepairKind;
use crate::error::Result;
use crate::index::{OpenIndex, Record};
use crate::text::{Span, fold};
use std::cell::OnceCell;

/// The laid-out page of a stored article, in the form that was searched.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub record: &'a Record,
    pub layout: Layout,
    searched: Searched,
    /// For each paragraph, where its units stand in its text; made when first asked for.
    spans: Vec<OnceCell<Vec<Span>>>,
    /// Where the lines of the decoded text end.
    lines: OnceCell<Vec<usize>>,
}

/// Where a stretch of a page stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// In the paragraph's text.
    pub within: Span,
    /// In the decoded text; `None` in a title that stands outside the text.
    pub decoded: Option<Span>,
}

impl<'a> Page<'a> {
    pub fn of(record: &'a Record, searched: Searched) -> Page<'a> {
        let folded = Layout::of(record.outside_title.as_deref(), &record.clean);
        let layout = match searched {
            Searched::Folded => folded,
            Searched::Written => as_written(record, &folded),
        };
        let spans = layout.paragraphs.iter().map(|_| OnceCell::new()).collect();
        Page { record, layout, searched, spans, lines: OnceCell::new() }
    }

    /// A paragraph's text, as it is shown.
    pub fn text(&self, paragraph: &Paragraph) -> &'a str {
        let text = match self.searched {
            Searched::Folded => &self.record.clean.text,
            Searched::Written => self.record.decoded_text(),
        };
        match paragraph.span {
            Some(span) => &text[span.range()],
            None => self.record.outside_title.as_deref().unwrap_or_default(),
        }
    }

    /// For each unit of a paragraph, where its character stands in the paragraph's text.
    pub fn spans(&self, paragraph: usize) -> &[Span] {
        self.spans[paragraph].get_or_init(|| {
            let text = self.text(&self.layout.paragraphs[paragraph]);
            match self.searched {
                Searched::Folded => unit_spans(text),
                Searched::Written => text
                    .char_indices()
                    .flat_map(|(at, c)| std::iter::repeat_n(Span::new(at, at + c.len_utf8()), c.len_utf16()))
                    .collect(),
            }
        })
    }

    /// The number of the paragraph that holds a unit.
    pub fn paragraph_at(&self, unit: usize) -> usize {
        let last = self.layout.paragraphs.len().saturating_sub(1);
        self.layout.paragraphs.partition_point(|p| p.end <= unit).min(last)
    }

    /// Where the units `from..to` (at least one) of a paragraph stand.
    pub fn place(&self, paragraph: usize, from: usize, to: usize) -> Place {
        let spans = self.spans(paragraph);
        let paragraph = &self.layout.paragraphs[paragraph];
        let (from, to) = (from - paragraph.start, to - paragraph.start);
        let within = Span::new(spans[from].start(), spans[to - 1].end());
        let decoded = paragraph.span.map(|block| {
            let shown = Span::new(block.start() + within.start(), block.start() + within.end());
            match self.searched {
                Searched::Folded => self.record.clean.map.map(shown),
                Searched::Written => shown,
            }
        });
        Place { within, decoded }
    }

    /// Where a stretch of the decoded text lies in the bytes of the source.
    pub fn raw(&self, decoded: Span) -> Span {
        self.record.source_map.map(decoded)
    }

    /// The line of the source on which a stretch of the decoded text begins, from 1.
    pub fn line(&self, decoded: Span) -> usize {
        let lines = self
            .lines
            .get_or_init(|| memchr::memchr_iter(b'\n', self.record.decoded_text().as_bytes()).collect());
        lines.partition_point(|&end| end < decoded.start()) + 1
    }

    /// How a hit for these units stands in the source.
    pub fn kind(&self, place: &Place, units: &[u16]) -> Kind {
        if self.searched == Searched::Written {
            return Kind::Exact;
        }
        let Some(decoded) = place.decoded else { return Kind::Exact };
        let stands = &self.record.decoded_text()[decoded.range()];
        if stands.chars().map(fold::fold_char).eq(char::decode_utf16(units.iter().copied()).flatten()) {
            return Kind::Exact;
        }
        let guessed = self.record.clean.repairs.iter();
        let guessed = guessed.filter(|r| r.kind == RepairKind::Restored).any(|r| r.span.overlaps(decoded));
        if guessed { Kind::Restored } else { Kind::Repaired }
    }
}

/// The raw text laid out: the same paragraphs, as they stand in the decoded text.
fn as_written(record: &Record, folded: &Layout) -> Layout {
    let text = record.decoded_text();
    let mut layout = Layout::default();
    for paragraph in &folded.paragraphs {
        if !layout.units.is_empty() {
            layout.units.push(PARAGRAPH);
        }
        let start = layout.units.len();
        let span = paragraph.span.map(|span| record.clean.map.map(span));
        let written = match span {
            Some(span) => &text[span.range()],
            None => record.outside_title.as_deref().unwrap_or_default(),
        };
        layout.units.extend(written.encode_utf16().map(|u| if u == PARAGRAPH { b' ' as u16 } else { u }));
        let end = layout.units.len();
        layout.paragraphs.push(Paragraph { start, end, span, ..*paragraph });
        if paragraph.start < folded.title_end {
            layout.title_end = end;
        }
        if paragraph.start < folded.body_end {
            layout.body_end = end;
        }
    }
    layout
}

/// The occurrences in an article's raw text, or `None` when a keyword has none.
pub(super) fn written_occurrences(
    finder: &Finder,
    index: &OpenIndex,
    segment: usize,
    document: u32,
) -> Result<Option<Vec<Occurrence>>> {
    let record = index.record(segment, document)?;
    let page = Page::of(&record, Searched::Written);
    let layout = &page.layout;
    let words = WordEdges::of(index, segment, document, &record)?;
    let end = finder.end(layout.body_end, layout.units.len());
    Ok(finder.collect(|keyword| {
        let needle: Vec<u16> = keyword.text.encode_utf16().collect();
        let mut found = Vec::new();
        for (i, paragraph) in layout.paragraphs.iter().enumerate().filter(|(_, p)| p.end <= end) {
            let units = &layout.units[paragraph.start..paragraph.end];
            for at in (0..units.len()).filter(|&at| units[at..].starts_with(&needle)) {
                let (start, stop) = (paragraph.start + at, paragraph.start + at + needle.len());
                let place = page.place(i, start, stop);
                found.push(Occurrence {
                    start: start as u32,
                    end: stop as u32,
                    keyword: 0,
                    part: part_at(start, layout.title_end, layout.body_end),
                    word: words.whole(i, place.decoded.unwrap_or(place.within)),
                    guessed: false,
                });
            }
        }
        found
    }))
}

/// Where words begin and end, in the decoded text.
struct WordEdges {
    /// For each paragraph, the starts and the ends of its words.
    paragraphs: Vec<(Vec<usize>, Vec<usize>)>,
}

impl WordEdges {
    fn of(index: &OpenIndex, segment: usize, document: u32, record: &Record) -> Result<WordEdges> {
        let literal = &index.literal[segment];
        let text = literal.document(document).map_err(crate::index::unreadable)?;
        let page = Page::of(record, Searched::Folded);
        let mut paragraphs = Vec::new();
        for paragraph in &page.layout.paragraphs {
            let spans: Vec<Span> = page
                .spans(paragraphs.len())
                .iter()
                .map(|&within| match paragraph.span {
                    Some(block) => {
                        let shown = Span::new(block.start() + within.start(), block.start() + within.end());
                        record.clean.map.map(shown)
                    }
                    None => within,
                })
                .collect();
            let edge = |unit: usize| text.is_boundary(paragraph.start + unit);
            let starts = (0..spans.len()).filter(|&u| edge(u)).map(|u| spans[u].start()).collect();
            let ends = (0..spans.len()).filter(|&u| edge(u + 1)).map(|u| spans[u].end()).collect();
            paragraphs.push((starts, ends));
        }
        Ok(WordEdges { paragraphs })
    }

    fn whole(&self, paragraph: usize, span: Span) -> bool {
        let Some((starts, ends)) = self.paragraphs.get(paragraph) else { return false };
        starts.contains(&span.start()) && ends.contains(&span.end())
    }
}
