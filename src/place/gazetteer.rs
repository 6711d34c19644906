//! The compiled list of places and of what they are called.
//!
//! `units.tsv`, `names.tsv` and `streets.tsv` are made by `make_gazetteer.py`, which says from what and
//! when; `compile_gazetteer.py` makes of them what is compiled in. A user's own places ([`Own`]) lie above
//! them.

use super::own::Own;
use super::{streets, table};
use std::collections::HashSet;

/// A place: its number in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Unit(u16);

impl Unit {
    pub(super) fn number(self) -> usize {
        usize::from(self.0)
    }

    pub(super) fn of(number: usize) -> Unit {
        Unit(number.try_into().unwrap_or(u16::MAX))
    }
}

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
    /// A name of earlier days of a larger place, of which this was a part: who asks for 莱芜市 wants 钢城区
    /// too, an article that says it is about 莱芜区.
    Part,
    /// A street, town or township in it: 美里湖街道.
    Street,
}

/// In the order of the compiled list.
const KINDS: [Kind; 7] =
    [Kind::Full, Kind::Alias, Kind::Former, Kind::Short, Kind::Common, Kind::Generic, Kind::Part];

/// What a name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sense {
    pub kind: Kind,
    pub unit: Unit,
    /// For a former name: the last year it was in use, as far as the sources say.
    pub until: Option<i32>,
}

/// Every province, city, county-level unit, street and known zone, as compiled into the program, and a user's
/// own places. Names are numbered: the compiled ones, the streets, the user's.
#[derive(Debug, Default)]
pub struct Gazetteer {
    pub(super) own: Option<Own>,
}

/// What a name may mean.
#[derive(Debug, Clone)]
pub struct Senses<'g> {
    from: From<'g>,
}

#[derive(Debug, Clone)]
enum From<'g> {
    Table(std::ops::Range<usize>),
    Streets(std::ops::Range<usize>),
    Own(std::slice::Iter<'g, Sense>),
}

impl Iterator for Senses<'_> {
    type Item = Sense;

    fn next(&mut self) -> Option<Sense> {
        match &mut self.from {
            From::Table(range) => {
                let (unit, until, kind) = table::sense(range.next()?);
                let kind = KINDS[usize::from(kind)];
                Some(Sense { kind, unit: Unit(unit), until: (until > 0).then_some(i32::from(until)) })
            }
            From::Streets(range) => {
                Some(Sense { kind: Kind::Street, unit: Unit(streets::unit(range.next()?)), until: None })
            }
            From::Own(senses) => senses.next().copied(),
        }
    }
}

impl Gazetteer {
    /// The one gazetteer of the program. Nothing is read for it: the lists lie in the program as they are used.
    pub fn get() -> &'static Gazetteer {
        static ONE: Gazetteer = Gazetteer { own: None };
        &ONE
    }

    /// The number of the longest name that `text` begins with, in any script, and its length in
    /// bytes. Streets are found otherwise, from their end.
    pub fn longest(&self, text: &str) -> Option<(usize, usize)> {
        let (mut cell, mut len, mut longest) = (0, 0, None);
        for c in text.chars() {
            let Some(next) = table::step(cell, table::char_number(c)) else { break };
            cell = next;
            len += c.len_utf8();
            longest = table::name_at(cell).map(|name| (name, len)).or(longest);
        }
        let own = self.own.as_ref().and_then(|own| own.longest(text));
        own.filter(|own| longest.is_none_or(|l| own.1 >= l.1)).or(longest)
    }

    /// Whether a name of the user's own may begin with this character, in Simplified.
    pub fn may_start_own(&self, c: char) -> bool {
        self.own.as_ref().is_some_and(|own| own.may_start(c))
    }

    /// Whether the name of this number is a longer word that is no place.
    pub fn is_word(&self, name: usize) -> bool {
        match name.checked_sub(OWN_NAMES) {
            _ if name < table::NAMES => table::flags(name) & 1 != 0,
            Some(own) => self.own.as_ref().is_some_and(|o| o.senses(own).is_empty()),
            None => false,
        }
    }

    /// Whether the name of this number means neither a province nor a city.
    pub fn is_minor(&self, name: usize) -> bool {
        match name {
            _ if name < table::NAMES => table::flags(name) & 2 != 0,
            _ => self.senses(name).all(|s| !self.is_major(s.unit)),
        }
    }

    /// Whether the name of this number ends with its rank, as 槐荫区 does.
    pub fn is_ranked(&self, name: usize) -> bool {
        match name.checked_sub(OWN_NAMES) {
            _ if name < table::NAMES => table::flags(name) & 4 != 0,
            Some(own) => self.own.as_ref().is_some_and(|o| o.is_ranked(own)),
            None => true,
        }
    }

    /// The number of a street's name.
    pub fn street(&self, street: usize) -> usize {
        table::NAMES + street
    }

    /// Whether the name is a street's.
    pub fn is_street(&self, name: usize) -> bool {
        (table::NAMES..OWN_NAMES).contains(&name)
    }

    /// Whether the name is a street's that may also be words of a sentence: 新城镇.
    pub fn is_wordlike(&self, name: usize) -> bool {
        name.checked_sub(table::NAMES).is_some_and(|n| n < streets::STREETS && streets::is_wordlike(n))
    }

    /// Whether the street's name says enough by itself, where the country has but one.
    pub fn stands_alone(&self, name: usize) -> bool {
        self.is_street(name) && streets::stands_alone(name - table::NAMES)
    }

    /// The number of exactly this name.
    pub fn name(&self, name: &str) -> Option<usize> {
        let found = self.longest(name).filter(|found| found.1 == name.len()).map(|found| found.0);
        found.or_else(|| streets::find(name).map(|n| self.street(n)))
    }

    /// What the name of this number may mean; nothing for a word that is no place.
    pub fn senses(&self, name: usize) -> Senses<'_> {
        let own = || match &self.own {
            Some(own) => own.senses(name - OWN_NAMES).iter(),
            None => [].iter(),
        };
        let from = match name {
            _ if name < table::NAMES => From::Table(table::sense_range(name)),
            _ if name < OWN_NAMES => From::Streets(streets::range(name - table::NAMES)),
            _ => From::Own(own()),
        };
        Senses { from }
    }

    /// The official name.
    pub fn unit_name(&self, unit: Unit) -> &str {
        match (unit.number().checked_sub(table::UNITS), &self.own) {
            (None, _) => table::unit_name(unit.number()),
            (Some(n), Some(own)) => own.unit(n).0,
            (Some(_), None) => "",
        }
    }

    /// The unit that holds this one; `None` for a province.
    pub fn parent(&self, unit: Unit) -> Option<Unit> {
        match (unit.number().checked_sub(table::UNITS), &self.own) {
            (None, _) => Some(table::parent(unit.number())).filter(|p| *p != u16::MAX).map(Unit),
            (Some(n), Some(own)) => Some(own.unit(n).1),
            (Some(_), None) => None,
        }
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
        unit.number() < table::UNITS && table::level(unit.number()) <= 2
    }

    /// Whether the unit is a province or the like.
    pub fn is_province(&self, unit: Unit) -> bool {
        unit.number() < table::UNITS && table::level(unit.number()) == 1
    }

    /// `山东省/济南市/槐荫区`
    pub fn path(&self, unit: Unit) -> String {
        let mut names: Vec<_> = self.line(unit).map(|u| self.unit_name(u)).collect();
        names.reverse();
        names.join("/")
    }

    /// The unit that has exactly this path.
    pub fn at_path(&self, path: &str) -> Option<Unit> {
        let last = path.rsplit('/').next()?;
        let senses = self.name(last).into_iter().flat_map(|n| self.senses(n));
        senses.map(|s| s.unit).find(|u| self.unit_name(*u) == last && self.path(*u) == path)
    }

    /// All units in order of their codes, then the user's own.
    pub fn units(&self) -> impl Iterator<Item = Unit> {
        let own = self.own.as_ref().map_or(0, Own::unit_count);
        (0..table::UNITS + own).map(Unit::of)
    }

    /// All paths, for a check of what a user wrote.
    pub fn paths(&self) -> HashSet<String> {
        self.units().map(|u| self.path(u)).collect()
    }
}

/// The number of the first name of the user's own.
pub(super) const OWN_NAMES: usize = table::NAMES + streets::STREETS;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::scan::simplified_char;

    const NAMES: &str = include_str!("names.tsv");
    const UNITS: &str = include_str!("units.tsv");

    fn rows(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
        list.lines().filter_map(|l| l.split_once('\t'))
    }

    /// What is compiled in says what the lists say.
    #[test]
    fn the_lists_are_compiled_in() {
        let g = Gazetteer::get();
        let units: Vec<_> = rows(UNITS).collect();
        assert_eq!(
            g.units().map(|u| g.unit_name(u)).collect::<Vec<_>>(),
            units.iter().map(|u| u.1).collect::<Vec<_>>()
        );
        assert_eq!(g.units().filter(|u| g.is_province(*u)).count(), 34);
        assert_eq!(g.paths().len(), units.len(), "two units share a path");
        for unit in g.units() {
            let code = units[usize::from(unit.0)].0;
            assert_eq!(g.is_major(unit), code.len() <= 4, "{code}");
            let upper = g.parent(unit).map_or("", |p| units[usize::from(p.0)].0);
            assert!(code.starts_with(upper) && g.is_province(unit) == upper.is_empty(), "{code}");
        }
        assert_eq!(rows(NAMES).count(), table::NAMES);
        for (name, senses) in rows(NAMES) {
            let n = g.name(name).unwrap_or_else(|| panic!("run compile_gazetteer.py: {name}"));
            assert_eq!(g.is_word(n), senses == "x", "{name}");
            assert_eq!(g.is_minor(n), g.senses(n).all(|s| !g.is_major(s.unit)), "{name}");
            let ranked =
                name.chars().count() > 2 && name.ends_with(['省', '市', '县', '区', '州', '盟', '旗']);
            assert_eq!(g.is_ranked(n), ranked, "{name}");
            let letter = |k: Kind| match k {
                Kind::Full => 'f',
                Kind::Alias => 'a',
                Kind::Former => 'o',
                Kind::Short => 's',
                Kind::Common => 'c',
                Kind::Generic => 'g',
                Kind::Part => 'p',
                Kind::Street => '?',
            };
            let read: Vec<String> = g
                .senses(n)
                .map(|s| {
                    let year = s.until.map_or(String::new(), |y| format!("@{y}"));
                    format!("{}{}{year}", letter(s.kind), units[usize::from(s.unit.0)].0)
                })
                .collect();
            assert!(senses == "x" || read.join(",") == senses, "{name}: {senses}");
        }
    }

    /// Characters that fold alike are one to the compiled list, and no others.
    #[test]
    fn characters_that_fold() {
        let mut by_number: Vec<Option<char>> = vec![None; 0x10000];
        for c in '\0'..=char::MAX {
            let folded = simplified_char(c);
            let number = table::char_number(c);
            assert_eq!(number, table::char_number(folded), "{c} and {folded}");
            if number > 0 {
                let one = *by_number[usize::from(number)].get_or_insert(folded);
                assert_eq!(one, folded, "{c}");
            }
        }
    }

    /// The hash lets through whatever a name begins with.
    #[test]
    fn every_name_may_start() {
        let bytes = |c: char| c.to_string().bytes().rev().fold(0, |n, b| n << 8 | u32::from(b));
        for name in rows(NAMES).map(|r| r.0).chain(["濟南", "臺北", "槐蔭區", "廣東"]) {
            let chars: Vec<char> = name.chars().collect();
            assert!(table::may_start(table::first_hash(bytes(chars[0])), bytes(chars[1])), "{name}");
        }
    }

    #[test]
    fn every_unit_is_found_by_its_name() {
        let g = Gazetteer::get();
        for unit in g.units() {
            let (n, len) = g.longest(g.unit_name(unit)).unwrap_or_else(|| panic!("{}", g.path(unit)));
            assert_eq!(len, g.unit_name(unit).len());
            assert!(g.senses(n).any(|s| s.unit == unit), "{}", g.path(unit));
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
            let mut senses = g.senses(g.name(cells[0]).expect(row));
            assert!(senses.any(|s| g.path(s.unit) == cells[2]), "run make_gazetteer.py: {row}");
        }
    }

    /// Texts are looked through in folded characters, so a name must fold to itself.
    #[test]
    fn names_fold_to_themselves() {
        for (name, senses) in rows(NAMES) {
            let brackets = name.contains(['（', '）']);
            assert!(senses == "x" || brackets || crate::place::scan::simplified(name) == name, "{name}");
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
