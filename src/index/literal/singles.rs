//! The lists of single units, made without sorting.
//!
//! There are only some thousand symbols, so each has a list of its own to which documents are
//! appended; within a document a table says where a symbol's counts are. (Pairs are too many for
//! that: they are sorted, see [`pairs`](super::pairs).)

use super::code::{SYMBOL_BITS, Symbol};
use super::gather::Piece;
use super::postings::Counts;
use super::run::{Run, put_posting};
use super::{Gram, single_of};
use crate::passage;

const SYMBOLS: usize = 1 << SYMBOL_BITS;

/// How a unit stands in the document at hand.
#[derive(Debug, Clone, Copy)]
struct Slot {
    symbol: Symbol,
    counts: Counts,
    /// The last piece in which it stood.
    piece: u32,
    /// In the paragraph at hand, if that is long: its last link there, from 1.
    link: u32,
}

/// The single units of one part of the pages: title and body, or the rest.
#[derive(Debug)]
pub struct Singles {
    /// Of each symbol, its list as in a [`Run`], and the last document in it.
    lists: Vec<(Vec<u16>, u32)>,
    words: usize,
    /// Where a symbol's slot is, if it is there: what stands here may be of an earlier document.
    seen: Vec<u32>,
    slots: Vec<Slot>,
    /// In a long paragraph: the piece of each place, and the symbol's place before it, from 1.
    links: Vec<(u32, u32)>,
    /// The slots that stand there more than once, some twice in this list.
    repeated: Vec<u32>,
    /// The slots that stand there at all.
    touched: Vec<u32>,
}

impl Default for Singles {
    fn default() -> Self {
        Singles {
            lists: vec![(Vec::new(), 0); SYMBOLS],
            words: 0,
            seen: vec![0; SYMBOLS],
            slots: Vec::new(),
            links: Vec::new(),
            repeated: Vec::new(),
            touched: Vec::new(),
        }
    }
}

impl Singles {
    /// Adds a place of a symbol in a piece of a paragraph; `long` if that has several pieces.
    #[inline]
    pub fn add(&mut self, symbol: Symbol, piece: u32, word: bool, title: bool, long: bool) {
        let seen = &mut self.seen[symbol as usize & (SYMBOLS - 1)];
        let at = match self.slots.get(*seen as usize) {
            Some(slot) if slot.symbol == symbol => *seen,
            _ => {
                *seen = self.slots.len() as u32;
                self.slots.push(Slot { symbol, counts: Counts::default(), piece: u32::MAX, link: 0 });
                *seen
            }
        };
        let slot = &mut self.slots[at as usize];
        slot.counts.times += 1;
        slot.counts.words += u32::from(word);
        if title {
            slot.counts.title += 1;
            slot.counts.title_words += u32::from(word);
        }
        if long {
            match slot.link {
                0 => {
                    slot.counts.passages += 1;
                    self.touched.push(at);
                }
                _ => self.repeated.push(at),
            }
            self.links.push((piece, slot.link));
            slot.link = self.links.len() as u32;
        } else if slot.piece != piece {
            slot.piece = piece;
            slot.counts.passages += 1;
        }
    }

    /// Ends a long paragraph, whose pieces begin with number `first`.
    pub fn end_paragraph(&mut self, first: u32, pieces: &[Piece]) {
        let range = |p: usize| pieces[p].start as usize..pieces[p].end as usize;
        let mut hits = Vec::new();
        for &at in &self.repeated {
            let slot = &mut self.slots[at as usize];
            hits.clear();
            while let Some(link) = slot.link.checked_sub(1) {
                let (piece, before) = self.links[link as usize];
                hits.push(((piece - first) as usize, (piece - first) as usize));
                slot.link = before;
            }
            if !hits.is_empty() {
                hits.reverse();
                let mut passages = 0;
                passage::group(&hits, pieces.len(), range, |_, _| passages += 1);
                // One is counted.
                slot.counts.passages += passages - 1;
            }
        }
        for &at in &self.touched {
            self.slots[at as usize].link = 0;
        }
        self.repeated.clear();
        self.touched.clear();
        self.links.clear();
    }

    /// Ends a document.
    pub fn end_document(&mut self, document: u32) {
        for slot in self.slots.drain(..) {
            let (list, last) = &mut self.lists[slot.symbol as usize & (SYMBOLS - 1)];
            let before = list.len();
            put_posting(list, document - *last, &slot.counts);
            *last = document;
            self.words += list.len() - before;
        }
    }

    /// Memory in use, in bytes: the lists grow by doubling.
    pub fn memory(&self) -> usize {
        self.words * 3
    }

    /// Appends all lists to a run, with `part` in their grams.
    pub fn append_to(self, run: &mut Run, part: Gram) {
        for (symbol, (list, _)) in self.lists.into_iter().enumerate() {
            if !list.is_empty() {
                run.gram(part | single_of(symbol as Symbol), |words| words.extend(list));
            }
        }
    }
}
