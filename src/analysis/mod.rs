//! From clean text to what is indexed: the page's text in search form, its word boundaries and
//! the pieces of which passages are made.
//!
//! The page is laid out as one sequence of UTF-16 code units, so that a literal search is a
//! search for one sequence of fixed-width units in another: the title's paragraphs first, then
//! the body's, then the rest, with a line feed between two paragraphs. A keyword holds no line
//! feed, so no match crosses a paragraph.

mod dictionary;
mod layout;
mod segment;

pub use dictionary::{Words, dictionary_version};
pub use layout::{Layout, PAGE_PARTS, PARAGRAPH, Paragraph, Part, unit_spans};
pub use segment::Segmenter;

use crate::article::{Clean, RepairKind};
use crate::passage;
use crate::text::Span;

/// An article ready to be indexed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Analyzed {
    /// The page in search form; see [`Layout`].
    pub units: Vec<u16>,
    /// End of the title part, in units.
    pub title_end: u32,
    /// End of the body part, in units.
    pub body_end: u32,
    /// Unit positions, ascending, at which the searchable text was only guessed.
    pub guessed: Vec<u32>,
    /// One bit a unit position (and one for the end): a word begins or ends there.
    pub boundaries: Vec<u8>,
    /// The pieces of all paragraphs ([`passage::pieces`]): units times two, and one more for the
    /// last of a paragraph.
    pub pieces: Vec<u32>,
}

/// Analyses a clean article. `title` is the title when it stands outside the text.
pub fn analyze(title: Option<&str>, clean: &Clean, segmenter: &mut Segmenter) -> Analyzed {
    let mut boundaries = Boundaries { bits: Vec::with_capacity(clean.text.len() / 24 + 16) };
    let mut pieces = Vec::new();
    let layout = Layout::with(title, clean, |start, text, units| {
        boundaries.grow(start + units.len());
        segmenter.edges(text, units, |edge| boundaries.set(start + edge));
        if units.len() <= passage::LONGEST {
            pieces.push((units.len() as u32) << 1 | 1);
        } else {
            let cut = passage::pieces(units, passage::LONGEST);
            pieces.extend(cut.iter().map(|p| (p.len() as u32) << 1 | u32::from(p.end == units.len())));
        }
    });
    boundaries.grow(layout.units.len());
    Analyzed {
        guessed: guessed_units(clean, &layout),
        title_end: layout.title_end as u32,
        body_end: layout.body_end as u32,
        units: layout.units,
        boundaries: boundaries.bits,
        pieces,
    }
}

/// The units whose characters stand in the text only by a guess.
fn guessed_units(clean: &Clean, layout: &Layout) -> Vec<u32> {
    let guesses: Vec<_> =
        clean.repairs.iter().filter(|r| r.kind == RepairKind::Restored).map(|r| r.span).collect();
    let mut units = Vec::new();
    if guesses.is_empty() {
        return units;
    }
    for paragraph in &layout.paragraphs {
        let Some(span) = paragraph.span else { continue };
        let whole = clean.map.map(span);
        if !guesses.iter().any(|g| g.overlaps(whole)) {
            continue;
        }
        let text = &clean.text[span.range()];
        for (unit, at) in layout::unit_spans(text).into_iter().enumerate() {
            let decoded = clean.map.map(Span::new(span.start() + at.start(), span.start() + at.end()));
            if guesses.iter().any(|g| g.overlaps(decoded)) {
                units.push((paragraph.start + unit) as u32);
            }
        }
    }
    units
}

/// A bit set over unit positions.
struct Boundaries {
    bits: Vec<u8>,
}

impl Boundaries {
    /// Makes room for so many units and the end behind them.
    fn grow(&mut self, units: usize) {
        self.bits.resize(units / 8 + 1, 0);
    }

    fn set(&mut self, at: usize) {
        self.bits[at / 8] |= 1 << (at % 8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Block, Zone};

    #[test]
    fn boundaries_are_where_words_meet() {
        let clean = Clean {
            text: "城市中心".into(),
            blocks: vec![Block { span: Span::new(0, 12), zone: Zone::Body }],
            ..Clean::default()
        };
        let analyzed = analyze(None, &clean, &mut Segmenter::new());
        assert_eq!(analyzed.boundaries, [0b0001_0101]);
        assert_eq!(analyzed.pieces, [4 << 1 | 1]);
    }

    #[test]
    fn boundaries_count_units() {
        let text = "𠮷城市";
        let clean = Clean {
            text: text.into(),
            blocks: vec![Block { span: Span::new(0, text.len()), zone: Zone::Body }],
            ..Clean::default()
        };
        assert_eq!(analyze(None, &clean, &mut Segmenter::new()).boundaries, [0b0001_0101]);
    }

    #[test]
    fn parts_follow_each_other() {
        let clean = Clean {
            text: "济南\n首页".into(),
            blocks: vec![
                Block { span: Span::new(0, 6), zone: Zone::Body },
                Block { span: Span::new(7, 13), zone: Zone::Navigation },
            ],
            ..Clean::default()
        };
        let analyzed = analyze(Some("标题"), &clean, &mut Segmenter::new());
        assert_eq!((analyzed.title_end, analyzed.body_end), (2, 5));
        assert_eq!(analyzed.units.len(), 8);
    }
}
