//! From documents to lists: the grams of a new segment.
//!
//! Single units have lists that grow ([`singles`](super::singles)), pairs are sorted
//! ([`pairs`](super::pairs)) a million or so at a time, each time into a [`Run`]. In the end the runs are
//! merged. So memory holds one chunk of what is to be sorted, however large the segment becomes,
//! and everything is read and written from one end to the other.

use super::code::{Symbol, decode_symbols, is_paired};
use super::document::Document;
use super::format::get_varint;
use super::pairs::{Pairs, Place};
use super::postings::{Counts, Posting};
use super::run::{Run, merge};
use super::singles::Singles;
use super::{CHANGED, GUESSED, Gram, REST};

/// Pairs after which they are sorted and counted. (Three times as many take no less time.)
const CHUNK: usize = 1 << 20;

/// A stretch of a paragraph; see [`crate::passage::pieces`].
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    /// In units of the page.
    pub start: u32,
    pub end: u32,
    /// Which of the paragraph's pieces it is, and how many come after it.
    pub before: u32,
    pub after: u32,
}

/// The pieces gathered since the last run.
#[derive(Debug, Default)]
pub struct Pieces {
    pub all: Vec<Piece>,
    /// The document of each: apart, since it is asked of every pair.
    pub documents: Vec<u32>,
}

/// The grams of title and body, or of the rest.
#[derive(Debug, Default)]
struct Part {
    singles: Singles,
    pairs: Pairs,
}

/// Takes documents in turn and gives back the grams with their lists.
#[derive(Debug, Default)]
pub struct Gatherer {
    body: Part,
    rest: Part,
    pieces: Pieces,
    runs: Vec<Run>,
    run_bytes: usize,
    changed: Vec<u32>,
    guessed: Vec<u32>,
    symbols: Vec<Symbol>,
}

impl Gatherer {
    /// Adds a document: its text and the pieces of its paragraphs, as
    /// [`super::format::encode_payload`] wrote them. Numbers ascend.
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
        let (mut at, mut unit, mut first) = (0, 0, self.pieces.all.len());
        while let Some(n) = get_varint(pieces, &mut at) {
            // The break between two paragraphs.
            if symbols.get(unit) == Some(&0) {
                unit += 1;
            }
            let (end, last) = ((unit + (n >> 1) as usize).min(symbols.len()), n & 1 == 1);
            let number_in_run = self.pieces.all.len();
            let before = (number_in_run - first) as u32;
            self.pieces.all.push(Piece { start: unit as u32, end: end as u32, before, after: 0 });
            self.pieces.documents.push(number);
            let part = if unit < document.body_end() { &mut self.body } else { &mut self.rest };
            let place = Place {
                piece: number_in_run as u32,
                title: unit < document.title_end(),
                long: before > 0 || !last,
            };
            part.add(&symbols, unit..end, place, last, document);
            if last {
                for (after, piece) in self.pieces.all[first..].iter_mut().rev().enumerate() {
                    piece.after = after as u32;
                }
                if place.long {
                    part.singles.end_paragraph(first as u32, &self.pieces.all[first..]);
                }
                first = self.pieces.all.len();
            }
            unit = end;
        }
        self.symbols = symbols;
        self.body.singles.end_document(number);
        self.rest.singles.end_document(number);
        if self.body.pairs.len() + self.rest.pairs.len() >= CHUNK {
            self.flush();
        }
    }

    /// Memory in use, in bytes.
    pub fn memory(&self) -> usize {
        let of = |part: &Part| part.singles.memory() + part.pairs.memory();
        let pieces = self.pieces.all.len() * (size_of::<Piece>() + size_of::<u32>());
        self.run_bytes + of(&self.body) + of(&self.rest) + pieces
    }

    /// Sorts and counts the pairs that were gathered.
    fn flush(&mut self) {
        let mut run = Run::new(self.pieces.documents.first().copied().unwrap_or_default());
        self.body.pairs.take(&self.pieces, 0, &mut run);
        self.rest.pairs.take(&self.pieces, REST, &mut run);
        run.shrink();
        self.run_bytes += run.memory();
        self.runs.push(run);
        self.pieces.all.clear();
        self.pieces.documents.clear();
    }

    /// All grams, ascending, with their lists.
    ///
    /// # Errors
    /// Those of `each`.
    pub fn finish<E>(mut self, mut each: impl FnMut(Gram, &[Posting]) -> Result<(), E>) -> Result<(), E> {
        self.flush();
        let mut singles = Run::new(0);
        self.body.singles.append_to(&mut singles, 0);
        self.rest.singles.append_to(&mut singles, REST);
        self.runs.push(singles);
        let mut list = Vec::new();
        for (gram, documents) in [(CHANGED, &self.changed), (GUESSED, &self.guessed)] {
            list.clear();
            list.extend(documents.iter().map(|&document| Posting { document, counts: Counts::once(false) }));
            if !list.is_empty() {
                each(gram, &list)?;
            }
        }
        merge(self.runs.iter().map(Run::read).collect(), |run, list| run.postings(list), each)
    }
}

impl Part {
    /// Adds the units of a piece, and the pairs that begin there. The pair that ends with its first
    /// unit was added with the piece before, if that is of the same paragraph.
    fn add(
        &mut self,
        symbols: &[Symbol],
        piece: std::ops::Range<usize>,
        place: Place,
        last: bool,
        document: &Document<'_>,
    ) {
        let edge = |at: usize| document.is_boundary(at);
        let below = place.below();
        let mut edges = (edge(piece.start), edge(piece.start + 1));
        let mut a = symbols.get(piece.start).copied().unwrap_or(0);
        let mut paired = is_paired(a);
        for at in piece.clone() {
            self.singles.add(a, place.piece, edges.0 && edges.1, place.title, place.long);
            let next = at + 1;
            let after = edge(next + 1);
            if next < piece.end || !last && next < symbols.len() {
                let b = symbols[next];
                let b_paired = is_paired(b);
                if paired && b_paired {
                    self.pairs.add(a, b, below, next == piece.end, edges.0 && after);
                }
                (a, paired) = (b, b_paired);
            }
            edges = (edges.1, after);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Segmenter, analyze};
    use crate::article::{Block, Clean, Zone};
    use crate::index::literal::{Needle, encode_payload, format::decode_payload, pair, single};
    use crate::passage::{self, LONGEST};
    use crate::text::Span;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn analyzed(lines: &[(String, Zone)]) -> Vec<u8> {
        let mut clean = Clean::default();
        for (line, zone) in lines.iter().filter(|(line, _)| !line.is_empty()) {
            let start = clean.text.len();
            clean.text.push_str(line);
            clean.blocks.push(Block { span: Span::new(start, clean.text.len()), zone: *zone });
            clean.text.push('\n');
        }
        encode_payload(&analyze(None, &clean, &mut Segmenter::new()), false)
    }

    /// The counts of a gram in a document, as its text tells them.
    fn by_text(document: &Document<'_>, units: &[u16], rest: bool) -> Option<Counts> {
        let (needle, end) =
            (Needle::new(units), if rest { document.page_end() } else { document.body_end() });
        let count = |units: &[u16], hits: &[std::ops::Range<usize>]| passage::passages(units, hits).len();
        let (all, passages) = document.standing(&needle, end, LONGEST, count);
        let counts = match rest {
            true => {
                let (_, in_body) = document.standing(&needle, document.body_end(), LONGEST, count);
                let passages = (passages - in_body) as u32;
                Counts { times: all.rest, words: all.rest_words, passages, title: 0, title_words: 0 }
            }
            false => Counts {
                times: all.title + all.body,
                words: all.title_words + all.body_words,
                passages: passages as u32,
                title: all.title,
                title_words: all.title_words,
            },
        };
        (counts.times > 0).then_some(counts)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
        #[test]
        fn lists_say_what_texts_say(
            texts in prop::collection::vec(prop::collection::vec((
                prop_oneof!["[黄河流域，。a1]{0,8}", "[黄河流域，。a1]{100,420}"],
                prop_oneof![Just(Zone::Title), Just(Zone::Body), Just(Zone::Navigation)],
            ), 0..4), 1..6),
        ) {
            let payloads: Vec<Vec<u8>> = texts.iter().map(|lines| analyzed(lines)).collect();
            let (mut gatherer, mut documents) = (Gatherer::default(), Vec::new());
            for (number, payload) in payloads.iter().enumerate() {
                let (_, bytes, pieces) = decode_payload(payload).expect("just made");
                let document = Document::parse(bytes).expect("just made");
                gatherer.add(number as u32, false, &document, pieces);
                if number == 2 {
                    gatherer.flush();
                }
                documents.push(document);
            }
            let mut lists = BTreeMap::new();
            let mut last = 0;
            gatherer.finish(|gram, list| {
                assert!(gram > last);
                last = gram;
                lists.insert(gram, list.to_vec());
                Ok::<(), ()>(())
            }).expect("no errors");
            let letters: Vec<u16> = "黄河流域a1，".encode_utf16().collect();
            let singles = letters.iter().map(|a| (vec![*a], Some(single(*a))));
            // A pair of one unit twice may overlap itself, and is not looked up.
            let pairs = letters.iter().flat_map(|a| letters.iter().map(|b| (vec![*a, *b], pair(*a, *b))));
            for (units, gram) in singles.chain(pairs.filter(|(units, _)| units[0] != units[1])) {
                let Some(gram) = gram else {
                    prop_assert!(units.contains(&letters[6]));
                    continue;
                };
                for rest in [false, true] {
                    let expected: Vec<Posting> = documents.iter().enumerate().filter_map(|(n, document)| {
                        Some(Posting { document: n as u32, counts: by_text(document, &units, rest)? })
                    }).collect();
                    let found = lists.remove(&(gram | if rest { REST } else { 0 })).unwrap_or_default();
                    prop_assert_eq!(found, expected, "{} {}", String::from_utf16_lossy(&units), rest);
                }
            }
        }
    }
}
