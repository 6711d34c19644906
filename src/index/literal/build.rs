//! Writing the segment file, whether from new documents or from segments that are merged.

use super::Gram;
use super::bits::BitWriter;
use super::format::{BLOCK, FORMAT_VERSION, MAGIC, Row, put_varint};
use super::postings::{Posting, put_list};
use std::io::{self, Write};

/// Writes the sections in their order, each from its parts in ascending order.
pub struct Builder<W: Write> {
    out: W,
    at: u64,
    table: Vec<u8>,
    units: u64,
    documents: u32,
}

impl<W: Write> Builder<W> {
    pub fn new(out: W) -> Self {
        Builder { out, at: 0, table: Vec::new(), units: 0, documents: 0 }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// The next document: the units of its title and body, and its bytes.
    pub fn document(&mut self, body_units: u32, bytes: &[u8]) -> io::Result<()> {
        Row { place: self.at, body_units }.put(&mut self.table);
        self.units += u64::from(body_units);
        self.documents += 1;
        self.write(bytes)
    }

    /// Ends the documents and begins the postings.
    pub fn postings(mut self) -> io::Result<PostingsBuilder<W>> {
        let table_at = self.at;
        let table = std::mem::take(&mut self.table);
        self.write(&table)?;
        let postings_at = self.at;
        Ok(PostingsBuilder {
            file: self,
            table_at,
            postings_at,
            blocks: Vec::new(),
            heads: Vec::new(),
            lists: BitWriter::default(),
            in_block: 0,
            last: 0,
        })
    }
}

/// Takes the grams in ascending order.
///
/// A block is the heads of its grams and then their lists. A head is the distance to the gram
/// before, times four, and what follows in the low bits: 0 to 2 for a gram of one document whose
/// list is 2, 3 or 4 bytes long; 3 for any other, behind which the number of its documents and
/// the length of its list stand.
pub struct PostingsBuilder<W: Write> {
    file: Builder<W>,
    table_at: u64,
    postings_at: u64,
    blocks: Vec<u8>,
    heads: Vec<u8>,
    lists: BitWriter,
    in_block: usize,
    last: Gram,
}

/// Lists of one document are made at least so long.
pub const SHORTEST: usize = 2;

impl<W: Write> PostingsBuilder<W> {
    /// The documents of one gram, ascending, at least one.
    pub fn gram(&mut self, gram: Gram, postings: &[Posting]) -> io::Result<()> {
        if self.in_block == BLOCK {
            self.end_block()?;
        }
        if self.in_block == 0 {
            self.blocks.extend(gram.to_le_bytes());
            self.blocks.extend((self.file.at - self.postings_at).to_le_bytes());
            self.last = gram;
        }
        let start = self.lists.bytes.len();
        put_list(postings, self.file.documents, &mut self.lists);
        let mut length = self.lists.bytes.len() - start;
        let delta = u64::from(gram - self.last) * 4;
        if postings.len() == 1 && length <= SHORTEST + 2 {
            while length < SHORTEST {
                self.lists.bytes.push(0);
                length += 1;
            }
            put_varint(&mut self.heads, delta + (length - SHORTEST) as u64);
        } else {
            put_varint(&mut self.heads, delta + 3);
            put_varint(&mut self.heads, postings.len() as u64);
            put_varint(&mut self.heads, length as u64);
        }
        self.last = gram;
        self.in_block += 1;
        Ok(())
    }

    fn end_block(&mut self) -> io::Result<()> {
        let mut head = Vec::new();
        put_varint(&mut head, self.heads.len() as u64);
        self.file.write(&head)?;
        self.file.write(&self.heads)?;
        self.file.write(&self.lists.bytes)?;
        self.heads.clear();
        self.lists.bytes.clear();
        self.in_block = 0;
        Ok(())
    }

    /// Writes the block table and the footer and hands back the writer.
    pub fn finish(mut self) -> io::Result<W> {
        if self.in_block > 0 {
            self.end_block()?;
        }
        let blocks_at = self.file.at;
        let mut tail = self.blocks;
        for place in [self.table_at, self.postings_at, blocks_at, self.file.units] {
            tail.extend(place.to_le_bytes());
        }
        for n in [self.file.documents, FORMAT_VERSION, MAGIC] {
            tail.extend(n.to_le_bytes());
        }
        self.file.out.write_all(&tail)?;
        Ok(self.file.out)
    }
}
