//! Text that was read in the wrong encoding and saved so: `浣犲ソ` for 你好 (UTF-8 read as GBK),
//! `ä½ å¥½` (UTF-8 read as Windows-1252), `ÄãºÃ` (GBK read as Latin-1). The bytes are all there, so
//! what was done is undone, and believed only when doing it again gives what stands.
//!
//! `锟斤拷` (the replacement character, read so) and U+FFFD itself stand for what is gone: they
//! are reported.

use super::look::triples;
use super::rewritten::gbk;
use super::state::{Edit, Note, State};
use crate::article::RepairKind;
use crate::text::Span;
use crate::text::fold::fold_char;
use encoding_rs::{Encoding, GBK, UTF_8, WINDOWS_1252};

const MISREAD: Note = Note { rule: "misread", kind: RepairKind::Repaired, confidence: 0.98 };
const LOST: &str = "lost-character";

/// So many Chinese characters, at least, come back in the whole text: fewer may be chance.
const FEWEST: usize = 4;
/// A stretch longer than this is looked at in parts.
const LONGEST: usize = 8 << 10;

/// How a text was written and how it was read: `(written, read)`.
const WAYS: [(&Encoding, &Encoding); 3] = [(UTF_8, GBK), (UTF_8, WINDOWS_1252), (GBK, WINDOWS_1252)];

/// The step: nothing, unless enough of the text reads as Chinese the other way.
pub(super) fn step(state: &mut State<'_>) {
    if !suspicious(state.text.as_bytes()) {
        return;
    }
    report_lost(state);
    let text = state.text.clone();
    let best = WAYS.iter().map(|&(written, read)| undo(&text, written, read)).max_by_key(|found| found.1);
    if let Some((edits, characters)) = best
        && characters >= FEWEST
    {
        state.apply(edits);
    }
}

/// Whether any of the characters that such text has stands here: those that begin the most
/// frequent characters when UTF-8 is read as GBK (锛 銆 鐨 鏄 鍦 鍥 鎴 涓 浜 浣 and their
/// neighbours), two accented letters in a row, 锟, U+FFFD.
fn suspicious(bytes: &[u8]) -> bool {
    triples(bytes, |a, b, c| {
        let metal = (a == 0xE9) & ((0x8D..=0x90).contains(&b) | (b == 0x94) & (c == 0x9B) | (b == 0x8A));
        let water =
            (a == 0xE6) & ((b == 0xB5) & (c == 0x9C) | (b == 0xB5) & (c == 0xA3) | (b == 0xB6) & (c == 0x93));
        let latin = ((a == 0xC3) | (a == 0xC2))
            & ((c == 0xC2) | (c == 0xC3) | (c == 0xC5) | (c == 0xCB) | (c == 0xE2));
        let gone = (a == 0xEF) & (b == 0xBF) & (c == 0xBD) | (a == 0xE9) & (b == 0x94) & (c == 0x9F);
        metal | water | latin | gone
    })
    .next()
    .is_some()
}

fn report_lost(state: &mut State<'_>) {
    let mut found: Vec<Span> = Vec::new();
    for gone in ["锟斤拷", "\u{FFFD}"] {
        for at in memchr::memmem::find_iter(state.text.as_bytes(), gone) {
            match found.last_mut() {
                Some(last) if last.end() == at => *last = Span::new(last.start(), at + gone.len()),
                _ => found.push(Span::new(at, at + gone.len())),
            }
        }
    }
    for span in found {
        state.report(span, LOST);
    }
}

/// The edits that undo one way of misreading, and how many Chinese characters they give.
fn undo(text: &str, written: &'static Encoding, read: &'static Encoding) -> (Vec<Edit>, usize) {
    let (mut edits, mut characters) = (Vec::new(), 0);
    let mut at = 0;
    while at < text.len() {
        let start = at + text[at..].bytes().take_while(u8::is_ascii).count();
        let mut end = start;
        for c in text[start..].chars().take_while(|c| !c.is_ascii() && *c != '\u{FFFD}') {
            end += c.len_utf8();
            if end - start >= LONGEST {
                break;
            }
        }
        if let Some((length, with)) = stretch(&text[start..end], written, read) {
            characters += with.chars().filter(|&c| is_han(c)).count();
            edits.push(Edit { span: Span::new(start, start + length), with, note: Some(MISREAD) });
        }
        at = end.max(start + text[start..].chars().next().map_or(1, char::len_utf8));
    }
    (edits, characters)
}

/// What the longest beginning of a stretch was before it was misread, with its length: Chinese
/// in common characters, and shorter than what stands there.
fn stretch(stands: &str, written: &'static Encoding, read: &'static Encoding) -> Option<(usize, String)> {
    if !may_begin(stands, written, read) {
        return None;
    }
    let (bytes, ends) = bytes_of(stands, read)?;
    let valid = match std::str::from_utf8(&bytes) {
        _ if written != UTF_8 => bytes.len() & !1,
        Ok(all) => all.len(),
        Err(e) => e.valid_up_to(),
    };
    // Where a character of what stands and one of what was written both end.
    let n = ends.iter().rposition(|&end| end <= valid && boundary(&bytes, end, written))?;
    let bytes = &bytes[..ends[n]];
    let meant = written.decode_without_bom_handling_and_without_replacement(bytes)?;
    let length = stands.char_indices().nth(n + 1).map_or(stands.len(), |(i, _)| i);
    let han = meant.chars().filter(|&c| is_han(c)).count();
    let readable = meant.chars().all(is_usual) && han > 0 && meant.chars().count() >= 2;
    let again = read.decode_without_bom_handling(bytes).0;
    (readable && again == stands[..length] && meant != stands[..length]).then(|| (length, meant.into_owned()))
}

/// Whether the first character can be the beginning of a Chinese one: nearly no stretch of sound text
/// passes.
fn may_begin(stands: &str, written: &'static Encoding, read: &'static Encoding) -> bool {
    let Some(first) = stands.chars().next() else { return false };
    if read != GBK {
        return first <= '\u{FF}' && (written != UTF_8 || first >= '\u{E2}');
    }
    gbk::encode(first)
        .is_some_and(|[lead, trail]| (0xE2..=0xEF).contains(&lead) && (0x80..=0xBF).contains(&trail))
}

fn boundary(bytes: &[u8], at: usize, written: &'static Encoding) -> bool {
    if written == UTF_8 { bytes.get(at).is_none_or(|b| b & 0xC0 != 0x80) } else { at.is_multiple_of(2) }
}

/// The bytes that were read as this text, with the end of each character's; up to the first
/// character that the encoding lacks.
fn bytes_of(text: &str, read: &'static Encoding) -> Option<(Vec<u8>, Vec<usize>)> {
    let (mut bytes, mut ends) = (Vec::with_capacity(text.len()), Vec::new());
    let mut buffer = [0; 4];
    for c in text.chars() {
        if read == GBK {
            match gbk::encode(c) {
                Some(code) => bytes.extend_from_slice(&code),
                None if c == '€' => bytes.push(0x80),
                None => break,
            }
        } else {
            let (code, _, lacks) = read.encode(c.encode_utf8(&mut buffer));
            if lacks {
                break;
            }
            bytes.extend_from_slice(&code);
        }
        ends.push(bytes.len());
    }
    (ends.len() >= 2).then_some((bytes, ends))
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// Common Chinese characters, their marks, and what stands beside them: what no accident gives in
/// a row.
fn is_usual(c: char) -> bool {
    match c {
        '\u{4E00}'..='\u{9FFF}' => {
            matches!(gbk::encode(c), Some([0xB0..=0xD7, 0xA1..=0xFE])) || fold_char(c) != c
        }
        '、' | '。' | '·' | '—' | '…' | '℃' | '“'..='”' | '‘'..='’' | '《'..='】' | '〔' | '〕' | '〈' => {
            true
        }
        '\u{3000}' | '\u{FF00}'..='\u{FF5E}' => true,
        _ => c.is_ascii() && !c.is_ascii_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "比亚迪在济南投资建设项目，年产三十万辆；总投资一百五十亿元，今年六月开工。";

    /// `text`, written in one encoding and read in another, comes back.
    fn check(text: &str, written: &'static Encoding, read: &'static Encoding) {
        let (bytes, _, lossy) = written.encode(text);
        let (stands, malformed) = read.decode_without_bom_handling(&bytes);
        assert!(!lossy && !malformed, "{text}");
        let mut state = State::new(&stands);
        step(&mut state);
        assert_eq!(state.text, text, "{stands}");
        assert!(state.repairs.iter().all(|r| r.rule == "misread"));
    }

    #[test]
    fn undone() {
        for text in ["你好中国", "欢迎来到济南！", TEXT] {
            check(text, GBK, WINDOWS_1252);
            check(text, UTF_8, WINDOWS_1252);
        }
        // An even number of bytes: nothing was lost.
        for text in ["你好中国", "欢迎来到济南啊！", "济南起步区ab比亚迪汽"] {
            check(text, UTF_8, GBK);
        }
    }

    #[test]
    fn in_the_midst_of_sound_text() {
        let (bytes, ..) = UTF_8.encode("你好欢迎来到济南！");
        let (stands, _) = GBK.decode_without_bom_handling(&bytes[..24]);
        let page = format!("标题:{stands} (2024)\n昨天，银行宣布。");
        let mut state = State::new(&page);
        step(&mut state);
        assert_eq!(state.text, "标题:你好欢迎来到济南 (2024)\n昨天，银行宣布。");
    }

    #[test]
    fn gone_for_good_is_reported() {
        let mut state = State::new("公司锟斤拷锟斤拷地址\u{FFFD}");
        step(&mut state);
        assert_eq!(state.text, "公司锟斤拷锟斤拷地址\u{FFFD}");
        let reports: Vec<_> = state.repairs.iter().map(|r| (r.rule.as_str(), r.before.as_str())).collect();
        assert_eq!(reports, [(LOST, "锟斤拷锟斤拷"), (LOST, "\u{FFFD}")]);
    }

    #[test]
    fn what_stays() {
        for text in [
            TEXT,
            "鍋炉、鍵盤與鐵路，鎮長說：銅、鋼、鏡子都在這裡。",
            "涓涓细流，浣纱溪畔，浜北；鲍照、鐘、锛子",
            "Ærø、Zürich、São Tomé、ÀÁÂÃÄ、Ça va",
            "café ±5℃ №3 ‰",
            "",
        ] {
            let mut state = State::new(text);
            step(&mut state);
            assert_eq!(state.text, text);
            assert!(state.repairs.is_empty(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn total(text in "[浣犲ソ涓浗锟斤拷€ä½ å¥½ÄãºÃ济a\n\u{FFFD}]{0,30}") {
            let mut state = State::new(&text);
            step(&mut state);
            for repair in &state.repairs {
                prop_assert!(text.get(repair.span.range()).is_some());
            }
        }
    }
}
