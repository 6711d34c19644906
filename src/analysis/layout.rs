//! The page as one sequence of units, and the way back from a unit to the clean text.

use crate::article::{Clean, Zone};
use crate::text::{Span, fold};

/// A part of the laid-out page. `--zone body` searches title and body, `--zone all` all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Title,
    Body,
    Rest,
}

/// The parts in the order in which they are laid out.
pub const PAGE_PARTS: [Part; 3] = [Part::Title, Part::Body, Part::Rest];

impl Part {
    /// The part in which a zone is laid out.
    pub fn of(zone: Zone) -> Part {
        match zone {
            Zone::Title => Part::Title,
            Zone::Body => Part::Body,
            _ => Part::Rest,
        }
    }
}

/// A paragraph of the page in search form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paragraph {
    /// First unit.
    pub start: usize,
    /// The unit after the last.
    pub end: usize,
    pub part: Part,
    pub zone: Zone,
    /// In the clean text; `None` for a title that stands outside the text.
    pub span: Option<Span>,
}

/// The page in search form: title, body, rest, a line feed between any two paragraphs.
///
/// Derived from the clean text alone, so it can be made again when a hit is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout {
    pub units: Vec<u16>,
    pub paragraphs: Vec<Paragraph>,
    /// End of the title part, in units.
    pub title_end: usize,
    /// End of the body part, in units.
    pub body_end: usize,
}

/// The unit between two paragraphs of a page; no keyword holds it.
pub const PARAGRAPH: u16 = b'\n' as u16;

impl Layout {
    /// Lays out a clean article. `title` is the title when it stands outside the text.
    pub fn of(title: Option<&str>, clean: &Clean) -> Layout {
        Layout::with(title, clean, |_, _, _| {})
    }

    /// The same; `each` sees each paragraph as it is laid out: its place, its text in search form
    /// and its units.
    pub fn with(title: Option<&str>, clean: &Clean, mut each: impl FnMut(usize, &str, &[u16])) -> Layout {
        let mut layout = Layout { units: Vec::with_capacity(clean.text.len() / 3 + 64), ..Layout::default() };
        let mut form = String::new();
        let mut push = |layout: &mut Layout, text: &str, part, zone, span| {
            if let Some(start) = layout.push(text, part, zone, span, &mut form) {
                each(start, &form, &layout.units[start..]);
            }
        };
        if let Some(title) = title {
            push(&mut layout, title, Part::Title, Zone::Title, None);
        }
        for part in PAGE_PARTS {
            for block in clean.blocks.iter().filter(|b| Part::of(b.zone) == part) {
                push(&mut layout, clean.block_text(block), part, block.zone, Some(block.span));
            }
            match part {
                Part::Title => layout.title_end = layout.units.len(),
                Part::Body => layout.body_end = layout.units.len(),
                Part::Rest => {}
            }
        }
        layout
    }

    /// Lays out a paragraph and says where it begins; `None` when nothing is left of it.
    fn push(
        &mut self,
        text: &str,
        part: Part,
        zone: Zone,
        span: Option<Span>,
        form: &mut String,
    ) -> Option<usize> {
        form.clear();
        fold::search_form(text, form);
        if form.is_empty() {
            return None;
        }
        if !self.units.is_empty() {
            self.units.push(PARAGRAPH);
        }
        let start = self.units.len();
        self.units.extend(form.encode_utf16());
        self.paragraphs.push(Paragraph { start, end: self.units.len(), part, zone, span });
        Some(start)
    }
}

/// Where each unit of a text's search form stands in that text, in bytes.
pub fn unit_spans(text: &str) -> Vec<Span> {
    let (form, map) = fold::search_form_mapped(text);
    let mut spans = Vec::with_capacity(form.len());
    for (at, c) in form.char_indices() {
        let span = map.map(Span::new(at, at + c.len_utf8()));
        spans.extend(std::iter::repeat_n(span, c.len_utf16()));
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_lead_back_to_bytes() {
        let text = "比 亚迪 BYD";
        let form = fold::search_form_mapped(text).0;
        assert!(form.starts_with("比亚迪"));
        let spans = unit_spans(text);
        let between = |from: usize, to: usize| &text[spans[from].start()..spans[to - 1].end()];
        assert_eq!(between(0, 1), "比");
        assert_eq!(between(1, 3), "亚迪");
        assert_eq!(between(0, 2), "比 亚");
        assert_eq!(spans.len(), form.encode_utf16().count());
    }
}
