//! A compact list of lists, in which the grams of a part of a segment's documents are kept until
//! the segment is written.

use super::Gram;
use super::postings::{Counts, Posting};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// Grams, ascending, each with its documents: numbers of 16 bits, the rare larger ones in three.
/// (Bytes would take a third less, and longer: whether a number is short is hard to predict.)
///
/// Of a gram its distance to the one before. Of a document, one more than its distance to the one
/// before, times four, and how the gram stands there: [`PLAIN`], [`AS_WORD`], or [`COUNTED`], and
/// then its counts. A zero ends the list.
#[derive(Debug, Default)]
pub struct Run {
    words: Vec<u16>,
    /// The document from which the first distance of each list counts.
    first: u32,
    /// The last gram.
    last: Gram,
}

/// Once, in the body, not as a word; as a word.
const PLAIN: u32 = 0;
const AS_WORD: u32 = 1;
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

/// Appends a document to a list, so far behind the one before, in which a gram stands once, in
/// the body.
#[inline]
pub fn put_once(list: &mut Vec<u16>, gap: u32, word: bool) {
    put(list, (gap + 1) << 2 | u32::from(word));
}

/// Appends a document to a list, so far behind the one before.
#[inline]
pub fn put_posting(list: &mut Vec<u16>, gap: u32, counts: &Counts) {
    if counts.times == 1 && counts.title == 0 {
        return put_once(list, gap, counts.words == 1);
    }
    put(list, (gap + 1) << 2 | if counts.title > 0 { IN_TITLE } else { COUNTED });
    for n in [counts.times, counts.words, counts.passages] {
        put(list, n);
    }
    if counts.title > 0 {
        put(list, counts.title);
        put(list, counts.title_words);
    }
}

impl Run {
    /// A run of documents from `first` on.
    pub fn new(first: u32) -> Run {
        Run { first, ..Run::default() }
    }

    /// The document from which the first distance of each list counts.
    pub fn first(&self) -> u32 {
        self.first
    }

    /// Appends a gram and its list, which `fill` appends.
    #[inline]
    pub fn gram(&mut self, gram: Gram, fill: impl FnOnce(&mut Vec<u16>)) {
        put(&mut self.words, gram - self.last);
        self.last = gram;
        fill(&mut self.words);
        self.words.push(0);
    }

    /// Gives back memory that is not needed.
    pub fn shrink(&mut self) {
        self.words.shrink_to_fit();
    }

    /// Memory in use, in bytes.
    pub fn memory(&self) -> usize {
        self.words.len() * size_of::<u16>()
    }

    /// Reads it from the first gram on.
    pub fn read(&self) -> RunReader<'_> {
        RunReader { words: &self.words, at: 0, first: self.first, gram: 0 }
    }
}

/// Reads a run's grams; behind each, its documents are to be read before the next.
#[derive(Debug)]
pub struct RunReader<'a> {
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
    pub fn postings(&mut self, list: &mut Vec<Posting>) {
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
                None => drop(PeekMut::pop(head)),
            }
        }
        if !list.is_empty() {
            each(gram, &list)?;
        }
    }
    Ok(())
}
