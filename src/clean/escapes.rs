//! Escape sequences left in text by a scraper that took a program's string for the page:
//! `\u6d4e\u5357` for 济南, `开工。\n\n下一步` with the line break spelled out.

use super::state::{Edit, Note, State};
use crate::article::RepairKind;
use crate::text::Span;

const ESCAPE: Note = Note { rule: "escape", kind: RepairKind::Repaired, confidence: 0.98 };

/// `\u6d4e`
const UNIT: usize = 6;

/// The step: decodes them where Chinese text stands around them or comes out of them. In code they
/// stand beside Latin letters, quotes or brackets, and stay.
pub(super) fn step(state: &mut State<'_>) {
    let text = &state.text;
    let mut edits: Vec<Edit> = Vec::new();
    for at in memchr::memchr_iter(b'\\', text.as_bytes()) {
        if edits.last().is_some_and(|e| e.span.end() > at) {
            continue;
        }
        if let Some((length, with)) = units(&text[at..]).or_else(|| breaks(&text[..at], &text[at..])) {
            edits.push(Edit { span: Span::new(at, at + length), with, note: Some(ESCAPE) });
        }
    }
    state.apply(edits);
}

/// A run of `\uXXXX` at the start of `rest` that gives Chinese text: its length, and the text.
fn units(rest: &str) -> Option<(usize, String)> {
    let mut found = Vec::new();
    while let Some(unit) = rest.get(found.len() * UNIT..(found.len() + 1) * UNIT) {
        let Some(digits) = unit.strip_prefix("\\u").filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))
        else {
            break;
        };
        found.push(u16::from_str_radix(digits, 16).ok()?);
    }
    let text = String::from_utf16(&found).ok()?;
    let chinese = text.chars().filter(|&c| is_chinese(c)).count();
    let visible = text.chars().all(|c| !c.is_control());
    (chinese >= 2 && chinese * 2 >= found.len() && visible).then_some((found.len() * UNIT, text))
}

/// A run of `\r`, `\n` and `\t` between Chinese characters or marks.
fn breaks(before: &str, rest: &str) -> Option<(usize, String)> {
    let run = rest
        .as_bytes()
        .chunks_exact(2)
        .take_while(|pair| matches!(pair, [b'\\', b'r' | b'n' | b't']))
        .count();
    let after = rest[run * 2..].trim_start_matches([' ', '\u{3000}']).chars().next();
    let sides = [before.trim_end_matches([' ', '\u{3000}']).chars().next_back(), after];
    // The end of a text may be a break too; its beginning, or one alone, is none.
    let chinese = sides[0].is_some_and(is_chinese) && sides[1].is_none_or(|c| is_chinese(c) || c == '\n');
    let spelled = &rest[..run * 2];
    let with = if spelled.contains('n') || spelled.contains('r') { "\n" } else { " " };
    (run > 0 && chinese).then(|| (run * 2, with.to_owned()))
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3001}'..='\u{3011}' | '\u{FF01}'..='\u{FF1F}' | '“'..='”')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        let mut state = State::new(input);
        step(&mut state);
        assert_eq!(state.text, expected);
        assert_eq!(state.repairs.is_empty(), input == expected);
    }

    #[test]
    fn left_behind() {
        check(r"地点：\u6d4e\u5357\u5e02，今天", "地点：济南市，今天");
        check(r"\u6d4e\u5357", "济南");
        check(r"项目开工。\n\n下一步，加快建设。\r\n", "项目开工。\n下一步，加快建设。\n");
        check(r"姓名\t单位", "姓名 单位");
    }

    #[test]
    fn what_stays() {
        for text in [
            r"C:\new\table、D:\资料\news",
            r"正则 \d+\n，printf('\n')",
            r"写作 \u6d4e 的字符",
            r"\ud83d\ude00",
            r"a\nb",
            r"\n",
            "",
        ] {
            check(text, text);
        }
    }
}
