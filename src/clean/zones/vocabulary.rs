//! Lists of words that are looked for at every place of a line.

use std::collections::HashMap;

/// A list of words, found by their first characters.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// A bit for each character of the Basic Multilingual Plane that begins a word: most
    /// characters begin none, and need no look into the table.
    begins: Vec<u64>,
    /// The words with one first character, the longest first.
    by_first: HashMap<char, Vec<&'static str>>,
}

impl Vocabulary {
    /// The words of a list. Words beginning outside the Basic Multilingual Plane are never found.
    pub fn new(words: impl IntoIterator<Item = &'static str>) -> Vocabulary {
        let mut list = Vocabulary { begins: vec![0; 0x1_0000 / 64], by_first: HashMap::new() };
        for word in words {
            let Some(first) = word.chars().next() else { continue };
            if let Some(bits) = list.begins.get_mut(first as usize / 64) {
                *bits |= 1 << (first as usize % 64);
            }
            list.by_first.entry(first).or_default().push(word);
        }
        for words in list.by_first.values_mut() {
            words.sort_by_key(|w| std::cmp::Reverse(w.len()));
        }
        list
    }

    /// Whether a word begins with `c`.
    pub fn begins(&self, c: char) -> bool {
        self.begins.get(c as usize / 64).is_some_and(|bits| bits >> (c as usize % 64) & 1 == 1)
    }

    /// The longest word that `text`, whose first character is `c`, begins with.
    pub fn prefix(&self, c: char, text: &str) -> Option<&'static str> {
        if !self.begins(c) {
            return None;
        }
        self.by_first.get(&c)?.iter().find(|w| text.starts_with(**w)).copied()
    }

    /// Whether `text` is one of the words.
    pub fn contains(&self, text: &str) -> bool {
        let Some(c) = text.chars().next().filter(|&c| self.begins(c)) else { return false };
        self.by_first.get(&c).is_some_and(|list| list.contains(&text))
    }

    /// Whether one of the words stands in `text`.
    pub fn stands_in(&self, text: &str) -> bool {
        text.char_indices().any(|(at, c)| self.prefix(c, &text[at..]).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let list = Vocabulary::new(["首页", "首", "QQ空间"]);
        assert_eq!(list.prefix('首', "首页 >"), Some("首页"));
        assert_eq!(list.prefix('首', "首都"), Some("首"));
        assert_eq!(list.prefix('页', "页"), None);
        assert!(list.stands_in("去QQ空间看") && !list.stands_in("😀QQ"));
        assert!(list.contains("首") && !list.contains("首都") && !list.contains(""));
    }
}
