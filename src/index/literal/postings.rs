//! The list of a gram: its documents, and in each how often and how it stands there.
//!
//! Everything that a count or a rank asks of a keyword of one or two units is in its list, so
//! that no text is read for it, however frequent it is.
//!
//! ```text
//! 1 bit         what is usual in this list: that the gram stands as a word
//! per document  gap to the one before, in Rice's code with the parameter that suits the mean gap
//!               0: once, in the body, as is usual
//!               1: gamma(times), in title?; gamma(times in title), words in title; usual?, words; passages - 1
//! ```

use super::bits::{BitReader, BitWriter};

/// How a gram stands in the searched part of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// How often, at least once; overlapping places each count.
    pub times: u32,
    /// How often it begins and ends where words do.
    pub words: u32,
    /// How many passages show it.
    pub passages: u32,
    /// How often in the title, and how often as a word there.
    pub title: u32,
    pub title_words: u32,
}

impl Counts {
    /// Once, in the body.
    pub fn once(word: bool) -> Counts {
        Counts { times: 1, words: word as u32, passages: 1, title: 0, title_words: 0 }
    }
}

/// A document of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    pub document: u32,
    pub counts: Counts,
}

/// Bits of a number from 0 to `most`.
fn width(most: u32) -> u32 {
    u32::BITS - most.leading_zeros()
}

/// The parameter of Rice's code for gaps of a mean of `documents / n`: log2 of 0.69 times the mean.
fn parameter(documents: u32, n: u32) -> u32 {
    (u64::from(documents) * 11 / 16 / u64::from(n.max(1))).max(1).ilog2()
}

/// Writes a list: ascending, at least one, of a segment of so many documents.
pub fn put_list(postings: &[Posting], documents: u32, out: &mut BitWriter) {
    let k = parameter(documents, postings.len() as u32);
    let once = postings.iter().filter(|p| p.counts.times == 1 && p.counts.title == 0);
    let (words, all) = once.fold((0, 0), |(words, all), p| (words + p.counts.words, all + 1));
    let usual = words * 2 > all;
    out.put(usual as u32, 1);
    let mut next = 0;
    for Posting { document, counts } in postings {
        out.rice(document - next, k);
        next = document + 1;
        put_counts(counts, usual, out);
    }
    out.align();
}

fn put_counts(counts: &Counts, usual: bool, out: &mut BitWriter) {
    if *counts == Counts::once(usual) {
        return out.put(0, 1);
    }
    out.put(1, 1);
    out.gamma(counts.times);
    out.put((counts.title > 0) as u32, 1);
    if counts.title > 0 {
        out.gamma(counts.title);
        out.put(counts.title_words, width(counts.title));
    }
    if counts.times > 1 {
        let all = if usual { counts.times } else { 0 };
        out.put((counts.words == all) as u32, 1);
        if counts.words != all {
            out.put(counts.words, width(counts.times));
        }
        out.put(counts.passages - 1, width(counts.times - 1));
    }
}

#[inline]
fn get_counts(bits: &mut BitReader<'_>, usual: bool) -> Counts {
    if bits.get(1) == 0 {
        return Counts::once(usual);
    }
    let times = bits.gamma();
    let (mut title, mut title_words) = (0, 0);
    if bits.get(1) == 1 {
        title = bits.gamma();
        title_words = bits.get(width(title)).min(title);
    }
    let (words, passages) = match times {
        1 if title > 0 => (title_words, 1),
        1 => (!usual as u32, 1),
        times => {
            let words = match bits.get(1) {
                1 if usual => times,
                1 => 0,
                _ => bits.get(width(times)),
            };
            (words, bits.get(width(times - 1)).saturating_add(1))
        }
    };
    Counts { times, words: words.min(times), passages: passages.min(times), title, title_words }
}

/// Reads a list; ends early where it is damaged.
#[derive(Debug, Clone)]
pub struct Postings<'a> {
    bits: BitReader<'a>,
    k: u32,
    usual: bool,
    left: u32,
    next: u32,
    documents: u32,
}

impl<'a> Postings<'a> {
    /// The list in `bytes` with `n` of a segment's `documents`.
    pub fn new(bytes: &'a [u8], n: u32, documents: u32) -> Self {
        let mut bits = BitReader::new(bytes);
        let usual = bits.get(1) == 1;
        Postings { bits, k: parameter(documents, n), usual, left: n, next: 0, documents }
    }

    /// The list of a gram that stands nowhere.
    pub fn none() -> Self {
        Postings::new(&[], 0, 0)
    }

    /// Documents that are still to come.
    pub fn left(&self) -> u32 {
        self.left
    }
}

impl Iterator for Postings<'_> {
    type Item = Posting;

    #[inline]
    fn next(&mut self) -> Option<Posting> {
        self.left = self.left.checked_sub(1)?;
        let document = self.next.checked_add(self.bits.rice(self.k)).filter(|d| *d < self.documents)?;
        self.next = document + 1;
        Some(Posting { document, counts: get_counts(&mut self.bits, self.usual) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counts() -> impl Strategy<Value = Counts> {
        (1u32..40, any::<[u32; 4]>()).prop_map(|(times, [a, b, c, d])| {
            let times = if a % 2 == 0 { 1 } else { times };
            let title = if b % 3 == 0 { b % (times + 1) } else { 0 };
            let title_words = c % (title + 1);
            let words = title_words + d % (times - title + 1);
            Counts { times, words, passages: 1 + a % times, title, title_words }
        })
    }

    proptest! {
        #[test]
        fn lists_come_back(
            documents in prop::collection::btree_map(0u32..5000, counts(), 1..300),
            more in 0u32..100_000,
        ) {
            let postings: Vec<Posting> =
                documents.into_iter().map(|(document, counts)| Posting { document, counts }).collect();
            let documents = postings.last().map_or(0, |p| p.document + 1) + more;
            let mut out = BitWriter::default();
            put_list(&postings, documents, &mut out);
            let read: Vec<Posting> = Postings::new(&out.bytes, postings.len() as u32, documents).collect();
            prop_assert_eq!(read, postings);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), n in any::<u32>(), documents in any::<u32>()) {
            Postings::new(&bytes, n, documents).take(1000).for_each(drop);
        }
    }
}
