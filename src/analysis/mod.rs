//! From clean text to what is indexed: the page's text in search form, its word boundaries and
//! its words.
//!
//! The page is laid out as one sequence of UTF-16 code units, so that a literal search is a
//! search for one sequence of fixed-width units in another: the title's paragraphs first, then
//! the body's, then the rest, with a line feed between two paragraphs. A keyword holds no line
//! feed, so no match crosses a paragraph.

mod layout;
mod segment;

pub use layout::{Layout, PAGE_PARTS, PARAGRAPH, Paragraph, Part, unit_spans};
pub use segment::{Segmenter, Words, dictionary_version};

use crate::article::{Clean, RepairKind};
use crate::text::Span;
use crate::text::fold::is_han;

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
    /// The words of title and body in search form, in order, a space between any two.
    pub words: String,
}

/// Words of more bytes are runs of letters without a space; they stay findable as literals.
const LONGEST_WORD: usize = 60;

/// Analyses a clean article. `title` is the title when it stands outside the text.
pub fn analyze(title: Option<&str>, clean: &Clean, segmenter: &mut Segmenter) -> Analyzed {
    let layout = Layout::of(title, clean);
    let mut boundaries = Boundaries::new(layout.units.len());
    let mut words = String::new();
    let mut text = String::new();
    for paragraph in &layout.paragraphs {
        let units = &layout.units[paragraph.start..paragraph.end];
        text.clear();
        text.extend(char::decode_utf16(units.iter().copied()).map(|c| c.unwrap_or('\u{fffd}')));
        boundaries.set(paragraph.start);
        let mut at = paragraph.start;
        segmenter.words(&text, |word, seams| {
            for &seam in seams {
                boundaries.set(at + units_of(&word[..seam]));
            }
            at += units_of(word);
            boundaries.set(at);
            let counts = word.len() <= LONGEST_WORD && word.chars().any(|c| is_han(c) || c.is_alphanumeric());
            if counts && paragraph.part != Part::Rest {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(word);
            }
        });
    }
    Analyzed {
        guessed: guessed_units(clean, &layout),
        title_end: layout.title_end as u32,
        body_end: layout.body_end as u32,
        units: layout.units,
        boundaries: boundaries.bits,
        words,
    }
}

/// How many UTF-16 units a text has, counted on its bytes: one a character, two for those of four
/// bytes.
fn units_of(text: &str) -> usize {
    text.bytes().map(|b| (b & 0xc0 != 0x80) as usize + (b >= 0xf0) as usize).sum()
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
    fn new(units: usize) -> Self {
        Boundaries { bits: vec![0; units / 8 + 1] }
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
        assert_eq!(analyzed.words, "城市 中心");
        assert_eq!(analyzed.boundaries, [0b0001_0101]);
    }

    #[test]
    fn units_are_counted_on_bytes() {
        for text in ["", "abc", "比亚迪", "a𠮷b野\u{7ff}\u{800}"] {
            assert_eq!(units_of(text), text.encode_utf16().count());
        }
    }

    #[test]
    fn words_stop_at_the_body() {
        let clean = Clean {
            text: "济南\n首页".into(),
            blocks: vec![
                Block { span: Span::new(0, 6), zone: Zone::Body },
                Block { span: Span::new(7, 13), zone: Zone::Navigation },
            ],
            ..Clean::default()
        };
        let analyzed = analyze(Some("标题"), &clean, &mut Segmenter::new());
        assert_eq!(analyzed.words, "标题 济南");
        assert_eq!((analyzed.title_end, analyzed.body_end), (2, 5));
        assert_eq!(analyzed.units.len(), 8);
    }
}
