//! Back to Simplified, character by character.

use super::table::table;
use crate::clean::state::Edit;
use crate::text::{Lexicon, Span};
use std::collections::HashMap;

/// An edit for each Traditional character outside the spans of `repaired` (in order).
pub(super) fn convert(text: &str, repaired: &[Edit], lexicon: &dyn Lexicon) -> Vec<Edit> {
    let mut choice = Choice { lexicon, known: HashMap::new() };
    let chars: Vec<(usize, char)> = kept_characters(text, repaired);
    let mut edits = Vec::new();
    for (n, &(at, c)) in chars.iter().enumerate() {
        let before = n.checked_sub(1).map(|p| chars[p].1);
        let simple = choice.of(c, before, chars.get(n + 1).map(|x| x.1));
        if simple != c {
            let span = Span::new(at, at + c.len_utf8());
            edits.push(Edit { span, with: simple.to_string(), note: None });
        }
    }
    edits
}

/// The Simplified form of a short text.
pub(super) fn simplify(text: &str, lexicon: &dyn Lexicon) -> String {
    let mut choice = Choice { lexicon, known: HashMap::new() };
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len())
        .map(|n| {
            let before = n.checked_sub(1).map(|p| chars[p]);
            choice.of(chars[n], before, chars.get(n + 1).copied())
        })
        .collect()
}

fn kept_characters(text: &str, repaired: &[Edit]) -> Vec<(usize, char)> {
    let mut kept = Vec::new();
    let mut from = 0;
    let ends = repaired.iter().map(|e| (e.span.start(), e.span.end()));
    for (start, end) in ends.chain([(text.len(), text.len())]) {
        kept.extend(text[from..start].char_indices().map(|(i, c)| (from + i, c)));
        from = end;
    }
    kept
}

/// Chooses among the Simplified forms of a character by its neighbours.
struct Choice<'l> {
    lexicon: &'l dyn Lexicon,
    known: HashMap<(char, Option<char>, Option<char>), char>,
}

impl Choice<'_> {
    /// The usual form, unless a word with a neighbour speaks for another: 著 is 着 in 着力 and
    /// itself in 著名, 乾 is 干 in 干净 and itself in 乾隆.
    fn of(&mut self, c: char, before: Option<char>, after: Option<char>) -> char {
        let Some(entry) = table().entry(c) else { return c };
        if entry.simplified.len() == 1 {
            return entry.simplified[0];
        }
        *self.known.entry((c, before, after)).or_insert_with(|| {
            let weight = |form: char| {
                let left = before.map(|b| [table().simplified(b), form]);
                let right = after.map(|a| [form, table().simplified(a)]);
                let pairs = [left, right].into_iter().flatten();
                pairs.filter_map(|p| self.lexicon.frequency(&String::from_iter(p))).max().unwrap_or(0)
            };
            // Only the character itself is worth a doubt; rarer forms are other words' (劃).
            let usual = entry.simplified[0];
            let keeps = entry.simplified.contains(&c) && weight(c) > weight(usual);
            if keeps { c } else { usual }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Three;
    impl Lexicon for Three {
        fn frequency(&self, word: &str) -> Option<u64> {
            ["着力", "著名", "乾隆"].contains(&word).then_some(100)
        }
    }

    #[test]
    fn forms_by_their_words() {
        for (traditional, expected) in [
            ("著力構建", "着力构建"),
            ("著名學者", "著名学者"),
            ("乾隆年間", "乾隆年间"),
            ("乾淨", "干净"),
            ("比亚迪 BYD", "比亚迪 BYD"),
        ] {
            assert_eq!(simplify(traditional, &Three), expected);
        }
    }
}
