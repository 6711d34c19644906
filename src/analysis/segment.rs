//! Words, by jieba's dictionary.

use crate::text::Lexicon;
use std::collections::HashMap;
use std::sync::OnceLock;
use tantivy::tokenizer::{TokenStream, Tokenizer};
use tantivy_jieba::{JiebaTokenizer, jieba_rs::Jieba};

/// Cuts text into words with jieba's default dictionary, without its hidden Markov model: a
/// character sequence that is no word stays single characters, so no boundary is invented inside
/// a name that the dictionary does not know.
///
/// The dictionary is parsed at the first word (about 0.15 s, once a process), never to answer a
/// keyword query.
#[derive(Clone)]
pub struct Segmenter {
    tokenizer: JiebaTokenizer,
    /// For each long word met, where shorter words meet inside it, in bytes.
    seams: HashMap<Box<str>, Box<[usize]>>,
    /// The present text's tokens, and for each byte the last token that begins there.
    tokens: Vec<(usize, usize)>,
    last: Vec<usize>,
}

impl std::fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Segmenter")
    }
}

/// Long words remembered at most, so that memory stays bounded whatever is read.
const REMEMBERED: usize = 200_000;

impl Segmenter {
    #[allow(clippy::new_without_default)] // not a value: the first use costs a dictionary
    pub fn new() -> Self {
        // Search mode gives the words inside a word before the word itself.
        let tokenizer = JiebaTokenizer::with_hmm(false);
        Segmenter { tokenizer, seams: HashMap::new(), tokens: Vec::new(), last: Vec::new() }
    }

    /// Calls `each` with the pieces of `text`, in order, and with the places inside the piece (in
    /// bytes) at which shorter words meet: `黄河|流域`. Together the pieces are the text.
    pub fn words(&mut self, text: &str, mut each: impl FnMut(&str, &[usize])) {
        self.tokens.clear();
        let mut stream = self.tokenizer.token_stream(text);
        while stream.advance() {
            let token = stream.token();
            self.tokens.push((token.offset_from, token.offset_to));
        }
        // jieba gives the words inside a word before the word itself, so the word that begins at
        // a place is the last one that does.
        self.last.clear();
        self.last.resize(text.len() + 1, usize::MAX);
        for (i, &(from, _)) in self.tokens.iter().enumerate() {
            self.last[from] = i;
        }
        let (mut at, mut next) = (0, 0);
        while at < text.len() {
            let Some(&word) = self.last.get(at).filter(|i| **i != usize::MAX) else {
                // Between two words; jieba drops nothing, so this is not to be expected.
                let to =
                    self.tokens[next..].iter().map(|t| t.0).find(|from| *from > at).unwrap_or(text.len());
                each(&text[at..to], &[]);
                at = to;
                continue;
            };
            let (from, to) = self.tokens[word];
            let inner = &self.tokens[next.min(word)..word];
            if inner.is_empty() {
                each(&text[from..to], &[]);
            } else {
                let text = &text[from..to];
                if !self.seams.contains_key(text) {
                    if self.seams.len() >= REMEMBERED {
                        self.seams.clear();
                    }
                    self.seams.insert(text.into(), seams(text, from, inner));
                }
                each(text, &self.seams[text]);
            }
            (at, next) = (to, word + 1);
        }
    }
}

/// Where the words inside a word meet, in bytes of the word, whichever of the best ways to tile
/// it with words is taken. The best ways need the fewest pieces: `中华|人民|共和国`. Single
/// characters are no pieces (`比亚|迪` would make a word of half a name), so words of three
/// characters stay whole.
fn seams(word: &str, origin: usize, inner: &[(usize, usize)]) -> Box<[usize]> {
    let edges: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    let last = edges.len() - 1;
    let pieces = |from: usize| {
        let start = origin + edges[from];
        let words = inner
            .iter()
            .filter(move |(f, _)| *f == start)
            .filter_map(|(_, to)| edges.binary_search(&(to - origin)).ok())
            .map(|to| (to, 1u32));
        words.collect::<Vec<_>>()
    };
    let steps: Vec<Vec<(usize, u32)>> = (0..last).map(pieces).collect();
    // The cost of the best way from the start to each edge, and from each edge to the end.
    let mut forward = vec![u32::MAX; last + 1];
    forward[0] = 0;
    for from in 0..last {
        for &(to, cost) in &steps[from] {
            forward[to] = forward[to].min(forward[from].saturating_add(cost));
        }
    }
    let mut backward = vec![u32::MAX; last + 1];
    backward[last] = 0;
    for from in (0..last).rev() {
        for &(to, cost) in &steps[from] {
            backward[from] = backward[from].min(backward[to].saturating_add(cost));
        }
    }
    let best = forward[last];
    if best == u32::MAX {
        return Box::default();
    }
    // An edge is a seam unless some best way has a piece that runs over it.
    let over = |edge: usize| {
        (0..edge).any(|from| {
            steps[from].iter().any(|&(to, cost)| {
                to > edge && forward[from].saturating_add(cost).saturating_add(backward[to]) == best
            })
        })
    };
    (1..last).filter(|&edge| !over(edge)).map(|edge| edges[edge]).collect()
}

/// jieba's dictionary as a word list, parsed at the first question.
#[derive(Debug, Default, Clone, Copy)]
pub struct Words;

impl Lexicon for Words {
    fn frequency(&self, word: &str) -> Option<u64> {
        static JIEBA: OnceLock<Jieba> = OnceLock::new();
        let jieba = JIEBA.get_or_init(Jieba::new);
        // For a word of the list, the frequency that would be suggested for it is at least its own.
        jieba.has_word(word).then(|| jieba.suggest_freq(word) as u64)
    }
}

/// The dictionary's version, for the index manifest.
pub fn dictionary_version() -> &'static str {
    "jieba-rs 0.11 default, no HMM"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_text() {
        for text in ["", "比亚迪新能源汽车BYD 30GW，开工。", "a  b", "𠮷野家\u{3000}——"] {
            let mut pieces = String::new();
            Segmenter::new().words(text, |w, _| pieces.push_str(w));
            assert_eq!(pieces, text);
        }
    }

    #[test]
    fn words_meet_inside_words() {
        let cut = |text: &str| {
            let mut shown = String::new();
            Segmenter::new().words(text, |word, seams| {
                for (at, c) in word.char_indices() {
                    shown.push_str(if at == 0 {
                        "|"
                    } else if seams.contains(&at) {
                        "·"
                    } else {
                        ""
                    });
                    shown.push(c);
                }
            });
            shown
        };
        assert_eq!(cut("黄河流域"), "|黄河·流域");
        assert_eq!(cut("城市中心"), "|城市|中心");
        assert_eq!(cut("中华人民共和国"), "|中华·人民·共和国");
        assert_eq!(cut("比亚迪在BYD"), "|比亚迪|在|BYD");
    }

    #[test]
    fn common_words_are_more_frequent() {
        assert!(Words.frequency("日常") > Words.frequency("日昌"));
        assert_eq!(Words.frequency("嗽价"), None);
    }
}
