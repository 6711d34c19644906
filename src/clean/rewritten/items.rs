//! A line of a page as a decoder printed it, item by item.

use super::forward::CUTS;
use super::gbk;
use super::table::table;
use crate::text::Span;

/// What a printed character may have been.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A two-byte character; a private-use character is one of GB18030's user-defined codes.
    Wide([u8; 2]),
    /// One byte: ASCII, or `€`, which is 0x80.
    Narrow(u8),
    /// A cut mark, ASCII or full-width.
    Cut([u8; 2]),
    /// `?`: a cut mark, or a lost byte.
    Question,
    /// `?zèng)`: a lost byte for certain, which ate the parenthesis of a reading.
    Lost,
    /// What no GBK page holds.
    Barrier,
}

/// A printed character with the reading that follows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'t> {
    pub kind: Kind,
    /// In the line; holds the reading too.
    pub span: Span,
    /// The reading that follows, such as `jì`, where one does.
    pub mark: Option<&'t str>,
}

impl Item<'_> {
    /// The printed character itself.
    pub fn first(&self, line: &str) -> char {
        line[self.span.range()].chars().next().unwrap_or('?')
    }

    /// The reading with its parentheses, in the line.
    pub fn mark_span(&self) -> Option<Span> {
        let mark = self.mark?;
        Some(Span::new(self.span.end() - mark.len() - 2, self.span.end()))
    }

    /// The last byte of a two-byte character or cut mark.
    pub fn last_byte(&self) -> Option<u8> {
        match self.kind {
            Kind::Wide(code) | Kind::Cut(code) => Some(code[1]),
            _ => None,
        }
    }
}

/// The longest readings, `zhuāng` and `chuáng`, in bytes.
const LONGEST_READING: usize = 7;

/// The reading that ends at the `)` of `text`, which begins after the `(` or `?`.
pub(super) fn reading(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let window = &bytes[..bytes.len().min(LONGEST_READING + 1)];
    let end = memchr::memchr(b')', window)?;
    let word = text.get(..end)?;
    table().is_syllable(word).then_some(word)
}

/// The items of a line.
pub(super) fn items(line: &str) -> Vec<Item<'_>> {
    let mut items = Vec::with_capacity(line.len() / 3);
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        let start = at;
        at += c.len_utf8();
        let mut kind = kind(c);
        let mut mark = None;
        if kind == Kind::Question {
            mark = reading(&line[at..]);
            if let Some(mark) = mark {
                kind = Kind::Lost;
                at += mark.len() + 1;
            }
        } else if line[at..].starts_with('(') && can_be_read(c) {
            mark = reading(&line[at + 1..]);
            if let Some(mark) = mark {
                at += mark.len() + 2;
            }
        }
        items.push(Item { kind, span: Span::new(start, at), mark });
    }
    items
}

/// Han characters, and ASCII that ends a split one: `E95F` of 開 is printed `_` when its first
/// byte went to the character before; `8280` of 個 leaves `€`.
fn can_be_read(c: char) -> bool {
    c == '€' || c.is_alphabetic() || (c.is_ascii() && gbk::is_trail(c as u8))
}

fn kind(c: char) -> Kind {
    match c {
        '?' => Kind::Question,
        '，' => Kind::Cut(CUTS[0].0),
        '；' => Kind::Cut(CUTS[1].0),
        '？' => Kind::Question,
        '！' => Kind::Cut(CUTS[3].0),
        '：' => Kind::Cut(CUTS[4].0),
        '€' => Kind::Narrow(0x80),
        _ if c.is_ascii() && !c.is_ascii_control() => CUTS
            .iter()
            .find(|(_, mark)| *mark == c)
            .map_or(Kind::Narrow(c as u8), |&(code, _)| Kind::Cut(code)),
        _ => gbk::encode(c).map_or(Kind::Barrier, Kind::Wide),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(line: &str) -> String {
        let letter = |i: &Item<'_>| match i.kind {
            Kind::Wide(_) => 'W',
            Kind::Narrow(_) => 'n',
            Kind::Cut(_) => 'c',
            Kind::Question => '?',
            Kind::Lost => 'L',
            Kind::Barrier => '|',
        };
        items(line).iter().flat_map(|i| [Some(letter(i)), i.mark.map(|_| '\'')]).flatten().collect()
    }

    #[test]
    fn lines() {
        for (line, expected) in [
            ("濟(jì)南", "W'W"),
            ("快速?zèng)Q策", "WWL'nW"),
            ("進行?,F(xiàn)場", "WW?cn'W"),
            ("鏈?zhǔn)郊\u{E1FD}喊l(fā)展", "WL'WWWn'W"),
            ("日??己", "W??W"),
            ("函数f(x)、(略)?a)", "WWnnnnWnWn?nn"),
            ("😀", "|"),
        ] {
            assert_eq!(shape(line), expected, "{line}");
        }
    }
}
