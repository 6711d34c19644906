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
    words: JiebaTokenizer,
    /// Gives the words inside a word before the word itself.
    inner: JiebaTokenizer,
    /// For each long word met, where shorter words meet inside it, in characters.
    seams: HashMap<Box<str>, Box<[usize]>>,
}

impl std::fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Segmenter")
    }
}

/// Long words remembered at most, so that memory stays bounded whatever is read.
const REMEMBERED: usize = 200_000;

/// Words of fewer characters have no words inside that tile them.
const LONG: usize = 4;

impl Segmenter {
    #[allow(clippy::new_without_default)] // not a value: the first use costs a dictionary
    pub fn new() -> Self {
        let inner = JiebaTokenizer::with_hmm(false);
        let mut words = inner.clone();
        words.set_search_mode(false);
        Segmenter { words, inner, seams: HashMap::new() }
    }

    /// Calls `each` with the places, in characters of `text`, at which a word begins or ends, and
    /// with those inside a word at which shorter words meet: `黄河|流域`. They come in no order.
    pub fn edges(&mut self, text: &str, mut each: impl FnMut(usize)) {
        each(0);
        let mut stream = self.words.token_stream(text);
        while stream.advance() {
            let token = stream.token();
            each(token.position);
            each(token.position + token.position_length);
            if token.position_length >= LONG && !token.text.as_bytes()[0].is_ascii() {
                if !self.seams.contains_key(token.text.as_str()) {
                    if self.seams.len() >= REMEMBERED {
                        self.seams.clear();
                    }
                    let seams = seams_of(&token.text, &mut self.inner);
                    self.seams.insert(token.text.as_str().into(), seams);
                }
                self.seams[token.text.as_str()].iter().for_each(|seam| each(token.position + seam));
            }
        }
    }
}

/// Where shorter words meet inside a word, in characters.
fn seams_of(word: &str, tokenizer: &mut JiebaTokenizer) -> Box<[usize]> {
    let mut inside = Vec::new();
    let mut stream = tokenizer.token_stream(word);
    while stream.advance() {
        let token = stream.token();
        inside.push((token.position, token.position + token.position_length));
    }
    let length = word.chars().count();
    match inside.pop() {
        Some((0, end)) if end == length => seams(length, &inside),
        // Alone it is cut into other words than in its text.
        _ => Box::default(),
    }
}

/// Where the words `inner` inside a word of `last` characters meet, whichever of the best ways to
/// tile it with words is taken. The best ways need the fewest pieces: `中华|人民|共和国`. Single
/// characters are no pieces (`比亚|迪` would make a word of half a name), so words of three
/// characters stay whole.
fn seams(last: usize, inner: &[(usize, usize)]) -> Box<[usize]> {
    let pieces = |from: usize| -> Vec<(usize, u32)> {
        inner.iter().filter(|(f, _)| *f == from).map(|(_, to)| (*to, 1u32)).collect()
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
    (1..last).filter(|&edge| !over(edge)).collect()
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
    use std::collections::BTreeSet;

    fn check(text: &str, expected: &str) {
        let mut edges = BTreeSet::new();
        Segmenter::new().edges(text, |at| drop(edges.insert(at)));
        let mut shown = String::new();
        for (at, c) in text.chars().enumerate() {
            if edges.contains(&at) {
                shown.push('|');
            }
            shown.push(c);
        }
        assert_eq!(shown, expected);
        assert_eq!(edges.last(), Some(&text.chars().count()));
    }

    #[test]
    fn words_meet_inside_words() {
        check("", "");
        check("黄河流域", "|黄河|流域");
        check("城市中心", "|城市|中心");
        check("中华人民共和国", "|中华|人民|共和国");
        check("比亚迪在BYD", "|比亚迪|在|BYD");
        check("a  b", "|a| | |b");
        check("𠮷野家\u{3000}——30GW，开工。", "|𠮷|野|家|\u{3000}|—|—|30GW|，|开工|。");
    }

    #[test]
    fn common_words_are_more_frequent() {
        assert!(Words.frequency("日常") > Words.frequency("日昌"));
        assert_eq!(Words.frequency("嗽价"), None);
    }
}
