//! The literal layer: what makes sure that nothing is lost.
//!
//! A segment file of our own beside tantivy's, with the same document numbers, written, merged
//! and checksummed with them (tantivy's `SegmentPlugin`). It holds, for each document, the page
//! in search form as UTF-16 code units ([`crate::analysis::Layout`]), and, for each unit and each
//! pair of neighbouring units (a *gram*), the documents that hold it. Grams give candidates; the
//! text decides. So the answer is that of a scan, and the postings can be replaced without a word
//! of the search changing: everything above sees only [`LiteralReader`].
//!
//! ```text
//! documents   units (2 bytes each), guessed positions, boundary bits
//! table       one row a document: where it begins, where its parts end
//! postings    blocks of grams, each with its ascending document numbers
//! blocks      the first gram and the place of each block
//! footer      where each section begins; the format's magic and version
//! ```

mod build;
mod format;
mod plugin;
mod read;

pub use format::{FIELD_TYPE, FORMAT_VERSION, encode_payload, get_varint, put_varint};
pub use plugin::LiteralPlugin;
pub use plugin::literal_field;
pub use read::{Document, LiteralReader, Needle};

use crate::analysis::PARAGRAPH;

/// A unit, or a pair of neighbouring units, of the search form.
///
/// The first unit stands in the high half; the low half is 0 for a single unit. (U+0000 never
/// stands in a search form.)
pub type Gram = u32;

/// The gram under which documents are listed whose clean text is not their decoded text.
pub const CHANGED: Gram = 0;

/// The gram of a pair of units.
pub fn pair(a: u16, b: u16) -> Gram {
    (a as u32) << 16 | b as u32
}

/// The gram of a single unit.
pub fn single(a: u16) -> Gram {
    (a as u32) << 16
}

/// All grams of a page, sorted, each once.
pub fn grams(units: &[u16], into: &mut Vec<Gram>) {
    into.clear();
    let mut before = PARAGRAPH;
    for &unit in units {
        if unit != PARAGRAPH {
            into.push(single(unit));
            if before != PARAGRAPH {
                into.push(pair(before, unit));
            }
        }
        before = unit;
    }
    into.sort_unstable();
    into.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grams_stop_at_paragraphs() {
        let units: Vec<u16> = "ab\nba".encode_utf16().collect();
        let mut all = Vec::new();
        grams(&units, &mut all);
        let (a, b) = (b'a' as u16, b'b' as u16);
        assert_eq!(all, [single(a), pair(a, b), single(b), pair(b, a)]);
    }
}
