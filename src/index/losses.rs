//! The clean text as what folding lost of it.
//!
//! The literal layer holds each page in search form. The clean text differs from it in little:
//! full-width marks, capitals, Traditional forms, spaces, the order of paragraphs. So an article
//! is stored as the list of these differences, and its clean text is made again from the page.
//! A text that does not come back byte for byte is stored whole.
//!
//! ```text
//! 0 text                      the whole text
//! 1 (gap) (copies, change)*   for each block in the text's order; a last gap after the last
//! ```

use super::literal::{get_varint, put_varint};
use crate::analysis::{PAGE_PARTS, PARAGRAPH, Part};
use crate::article::Block;
use crate::text::fold::fold_char;

/// Characters that folding changes often, with codes of one byte.
const FREQUENT: [char; 30] = [
    '，', '：', '！', '？', '；', '（', '）', '\u{3000}', ' ', '\t', 'A', 'B', 'C', 'D', 'E', 'G', 'I', 'M',
    'N', 'P', 'S', 'T', '％', '－', '／', '０', '１', '２', '．', '～',
];

/// How a stored character differs from the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    /// It stands where the page has its folded form.
    Instead,
    /// It stands before the page's next character: a space that does not count.
    Before,
    /// The block ends.
    End,
}

fn put_change(out: &mut Vec<u8>, change: Change, c: char) {
    let code = match FREQUENT.iter().position(|f| *f == c) {
        Some(i) => i as u64,
        None => c as u64 + FREQUENT.len() as u64,
    };
    match change {
        Change::End => put_varint(out, 0),
        Change::Instead => put_varint(out, 1 + code * 2),
        Change::Before => put_varint(out, 2 + code * 2),
    }
}

fn get_change(bytes: &[u8], at: &mut usize) -> Option<(Change, char)> {
    let n = get_varint(bytes, at)?;
    let Some(n) = n.checked_sub(1) else { return Some((Change::End, '\0')) };
    let c = match FREQUENT.get(usize::try_from(n / 2).ok()?) {
        Some(c) => *c,
        None => char::from_u32(u32::try_from(n / 2).ok()? - FREQUENT.len() as u32)?,
    };
    Some((if n % 2 == 0 { Change::Instead } else { Change::Before }, c))
}

/// The paragraphs of a page that are a text's blocks, in the order of the blocks.
fn paragraphs<'a>(units: &'a [u16], outside_title: bool, blocks: &[Block]) -> Option<Vec<&'a [u16]>> {
    let mut pages = units.split(|u| *u == PARAGRAPH);
    if outside_title {
        pages.next()?;
    }
    let mut found = vec![&units[..0]; blocks.len()];
    for part in PAGE_PARTS {
        for (block, found) in blocks.iter().zip(&mut found) {
            if Part::of(block.zone) == part {
                *found = pages.next().filter(|p| !p.is_empty())?;
            }
        }
    }
    Some(found)
}

/// A text as its differences from its page.
pub fn encode(text: &str, blocks: &[Block], units: &[u16], outside_title: bool) -> Vec<u8> {
    match differences(text, blocks, units, outside_title) {
        Some(bytes) => {
            // Each character is either the page's next one or written down, so it does come back;
            // the property tests below see that it stays so.
            debug_assert_eq!(decode(&bytes, blocks, units, outside_title).as_deref(), Some(text));
            bytes
        }
        None => [&[0], text.as_bytes()].concat(),
    }
}

fn differences(text: &str, blocks: &[Block], units: &[u16], outside_title: bool) -> Option<Vec<u8>> {
    let mut out = vec![1];
    let mut at = 0;
    for (block, page) in blocks.iter().zip(paragraphs(units, outside_title, blocks)?) {
        put_gap(&mut out, text.get(at..block.span.start())?);
        let mut page = char::decode_utf16(page.iter().copied()).map(|c| c.unwrap_or('\u{fffd}')).peekable();
        let mut copies = 0;
        for c in text.get(block.span.range())?.chars() {
            if page.next_if_eq(&c).is_some() {
                copies += 1;
                continue;
            }
            let folded = fold_char(c);
            let change = if page.next_if_eq(&folded).is_some() { Change::Instead } else { Change::Before };
            put_varint(&mut out, copies);
            put_change(&mut out, change, c);
            copies = 0;
        }
        put_varint(&mut out, copies);
        put_change(&mut out, Change::End, '\0');
        at = block.span.end();
    }
    put_gap(&mut out, text.get(at..)?);
    Some(out)
}

/// What stands between two blocks: most often one line feed.
fn put_gap(out: &mut Vec<u8>, gap: &str) {
    match gap {
        "\n" => put_varint(out, 0),
        gap => {
            put_varint(out, 1 + gap.len() as u64);
            out.extend(gap.as_bytes());
        }
    }
}

fn get_gap<'a>(bytes: &'a [u8], at: &mut usize) -> Option<&'a str> {
    let Some(length) = get_varint(bytes, at)?.checked_sub(1) else { return Some("\n") };
    let gap = bytes.get(*at..)?.get(..usize::try_from(length).ok()?)?;
    *at += gap.len();
    std::str::from_utf8(gap).ok()
}

/// The text again; `None` when the bytes or the page are damaged.
pub fn decode(bytes: &[u8], blocks: &[Block], units: &[u16], outside_title: bool) -> Option<String> {
    let (form, bytes) = bytes.split_first()?;
    if *form == 0 {
        return String::from_utf8(bytes.to_vec()).ok();
    }
    let mut text = String::with_capacity(units.len() * 3);
    let mut at = 0;
    for page in paragraphs(units, outside_title, blocks)? {
        text.push_str(get_gap(bytes, &mut at)?);
        let mut page = char::decode_utf16(page.iter().copied()).map(|c| c.unwrap_or('\u{fffd}'));
        loop {
            for _ in 0..get_varint(bytes, &mut at)? {
                text.push(page.next()?);
            }
            match get_change(bytes, &mut at)? {
                (Change::End, _) => break,
                (Change::Instead, c) => {
                    page.next()?;
                    text.push(c);
                }
                (Change::Before, c) => text.push(c),
            }
        }
    }
    text.push_str(get_gap(bytes, &mut at)?);
    (at == bytes.len()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Layout;
    use crate::article::{Clean, Zone};
    use crate::text::Span;
    use proptest::prelude::*;

    fn clean(lines: &[(String, Zone)], gap: &str) -> Clean {
        let mut clean = Clean::default();
        for (line, zone) in lines.iter().filter(|(line, _)| !line.trim().is_empty()) {
            if !clean.text.is_empty() {
                clean.text += gap;
            }
            let start = clean.text.len();
            clean.text += line;
            clean.blocks.push(Block { span: Span::new(start, clean.text.len()), zone: *zone });
        }
        clean
    }

    proptest! {
        #[test]
        fn texts_come_back(
            lines in prop::collection::vec(
                ("[比亚亞迪aAＡ１，。 \u{3000}\u{20000}\t]{0,12}", prop::sample::select(vec![Zone::Title, Zone::Body, Zone::Byline])),
                0..8,
            ),
            gap in "[ \n]{0,2}\n",
            title in prop::option::of("[比A ]{1,4}"),
        ) {
            let clean = clean(&lines, &gap);
            let layout = Layout::of(title.as_deref(), &clean);
            let outside = title.is_some_and(|t| !t.trim().is_empty());
            let bytes = encode(&clean.text, &clean.blocks, &layout.units, outside);
            prop_assert_eq!(bytes[0], (!clean.text.is_empty() || bytes[0] == 1) as u8);
            prop_assert_eq!(decode(&bytes, &clean.blocks, &layout.units, outside), Some(clean.text));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), units in prop::collection::vec(any::<u16>(), 0..20)) {
            let blocks = [Block { span: Span::new(0, 3), zone: Zone::Body }];
            let _ = decode(&bytes, &blocks, &units, false);
        }
    }

    #[test]
    fn plain_text_costs_little() {
        let lines = [("比亚迪在济南建厂，产能达到30GW。".repeat(20), Zone::Body)];
        let clean = clean(&lines, "\n");
        let layout = Layout::of(None, &clean);
        let bytes = encode(&clean.text, &clean.blocks, &layout.units, false);
        assert!(bytes.len() < clean.text.len() / 5, "{} of {}", bytes.len(), clean.text.len());
    }
}
