//! Which stretch of a paragraph is shown for a hit. Pure: units in, positions out.
//!
//! A paragraph is cut at sentence ends; a sentence that is too long, at clause marks; a clause
//! that is too long, hard. A passage begins with the piece in which a hit begins, takes in the
//! pieces in which further hits lie as long as it stays short, and is filled up with what follows
//! and what comes before until it reads as a passage. The cut depends on nothing but the text and
//! the hits, so passages can be counted and the count repeated.

mod sentence;

pub use sentence::pieces;

use std::ops::Range;

/// No passage is longer, in characters (UTF-16 units), unless a single hit is.
pub const LONGEST: usize = 150;

/// A passage shorter than this is filled up with its neighbours.
const SHORTEST: usize = 50;

/// A passage of a paragraph and the hits inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// In units of the paragraph.
    pub span: Range<usize>,
    /// Which of the hits lie in it.
    pub hits: Range<usize>,
}

/// Cuts the passages of one paragraph. `hits` are ranges of its units, ordered by their start.
pub fn passages(paragraph: &[u16], hits: &[Range<usize>]) -> Vec<Passage> {
    let pieces = pieces(paragraph, LONGEST);
    let last = pieces.len().saturating_sub(1);
    let piece_at = |unit: usize| pieces.partition_point(|p| p.end <= unit).min(last);
    let within: Vec<_> =
        hits.iter().map(|hit| (piece_at(hit.start), piece_at(hit.end.max(hit.start + 1) - 1))).collect();
    let mut found = Vec::new();
    group(
        &within,
        pieces.len(),
        |piece| pieces[piece].clone(),
        |span, hits| found.push(Passage { span: pieces[span.start].start..pieces[span.end - 1].end, hits }),
    );
    found
}

/// Groups hits into passages, given of each the first and the last piece of the paragraph that it
/// touches. `piece` says where each of the paragraph's `n` pieces lies; `each` takes a passage's
/// pieces and hits.
pub fn group(
    hits: &[(usize, usize)],
    n: usize,
    piece: impl Fn(usize) -> Range<usize>,
    mut each: impl FnMut(Range<usize>, Range<usize>),
) {
    let length = |first: usize, last: usize| piece(last).end - piece(first).start;
    let mut next = 0;
    let mut free = 0; // the first piece that no earlier passage shows
    while next < hits.len() {
        let first_hit = next;
        let mut first = hits[next].0.max(free);
        let mut last = first;
        while next < hits.len() {
            let reach = hits[next].1.max(last);
            if next > first_hit && reach > last && length(first, reach) > LONGEST {
                break;
            }
            last = reach;
            next += 1;
        }
        let limit = hits.get(next).map_or(n, |hit| hit.0);
        while length(first, last) < SHORTEST && last + 1 < limit && length(first, last + 1) <= LONGEST {
            last += 1;
        }
        while length(first, last) < SHORTEST && first > free && length(first - 1, last) <= LONGEST {
            first -= 1;
        }
        free = last + 1;
        // Hits past the last piece can't be; hits in it belong to the last passage.
        let hits_end = if free >= n { hits.len() } else { next };
        each(first..last + 1, first_hit..hits_end);
        next = hits_end;
    }
}

/// How many passages [`passages`] would cut. A paragraph that is no longer than a passage may be is
/// one, whatever stands in it.
pub fn count(paragraph: &[u16], hits: &[Range<usize>]) -> usize {
    match hits {
        [] => 0,
        [_] => 1,
        _ if paragraph.len() <= LONGEST => 1,
        hits => passages(paragraph, hits).len(),
    }
}

/// Joins ranges that overlap or touch; `ranges` are ordered by their start.
pub fn merge<K: Copy>(ranges: &[(Range<usize>, K)], worse: impl Fn(K, K) -> K) -> Vec<(Range<usize>, K)> {
    let mut merged: Vec<(Range<usize>, K)> = Vec::new();
    for (range, kind) in ranges {
        match merged.last_mut() {
            Some((last, k)) if range.start < last.end => {
                last.end = last.end.max(range.end);
                *k = worse(*k, *kind);
            }
            _ => merged.push((range.clone(), *kind)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn check(text: &str, word: &str, expected: &[&str]) {
        let paragraph = units(text);
        let needle = units(word);
        let hits: Vec<_> = (0..paragraph.len())
            .filter(|&i| paragraph[i..].starts_with(&needle))
            .map(|i| i..i + needle.len())
            .collect();
        let shown: Vec<String> = passages(&paragraph, &hits)
            .iter()
            .map(|p| String::from_utf16_lossy(&paragraph[p.span.clone()]))
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn short_paragraphs_are_shown_whole() {
        check("比亚迪建厂。工厂很大。", "比亚迪", &["比亚迪建厂。工厂很大。"]);
    }

    #[test]
    fn cut_at_sentence_ends() {
        let filler = "这是一个没有关键词的很长的句子".repeat(4) + "。";
        let text = format!("{filler}比亚迪建厂。{filler}");
        check(&text, "比亚迪", &[&format!("比亚迪建厂。{filler}")]);
    }

    #[test]
    fn distant_hits_give_passages_of_their_own() {
        let filler = "这是一个没有关键词的很长的句子".repeat(6) + "。";
        let text = format!("甲先到。{filler}{filler}甲后走。");
        let paragraph = units(&text);
        let at = |c: char| text.chars().enumerate().filter(move |(_, x)| *x == c).map(|(i, _)| i..i + 1);
        let found = passages(&paragraph, &at('甲').collect::<Vec<_>>());
        assert_eq!(found.iter().map(|p| p.hits.clone()).collect::<Vec<_>>(), [0..1, 1..2]);
    }

    proptest! {
        #[test]
        fn every_hit_is_in_one_passage(
            text in "[甲乙丙。！，、;”\u{20000}a ]{1,400}",
            starts in prop::collection::btree_set(0usize..400, 1..20),
            length in 1usize..6,
        ) {
            let paragraph = units(&text);
            let hits: Vec<_> = starts
                .iter()
                .filter(|s| **s + length <= paragraph.len())
                .map(|&s| s..s + length)
                .collect();
            let found = passages(&paragraph, &hits);
            prop_assert_eq!(count(&paragraph, &hits), found.len());
            let mut next = 0;
            let mut end = 0;
            for passage in &found {
                prop_assert_eq!(passage.hits.start, next);
                prop_assert!(passage.span.start >= end || passage.span.start < passage.span.end);
                prop_assert!(passage.span.end <= paragraph.len());
                for hit in &hits[passage.hits.clone()] {
                    prop_assert!(hit.end <= passage.span.end, "{hit:?} {passage:?}");
                }
                next = passage.hits.end;
                end = passage.span.end;
            }
            prop_assert_eq!(next, hits.len());
        }
    }
}
