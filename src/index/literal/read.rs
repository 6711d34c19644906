//! Reading the segment file: candidates from grams, text to decide.

use super::format::*;
use super::plugin::{corrupt, corrupt_io};
use super::{CHANGED, Gram, pair, single};
use crate::analysis::PARAGRAPH;
use memchr::memmem::Finder;
use std::ops::Range;
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
    documents: u32,
}

impl std::fmt::Debug for LiteralReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiteralReader").field("documents", &self.documents).finish_non_exhaustive()
    }
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
        if small(32) != MAGIC || small(28) != FORMAT_VERSION {
            return Err(corrupt("another format"));
        }
        let (table, postings, blocks, documents) = (number(0), number(8), number(16), small(24));
        let rows = (documents as usize).checked_mul(ROW);
        let sound = table <= postings
            && postings <= blocks
            && blocks <= end
            && (end - blocks).is_multiple_of(BLOCK_ROW)
            && rows == Some(postings - table);
        if !sound {
            return Err(corrupt("its sections do not fit"));
        }
        Ok(LiteralReader { bytes, table, postings, blocks, blocks_end: end, documents })
    }

    /// The number of documents, deleted ones included.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// A document's row and bytes, as [`super::build::Builder::document`] takes them.
    pub(super) fn raw(&self, document: u32) -> std::io::Result<(Row, &[u8])> {
        let at = self.table + document as usize * ROW;
        let row = (document < self.documents)
            .then(|| Row::get(&self.bytes, at))
            .flatten()
            .ok_or_else(|| corrupt_io("a document's row"))?;
        let start = row.place as usize;
        let bytes = start
            .checked_add(row.len())
            .filter(|&end| end <= self.table)
            .and_then(|end| self.bytes.get(start..end))
            .ok_or_else(|| corrupt_io("a document's place"))?;
        Ok((row, bytes))
    }

    /// A document's text.
    ///
    /// # Errors
    /// When the file is damaged there.
    pub fn document(&self, document: u32) -> std::io::Result<Document<'_>> {
        let (row, bytes) = self.raw(document)?;
        let (units, extras) = bytes.split_at(row.page_end as usize * 2);
        Ok(Document { row, units, extras })
    }

    /// Units of all pages, paragraph breaks included.
    pub fn units(&self) -> u64 {
        (self.table / 2) as u64
    }

    /// Units of a document's title and body.
    pub fn body_units(&self, document: u32) -> u32 {
        let at = self.table + document as usize * ROW;
        Row::get(&self.bytes, at).map_or(0, |row| row.body_end)
    }

    /// How many documents hold a gram, deleted ones included.
    pub fn frequency(&self, gram: Gram) -> u32 {
        self.find(gram).map_or(0, |(count, _)| count)
    }

    /// The documents that hold a gram, ascending, deleted ones included.
    pub fn list(&self, gram: Gram) -> impl Iterator<Item = u32> + '_ {
        Documents::new(self.find(gram).map_or(&[], |(_, list)| list))
    }

    /// Documents whose clean text is not their decoded text.
    pub fn changed(&self) -> impl Iterator<Item = u32> + '_ {
        self.list(CHANGED)
    }

    /// A superset of the documents that hold `needle`: those that hold all its grams.
    ///
    /// The needle is a search form without a line feed; an empty one has no candidates.
    pub fn candidates(&self, needle: &[u16]) -> Vec<u32> {
        let mut lists: Vec<(u32, &[u8])> = Vec::new();
        let needed: Vec<Gram> = match needle {
            [] => return Vec::new(),
            [one] => vec![single(*one)],
            many => many.windows(2).map(|w| pair(w[0], w[1])).collect(),
        };
        for gram in needed {
            match self.find(gram) {
                Some(found) => lists.push(found),
                None => return Vec::new(),
            }
        }
        lists.sort_unstable_by_key(|(count, list)| (*count, list.as_ptr()));
        lists.dedup_by_key(|(_, list)| list.as_ptr());
        let mut found: Vec<u32> = Documents::new(lists[0].1).collect();
        for &(count, list) in &lists[1..] {
            // Reading a long list costs more than looking at a few texts.
            if found.is_empty() || count as usize / 64 > found.len() {
                break;
            }
            intersect(&mut found, Documents::new(list));
        }
        found
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
        self.block(row).find_map(|(g, count, list)| (g == gram).then_some((count, list)))
    }

    /// The grams of one block with their document counts and lists.
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
        let section = &self.bytes[self.postings..self.blocks];
        let bytes = section.get(start..end).unwrap_or(&[]);
        let mut at = 0;
        std::iter::from_fn(move || {
            if at >= bytes.len() {
                return None;
            }
            gram = gram.wrapping_add(get_varint(bytes, &mut at)? as u32);
            let count = get_varint(bytes, &mut at)? as u32;
            let length = get_varint(bytes, &mut at)? as usize;
            let list = bytes.get(at..at.checked_add(length)?)?;
            at += length;
            Some((gram, count, list))
        })
    }

    /// All grams, ascending, with their documents.
    pub(super) fn all_grams(&self) -> impl Iterator<Item = (Gram, Documents<'_>)> {
        let rows = (self.blocks_end - self.blocks) / BLOCK_ROW;
        (0..rows).flat_map(|row| self.block(row)).map(|(gram, _, list)| (gram, Documents::new(list)))
    }
}

/// Keeps what both ascending sequences hold.
fn intersect(found: &mut Vec<u32>, mut other: Documents<'_>) {
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

/// A list of ascending document numbers.
pub(super) struct Documents<'a> {
    bytes: &'a [u8],
    at: usize,
    last: u32,
}

impl<'a> Documents<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Documents { bytes, at: 0, last: 0 }
    }
}

impl Iterator for Documents<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.last = self.last.wrapping_add(get_varint(self.bytes, &mut self.at)? as u32);
        Some(self.last)
    }
}

/// One document's page in search form; see [`crate::analysis::Layout`].
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    row: Row,
    units: &'a [u8],
    extras: &'a [u8],
}

impl<'a> Document<'a> {
    /// End of the title part, in units.
    pub fn title_end(&self) -> usize {
        self.row.title_end as usize
    }

    /// End of the body part, in units.
    pub fn body_end(&self) -> usize {
        self.row.body_end as usize
    }

    /// End of the page, in units.
    pub fn page_end(&self) -> usize {
        self.row.page_end as usize
    }

    /// The unit at a position.
    pub fn unit(&self, at: usize) -> u16 {
        u16::from_le_bytes([self.units[at * 2], self.units[at * 2 + 1]])
    }

    /// The units, decoded.
    pub fn to_units(&self) -> Vec<u16> {
        units(self.units, &self.row).collect()
    }

    /// The units of a range, decoded.
    pub fn units(&self, range: Range<usize>) -> Vec<u16> {
        range.map(|at| self.unit(at)).collect()
    }

    /// Where the paragraph begins and ends that holds a unit.
    pub fn paragraph(&self, at: usize) -> Range<usize> {
        let start = (0..at).rev().find(|&i| self.unit(i) == PARAGRAPH).map_or(0, |i| i + 1);
        let end = (at..self.page_end()).find(|&i| self.unit(i) == PARAGRAPH).unwrap_or(self.page_end());
        start..end
    }

    /// Unit positions at which the text was only guessed, ascending.
    pub fn guessed(&self) -> Vec<u32> {
        let mut at = 0;
        let count = get_varint(self.extras, &mut at).unwrap_or(0);
        let mut last = 0u32;
        (0..count)
            .map_while(|_| {
                get_varint(self.extras, &mut at).map(|d| {
                    last += d as u32;
                    last
                })
            })
            .collect()
    }

    /// Whether any text was guessed.
    pub fn has_guesses(&self) -> bool {
        self.extras.first().is_some_and(|&n| n != 0)
    }

    /// Whether a word begins or ends before the unit at this position.
    pub fn is_boundary(&self, at: usize) -> bool {
        let bits = self.row.page_end as usize / 8 + 1;
        let start = self.extras.len().saturating_sub(bits);
        self.extras.get(start + at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }

    /// All positions of a needle in the first `end` units, ascending; they may overlap.
    pub fn find(&self, needle: &Needle, end: usize) -> Vec<u32> {
        let haystack = &self.units[..end.min(self.page_end()) * 2];
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(at) = haystack.get(from..).and_then(|rest| needle.finder.find(rest)) {
            let at = from + at;
            if at % 2 == 0 {
                found.push((at / 2) as u32);
            } // else the bytes match between two units
            from = at + 1;
        }
        found
    }
}

/// A keyword in search form, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Needle {
    finder: Finder<'static>,
}

impl Needle {
    /// Prepares to look for these units, at least one.
    pub fn new(units: &[u16]) -> Self {
        let bytes: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        Needle { finder: Finder::new(&bytes).into_owned() }
    }
}
