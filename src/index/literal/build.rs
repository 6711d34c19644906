//! Writing the segment file, whether from new documents or from segments that are merged.

use super::format::{BLOCK, FORMAT_VERSION, MAGIC, Row, put_varint};
use super::{CHANGED, Gram};
use std::io::{self, Write};

/// Writes the sections in their order, each from its parts in ascending order.
pub struct Builder<W: Write> {
    out: W,
    at: u64,
    table: Vec<u8>,
    documents: u32,
}

impl<W: Write> Builder<W> {
    pub fn new(out: W) -> Self {
        Builder { out, at: 0, table: Vec::new(), documents: 0 }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// The next document: its row (the place is set here) and its bytes.
    pub fn document(&mut self, row: Row, bytes: &[u8]) -> io::Result<()> {
        Row { place: self.at, ..row }.put(&mut self.table);
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
            block: Vec::new(),
            in_block: 0,
            last: CHANGED,
            list: Vec::new(),
        })
    }
}

/// Takes the grams in ascending order.
pub struct PostingsBuilder<W: Write> {
    file: Builder<W>,
    table_at: u64,
    postings_at: u64,
    blocks: Vec<u8>,
    block: Vec<u8>,
    in_block: usize,
    last: Gram,
    list: Vec<u8>,
}

impl<W: Write> PostingsBuilder<W> {
    /// The documents of one gram, ascending. A gram without documents is left out.
    pub fn gram(&mut self, gram: Gram, documents: impl IntoIterator<Item = u32>) -> io::Result<()> {
        self.list.clear();
        let (mut count, mut before) = (0u64, 0);
        for document in documents {
            put_varint(&mut self.list, (document - before) as u64);
            before = document;
            count += 1;
        }
        if count == 0 {
            return Ok(());
        }
        if self.in_block == BLOCK {
            self.end_block()?;
        }
        if self.in_block == 0 {
            self.blocks.extend(gram.to_le_bytes());
            self.blocks.extend((self.file.at - self.postings_at).to_le_bytes());
            self.last = gram;
        }
        put_varint(&mut self.block, (gram - self.last) as u64);
        put_varint(&mut self.block, count);
        put_varint(&mut self.block, self.list.len() as u64);
        self.block.extend(&self.list);
        self.last = gram;
        self.in_block += 1;
        Ok(())
    }

    fn end_block(&mut self) -> io::Result<()> {
        let block = std::mem::take(&mut self.block);
        self.file.write(&block)?;
        self.in_block = 0;
        Ok(())
    }

    /// Writes the block table and the footer and hands back the writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.end_block()?;
        let blocks_at = self.file.at;
        let mut tail = self.blocks;
        for place in [self.table_at, self.postings_at, blocks_at] {
            tail.extend(place.to_le_bytes());
        }
        for n in [self.file.documents, FORMAT_VERSION, MAGIC] {
            tail.extend(n.to_le_bytes());
        }
        self.file.out.write_all(&tail)?;
        Ok(self.file.out)
    }
}
