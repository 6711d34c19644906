//! The compiled list of places and of what they are called.
//!
//! `units.tsv` and `names.tsv` are made by `make_gazetteer.py`, which says from what and when.

use std::collections::HashSet;
use std::sync::OnceLock;

/// A place: its number in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit(u16);

/// How a name stands for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The official name of today: 槐荫区.
    Full,
    /// Another name that can mean nothing else: 济南起步区, 延边州.
    Alias,
    /// A name of earlier days: 章丘市.
    Former,
    /// The name without its rank: 槐荫.
    Short,
    /// A full or short name that is also a common word: 新城区, 朝阳, 日照.
    Common,
    /// A name that means one thing in each city: 起步区, 高新区.
    Generic,
    /// No place: a longer word that holds the name of one, such as 孙中山.
    Word,
}

/// What a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    pub kind: Kind,
    pub unit: Unit,
    /// For a former name: the last year it was in use, as far as the sources say.
    pub until: Option<i32>,
}

/// Every province, city, county-level unit and known zone, read once from the compiled lists.
#[derive(Debug)]
pub struct Gazetteer {
    /// Code, name and parent, in order of their codes.
    units: Vec<(&'static str, &'static str, Option<Unit>)>,
    /// Name and senses as they stand in the list, in order of the names.
    names: Vec<(&'static str, &'static str)>,
    /// The first two characters of the names, in order, with the number of the first name that
    /// begins so.
    heads: Vec<(u64, u16)>,
    /// Whether some name begins with two characters of this hash: nearly all positions of a
    /// text are passed over by one look here. Small enough to stay in the nearest cache.
    starts: Vec<u64>,
}

const START_BITS: u32 = 18;

fn head(a: char, b: char) -> u64 {
    u64::from(u32::from(a)) << 32 | u64::from(u32::from(b))
}

/// The bit of two characters in `starts`.
fn start_bit(head: u64) -> usize {
    (head.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - START_BITS)) as usize
}

impl Gazetteer {
    /// The one gazetteer; read on first use, in less than a millisecond.
    pub fn get() -> &'static Gazetteer {
        static ONE: OnceLock<Gazetteer> = OnceLock::new();
        ONE.get_or_init(|| Gazetteer::read(include_str!("units.tsv"), include_str!("names.tsv")))
    }

    fn read(units_list: &'static str, names_list: &'static str) -> Gazetteer {
        let mut units: Vec<(&str, &str, Option<Unit>)> = Vec::with_capacity(4096);
        // In order of codes a parent comes before its children: the open ones form a stack.
        let mut open: Vec<Unit> = Vec::new();
        for (code, name) in units_list.lines().filter_map(|l| l.split_once('\t')) {
            while open.last().is_some_and(|u| !code.starts_with(units[u.0 as usize].0)) {
                open.pop();
            }
            let unit = Unit(units.len() as u16);
            units.push((code, name, open.last().copied()));
            open.push(unit);
        }
        let names: Vec<_> = names_list.lines().filter_map(|l| l.split_once('\t')).collect();
        let mut starts = vec![0u64; (1 << START_BITS) / 64];
        let mut heads: Vec<(u64, u16)> = Vec::with_capacity(names.len());
        for (i, (name, _)) in names.iter().enumerate() {
            let mut chars = name.chars();
            if let (Some(a), Some(b)) = (chars.next(), chars.next()) {
                let head = head(a, b);
                if heads.last().is_none_or(|h| h.0 != head) {
                    heads.push((head, i as u16));
                    let bit = start_bit(head);
                    starts[bit / 64] |= 1 << (bit % 64);
                }
            }
        }
        Gazetteer { units, names, heads, starts }
    }

    /// The number of the longest name that `text` begins with, and its length in bytes.
    pub fn longest(&self, text: &str) -> Option<(usize, usize)> {
        let mut chars = text.chars();
        let head = head(chars.next()?, chars.next()?);
        let bit = start_bit(head);
        if self.starts[bit / 64] & (1 << (bit % 64)) == 0 {
            return None;
        }
        let at = self.heads.binary_search_by_key(&head, |h| h.0).ok()?;
        let first = usize::from(self.heads[at].1);
        let end = self.heads.get(at + 1).map_or(self.names.len(), |h| usize::from(h.1));
        // Of names in order that all fit the text, the last is the longest.
        let fits = |n: &usize| text.starts_with(self.names[*n].0);
        (first..end).rev().find(fits).map(|n| (n, self.names[n].0.len()))
    }

    /// Whether the name of this number is a longer word that is no place.
    pub fn is_word(&self, name: usize) -> bool {
        self.names.get(name).is_some_and(|n| n.1 == "x")
    }

    /// Whether the name of this number means neither a province nor a city.
    pub fn is_minor(&self, name: usize) -> bool {
        self.senses(name).iter().all(|s| !self.is_major(s.unit))
    }

    /// The number of exactly this name.
    pub fn name(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|(n, _)| (*n).cmp(name)).ok()
    }

    /// The name of this number, in Simplified characters.
    pub fn name_text(&self, name: usize) -> &'static str {
        self.names.get(name).map_or("", |n| n.0)
    }

    /// What the name of this number may mean; empty for a word that is no place.
    pub fn senses(&self, name: usize) -> Vec<Sense> {
        let list = self.names.get(name).map_or("", |n| n.1);
        list.split(',').filter_map(|s| self.sense(s)).collect()
    }

    fn sense(&self, sense: &str) -> Option<Sense> {
        let kind = match sense.as_bytes().first()? {
            b'f' => Kind::Full,
            b'a' => Kind::Alias,
            b'o' => Kind::Former,
            b's' => Kind::Short,
            b'c' => Kind::Common,
            b'g' => Kind::Generic,
            _ => return None,
        };
        let (code, until) = match sense[1..].split_once('@') {
            Some((code, year)) => (code, year.parse().ok()),
            None => (&sense[1..], None),
        };
        let at = self.units.binary_search_by(|u| u.0.cmp(code)).ok()?;
        Some(Sense { kind, unit: Unit(at as u16), until })
    }

    /// The official name.
    pub fn unit_name(&self, unit: Unit) -> &'static str {
        self.units[unit.0 as usize].1
    }

    /// The unit that holds this one; `None` for a province.
    pub fn parent(&self, unit: Unit) -> Option<Unit> {
        self.units[unit.0 as usize].2
    }

    /// The unit, its parent, and so on up to the province.
    pub fn line(&self, unit: Unit) -> impl Iterator<Item = Unit> + '_ {
        std::iter::successors(Some(unit), |u| self.parent(*u))
    }

    /// Whether `upper` holds `unit`, at any distance.
    pub fn holds(&self, upper: Unit, unit: Unit) -> bool {
        self.line(unit).skip(1).any(|u| u == upper)
    }

    /// Whether the unit is a province or a city, known throughout the country by its short name.
    pub fn is_major(&self, unit: Unit) -> bool {
        self.units[unit.0 as usize].0.len() <= 4
    }

    /// Whether the unit is a province or the like.
    pub fn is_province(&self, unit: Unit) -> bool {
        self.parent(unit).is_none()
    }

    /// `山东省/济南市/槐荫区`
    pub fn path(&self, unit: Unit) -> String {
        let mut names: Vec<_> = self.line(unit).map(|u| self.unit_name(u)).collect();
        names.reverse();
        names.join("/")
    }

    /// All units in order of their codes.
    pub fn units(&self) -> impl Iterator<Item = Unit> {
        (0..self.units.len() as u16).map(Unit)
    }

    /// All paths, for a check of what a user wrote.
    pub fn paths(&self) -> HashSet<String> {
        self.units().map(|u| self.path(u)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_whole() {
        let g = Gazetteer::get();
        assert!(g.units.windows(2).all(|w| w[0].0 < w[1].0), "units.tsv is out of order");
        assert!(g.names.windows(2).all(|w| w[0].0 < w[1].0), "names.tsv is out of order");
        assert_eq!(g.units().filter(|u| g.is_province(*u)).count(), 34);
        assert!(g.units.len() < usize::from(u16::MAX) && g.names.len() < usize::from(u16::MAX));
        assert_eq!(g.paths().len(), g.units.len(), "two units share a path");
        for (i, (name, senses)) in g.names.iter().enumerate() {
            let read = g.senses(i).len();
            assert!(*senses == "x" || read == senses.split(',').count(), "{name}: {senses}");
        }
    }

    #[test]
    fn every_unit_is_found_by_its_name() {
        let g = Gazetteer::get();
        for unit in g.units() {
            let (n, len) = g.longest(g.unit_name(unit)).unwrap_or_else(|| panic!("{}", g.path(unit)));
            assert_eq!(len, g.unit_name(unit).len());
            assert!(g.senses(n).iter().any(|s| s.unit == unit), "{}", g.path(unit));
        }
    }

    #[test]
    fn hand_kept_zones_and_old_names_are_compiled_in() {
        let g = Gazetteer::get();
        let paths = g.paths();
        for row in include_str!("zones.tsv").lines().filter(|l| !l.starts_with('#')) {
            let mut cells = row.split('\t');
            let (name, holder) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            assert!(paths.contains(&format!("{holder}/{name}")), "run make_gazetteer.py: {row}");
        }
        for row in include_str!("renamed.tsv").lines().filter(|l| !l.starts_with('#')) {
            let cells: Vec<_> = row.split('\t').collect();
            let senses = g.senses(g.name(cells[0]).expect(row));
            for path in cells[3].split('|') {
                assert!(senses.iter().any(|s| g.path(s.unit) == path), "run make_gazetteer.py: {row}");
            }
        }
    }

    /// Texts are looked through in folded characters, so a name must fold to itself.
    #[test]
    fn names_fold_to_themselves() {
        for (name, senses) in &Gazetteer::get().names {
            let brackets = name.contains(['（', '）']);
            assert!(*senses == "x" || brackets || crate::place::scan::simplified(name) == *name, "{name}");
        }
    }

    #[test]
    fn longest_name_wins() {
        let g = Gazetteer::get();
        let found = |t: &str| g.longest(t).map(|(_, len)| t[..len].to_owned());
        assert_eq!(found("济南起步区在").as_deref(), Some("济南起步区"));
        assert_eq!(found("济南国际机场").as_deref(), Some("济南"));
        assert_eq!(found("中山装").as_deref(), Some("中山装"));
        assert_eq!(found("项目"), None);
        assert_eq!(found("济"), None);
        assert_eq!(found(""), None);
    }
}
