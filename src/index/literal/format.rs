//! Bytes on disk: numbers, rows, what stands before a document's text.

use crate::analysis::Analyzed;

/// Raised with every change of the format; an index of another version is refused.
pub const FORMAT_VERSION: u32 = 3;

/// The segment file's ending.
pub const EXTENSION: &str = "lit";

/// The name of the custom field whose values the plugin takes.
pub const FIELD_TYPE: &str = "fangzhi-literal";

/// Last bytes of the file, before the version.
pub const MAGIC: u32 = 0x46_5A_4C_54; // "FZLT"

/// Bytes of a row of the document table: place (5), units of title and body (4).
pub const ROW: usize = 9;

/// Grams a block.
pub const BLOCK: usize = 64;

/// Bytes of a row of the block table: first gram, place.
pub const BLOCK_ROW: usize = 4 + 8;

/// Bytes of the footer: places of table, postings, blocks; units; documents; version; magic.
pub const FOOTER: usize = 4 * 8 + 3 * 4;

/// Appends `n` in 7-bit groups, the low ones first.
pub fn put_varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Reads a number at `at` and moves past it; `None` at the end or when it is too long.
#[inline]
pub fn get_varint(bytes: &[u8], at: &mut usize) -> Option<u64> {
    let mut n = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*at)?;
        *at += 1;
        n |= ((byte & 0x7f) as u64) << shift;
        if byte < 0x80 {
            return Some(n);
        }
    }
    None
}

/// A little-endian `u32` at `at`.
pub fn get_u32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A little-endian `u64` at `at`.
pub fn get_u64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// What the document table says of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Row {
    /// Where it begins in the file.
    pub place: u64,
    /// Units of its title and body.
    pub body_units: u32,
}

impl Row {
    pub fn put(&self, out: &mut Vec<u8>) {
        out.extend(&self.place.to_le_bytes()[..5]);
        out.extend(self.body_units.to_le_bytes());
    }

    pub fn get(bytes: &[u8], at: usize) -> Option<Row> {
        let row = bytes.get(at..at.checked_add(ROW)?)?;
        let mut place = [0; 8];
        place[..5].copy_from_slice(&row[..5]);
        Some(Row { place: u64::from_le_bytes(place), body_units: get_u32(row, 5)? })
    }
}

/// Where the parts of a document end, in units and in bytes of its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ends {
    pub title: usize,
    pub body: usize,
    pub page: usize,
    pub title_code: usize,
    pub body_code: usize,
    pub page_code: usize,
}

/// A document's bytes: ends, guessed positions, code, boundary bits.
pub fn put_document(analyzed: &Analyzed, out: &mut Vec<u8>) {
    let (title, body) = (analyzed.title_end as usize, analyzed.body_end as usize);
    let units = [&analyzed.units[..title], &analyzed.units[title..body], &analyzed.units[body..]];
    let mut code = Vec::with_capacity(analyzed.units.len() * 2);
    for part in units {
        let before = code.len();
        super::code::encode(part, &mut code);
        put_varint(out, part.len() as u64);
        put_varint(out, (code.len() - before) as u64);
    }
    put_varint(out, analyzed.guessed.len() as u64);
    let mut before = 0;
    for &unit in &analyzed.guessed {
        put_varint(out, (unit - before) as u64);
        before = unit;
    }
    out.extend(code);
    out.extend(&analyzed.boundaries);
}

/// The beginning of a document's bytes: where its parts end, how many positions were guessed and
/// where they are listed.
#[inline]
pub fn get_ends(bytes: &[u8]) -> Option<(Ends, usize, usize)> {
    let mut at = 0;
    let mut number = || get_varint(bytes, &mut at).and_then(|n| usize::try_from(n).ok());
    let mut ends = Ends { title: number()?, title_code: number()?, ..Ends::default() };
    ends.body = ends.title.checked_add(number()?)?;
    ends.body_code = ends.title_code.checked_add(number()?)?;
    ends.page = ends.body.checked_add(number()?)?;
    ends.page_code = ends.body_code.checked_add(number()?)?;
    let guessed = number()?;
    Some((ends, guessed, at))
}

/// An analysed article as the value of the custom field: whether its clean text differs from the
/// decoded one, its document bytes behind their length, and the pieces of its paragraphs.
pub fn encode_payload(analyzed: &Analyzed, changed: bool) -> Vec<u8> {
    let mut document = Vec::with_capacity(analyzed.units.len() * 2 + 32);
    put_document(analyzed, &mut document);
    let mut out = Vec::with_capacity(document.len() + analyzed.pieces.len() * 2 + 8);
    out.push(changed as u8);
    put_varint(&mut out, document.len() as u64);
    out.extend(document);
    analyzed.pieces.iter().for_each(|&piece| put_varint(&mut out, u64::from(piece)));
    out
}

/// The payload taken apart again: changed, document bytes, the bytes of the pieces.
pub fn decode_payload(payload: &[u8]) -> Option<(bool, &[u8], &[u8])> {
    let (&changed, rest) = payload.split_first()?;
    let mut at = 0;
    let length = usize::try_from(get_varint(rest, &mut at)?).ok()?;
    let end = at.checked_add(length)?;
    Some((changed != 0, rest.get(at..end)?, &rest[end..]))
}

#[cfg(test)]
mod tests {
    use super::super::read::Document;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn varints_round_trip(numbers in prop::collection::vec(any::<u64>(), 0..20)) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|&n| put_varint(&mut bytes, n));
            let mut at = 0;
            for &n in &numbers {
                prop_assert_eq!(get_varint(&bytes, &mut at), Some(n));
            }
            prop_assert_eq!(get_varint(&bytes, &mut at), None);
        }

        #[test]
        fn no_bytes_make_a_payload_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Some((_, document, _)) = decode_payload(&bytes) {
                let _ = Document::parse(document);
            }
        }
    }

    #[test]
    fn payloads_round_trip() {
        let analyzed = Analyzed {
            units: "标题\n正文".encode_utf16().collect(),
            title_end: 2,
            body_end: 5,
            guessed: vec![3, 4],
            boundaries: vec![0b100101],
            pieces: vec![2 << 1 | 1, 2 << 1 | 1],
        };
        let payload = encode_payload(&analyzed, true);
        let (changed, document, pieces) = decode_payload(&payload).expect("just made");
        assert!(changed);
        assert_eq!(pieces, [5, 5]);
        let document = Document::parse(document).expect("just made");
        assert_eq!((document.title_end(), document.body_end(), document.page_end()), (2, 5, 5));
        assert_eq!(document.to_units(), analyzed.units);
        assert_eq!(document.guessed(), [3, 4]);
        assert!(document.is_boundary(0) && !document.is_boundary(1) && document.is_boundary(2));
    }

    #[test]
    fn rows_round_trip() {
        let row = Row { place: 0x12_3456_789a, body_units: 0xfedc_ba98 };
        let mut bytes = Vec::new();
        row.put(&mut bytes);
        assert_eq!((bytes.len(), Row::get(&bytes, 0)), (ROW, Some(row)));
        assert_eq!(Row::get(&bytes, 1), None);
    }
}
