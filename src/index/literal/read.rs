//! Reading the segment file: candidates from grams, text to decide.

use super::build::SHORTEST;
use super::code::is_listed;
pub use super::document::Document;
use super::format::*;
use super::plugin::{corrupt, corrupt_io};
use super::postings::{Posting, Postings};
use super::{CHANGED, GUESSED, Gram, REST, grams, pair, single};
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentComponent;
use tantivy::{SegmentReader, TantivyError};

/// The literal layer of one segment, mapped into memory.
#[derive(Clone)]
pub struct LiteralReader {
    bytes: OwnedBytes,
    table: usize,
    postings: usize,
    blocks: usize,
    blocks_end: usize,
    units: u64,
    documents: u32,
}

impl std::fmt::Debug for LiteralReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiteralReader").field("documents", &self.documents).finish_non_exhaustive()
    }
}

/// Which part of the pages is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Title and body.
    Body,
    /// The whole page.
    Page,
}

impl LiteralReader {
    /// Opens the segment's file and checks its footer.
    ///
    /// # Errors
    /// When the file is missing, cut short or of another format version.
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let file = segment.open_read(SegmentComponent::Custom(EXTENSION.to_owned()))?;
        let bytes = file.read_bytes()?;
        let reader = Self::parse(bytes)?;
        if reader.documents != segment.max_doc() {
            return Err(corrupt("another number of documents than the segment"));
        }
        Ok(reader)
    }

    fn parse(bytes: OwnedBytes) -> Result<Self, TantivyError> {
        let end = bytes.len().checked_sub(FOOTER).ok_or_else(|| corrupt("cut short"))?;
        let number = |at: usize| get_u64(&bytes, end + at).map_or(usize::MAX, |n| n as usize);
        let small = |at: usize| get_u32(&bytes, end + at).unwrap_or(0);
        if small(40) != MAGIC || small(36) != FORMAT_VERSION {
            return Err(corrupt("another format"));
        }
        let (table, postings, blocks, documents) = (number(0), number(8), number(16), small(32));
        let rows = (documents as usize).checked_mul(ROW);
        let sound = table <= postings
            && postings <= blocks
            && blocks <= end
            && (end - blocks).is_multiple_of(BLOCK_ROW)
            && rows == Some(postings - table);
        if !sound {
            return Err(corrupt("its sections do not fit"));
        }
        let units = number(24) as u64;
        Ok(LiteralReader { bytes, table, postings, blocks, blocks_end: end, units, documents })
    }

    /// The number of documents, deleted ones included.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// Units of all titles and bodies, paragraph breaks included.
    pub fn units(&self) -> u64 {
        self.units
    }

    fn row(&self, document: u32) -> Option<Row> {
        Row::get(&self.bytes, self.table + document as usize * ROW).filter(|_| document < self.documents)
    }

    /// Units of a document's title and body.
    pub fn body_units(&self, document: u32) -> u32 {
        self.row(document).map_or(0, |row| row.body_units)
    }

    /// A document's bytes, as [`super::build::Builder::document`] takes them.
    pub(super) fn raw(&self, document: u32) -> std::io::Result<&[u8]> {
        let place = |document: u32| self.row(document).map(|row| row.place as usize);
        let start = place(document).ok_or_else(|| corrupt_io("a document's row"))?;
        let end = if document + 1 == self.documents { self.table } else { place(document + 1).unwrap_or(0) };
        self.bytes[..self.table].get(start..end).ok_or_else(|| corrupt_io("a document's place"))
    }

    /// A document's text.
    ///
    /// # Errors
    /// When the file is damaged there.
    pub fn document(&self, document: u32) -> std::io::Result<Document<'_>> {
        Document::parse(self.raw(document)?).ok_or_else(|| corrupt_io("a document's text"))
    }

    /// How many documents hold a gram in title or body, deleted ones included.
    pub fn frequency(&self, gram: Gram) -> u32 {
        self.find(gram).map_or(0, |(n, _)| n)
    }

    /// The documents that hold a gram in title or body, ascending, deleted ones included.
    pub fn list(&self, gram: Gram) -> Postings<'_> {
        self.find(gram).map_or_else(Postings::none, |(n, list)| Postings::new(list, n, self.documents))
    }

    /// Documents whose clean text is not their decoded text.
    pub fn changed(&self) -> impl Iterator<Item = u32> + '_ {
        self.list(CHANGED).map(|p| p.document)
    }

    /// Documents in which something was guessed.
    pub fn guessed(&self) -> impl Iterator<Item = u32> + '_ {
        self.list(GUESSED).map(|p| p.document)
    }

    /// The documents that hold `needle`, in title and body and in the rest, with how it stands
    /// there; guesses count as if they were certain. `None` when the lists can't say: `needle` is
    /// longer than a pair, holds a mark beside another unit, may overlap itself, or has a character that shares its gram.
    pub fn exact(&self, needle: &[u16]) -> Option<(Postings<'_>, Postings<'_>)> {
        let gram = match *needle {
            [a] => single(a),
            [a, b] if a != b => pair(a, b)?,
            _ => return None,
        };
        needle.iter().all(|unit| is_listed(*unit)).then(|| (self.list(gram), self.list(gram | REST)))
    }

    /// A superset of the documents that hold `needle`: those that hold all its grams.
    ///
    /// The needle is a search form without a line feed; an empty one has no candidates.
    pub fn candidates(&self, needle: &[u16], extent: Extent) -> Vec<u32> {
        let rest = |gram: Gram| match extent {
            Extent::Body => Postings::none(),
            Extent::Page => self.list(gram | REST),
        };
        let mut lists: Vec<(Gram, Postings<'_>, Postings<'_>)> =
            grams(needle).into_iter().map(|(_, gram)| (gram, self.list(gram), rest(gram))).collect();
        let count = |(_, body, rest): &(Gram, Postings<'_>, Postings<'_>)| body.left() + rest.left();
        lists.sort_unstable_by_key(|list| (count(list), list.0));
        lists.dedup_by_key(|list| list.0);
        let mut found: Vec<u32> = Vec::new();
        for (i, list) in lists.into_iter().enumerate() {
            // Reading a long list costs more than looking at a few texts.
            if i > 0 && (found.is_empty() || count(&list) as usize / 64 > found.len()) {
                break;
            }
            let both = Both { body: list.1.peekable(), rest: list.2.peekable() };
            if i == 0 { found.extend(both) } else { intersect(&mut found, both) }
        }
        found
    }

    /// Calls `each` with the [candidates](Self::candidates), ascending. For a needle of one or two
    /// units in title and body it reads one list and keeps nothing.
    pub fn each_candidate(&self, needle: &[u16], extent: Extent, each: impl FnMut(u32)) {
        match (grams(needle).as_slice(), extent) {
            ([(_, gram)], Extent::Body) => self.list(*gram).map(|p| p.document).for_each(each),
            _ => self.candidates(needle, extent).into_iter().for_each(each),
        }
    }

    fn find(&self, gram: Gram) -> Option<(u32, &[u8])> {
        let rows = (self.blocks_end - self.blocks) / BLOCK_ROW;
        let first = |i: usize| get_u32(&self.bytes, self.blocks + i * BLOCK_ROW).unwrap_or(u32::MAX);
        let (mut low, mut high) = (0, rows);
        while low < high {
            let middle = (low + high) / 2;
            if first(middle) <= gram { low = middle + 1 } else { high = middle }
        }
        let row = low.checked_sub(1)?;
        self.block(row)
            .take_while(|(g, ..)| *g <= gram)
            .find_map(|(g, n, list)| (g == gram).then_some((n, list)))
    }

    /// The grams of one block, each with the number of its documents and its list.
    fn block(&self, row: usize) -> impl Iterator<Item = (Gram, u32, &[u8])> {
        let at = self.blocks + row * BLOCK_ROW;
        let mut gram = get_u32(&self.bytes, at).unwrap_or(0);
        let start = get_u64(&self.bytes, at + 4).unwrap_or(u64::MAX) as usize;
        let next = at + BLOCK_ROW;
        let end = if next < self.blocks_end {
            get_u64(&self.bytes, next + 4).unwrap_or(0) as usize
        } else {
            self.blocks - self.postings
        };
        let bytes = self.bytes[self.postings..self.blocks].get(start..end).unwrap_or(&[]);
        let mut at = 0;
        let heads = get_varint(bytes, &mut at).unwrap_or(0) as usize;
        let mut list = at.saturating_add(heads).min(bytes.len());
        let heads = list;
        std::iter::from_fn(move || {
            if at >= heads {
                return None;
            }
            let head = get_varint(bytes, &mut at)?;
            gram = gram.wrapping_add((head / 4) as u32);
            let (n, length) = match head % 4 {
                3 => (get_varint(bytes, &mut at)? as u32, get_varint(bytes, &mut at)? as usize),
                more => (1, SHORTEST + more as usize),
            };
            let from = list;
            list = list.checked_add(length)?;
            Some((gram, n, bytes.get(from..list)?))
        })
    }

    /// All grams, ascending, with their lists.
    pub(super) fn all_grams(&self) -> impl Iterator<Item = (Gram, Postings<'_>)> {
        let rows = (self.blocks_end - self.blocks) / BLOCK_ROW;
        let documents = self.documents;
        (0..rows)
            .flat_map(|row| self.block(row))
            .map(move |(gram, n, list)| (gram, Postings::new(list, n, documents)))
    }
}

/// Keeps what both ascending sequences hold.
fn intersect(found: &mut Vec<u32>, mut other: impl Iterator<Item = u32>) {
    let mut head = other.next();
    found.retain(|&document| {
        while let Some(d) = head
            && d < document
        {
            head = other.next();
        }
        head == Some(document)
    });
}

/// The documents of either list, ascending, each once.
struct Both<'a> {
    body: std::iter::Peekable<Postings<'a>>,
    rest: std::iter::Peekable<Postings<'a>>,
}

impl Iterator for Both<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let number = |p: &Posting| p.document;
        match (self.body.peek().map(number), self.rest.peek().map(number)) {
            (Some(body), Some(rest)) => {
                if body <= rest {
                    self.body.next();
                }
                if rest <= body {
                    self.rest.next();
                }
                Some(body.min(rest))
            }
            (Some(_), None) => self.body.next().map(|p| p.document),
            (None, _) => self.rest.next().map(|p| p.document),
        }
    }
}
