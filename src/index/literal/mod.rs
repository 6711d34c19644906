//! The literal layer: what makes sure that nothing is lost.
//!
//! A segment file of our own beside tantivy's, with the same document numbers, written, merged
//! and checksummed with them (tantivy's `SegmentPlugin`). It holds, for each document, the page
//! in search form ([`crate::analysis::Layout`]) in a dense code that can be searched, and, for
//! each unit and each pair of neighbouring units (a *gram*), the documents that hold it and how it
//! stands there. Grams give candidates; the text decides. So the answer is that of a scan. For a
//! keyword of one or two units the lists alone say what the text would (`postings.rs`).
//!
//! ```text
//! documents   code of the page, guessed positions, boundary bits       document, code
//! table       one row a document: where it begins, units of its body   format
//! postings    blocks of grams, each with its list                      build, postings, bits
//! blocks      the first gram and the place of each block
//! footer      where each section begins; the format's magic and version
//! ```

mod bits;
mod build;
mod code;
mod document;
mod format;
mod gather;
mod pairs;
mod plugin;
mod postings;
mod read;
mod run;
mod singles;

pub use code::Needle;
pub use document::{Document, Standing};
pub use format::{FIELD_TYPE, FORMAT_VERSION, encode_payload, get_varint, put_varint};
pub use plugin::{Backlog, LiteralPlugin, literal_field, weight};
pub use postings::{Counts, Posting, Postings};
pub use read::{Extent, LiteralReader};

use code::{SYMBOL_BITS, Symbol, is_paired, symbol};

/// A unit, or a pair of neighbouring units, of the search form; title and body apart from the
/// rest of the page.
///
/// The first unit's symbol stands above the second's, which is 0 for a single unit. (The
/// paragraph break, whose symbol is 0, stands in no gram.) Units that are not listed share
/// symbols, so a gram finds all documents that hold its units, and perhaps others.
pub type Gram = u32;

/// The gram under which documents are listed whose clean text is not their decoded text.
pub const CHANGED: Gram = 0;

/// The gram under which documents are listed in which something was guessed.
pub const GUESSED: Gram = 1;

/// Added to the grams of what is neither title nor body.
pub const REST: Gram = 1 << (2 * SYMBOL_BITS);

fn pair_of(a: Symbol, b: Symbol) -> Gram {
    single_of(a) | b as u32
}

fn single_of(a: Symbol) -> Gram {
    (a as u32) << SYMBOL_BITS
}

/// The gram of a pair of units; `None` when one of them is a mark, since such pairs are not listed.
pub fn pair(a: u16, b: u16) -> Option<Gram> {
    let (a, b) = (symbol(a), symbol(b));
    (is_paired(a) && is_paired(b)).then(|| pair_of(a, b))
}

/// The grams that a text has that holds these units, each with the place where it begins in them:
/// the pairs, and those units that stand in none.
pub fn grams(units: &[u16]) -> Vec<(usize, Gram)> {
    let mut grams = Vec::with_capacity(units.len());
    let mut covered = false;
    for (at, &unit) in units.iter().enumerate() {
        let pair = units.get(at + 1).and_then(|&next| pair(unit, next));
        if let Some(pair) = pair {
            grams.push((at, pair));
        } else if !covered {
            grams.push((at, single(unit)));
        }
        covered = pair.is_some();
    }
    grams
}

/// Whether a gram is a pair.
pub fn is_pair(gram: Gram) -> bool {
    gram & ((1 << SYMBOL_BITS) - 1) != 0
}

/// The gram of a single unit.
pub fn single(a: u16) -> Gram {
    single_of(symbol(a))
}
