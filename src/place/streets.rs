//! Streets, towns and townships, which lead to the county or district that they lie in. Read in place from
//! `streets.bin`; `compile_gazetteer.py` tells what stands where.
//!
//! They are found from their end: 街道, 镇 and 乡 are rare, and the longest name before one is looked up.

use super::scan::simplified;
use crate::text::Span;
use memchr::memmem::Finder;
use std::sync::LazyLock;

const BIN: &[u8] = include_bytes!("streets.bin");

const fn u32_at(at: usize) -> usize {
    u32::from_le_bytes([BIN[at], BIN[at + 1], BIN[at + 2], BIN[at + 3]]) as usize
}

/// How many names there are.
pub const STREETS: usize = u32_at(4);
const UNITS_AT: usize = 16 + 12 * (STREETS + 1);
const TEXT_AT: usize = UNITS_AT + 2 * u32_at(8);

const _: () = assert!(u32_at(0) == 1 && BIN.len() == TEXT_AT + u32_at(12), "run compile_gazetteer.py");

/// The name of this number.
pub fn name(n: usize) -> &'static str {
    let at = 16 + 12 * n;
    std::str::from_utf8(&BIN[TEXT_AT + u32_at(at)..TEXT_AT + u32_at(at + 12)]).unwrap_or("")
}

/// The units that have one of the name: where their numbers stand.
pub fn range(n: usize) -> std::ops::Range<usize> {
    let at = 16 + 12 * n;
    u32_at(at + 4)..u32_at(at + 16)
}

/// The number of a unit that has one.
pub fn unit(n: usize) -> u16 {
    u16::from_le_bytes([BIN[UNITS_AT + 2 * n], BIN[UNITS_AT + 2 * n + 1]])
}

/// Whether the name may also be words of a sentence: 新城镇, 大家乡.
pub fn is_wordlike(n: usize) -> bool {
    BIN[16 + 12 * n + 8] == 1
}

/// Whether the name says enough by itself, where the country has but one: not 和平街道.
pub fn stands_alone(n: usize) -> bool {
    BIN[16 + 12 * n + 8] == 0
}

/// The number of exactly this name, in Simplified characters.
pub fn find(wanted: &str) -> Option<usize> {
    let (mut low, mut high) = (0, STREETS);
    while low < high {
        let middle = usize::midpoint(low, high);
        match name(middle).cmp(wanted) {
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// What the names end with.
const RANKS: [&str; 6] = ["街道", "镇", "乡", "苏木", "鎮", "鄉"];

/// Made once: a text has many paragraphs, and most have no street.
static FINDERS: LazyLock<[Finder<'static>; 6]> = LazyLock::new(|| RANKS.map(Finder::new));

/// The longest name, in characters.
const LONGEST: usize = 12;

/// The names in `text`, from left to right: the longest that ends where a rank does.
pub fn scan(text: &str) -> Vec<(Span, usize)> {
    let mut ends: Vec<usize> = Vec::new();
    for (rank, finder) in RANKS.iter().zip(FINDERS.iter()) {
        ends.extend(finder.find_iter(text.as_bytes()).map(|at| at + rank.len()));
    }
    if ends.is_empty() {
        return Vec::new();
    }
    ends.sort_unstable();
    let mut found: Vec<(Span, usize)> = Vec::new();
    for end in ends {
        let last = found.last().map_or(0, |f| f.0.end());
        let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
        let starts = text[..end].char_indices().rev().take(LONGEST).take_while(|(_, c)| is_han(*c));
        let starts: Vec<usize> = starts.map(|(at, _)| at).filter(|at| *at >= last).collect();
        let Some(&first) = starts.last() else { continue };
        let before = simplified(&text[first..end]);
        if before.len() != end - first {
            continue;
        }
        let hit = starts.iter().rev().find_map(|&at| Some((at, find(&before[at - first..])?)));
        found.extend(hit.map(|(at, n)| (Span::new(at, end), n)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_compiled_in() {
        let rows: Vec<Vec<&str>> =
            include_str!("streets.tsv").lines().map(|l| l.split('\t').collect()).collect();
        assert_eq!(rows.len(), STREETS, "run compile_gazetteer.py");
        let units: Vec<&str> =
            include_str!("units.tsv").lines().filter_map(|l| l.split('\t').next()).collect();
        for (n, row) in rows.iter().enumerate() {
            assert_eq!(name(n), row[0]);
            assert_eq!((is_wordlike(n), stands_alone(n)), (row[1] == "!", row[1].is_empty()), "{}", row[0]);
            let codes: Vec<&str> = range(n).map(|u| units[usize::from(unit(u))]).collect();
            assert_eq!(codes.join(","), row[2], "{}", row[0]);
            assert_eq!(find(row[0]), Some(n));
        }
    }

    #[test]
    fn names_in_a_text() {
        for (text, expected) in [
            ("槐荫区美里湖街道举行", "美里湖街道"),
            ("无锡市长泾镇", "长泾镇"),
            ("美里湖街道、匡山街道", "美里湖街道 匡山街道"),
            ("美里湖街道辦事處，長涇鎮", "美里湖街道 長涇鎮"),
            ("街道和乡镇", ""),
            ("", ""),
        ] {
            let found: Vec<&str> = scan(text).into_iter().map(|f| &text[f.0.range()]).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
