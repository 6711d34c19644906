//! From documents to lists: the grams of a new segment.
//!
//! Each place of each gram is a cell of 64 bits, gram above and piece of text below. Cells are
//! gathered for a few million units, sorted by their grams with a radix sort (stable, so pieces
//! stay ascending), counted by document, and kept as a *run*: a compact list of lists. In the end
//! the runs are merged. So memory holds one chunk of cells, however large the segment becomes,
//! and everything is read and written from one end to the other.

use super::code::{SYMBOL_BITS, decode, symbol};
use super::format::{get_varint, put_varint};
use super::postings::{Counts, Posting};
use super::read::Document;
use super::{CHANGED, GUESSED, Gram, REST, pair_of, single_of};
use crate::analysis::PARAGRAPH;
use crate::passage::{self, LONGEST};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

/// Units after which the cells are sorted and counted.
const CHUNK: usize = 3 << 20;

/// A stretch of a paragraph; see [`passage::pieces`].
#[derive(Debug, Clone, Copy)]
struct Piece {
    document: u32,
    /// In units of the page.
    start: u32,
    end: u32,
    /// Which of the paragraph's pieces it is, and how many come after it.
    before: u32,
    after: u32,
    title: bool,
    /// The paragraph is longer than a passage.
    long: bool,
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
    runs: Vec<Vec<u8>>,
    run_bytes: usize,
    changed: Vec<u32>,
    guessed: Vec<u32>,
    units: Vec<u16>,
    spare: Vec<u64>,
}

/// Below a cell's gram: piece, whether it ends in the next piece, whether it is a word.
fn cell(gram: Gram, piece: usize, crosses: bool, word: bool) -> u64 {
    u64::from(gram) << 32 | (piece as u64) << 2 | u64::from(crosses) << 1 | u64::from(word)
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
        let mut units = std::mem::take(&mut self.units);
        units.clear();
        decode(document.code(), &mut units);
        let (title_end, body_end) = (document.title_end(), document.body_end());
        let (mut at, mut unit, mut first) = (0, 0, self.pieces.len());
        while let Some(n) = get_varint(pieces, &mut at) {
            // The break between two paragraphs.
            if units.get(unit) == Some(&PARAGRAPH) {
                unit += 1;
            }
            let end = (unit + (n >> 1) as usize).min(units.len());
            self.pieces.push(Piece {
                document: number,
                start: unit as u32,
                end: end as u32,
                before: (self.pieces.len() - first) as u32,
                after: 0,
                title: unit < title_end,
                long: false,
            });
            let piece = self.pieces.len() - 1;
            let cells = if unit < body_end { &mut self.body } else { &mut self.rest };
            cells.add(&units, unit..end, piece, n & 1 == 1, |at| document.is_boundary(at));
            unit = end;
            if n & 1 == 1 {
                let last = self.pieces.len() - 1;
                let long = unit - self.pieces[first].start as usize > LONGEST;
                for (i, piece) in self.pieces[first..].iter_mut().enumerate() {
                    (piece.long, piece.after) = (long, (last - first - i) as u32);
                }
                first = self.pieces.len();
            }
        }
        self.units = units;
        if self.body.singles.len() + self.rest.singles.len() >= CHUNK {
            self.flush();
        }
    }

    /// Memory in use, in bytes.
    pub fn memory(&self) -> usize {
        let cells = [&self.body, &self.rest].map(|c| c.singles.len() + c.pairs.len()).iter().sum::<usize>();
        self.run_bytes + cells * 3 * size_of::<u64>() / 2 + self.pieces.len() * size_of::<Piece>()
    }

    /// Sorts and counts what was gathered.
    fn flush(&mut self) {
        let mut run = Run::default();
        for (part, cells) in [(0, &mut self.body), (REST, &mut self.rest)] {
            sort(&mut cells.singles, &[32 + SYMBOL_BITS], &mut self.spare);
            sort(&mut cells.pairs, &[32, 32 + SYMBOL_BITS], &mut self.spare);
            let of_pairs = |list: &[u64]| (list[0] >> 32) as Gram;
            let mut pairs = cells.pairs.chunk_by(|a, b| a >> 32 == b >> 32).peekable();
            for single in cells.singles.chunk_by(|a, b| a >> 32 == b >> 32) {
                let gram = of_pairs(single);
                run.gram(part | gram, single, &self.pieces);
                while let Some(list) =
                    pairs.next_if(|list| of_pairs(list) >> SYMBOL_BITS == gram >> SYMBOL_BITS)
                {
                    run.gram(part | of_pairs(list), list, &self.pieces);
                }
            }
            cells.singles.clear();
            cells.pairs.clear();
        }
        self.pieces.clear();
        run.bytes.shrink_to_fit();
        self.run_bytes += run.bytes.len();
        self.runs.push(run.bytes);
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
        let runs = self.runs.iter().map(|run| RunReader { bytes: run, at: 0, gram: 0 }).collect();
        merge(runs, |run, list| run.postings(list), each)
    }
}

impl Cells {
    fn add(
        &mut self,
        units: &[u16],
        piece_units: Range<usize>,
        piece: usize,
        last: bool,
        edge: impl Fn(usize) -> bool,
    ) {
        let start = piece_units.start;
        // The pair that ends with the first unit of a later piece began in the piece before, and
        // was added with it.
        let mut edges = (edge(start), false);
        let mut a = units.get(start).map_or(0, |u| symbol(*u));
        for at in piece_units.clone() {
            edges.1 = edge(at + 1);
            self.singles.push(cell(single_of(a), piece, false, edges.0 && edges.1));
            let next = at + 1;
            if next < piece_units.end || !last && next < units.len() {
                let b = symbol(units[next]);
                let crosses = next == piece_units.end;
                self.pairs.push(cell(pair_of(a, b), piece, crosses, edges.0 && edge(next + 1)));
                a = b;
            }
            edges.0 = edges.1;
        }
    }
}

/// A radix sort: for each of the shifts, a stable pass over the symbol there.
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

/// Grams, ascending, each with its documents: numbers of seven bits a byte.
#[derive(Default)]
struct Run {
    bytes: Vec<u8>,
    last: Gram,
    list: Vec<u8>,
}

impl Run {
    /// Counts one gram's cells by document.
    fn gram(&mut self, gram: Gram, cells: &[u64], pieces: &[Piece]) {
        let piece = |cell: u64| &pieces[cell as u32 as usize >> 2];
        let (mut documents, mut last) = (0, 0);
        self.list.clear();
        let mut from = 0;
        while from < cells.len() {
            let first = piece(cells[from]);
            let mut to = from + 1;
            while to < cells.len() && piece(cells[to]).document == first.document {
                to += 1;
            }
            put_varint(&mut self.list, u64::from(first.document - last));
            last = first.document;
            documents += 1;
            if to == from + 1 && !first.title {
                self.list.push((cells[from] & 1) as u8);
            } else {
                let Counts { times, words, passages, title, title_words } = counts(&cells[from..to], pieces);
                put_varint(&mut self.list, 2 + u64::from(times - 1) * 2 + u64::from(title > 0));
                put_varint(&mut self.list, u64::from(words));
                put_varint(&mut self.list, u64::from(passages));
                if title > 0 {
                    put_varint(&mut self.list, u64::from(title));
                    put_varint(&mut self.list, u64::from(title_words));
                }
            }
            from = to;
        }
        put_varint(&mut self.bytes, u64::from(gram - self.last));
        put_varint(&mut self.bytes, documents);
        self.bytes.extend(&self.list);
        self.last = gram;
    }
}

/// The counts of a gram in one document.
fn counts(cells: &[u64], pieces: &[Piece]) -> Counts {
    let mut counts = Counts::default();
    let number = |cell: u64| cell as u32 as usize >> 2;
    let paragraph = |cell: u64| number(cell) - pieces[number(cell)].before as usize;
    for places in cells.chunk_by(|a, b| paragraph(*a) == paragraph(*b)) {
        let (times, words) = (places.len() as u32, places.iter().map(|c| (c & 1) as u32).sum::<u32>());
        let piece = &pieces[number(places[0])];
        counts.times += times;
        counts.words += words;
        if piece.title {
            counts.title += times;
            counts.title_words += words;
        }
        counts.passages += match piece.long && places.len() > 1 {
            false => 1,
            true => {
                let first = paragraph(places[0]);
                let all = &pieces[first..=number(places[0]) + piece.after as usize];
                let hits: Vec<_> = places
                    .iter()
                    .map(|&c| (number(c) - first, number(c) - first + (c >> 1 & 1) as usize))
                    .collect();
                let mut passages = 0;
                passage::group(
                    &hits,
                    all.len(),
                    |p| all[p].start as usize..all[p].end as usize,
                    |_, _| passages += 1,
                );
                passages
            }
        };
    }
    counts
}

struct RunReader<'a> {
    bytes: &'a [u8],
    at: usize,
    gram: Gram,
}

impl RunReader<'_> {
    fn number(&mut self) -> Option<u32> {
        get_varint(self.bytes, &mut self.at).map(|n| n as u32)
    }

    /// Appends the documents of the gram at which it stands.
    fn postings(&mut self, list: &mut Vec<Posting>) {
        let mut read = || {
            let mut document = 0;
            for _ in 0..self.number()? {
                document += self.number()?;
                let counts = match self.number()? {
                    word @ (0 | 1) => Counts::once(word == 1),
                    n => {
                        let (times, words, passages) = ((n - 2) / 2 + 1, self.number()?, self.number()?);
                        let (title, title_words) = match n % 2 {
                            0 => (0, 0),
                            _ => (self.number()?, self.number()?),
                        };
                        Counts { times, words, passages, title, title_words }
                    }
                };
                list.push(Posting { document, counts });
            }
            Some(())
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
