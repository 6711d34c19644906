//! From documents to lists: the grams of a new segment.
//!
//! Each place of each gram is a cell of 64 bits, gram above and piece of text below. Cells are
//! gathered for a few million units, sorted by their grams with a radix sort (stable, so pieces
//! stay ascending), counted by document, and kept as a *run*: a compact list of lists. In the end
//! the runs are merged. So memory holds one chunk of cells, however large the segment becomes,
//! and everything is read and written from one end to the other.

use super::code::{SYMBOL_BITS, Symbol, decode_symbols, is_paired};
use super::format::get_varint;
use super::postings::{Counts, Posting};
use super::read::Document;
use super::{CHANGED, GUESSED, Gram, REST, single_of};
use crate::passage;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// Units after which the cells are sorted and counted.
const CHUNK: usize = 1 << 20;

/// A stretch of a paragraph; see [`passage::pieces`].
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// In units of the page.
    start: u32,
    end: u32,
    /// Which of the paragraph's pieces it is, and how many come after it.
    before: u32,
    after: u32,
}

/// The cells of a part of the pages.
#[derive(Debug, Default)]
struct Cells {
    singles: Vec<u64>,
    pairs: Vec<u64>,
}

/// Takes documents in turn and gives back the grams with their lists.
#[derive(Debug, Default)]
pub struct Gatherer {
    body: Cells,
    rest: Cells,
    pieces: Vec<Piece>,
    /// The document of each piece: apart, since it is asked of every cell.
    documents: Vec<u32>,
    /// Of each, its first document and its words.
    runs: Vec<(u32, Vec<u16>)>,
    run_bytes: usize,
    changed: Vec<u32>,
    guessed: Vec<u32>,
    symbols: Vec<Symbol>,
    spare: Vec<u64>,
}

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

/// Of a cell, which piece it stands in.
fn piece_of(cell: u64) -> usize {
    (cell & ((1 << GRAM) - 1)) as usize >> PIECE
}

impl Gatherer {
    /// Adds a document: its text and the pieces of its paragraphs, as
    /// [`super::format::encode_payload`] wrote them.
    pub fn add(&mut self, number: u32, changed: bool, document: &Document<'_>, pieces: &[u8]) {
        if changed {
            self.changed.push(number);
        }
        if document.has_guesses() {
            self.guessed.push(number);
        }
        let mut symbols = std::mem::take(&mut self.symbols);
        symbols.clear();
        decode_symbols(document.code(), &mut symbols);
        let (title_end, body_end) = (document.title_end(), document.body_end());
        let (mut at, mut unit, mut first) = (0, 0, self.pieces.len());
        while let Some(n) = get_varint(pieces, &mut at) {
            // The break between two paragraphs.
            if symbols.get(unit) == Some(&0) {
                unit += 1;
            }
            let (end, last) = ((unit + (n >> 1) as usize).min(symbols.len()), n & 1 == 1);
            let piece = self.pieces.len();
            let before = (piece - first) as u32;
            self.pieces.push(Piece { start: unit as u32, end: end as u32, before, after: 0 });
            self.documents.push(number);
            let cells = if unit < body_end { &mut self.body } else { &mut self.rest };
            let title = if unit < title_end { TITLE } else { 0 };
            let long = if before > 0 || !last { LONG } else { 0 };
            let below = (piece as u64) << PIECE | long | title;
            cells.add(&symbols, unit..end, below, last, |at| document.is_boundary(at));
            unit = end;
            if last {
                for (after, piece) in self.pieces[first..].iter_mut().rev().enumerate() {
                    piece.after = after as u32;
                }
                first = self.pieces.len();
            }
        }
        self.symbols = symbols;
        if self.body.singles.len() + self.rest.singles.len() >= CHUNK {
            self.flush();
        }
    }

    /// Memory in use, in bytes.
    pub fn memory(&self) -> usize {
        let cells = [&self.body, &self.rest].map(|c| c.singles.len() + c.pairs.len()).iter().sum::<usize>();
        self.run_bytes
            + cells * 3 * size_of::<u64>() / 2
            + self.pieces.len() * (size_of::<Piece>() + size_of::<u32>())
    }

    /// Sorts and counts what was gathered.
    fn flush(&mut self) {
        let first = self.documents.first().copied().unwrap_or_default();
        let mut run =
            Run { words: Vec::new(), last: 0, first, documents: &self.documents, pieces: &self.pieces };
        for (part, cells) in [(0, &mut self.body), (REST, &mut self.rest)] {
            sort(&mut cells.singles, &[GRAM + SYMBOL_BITS], &mut self.spare);
            sort(&mut cells.pairs, &[GRAM, GRAM + SYMBOL_BITS], &mut self.spare);
            let gram_of = |list: &[u64]| (list[0] >> GRAM) as Gram;
            let mut pairs = cells.pairs.chunk_by(|a, b| a >> GRAM == b >> GRAM).peekable();
            for single in cells.singles.chunk_by(|a, b| a >> GRAM == b >> GRAM) {
                let gram = gram_of(single);
                run.gram(part | gram, single);
                while let Some(list) =
                    pairs.next_if(|list| gram_of(list) >> SYMBOL_BITS == gram >> SYMBOL_BITS)
                {
                    run.gram(part | gram_of(list), list);
                }
            }
            cells.singles.clear();
            cells.pairs.clear();
        }
        let mut run = run.words;
        self.pieces.clear();
        self.documents.clear();
        run.shrink_to_fit();
        self.run_bytes += run.len() * size_of::<u16>();
        self.runs.push((first, run));
    }

    /// All grams, ascending, with their lists.
    ///
    /// # Errors
    /// Those of `each`.
    pub fn finish<E>(mut self, mut each: impl FnMut(Gram, &[Posting]) -> Result<(), E>) -> Result<(), E> {
        self.flush();
        (self.body, self.rest, self.spare) = Default::default();
        let mut list = Vec::new();
        for (gram, documents) in [(CHANGED, &self.changed), (GUESSED, &self.guessed)] {
            list.clear();
            list.extend(documents.iter().map(|&document| Posting { document, counts: Counts::once(false) }));
            if !list.is_empty() {
                each(gram, &list)?;
            }
        }
        let runs = self
            .runs
            .iter()
            .map(|(first, words)| RunReader { words, at: 0, first: *first, gram: 0 })
            .collect();
        merge(runs, |run, list| run.postings(list), each)
    }
}

impl Cells {
    /// Adds the places of a piece. `below` is what stands below each of its grams.
    fn add(
        &mut self,
        symbols: &[Symbol],
        piece: Range<usize>,
        below: u64,
        last: bool,
        edge: impl Fn(usize) -> bool,
    ) {
        self.singles.reserve(piece.len());
        self.pairs.reserve(piece.len());
        // The pair that ends with the first unit of a later piece began in the piece before, and
        // was added with it.
        let mut edges = (edge(piece.start), edge(piece.start + 1));
        let first = symbols.get(piece.start).copied().unwrap_or(0);
        let (mut a, mut paired) = (u64::from(single_of(first)), is_paired(first));
        for at in piece.clone() {
            self.singles.push(a << GRAM | below | if edges.0 && edges.1 { WORD } else { 0 });
            let next = at + 1;
            let after = edge(next + 1);
            if next < piece.end || !last && next < symbols.len() {
                let b = symbols[next];
                let b_paired = is_paired(b);
                if paired && b_paired {
                    let crosses = if next == piece.end { CROSSES } else { 0 };
                    let word = if edges.0 && after { WORD } else { 0 };
                    self.pairs.push((a | u64::from(b)) << GRAM | below | crosses | word);
                }
                (a, paired) = (u64::from(single_of(b)), b_paired);
            }
            edges = (edges.1, after);
        }
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

/// Grams, ascending, each with its documents: numbers of 16 bits, the rare larger ones in three
/// ([`put`]). Bytes would take a third less, and longer: whether a number is short is hard to predict.
///
/// Of a gram its distance to the one before. Of a document, one more than its distance to the one
/// before, times four, and how the gram stands there: [`PLAIN`], [`AS_WORD`], or [`COUNTED`], and
/// then its counts. A zero ends the list.
struct Run<'a> {
    words: Vec<u16>,
    last: Gram,
    /// The first document of all.
    first: u32,
    documents: &'a [u32],
    pieces: &'a [Piece],
}

/// Once, in the body, not as a word; as a word.
const PLAIN: u32 = 0;
const AS_WORD: u32 = WORD as u32;
/// Otherwise; the title has its part; it has none.
const IN_TITLE: u32 = 2;
const COUNTED: u32 = 3;

/// Before a number that takes two more words.
const LARGE: u16 = u16::MAX;

#[inline]
fn put(words: &mut Vec<u16>, n: u32) {
    if n < u32::from(LARGE) {
        words.push(n as u16);
    } else {
        words.extend([LARGE, n as u16, (n >> 16) as u16]);
    }
}

impl Run<'_> {
    /// Counts one gram's cells by document.
    fn gram(&mut self, gram: Gram, cells: &[u64]) {
        put(&mut self.words, gram - self.last);
        self.last = gram;
        let document_of = |cell: u64| self.documents[piece_of(cell)];
        let (mut from, mut last) = (0, self.first);
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
            let gap = (document - last + 1) << 2;
            if to == from + 1 && cells[from] & TITLE == 0 {
                put(&mut self.words, gap | (cells[from] & WORD) as u32);
            } else {
                let counts = counts(&cells[from..to], self.pieces);
                put(&mut self.words, gap | if counts.title > 0 { IN_TITLE } else { COUNTED });
                for n in [counts.times, counts.words, counts.passages] {
                    put(&mut self.words, n);
                }
                if counts.title > 0 {
                    put(&mut self.words, counts.title);
                    put(&mut self.words, counts.title_words);
                }
            }
            (last, document, from) = (document, next, to);
        }
        self.words.push(0);
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

struct RunReader<'a> {
    words: &'a [u16],
    at: usize,
    first: u32,
    gram: Gram,
}

impl RunReader<'_> {
    #[inline]
    fn number(&mut self) -> Option<u32> {
        let &word = self.words.get(self.at)?;
        self.at += 1;
        if word < LARGE {
            return Some(u32::from(word));
        }
        let large = self.words.get(self.at..self.at + 2)?;
        self.at += 2;
        Some(u32::from(large[0]) | u32::from(large[1]) << 16)
    }

    /// Appends the documents of the gram at which it stands.
    fn postings(&mut self, list: &mut Vec<Posting>) {
        let mut read = || {
            let mut document = self.first;
            loop {
                let head = self.number()?;
                if head == 0 {
                    return Some(());
                }
                document += (head >> 2) - 1;
                let counts = match head & 3 {
                    PLAIN => Counts::once(false),
                    AS_WORD => Counts::once(true),
                    how => {
                        let (times, words, passages) = (self.number()?, self.number()?, self.number()?);
                        let (title, title_words) = match how {
                            IN_TITLE => (self.number()?, self.number()?),
                            _ => (0, 0),
                        };
                        Counts { times, words, passages, title, title_words }
                    }
                };
                list.push(Posting { document, counts });
            }
        };
        read().expect("runs are read as they were written");
    }
}

impl Iterator for RunReader<'_> {
    type Item = Gram;

    /// The next gram; the one before was read.
    fn next(&mut self) -> Option<Gram> {
        self.gram += self.number()?;
        Some(self.gram)
    }
}

/// Merges sources of ascending grams: for each gram, `postings` appends the documents of each
/// source that has it, in the order of the sources.
///
/// # Errors
/// Those of `each`.
pub fn merge<S: Iterator<Item = Gram>, E>(
    mut sources: Vec<S>,
    mut postings: impl FnMut(&mut S, &mut Vec<Posting>),
    mut each: impl FnMut(Gram, &[Posting]) -> Result<(), E>,
) -> Result<(), E> {
    let mut heads: BinaryHeap<Reverse<(Gram, usize)>> =
        sources.iter_mut().enumerate().filter_map(|(i, s)| Some(Reverse((s.next()?, i)))).collect();
    let mut list = Vec::new();
    while let Some(&Reverse((gram, _))) = heads.peek() {
        list.clear();
        while let Some(mut head) = heads.peek_mut().filter(|head| head.0.0 == gram) {
            let source = head.0.1;
            postings(&mut sources[source], &mut list);
            match sources[source].next() {
                Some(next) => *head = Reverse((next, source)),
                None => drop(std::collections::binary_heap::PeekMut::pop(head)),
            }
        }
        if !list.is_empty() {
            each(gram, &list)?;
        }
    }
    Ok(())
}
