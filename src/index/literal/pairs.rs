//! The lists of pairs: a cell for each place, sorted.
//!
//! A cell is 64 bits, gram above and place below. The sort is stable, so places stay ascending.

use super::code::{SYMBOL_BITS, Symbol};
use super::gather::{Piece, Pieces};
use super::postings::Counts;
use super::run::{Run, put_once, put_posting};
use super::{Gram, pair_of};
use crate::passage;

// Below a cell's gram: its piece, and four bits.
const WORD: u64 = 1;
/// It ends in the next piece.
const CROSSES: u64 = 2;
const TITLE: u64 = 4;
/// The paragraph has several pieces.
const LONG: u64 = 8;
const PIECE: u32 = 4;
/// Where the gram begins. Above it there is room for 26 bits of gram; below for 2^30 pieces.
const GRAM: u32 = 34;

/// A piece as its pairs know it.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Its number since the last run.
    pub piece: u32,
    pub title: bool,
    /// The paragraph has several pieces.
    pub long: bool,
}

impl Place {
    /// What stands below the grams of all its pairs.
    pub fn below(self) -> u64 {
        let flags = if self.title { TITLE } else { 0 } | if self.long { LONG } else { 0 };
        u64::from(self.piece) << PIECE | flags
    }
}

/// Of a cell, which piece it stands in.
fn piece_of(cell: u64) -> usize {
    (cell & ((1 << GRAM) - 1)) as usize >> PIECE
}

/// The pairs gathered since the last run.
#[derive(Debug, Default)]
pub struct Pairs {
    cells: Vec<u64>,
    spare: Vec<u64>,
}

impl Pairs {
    /// Adds a pair; `below` is [`Place::below`] of the piece in which it begins.
    #[inline]
    pub fn add(&mut self, a: Symbol, b: Symbol, below: u64, crosses: bool, word: bool) {
        let flags = if crosses { CROSSES } else { 0 } | if word { WORD } else { 0 };
        self.cells.push(u64::from(pair_of(a, b)) << GRAM | below | flags);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Memory in use, in bytes.
    pub fn memory(&self) -> usize {
        (self.cells.capacity() + self.spare.capacity()) * size_of::<u64>()
    }

    /// Appends all pairs to a run, with `part` in their grams, and forgets them.
    pub fn take(&mut self, pieces: &Pieces, part: Gram, run: &mut Run) {
        sort(&mut self.cells, &[GRAM, GRAM + SYMBOL_BITS], &mut self.spare);
        let first = run.first();
        for cells in self.cells.chunk_by(|a, b| a >> GRAM == b >> GRAM) {
            let gram = part | (cells[0] >> GRAM) as Gram;
            run.gram(gram, |list| count(cells, pieces, first, list));
        }
        self.cells.clear();
    }
}

/// A radix sort: for each of the shifts, a stable pass over the symbol there. (Twice as many passes
/// of half the bits take half as long again: most symbols of a text are few, and near each other.)
fn sort(cells: &mut Vec<u64>, shifts: &[u32], spare: &mut Vec<u64>) {
    const MASK: u64 = (1 << SYMBOL_BITS) - 1;
    spare.clear();
    spare.resize(cells.len(), 0);
    for &shift in shifts {
        let mut starts = vec![0u32; 1 << SYMBOL_BITS];
        for cell in cells.iter() {
            starts[(cell >> shift & MASK) as usize] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        for &cell in cells.iter() {
            let start = &mut starts[(cell >> shift & MASK) as usize];
            spare[*start as usize] = cell;
            *start += 1;
        }
        std::mem::swap(cells, spare);
    }
}

/// Counts one gram's cells by document; `last` is the document from which distances count.
fn count(cells: &[u64], pieces: &Pieces, mut last: u32, list: &mut Vec<u16>) {
    let document_of = |cell: u64| pieces.documents[piece_of(cell)];
    let mut from = 0;
    let mut document = document_of(cells[0]);
    while from < cells.len() {
        let mut to = from + 1;
        let mut next = document;
        while let Some(&cell) = cells.get(to) {
            next = document_of(cell);
            if next != document {
                break;
            }
            to += 1;
        }
        if to == from + 1 && cells[from] & TITLE == 0 {
            put_once(list, document - last, cells[from] & WORD != 0);
        } else {
            put_posting(list, document - last, &counts(&cells[from..to], &pieces.all));
        }
        (last, document, from) = (document, next, to);
    }
}

/// The counts of a gram in one document.
fn counts(cells: &[u64], pieces: &[Piece]) -> Counts {
    let mut counts = Counts::default();
    let mut from = 0;
    while from < cells.len() {
        // The places in one paragraph.
        let piece = piece_of(cells[from]);
        let (mut first, mut last) = (piece, piece);
        if cells[from] & LONG != 0 {
            first -= pieces[piece].before as usize;
            last += pieces[piece].after as usize;
        }
        let (mut to, mut words) = (from, 0);
        while to < cells.len() && piece_of(cells[to]) <= last {
            words += (cells[to] & WORD) as u32;
            to += 1;
        }
        let times = (to - from) as u32;
        counts.times += times;
        counts.words += words;
        if cells[from] & TITLE != 0 {
            counts.title += times;
            counts.title_words += words;
        }
        counts.passages += match times > 1 && last > first {
            false => 1,
            true => passages(&cells[from..to], first, &pieces[first..=last]),
        };
        from = to;
    }
    counts
}

/// How many passages show the places in one paragraph, whose pieces begin with number `first`.
fn passages(places: &[u64], first: usize, pieces: &[Piece]) -> u32 {
    let touched = |&cell: &u64| {
        let piece = piece_of(cell) - first;
        (piece, piece + usize::from(cell & CROSSES != 0))
    };
    let hits: Vec<_> = places.iter().map(touched).collect();
    let range = |p: usize| pieces[p].start as usize..pieces[p].end as usize;
    let mut passages = 0;
    passage::group(&hits, pieces.len(), range, |_, _| passages += 1);
    passages
}
