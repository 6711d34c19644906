//! How likely a stretch of Simplified text is, by its words.

use super::gbk;
use crate::text::Lexicon;
use std::collections::HashMap;

/// The words of jieba's dictionary together; other lists are near enough.
const TOTAL: f32 = 6.0e7;
/// One character in forty of running news, but a sentence is also more than one character.
const SENTENCE_END: f32 = -4.5;
/// A character that is nowhere in the word list.
const UNKNOWN: f32 = -18.0;
/// Longer words of the list are sayings, which shorter words cover well enough.
const LONGEST: usize = 5;

/// Log probabilities of words from a word list, and the text's own pairs.
#[derive(Clone, Copy)]
pub(super) struct Words<'l>(pub &'l dyn Lexicon, pub &'l Pairs);

/// How often two characters, Simplified, stand side by side where the text is intact: its own
/// names are in no word list.
pub(super) type Pairs = HashMap<[char; 2], u32>;

impl Words<'_> {
    fn word(self, word: &str) -> Option<f32> {
        self.0.frequency(word).map(|f| ((f as f32 + 1.0) / TOTAL).ln())
    }

    /// One character standing alone. Without a word list, the two levels of GB 2312 (common
    /// characters, rare ones) are all that is known.
    fn single(self, c: char) -> f32 {
        match c {
            '。' => SENTENCE_END,
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
}

/// What hardly ever meets in a sentence.
const SELDOM: f32 = -7.0;
/// These do not end a clause: 和 before a comma is not what stood there.
const NEVER_LAST: &str = "和与及或在对向把被将从为以于因虽但而且若如并其每各该这那最更很";
/// These do not begin one.
const NEVER_FIRST: &str = "的了们着过吗呢吧地得";

/// A text that grows character by character, with the best score of each of its beginnings.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    text: String,
    /// Byte offset of each character's start, and the best score of the text before it.
    nodes: Vec<(usize, f32)>,
    last: f32,
    open: Open,
}

/// What is open at a place of a line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Open {
    /// Inside “ ”.
    quoted: bool,
    /// Inside 《 》.
    titled: bool,
}

impl Open {
    /// Goes past a character.
    pub fn pass(&mut self, c: char) {
        match c {
            '“' => self.quoted = true,
            '”' => self.quoted = false,
            '《' => self.titled = true,
            '》' => self.titled = false,
            _ => {}
        }
    }

    /// Whether `c` opens what is open or closes what is not.
    fn forbids(self, c: char) -> bool {
        match c {
            '“' => self.quoted,
            '”' => !self.quoted,
            '《' => self.titled,
            '》' => !self.titled,
            _ => false,
        }
    }
}

impl Path {
    /// An empty text, inside a quotation or not.
    pub fn new(open: Open) -> Path {
        Path { open, ..Path::default() }
    }

    /// Ends the line.
    pub fn end(&mut self) {
        let hanging = self.text.ends_with(['、', '“', '《', '（', '，', ',']);
        let seldom = hanging || self.open.quoted || self.open.titled;
        self.last += if seldom { SELDOM } else { 0.0 };
    }

    /// How likely `c` is after the last character, beyond how likely each is.
    fn meeting(&self, words: Words<'_>, c: char) -> f32 {
        let stop = |c: char| matches!(c, '。' | '、' | '，' | ',' | ';' | ':' | '?' | '!');
        let opens = |c: char| matches!(c, '“' | '‘' | '《' | '（' | '(' | '-');
        let Some(before) = self.text.chars().next_back() else { return 0.0 };
        // A sentence of one character, as in 暂时。火, for 暂时停火,.
        let single = stop(c) && self.text.chars().rev().nth(1) == Some('。');
        let seldom = single
            || stop(c) && (stop(before) || opens(before) || NEVER_LAST.contains(before))
            || stop(before) && NEVER_FIRST.contains(c)
            || matches!((before, c), ('“', '”') | ('《', '》'))
            || self.open.forbids(c);
        let seen = words.1.get(&[before, c]).map_or(0.0, |&n| (1.0 + n as f32).ln().min(2.0));
        seen + if seldom { SELDOM } else { 0.0 }
    }

    /// Appends a character.
    pub fn push(&mut self, words: Words<'_>, c: char) {
        self.last += self.meeting(words, c);
        self.open.pass(c);
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

#[cfg(test)]
mod tests {
    use super::*;

    struct Few;
    impl Lexicon for Few {
        fn frequency(&self, word: &str) -> Option<u64> {
            let list =
                [("日常", 1800), ("考核", 900), ("日", 9000), ("考", 1000), ("核", 2000), ("的", 3_000_000)];
            list.iter().find(|x| x.0 == word).map(|x| x.1)
        }
    }

    fn score(text: &str, pairs: &Pairs) -> f32 {
        let mut path = Path::new(Open::default());
        text.chars().for_each(|c| path.push(Words(&Few, pairs), c));
        path.end();
        path.score()
    }

    /// The left text is likelier than the right one.
    fn check(likelier: &str, other: &str) {
        let none = Pairs::new();
        assert!(score(likelier, &none) > score(other, &none), "{likelier} {other}");
    }

    #[test]
    fn words_and_neighbours_decide() {
        check("日常考核", "日。考核");
        check("日。考核", "日顒考核");
        check("“日”", "”日“");
        check("日。", "日、");
        check("日。考核", "日。、考核");
        check("日。考核", "日。的考核");
    }

    #[test]
    fn what_the_text_itself_says_counts() {
        let seen = Pairs::from([(['顒', '核'], 3)]);
        assert!(score("顒核", &seen) > score("顒核", &Pairs::new()));
    }
}
