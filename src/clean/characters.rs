//! Characters that no reader sees: controls, zero widths, line ends, odd spaces.

use super::look::triples;
use super::state::{Edit, Note, State};
use crate::article::RepairKind;
use crate::text::Span;

const INVISIBLE: Note = Note { rule: "invisible", kind: RepairKind::Repaired, confidence: 1.0 };

/// What to put for a character; `None` keeps it.
fn instead(c: char, next: Option<char>, near_han: bool) -> Option<(&'static str, Kind)> {
    match c {
        '\n' | '\t' => None,
        // One line end for all; the form feed and the separators end a line too.
        '\r' if next == Some('\n') => Some(("", Kind::LineEnd)),
        '\r' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(("\n", Kind::LineEnd)),
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' => Some(("", Kind::Invisible)),
        // Soft hyphen, zero-width space, word joiner, byte order mark, directions.
        '\u{AD}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => Some(("", Kind::Invisible)),
        // The joiners shape emoji and Indic letters; between Han characters they are noise.
        '\u{200C}' | '\u{200D}' if near_han => Some(("", Kind::Invisible)),
        // The ideographic space U+3000 stays: it indents paragraphs and parts titles.
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' => Some((" ", Kind::Space)),
        _ => None,
    }
}

#[derive(PartialEq)]
enum Kind {
    LineEnd,
    Invisible,
    Space,
}

/// The step: drops what is invisible, makes line ends `\n` and odd spaces plain ones.
pub(super) fn step(state: &mut State<'_>) {
    if !suspicious(state.text.as_bytes()) {
        return;
    }
    let mut edits = Vec::new();
    let (mut line_ends, mut spaces) = (false, false);
    let mut chars = state.text.char_indices().peekable();
    let mut before = None;
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, n)| n);
        let near_han = before.is_some_and(is_han) || next.is_some_and(is_han);
        if let Some((with, kind)) = instead(c, next, near_han) {
            line_ends |= kind == Kind::LineEnd;
            spaces |= kind == Kind::Space;
            edits.push(Edit {
                span: Span::new(at, at + c.len_utf8()),
                with: with.to_owned(),
                note: (kind == Kind::Invisible).then_some(INVISIBLE),
            });
        }
        before = Some(c);
    }
    state.apply(edits);
    for (found, rule) in [(line_ends, "line-ends"), (spaces, "spaces")] {
        if found {
            state.note_whole(rule);
        }
    }
}

/// Whether any byte could begin a character of [`instead`]: one quick pass, since nearly all
/// texts have none.
fn suspicious(bytes: &[u8]) -> bool {
    triples(bytes, |a, b, c| {
        let control = (a < 0x20) & (a != b'\n') & (a != b'\t') | (a == 0x7F);
        // U+0080 to U+00AD; U+00B7, the dot of foreign names, is not among them.
        let latin = (a == 0xC2) & (b <= 0xAD);
        let general = (b == 0x80) & ((c <= 0x8F) | (0xA8..=0xAF).contains(&c))
            | (b == 0x81) & (0x9F..=0xA9).contains(&c);
        let mark = (a == 0xEF) & (b == 0xBB) & (c == 0xBF);
        control | latin | (a == 0xE2) & general | mark
    })
    .next()
    .is_some()
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9FFF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(input: &str, expected: &str, repairs: usize) {
        let mut state = State::new(input);
        step(&mut state);
        assert_eq!(state.text, expected, "{input:?}");
        assert_eq!(state.repairs.len(), repairs, "{input:?}");
    }

    #[test]
    fn what_no_reader_sees() {
        for (input, expected, repairs) in [
            ("比\u{200B}亚\u{FEFF}迪", "比亚迪", 2),
            ("\u{FEFF}比亚迪", "比亚迪", 1),
            ("比亚迪\r\n济南\r起步区", "比亚迪\n济南\n起步区", 1),
            ("首页\u{A0}\u{2003}正文", "首页  正文", 1),
            ("弗\u{200D}迪", "弗迪", 1),
            ("a\0b\u{8}c", "abc", 2),
            ("一\u{2028}二", "一\n二", 1),
        ] {
            check(input, expected, repairs);
        }
    }

    #[test]
    fn what_stays() {
        for text in [
            "\u{3000}\u{3000}济南·起步区\t30GW\n——“比亚迪”…①②",
            "👨\u{200D}👩\u{200D}👧 ❤\u{FE0F}",
            "café ±5℃ №3 ‰",
            "",
        ] {
            check(text, text, 0);
        }
    }

    proptest! {
        #[test]
        fn the_quick_look_misses_nothing(text in "[\u{0}-\u{ff}\u{2000}-\u{2070}\u{fef0}-\u{feff}济]{0,12}") {
            let changes = text.char_indices().any(|(i, c)| {
                let next = text[i + c.len_utf8()..].chars().next();
                instead(c, next, true).is_some()
            });
            prop_assert!(!changes || suspicious(text.as_bytes()), "{:?}", text);
        }
    }
}
