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
/// How many characters a text must have for its own shares to count half.
const PAGE: f32 = 200.0;
/// What a text's own share of a character weighs beside its share in all texts.
const OWN: f32 = 0.05;
/// And at most.
const OWN_MOST: f32 = 3.0;
/// A character that the conversion to Traditional would not have left as it is: every converter
/// makes 機 of 机, and they differ in a few characters only.
pub(super) const UNCONVERTED: f32 = -6.0;

/// Log probabilities of words from a word list, and the text's own pairs.
#[derive(Clone, Copy)]
pub(super) struct Words<'l>(pub &'l dyn Lexicon, pub &'l Pairs);

/// What the text itself says where it is intact, in Simplified characters: its own names are in no
/// word list, and a page about cattle has 牛 more often than others.
#[derive(Debug, Default, Clone)]
pub(super) struct Pairs {
    /// How often two characters stand side by side.
    pub pairs: HashMap<[char; 2], f32>,
    /// How often a character stands there at all.
    pub singles: HashMap<char, f32>,
    /// Characters counted.
    pub total: f32,
}

impl Pairs {
    /// Counts a character after another.
    pub fn count(&mut self, before: Option<char>, c: char, times: f32) {
        *self.singles.entry(c).or_default() += times;
        self.total += times;
        if let Some(before) = before {
            *self.pairs.entry([before, c]).or_default() += times;
        }
    }

    /// With what was learnt since.
    pub fn with(&self, learnt: &Pairs) -> Pairs {
        let mut both = self.clone();
        for (&pair, n) in &learnt.pairs {
            *both.pairs.entry(pair).or_default() += n;
        }
        for (&c, n) in &learnt.singles {
            *both.singles.entry(c).or_default() += n;
        }
        both.total += learnt.total;
        both
    }

    /// The share of the text's characters that `c` has.
    fn share(&self, c: char) -> f32 {
        self.singles.get(&c).map_or(0.0, |n| n / (self.total + PAGE))
    }
}

impl Words<'_> {
    fn word(self, word: &str) -> Option<f32> {
        self.0.frequency(word).map(|f| ((f as f32 + 1.0) / TOTAL).ln())
    }

    /// What it says for a character that the text has it elsewhere.
    pub fn own(self, c: char) -> f32 {
        let share = self.1.share(c);
        if share == 0.0 { 0.0 } else { (1.0 + OWN * share / self.single(c).exp()).ln().min(OWN_MOST) }
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
        let seen = words.1.pairs.get(&[before, c]).map_or(0.0, |&n| (1.0 + n).ln().min(2.0));
        seen + if seldom { SELDOM } else { 0.0 }
    }

    /// What the text would score before and with `c` at its end. `tail` is room to work in.
    pub fn next(&self, words: Words<'_>, c: char, tail: &mut String) -> (f32, f32) {
        let before = self.last + self.meeting(words, c);
        let mut best = before + words.single(c);
        let first = self.nodes.len().saturating_sub(LONGEST - 1);
        let Some(&(from, _)) = self.nodes.get(first) else { return (before, best) };
        tail.clear();
        tail.push_str(&self.text[from..]);
        tail.push(c);
        for &(start, score) in &self.nodes[first..] {
            if let Some(p) = words.word(&tail[start - from..]) {
                best = best.max(score + p);
            }
        }
        (before, best)
    }

    /// Appends a character.
    pub fn push(&mut self, words: Words<'_>, c: char) {
        let (before, best) = self.next(words, c, &mut String::new());
        self.open.pass(c);
        self.nodes.push((self.text.len(), before));
        self.text.push(c);
        self.last = best;
    }

    /// Counts what else speaks against it.
    pub fn doubt(&mut self, doubt: f32) {
        self.last += doubt;
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
        let none = Pairs::default();
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
        let mut seen = Pairs::default();
        seen.count(Some('顒'), '核', 3.0);
        assert!(score("顒核", &seen) > score("顒核", &Pairs::default()));
    }
}
