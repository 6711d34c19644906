//! How likely a stretch of Simplified text is, by its words.

use super::gbk;
use crate::text::Lexicon;

/// The words of jieba's dictionary together; other lists are near enough.
const TOTAL: f32 = 6.0e7;
/// A character that is nowhere in the word list.
const UNKNOWN: f32 = -18.0;
/// Longer words of the list are sayings, which shorter words cover well enough.
const LONGEST: usize = 5;

/// Log probabilities of words from a word list.
#[derive(Clone, Copy)]
pub(super) struct Words<'l>(pub &'l dyn Lexicon);

impl Words<'_> {
    fn word(self, word: &str) -> Option<f32> {
        self.0.frequency(word).map(|f| ((f as f32 + 1.0) / TOTAL).ln())
    }

    /// One character standing alone. Without a word list, the two levels of GB 2312 (common
    /// characters, rare ones) are all that is known.
    fn single(self, c: char) -> f32 {
        match c {
            '。' => -3.7, // one character in forty of running news
            '、' => -4.5,
            '“' | '”' | '《' | '》' | '，' | ',' => -5.5,
            '?' | '!' | ';' | ':' => -6.5,
            _ if c.is_ascii_digit() => -5.0,
            _ if ('\u{4E00}'..='\u{9FFF}').contains(&c) => {
                let mut buffer = [0u8; 4];
                self.word(c.encode_utf8(&mut buffer)).unwrap_or_else(|| {
                    if self.0.frequency("的").is_some() {
                        return UNKNOWN;
                    }
                    match gbk::encode(c) {
                        Some([0xB0..=0xD7, 0xA1..=0xFE]) => -9.0,
                        Some([0xD8..=0xF7, 0xA1..=0xFE]) => -13.0,
                        _ => UNKNOWN,
                    }
                })
            }
            _ if c.is_ascii_alphabetic() => -8.5,
            _ => -10.0,
        }
    }

    /// The log probability of the likeliest way to cut `chars` into words.
    pub fn score(self, chars: impl IntoIterator<Item = char>) -> f32 {
        let mut path = Path::default();
        for c in chars {
            path.push(self, c);
        }
        path.score()
    }
}

/// A text that grows character by character, with the best score of each of its beginnings.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    text: String,
    /// Byte offset of each character's start, and the best score of the text before it.
    nodes: Vec<(usize, f32)>,
    last: f32,
}

impl Path {
    /// Appends a character.
    pub fn push(&mut self, words: Words<'_>, c: char) {
        self.nodes.push((self.text.len(), self.last));
        self.text.push(c);
        let mut best = self.last + words.single(c);
        for &(start, before) in self.nodes.iter().rev().take(LONGEST).skip(1) {
            if let Some(p) = words.word(&self.text[start..]) {
                best = best.max(before + p);
            }
        }
        self.last = best;
    }

    /// The score of the whole.
    pub fn score(&self) -> f32 {
        self.last
    }
}
