//! Bytes on disk: numbers, document rows, gram blocks.

use crate::analysis::Analyzed;

/// Raised with every change of the format; an index of another version is refused.
pub const FORMAT_VERSION: u32 = 1;

/// The segment file's ending.
pub const EXTENSION: &str = "lit";

/// The name of the custom field whose values the plugin takes.
pub const FIELD_TYPE: &str = "fangzhi-literal";

/// Last bytes of the file, before the version.
pub const MAGIC: u32 = 0x46_5A_4C_54; // "FZLT"

/// Bytes of a row of the document table: place, title end, body end, page end, extras' length.
pub const ROW: usize = 8 + 4 * 4;

/// Grams a block.
pub const BLOCK: usize = 64;

/// Bytes of a row of the block table: first gram, place.
pub const BLOCK_ROW: usize = 4 + 8;

/// Bytes of the footer: places of table, postings, blocks; documents; version; magic.
pub const FOOTER: usize = 3 * 8 + 3 * 4;

/// Appends `n` in 7-bit groups, the low ones first.
pub fn put_varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Reads a number at `at` and moves past it; `None` at the end or when it is too long.
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
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A little-endian `u64` at `at`.
pub fn get_u64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// What a document's row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Row {
    /// Where its units begin in the file.
    pub place: u64,
    /// Ends of the parts, in units.
    pub title_end: u32,
    pub body_end: u32,
    pub page_end: u32,
    /// Bytes of guessed positions and boundary bits after the units.
    pub extras: u32,
}

impl Row {
    pub fn put(&self, out: &mut Vec<u8>) {
        out.extend(self.place.to_le_bytes());
        for n in [self.title_end, self.body_end, self.page_end, self.extras] {
            out.extend(n.to_le_bytes());
        }
    }

    /// Reads a row and checks it against itself.
    pub fn get(bytes: &[u8], at: usize) -> Option<Row> {
        let row = Row {
            place: get_u64(bytes, at)?,
            title_end: get_u32(bytes, at + 8)?,
            body_end: get_u32(bytes, at + 12)?,
            page_end: get_u32(bytes, at + 16)?,
            extras: get_u32(bytes, at + 20)?,
        };
        (row.title_end <= row.body_end && row.body_end <= row.page_end).then_some(row)
    }

    /// Bytes of the document: units and extras.
    pub fn len(&self) -> usize {
        self.page_end as usize * 2 + self.extras as usize
    }
}

/// An analysed article as the value of the custom field: its row without a place, its document
/// bytes, and whether its clean text differs from the decoded one.
pub fn encode_payload(analyzed: &Analyzed, changed: bool) -> Vec<u8> {
    let mut extras = Vec::with_capacity(analyzed.boundaries.len() + 2);
    put_varint(&mut extras, analyzed.guessed.len() as u64);
    let mut before = 0;
    for &unit in &analyzed.guessed {
        put_varint(&mut extras, (unit - before) as u64);
        before = unit;
    }
    extras.extend(&analyzed.boundaries);
    let row = Row {
        place: 0,
        title_end: analyzed.title_end,
        body_end: analyzed.body_end,
        page_end: analyzed.units.len() as u32,
        extras: extras.len() as u32,
    };
    let mut out = Vec::with_capacity(1 + ROW + row.len());
    out.push(changed as u8);
    row.put(&mut out);
    out.extend(analyzed.units.iter().flat_map(|u| u.to_le_bytes()));
    out.extend(extras);
    out
}

/// The payload taken apart again: changed, row, document bytes.
pub fn decode_payload(payload: &[u8]) -> Option<(bool, Row, &[u8])> {
    let (&changed, rest) = payload.split_first()?;
    let row = Row::get(rest, 0)?;
    let document = rest.get(ROW..)?;
    (document.len() == row.len()).then_some((changed != 0, row, document))
}

/// The units of a document's bytes.
pub fn units(document: &[u8], row: &Row) -> impl Iterator<Item = u16> {
    document[..row.page_end as usize * 2].chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]))
}

#[cfg(test)]
mod tests {
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
            let _ = decode_payload(&bytes);
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
            words: String::new(),
        };
        let payload = encode_payload(&analyzed, true);
        let (changed, row, document) = decode_payload(&payload).expect("just made");
        assert!(changed);
        assert_eq!((row.title_end, row.body_end, row.page_end), (2, 5, 5));
        assert_eq!(units(document, &row).collect::<Vec<_>>(), analyzed.units);
    }
}
