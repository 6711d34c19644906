//! HTML character references, in markup and left behind in text.

use super::state::{Edit, Note, State};
use crate::article::RepairKind;
use crate::text::Span;

const ENTITY: Note = Note { rule: "entity", kind: RepairKind::Repaired, confidence: 1.0 };

/// The names that Chinese pages use. From the HTML standard, section “Named character
/// references”.
const NAMES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("bull", '•'),
    ("copy", '©'),
    ("darr", '↓'),
    ("deg", '°'),
    ("divide", '÷'),
    ("emsp", ' '),
    ("ensp", ' '),
    ("ge", '≥'),
    ("gt", '>'),
    ("hellip", '…'),
    ("laquo", '«'),
    ("larr", '←'),
    ("ldquo", '“'),
    ("le", '≤'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("middot", '·'),
    ("nbsp", ' '),
    ("ndash", '–'),
    ("permil", '‰'),
    ("plusmn", '±'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rarr", '→'),
    ("rdquo", '”'),
    ("reg", '®'),
    ("rsquo", '’'),
    ("thinsp", ' '),
    ("times", '×'),
    ("trade", '™'),
    ("uarr", '↑'),
    ("yen", '¥'),
];

/// The longest reference read, without `&` and `;`: `#x10FFFF`.
const LONGEST: usize = 8;

/// The reference at the start of `text`, which begins with `&`: its length in bytes, with the
/// `;` it must have, and its character. Numbers that mean no visible character are none.
pub(super) fn reference(text: &str) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    let window = &bytes[1..bytes.len().min(LONGEST + 2)];
    let end = 1 + memchr::memchr(b';', window)?;
    let name = text.get(1..end)?;
    let found = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            match char::from_u32(code)? {
                '\u{A0}' => ' ',
                c if c.is_control() => return None,
                c => c,
            }
        }
        None => NAMES.iter().find(|(n, _)| *n == name)?.1,
    };
    Some((end + 1, found))
}

/// The step for plain text: decodes references left behind, as in `营收&nbsp;超193亿元`.
///
/// An article about HTML names references on purpose. There they stand in quotes or code, or
/// beside tags, and so a text with a tag or with a quoted reference keeps all of its own.
pub(super) fn step(state: &mut State<'_>) {
    let bytes = state.text.as_bytes();
    let mut edits = Vec::new();
    for at in memchr::memchr_iter(b'&', bytes) {
        let Some((len, c)) = reference(&state.text[at..]) else { continue };
        let around = [at.checked_sub(1).map(|i| bytes[i]), bytes.get(at + len).copied()];
        let quoted = around.into_iter().flatten().any(|b| matches!(b, b'`' | b'"' | b'\''));
        if quoted || c == '<' || in_address(&state.text, at) {
            return;
        }
        edits.push(Edit { span: Span::new(at, at + len), with: c.to_string(), note: Some(ENTITY) });
    }
    state.apply(edits);
}

/// Whether the word that byte `at` stands in began as a web address.
fn in_address(text: &str, at: usize) -> bool {
    const FAR: usize = 200;
    let from = (at.saturating_sub(FAR)..=at).find(|&i| text.is_char_boundary(i)).unwrap_or(at);
    let word = text[from..at].rsplit(char::is_whitespace).next().unwrap_or_default();
    word.contains("://")
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
        check("营收&nbsp;超193亿元", "营收 超193亿元");
        check("R&amp;D投入&#20013;、&#x56FD;", "R&D投入中、国");
        check("&ldquo;项目&rdquo;&middot;AT&amp;T", "“项目”·AT&T");
    }

    #[test]
    fn what_stays() {
        for text in [
            "AT&T、R&D;P&G",
            "用 `&amp;` 表示 &",
            "写作\"&nbsp;\"即可",
            "把 < 写成 &lt;，把空格写成 &nbsp;",
            "http://a.cn/?a=1&copy;=2&lt=3",
            "&#0;&#99999999;&unknown;&",
        ] {
            check(text, text);
        }
    }
}
