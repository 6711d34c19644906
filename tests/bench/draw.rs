//! Queries for timing: stretches of the texts by their length and by how frequent their characters are.

use super::enlarge::{Original, Random};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The characters of a collection, the one that most articles hold first.
pub struct Frequencies {
    ranks: HashMap<char, usize>,
    pub most: Vec<char>,
}

impl Frequencies {
    pub fn of(originals: &[Original]) -> Frequencies {
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        for article in originals {
            for c in article.text.chars().filter(|c| is_han(*c)).collect::<BTreeSet<_>>() {
                *counts.entry(c).or_default() += 1;
            }
        }
        let mut most: Vec<(char, usize)> = counts.into_iter().collect();
        most.sort_by_key(|(c, n)| (std::cmp::Reverse(*n), *c));
        let most: Vec<char> = most.into_iter().map(|(c, _)| c).collect();
        Frequencies { ranks: most.iter().enumerate().map(|(rank, c)| (*c, rank)).collect(), most }
    }

    /// By the rarest character of a piece: all among the first 100, all among the first 1,000, or not.
    fn class(&self, piece: &[char]) -> &'static str {
        match piece.iter().map(|c| self.ranks.get(c).copied().unwrap_or(usize::MAX)).max() {
            Some(..100) => "frequent",
            Some(100..1000) => "middling",
            _ => "rare",
        }
    }

    /// Named sets of at most `n` queries, the same ones for the same collection.
    pub fn queries(&self, originals: &[Original], n: usize) -> Vec<(String, Vec<String>)> {
        let mut sets: BTreeMap<(usize, &'static str), BTreeSet<String>> = BTreeMap::new();
        let mut random = Random(7);
        for length in [1, 2, 3, 4, 6] {
            for _ in 0..200_000 {
                let text = &originals[random.below(originals.len())].text;
                // From a character boundary near a random place.
                let at = text.floor_char_boundary(random.below(text.len()));
                let piece: Vec<char> = text[at..].chars().take(length).collect();
                if piece.len() < length || !piece.iter().all(|c| is_han(*c)) {
                    continue;
                }
                let set = sets.entry((length, self.class(&piece))).or_default();
                if set.len() < n {
                    set.insert(piece.iter().collect());
                }
            }
        }
        let named = |((length, class), set): ((usize, &str), BTreeSet<String>)| {
            (format!("{length}-{class}"), set.into_iter().collect())
        };
        let mut sets: Vec<(String, Vec<String>)> = sets.into_iter().map(named).collect();
        // The worst: two of the thirty most frequent characters side by side, or anywhere in an article.
        let thirty = &self.most[..self.most.len().min(30)];
        let two = |between: &str| -> Vec<String> {
            let all = thirty.iter().flat_map(|a| thirty.iter().map(move |b| format!("{a}{between}{b}")));
            all.step_by(900usize.div_ceil(n).max(1)).collect()
        };
        sets.push(("2-worst".into(), two("")));
        // As two keywords a few: each reads most of the texts, seconds at 1 GB.
        sets.push(("1+1-worst".into(), two(" ").into_iter().step_by(10).collect()));
        let words: Vec<&String> =
            sets.iter().filter(|(name, _)| name == "2-middling").flat_map(|(_, set)| set).collect();
        let pairs = words.iter().zip(words.iter().skip(1)).map(|(a, b)| format!("{a} {b}")).collect();
        sets.push(("2+2-middling".into(), pairs));
        sets
    }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}
