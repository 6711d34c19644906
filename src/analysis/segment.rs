//! Words, by jieba's dictionary.

use crate::text::Lexicon;
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
}

impl std::fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Segmenter")
    }
}

impl Segmenter {
    #[allow(clippy::new_without_default)] // not a value: the first use costs a dictionary
    pub fn new() -> Self {
        let mut tokenizer = JiebaTokenizer::with_hmm(false);
        tokenizer.set_search_mode(false);
        Segmenter { tokenizer }
    }

    /// Calls `each` with the pieces of `text`, in order; together they are the text.
    pub fn words(&mut self, text: &str, mut each: impl FnMut(&str)) {
        let mut at = 0;
        let mut stream = self.tokenizer.token_stream(text);
        while stream.advance() {
            let token = stream.token();
            if token.offset_from > at {
                each(&text[at..token.offset_from]);
            }
            each(&text[token.offset_from..token.offset_to]);
            at = token.offset_to;
        }
        if at < text.len() {
            each(&text[at..]);
        }
    }
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
            Segmenter::new().words(text, |w| pieces.push_str(w));
            assert_eq!(pieces, text);
        }
    }

    #[test]
    fn common_words_are_more_frequent() {
        assert!(Words.frequency("日常") > Words.frequency("日昌"));
        assert_eq!(Words.frequency("嗽价"), None);
    }
}
