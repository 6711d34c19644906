//! A user's own places and names, from `places.toml`, above the compiled list.

use super::filter::{nearest, units_of};
use super::gazetteer::{Gazetteer, Kind, OWN_NAMES, Sense, Unit};
use super::scan::{simplified, simplified_char};
use super::table;
use crate::article::OwnPlace;
use std::collections::{BTreeSet, HashMap};

/// What a user added or corrected.
#[derive(Debug, Default)]
pub struct Own {
    /// Each with what holds it, numbered on from the compiled units.
    units: Vec<(String, Unit)>,
    /// By name in Simplified characters; all that a name means, the compiled senses too.
    names: HashMap<String, usize>,
    senses: Vec<(bool, Vec<Sense>)>,
    starts: BTreeSet<char>,
    /// In characters.
    longest: usize,
}

impl Own {
    pub fn unit_count(&self) -> usize {
        self.units.len()
    }

    pub fn unit(&self, n: usize) -> (&str, Unit) {
        (&self.units[n].0, self.units[n].1)
    }

    pub fn senses(&self, n: usize) -> &[Sense] {
        &self.senses[n].1
    }

    pub fn is_ranked(&self, n: usize) -> bool {
        self.senses[n].0
    }

    pub fn may_start(&self, c: char) -> bool {
        self.starts.contains(&simplified_char(c))
    }

    pub fn longest(&self, text: &str) -> Option<(usize, usize)> {
        if !text.chars().next().is_some_and(|c| self.may_start(c)) {
            return None;
        }
        let ends = text.char_indices().take(self.longest).map(|(at, c)| at + c.len_utf8());
        let ends: Vec<usize> = ends.collect();
        let head = simplified(&text[..ends.last().copied().unwrap_or(0)]);
        ends.into_iter().rev().find_map(|end| Some((OWN_NAMES + self.names.get(head.get(..end)?)?, end)))
    }
}

impl Gazetteer {
    /// The compiled places with a user's own above them, and what is wrong with which of the rows; those are
    /// left out.
    pub fn with(rows: &[OwnPlace]) -> (Gazetteer, Vec<(usize, String)>) {
        let mut g = Gazetteer { own: Some(Own::default()) };
        let mut faults = Vec::new();
        for (n, row) in rows.iter().enumerate() {
            if let Err(reason) = g.add(row) {
                faults.push((n, reason));
            }
        }
        if g.own.as_ref().is_some_and(|own| own.names.is_empty()) {
            g.own = None;
        }
        (g, faults)
    }

    fn add(&mut self, row: &OwnPlace) -> Result<(), String> {
        let path = simplified(row.path.trim().trim_matches('/'));
        let known = units_of(self, &path);
        let unit = match (known.as_slice(), path.rsplit_once('/')) {
            ([one], _) => *one,
            ([], Some((upper, name))) => match units_of(self, upper).as_slice() {
                [holder] => self.add_unit(name.trim(), *holder)?,
                [] => return Err(no_place(self, upper)),
                several => return Err(ambiguous(self, upper, several)),
            },
            ([], None) => return Err(no_place(self, &path)),
            (several, _) => return Err(ambiguous(self, &path, several)),
        };
        let kinds = [(&row.names, Kind::Alias), (&row.short, Kind::Generic), (&row.former, Kind::Former)];
        for (names, kind) in kinds {
            for name in names {
                self.say(name, Some(Sense { kind, unit, until: None }), unit);
            }
        }
        for name in &row.not {
            self.say(name, None, unit);
        }
        Ok(())
    }

    fn add_unit(&mut self, name: &str, holder: Unit) -> Result<Unit, String> {
        let own = self.own.get_or_insert_default();
        let number = table::UNITS + own.units.len();
        if name.chars().count() < 2 || number >= usize::from(u16::MAX) {
            return Err(format!("a place's name has two characters at least: \"{name}\""));
        }
        let slip = |sibling: &str| {
            let differ = sibling.chars().zip(name.chars()).filter(|(a, b)| a != b).count();
            sibling.chars().count() == name.chars().count() && name.chars().count() > 2 && differ == 1
        };
        let siblings = (0..table::UNITS).map(Unit::of);
        if let Some(meant) = siblings.into_iter().find(|u| {
            table::parent(u.number()) == holder.number() as u16 && slip(table::unit_name(u.number()))
        }) {
            return Err(format!(
                "there is no place \"{name}\" there: {} is; a new place's name must differ from it by more",
                table::unit_name(meant.number())
            ));
        }
        own.units.push((name.to_owned(), holder));
        let unit = Unit::of(number);
        self.say(name, Some(Sense { kind: Kind::Full, unit, until: None }), unit);
        Ok(unit)
    }

    /// Adds what a name means, or takes `unit` from it.
    fn say(&mut self, name: &str, sense: Option<Sense>, unit: Unit) {
        let name = simplified(name.trim());
        let mut senses: Vec<Sense> = self.name(&name).into_iter().flat_map(|n| self.senses(n)).collect();
        senses.retain(|s| s.unit != unit || s.kind == Kind::Full && sense.is_some());
        senses.extend(sense);
        let own = self.own.get_or_insert_default();
        own.starts.extend(name.chars().next());
        own.longest = own.longest.max(name.chars().count());
        let ranked = name.chars().count() > 2 && name.ends_with(['省', '市', '县', '区', '州', '盟', '旗']);
        let n = *own.names.entry(name).or_insert(own.senses.len());
        if n == own.senses.len() {
            own.senses.push((ranked, Vec::new()));
        }
        own.senses[n].1 = senses;
    }
}

/// That there is no such place, and which are called nearly so.
pub fn no_place(g: &Gazetteer, name: &str) -> String {
    let near = nearest(g, name);
    let near = match near.is_empty() {
        true => "write it as 山东省/济南市/槐荫区, 济南/槐荫 or 槐荫区".to_owned(),
        false => format!("the nearest are {}", near.join(", ")),
    };
    format!("there is no place \"{name}\": {near}")
}

fn ambiguous(g: &Gazetteer, name: &str, units: &[Unit]) -> String {
    let paths: Vec<String> = units.iter().take(8).map(|u| g.path(*u)).collect();
    format!("\"{name}\" is the name of {} places: write {}", units.len(), paths.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::super::{detect_in, path_matches_in};
    use super::*;
    use crate::article::{Block, Clean, Given, Zone};
    use crate::text::Span;

    fn row(path: &str, names: &[&str], short: &[&str], not: &[&str]) -> OwnPlace {
        let list = |l: &[&str]| l.iter().map(|s| (*s).to_owned()).collect();
        OwnPlace {
            path: path.into(),
            names: list(names),
            short: list(short),
            not: list(not),
            ..OwnPlace::default()
        }
    }

    fn about(g: &Gazetteer, title: &str, body: &str) -> Vec<String> {
        let text = format!("{title}\n{body}");
        let blocks = vec![
            Block { span: Span::new(0, title.len()), zone: Zone::Title },
            Block { span: Span::new(title.len() + 1, text.len()), zone: Zone::Body },
        ];
        let clean = Clean { text, blocks, ..Clean::default() };
        detect_in(g, &clean, &Given::default()).into_iter().filter(|p| p.about).map(|p| p.path).collect()
    }

    #[test]
    fn added_and_corrected() {
        let (g, faults) = Gazetteer::with(&[
            row("山东省/济南市/中央商务区", &["济南CBD", "济南中央商务区"], &["中央商务区"], &[]),
            row("济南/槐荫区", &["大槐树片区"], &[], &["槐荫"]),
        ]);
        assert_eq!(faults, []);
        assert_eq!(about(&g, "济南：中央商务区封顶", "中央商务区的五座高楼。"), ["山东省/济南市/中央商务区"]);
        assert_eq!(about(&g, "濟南中央商務區", "高樓封頂。"), ["山东省/济南市/中央商务区"]);
        assert_eq!(about(&g, "大槐树片区更新", "大槐树片区的居民。"), ["山东省/济南市/槐荫区"]);
        // 槐荫 no longer means the district; the others are as before.
        assert_eq!(about(&g, "济南槐荫", "济南的槐荫之下。"), ["山东省/济南市"]);
        assert_eq!(about(&g, "济南市历下区", "历下区。"), ["山东省/济南市/历下区"]);
        assert!(path_matches_in(&g, "山东省/济南市/中央商务区", "中央商务区"));
        assert!(path_matches_in(&g, "山东省/济南市/中央商务区", "济南"));
    }

    #[test]
    fn what_is_not_there_is_said() {
        for (path, says) in [
            ("山东省/济南市/槐阴区", "there is no place \"槐阴区\" there: 槐荫区 is"),
            ("山东省/济男市/某片区", "there is no place \"山东省/济男市\": the nearest are"),
            (
                "济南市/槐阴区/某片区",
                "there is no place \"济南市/槐阴区\": the nearest are 山东省/济南市/槐荫区",
            ),
            ("市中区", "\"市中区\" is the name of 4 places"),
            ("火星", "there is no place \"火星\""),
            ("济南/某", "two characters"),
        ] {
            let (g, faults) = Gazetteer::with(&[row(path, &["甲乙"], &[], &[])]);
            assert_eq!(faults.len(), 1, "{path}");
            assert!(faults[0].1.contains(says), "{}", faults[0].1);
            assert!(g.name("甲乙").is_none());
        }
    }
}
