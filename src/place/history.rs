//! What a place was called, and what held it, in each year since 1981. Read in place from `history.bin`;
//! `compile_gazetteer.py` tells what stands where.
//!
//! A year stands for its last day: 章丘 is a 县 in 1991, a 市 from 1992 and a 区 from 2016 on.

use super::gazetteer::Gazetteer;

const BIN: &[u8] = include_bytes!("history.bin");

const fn u16_at(at: usize) -> u16 {
    u16::from_le_bytes([BIN[at], BIN[at + 1]])
}

const fn u32_at(at: usize) -> usize {
    u32::from_le_bytes([BIN[at], BIN[at + 1], BIN[at + 2], BIN[at + 3]]) as usize
}

const ROWS: usize = u32_at(4);
const FIRST_AT: usize = 16;
const ROWS_AT: usize = FIRST_AT + 2 * (super::table::UNITS + 1);
const TEXT_AT: usize = ROWS_AT + 12 * ROWS;

const _: () = assert!(u32_at(0) == 1 && BIN.len() == TEXT_AT + u32_at(8), "run compile_gazetteer.py");

/// The years that the records tell of; places of later years are read as those of the last.
pub const YEARS: std::ops::RangeInclusive<i32> = 1981..=u32_at(12) as i32;

/// What a unit of today was, or belonged to, in some years.
#[derive(Debug, Clone, Copy)]
struct Past {
    from: i32,
    /// Not included; 0: it still is.
    until: i32,
    /// Empty where it is the path of today.
    path: &'static str,
}

impl Past {
    fn at(row: usize) -> Past {
        let at = ROWS_AT + 12 * row;
        let start = TEXT_AT + u32_at(at + 4);
        let path = &BIN[start..start + usize::from(u16_at(at + 8))];
        Past {
            from: u16_at(at).into(),
            until: u16_at(at + 2).into(),
            path: std::str::from_utf8(path).unwrap_or(""),
        }
    }

    fn holds_in(&self, year: i32) -> bool {
        self.from <= year && (self.until == 0 || year < self.until)
    }
}

fn rows(unit: usize) -> impl Iterator<Item = Past> + Clone {
    let at = FIRST_AT + 2 * unit;
    let range = if unit < super::table::UNITS { u16_at(at)..u16_at(at + 2) } else { 0..0 };
    range.map(|row| Past::at(usize::from(row)))
}

/// The path of `unit` as it was in `year`. `named`: the name by which an article calls it; where it was
/// several places then (崇文区 and 东城区), that tells which. A unit that was not there yet, and of which
/// the records don't say what it was made of, is what holds it.
pub fn path_in(g: &Gazetteer, unit: super::Unit, year: i32, named: Option<&str>) -> String {
    let year = year.min(*YEARS.end());
    let mut rows = rows(unit.number()).peekable();
    if rows.peek().is_some() {
        let mut then = rows.filter(|p| p.holds_in(year));
        let first = then.clone().next();
        let called = named
            .and_then(|named| then.find(|p| p.path.rsplit('/').next().is_some_and(|n| is_called(n, named))));
        return match (called.or(first), g.parent(unit)) {
            (Some(past), _) if past.path.is_empty() => g.path(unit),
            (Some(past), _) => past.path.to_owned(),
            (None, Some(upper)) => path_in(g, upper, year, None),
            (None, None) => g.path(unit),
        };
    }
    match g.parent(unit) {
        Some(upper) => format!("{}/{}", path_in(g, upper, year, None), g.unit_name(unit)),
        None => g.path(unit),
    }
}

/// What ends the name of a unit and may be left out.
const RANKS: [&str; 13] = [
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "行政区",
    "地区",
    "省",
    "市",
    "县",
    "区",
    "盟",
    "旗",
];

/// Whether a unit's name, or it without its rank, is `wanted`.
pub fn is_called(name: &str, wanted: &str) -> bool {
    let Some(rest) = name.strip_prefix(wanted) else { return false };
    let people = ["族", "蒙古", "维吾尔", "哈萨克", "柯尔克孜"];
    rest.is_empty()
        || wanted.chars().count() > 1
            && RANKS
                .iter()
                .filter_map(|r| rest.strip_suffix(r))
                .any(|r| r.is_empty() || people.iter().any(|p| r.ends_with(p)))
}

/// Whether `path` is called, or lies in what is called, `wanted`: names from the top down, of which some may
/// be left out, each with or without its rank.
pub fn path_is_in(path: &str, wanted: &str) -> bool {
    let mut segments = path.split('/');
    let mut wanted = wanted.split('/').map(str::trim).filter(|w| !w.is_empty()).peekable();
    wanted.peek().is_some() && wanted.all(|w| segments.any(|s| is_called(s, w)))
}

/// The units of today of which some part was once at a path such as `wanted`: 山东省/莱芜市/莱城区.
pub fn units_once_at(wanted: &str) -> Vec<usize> {
    let last = wanted.rsplit('/').next().unwrap_or("");
    let there = |p: &Past| {
        p.path.rsplit('/').next().is_some_and(|n| is_called(n, last)) && path_is_in(p.path, wanted)
    };
    (0..super::table::UNITS).filter(|unit| rows(*unit).any(|p| there(&p))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Gazetteer, as_of, matches_as_of};
    use super::*;

    #[test]
    fn the_list_is_compiled_in() {
        let codes: Vec<&str> =
            include_str!("units.tsv").lines().filter_map(|l| l.split('\t').next()).collect();
        let list = include_str!("history.tsv").lines().map(|l| l.split('\t').collect::<Vec<_>>());
        let mut count = 0;
        for row in list {
            count += 1;
            let unit = codes.iter().position(|c| *c == row[0]).expect("a unit");
            let found = rows(unit).any(|p| {
                (p.from.to_string().as_str(), p.until.to_string().as_str()) == (row[1], row[2])
                    && p.path == row[3].trim_start_matches('=')
            });
            assert!(found, "run compile_gazetteer.py: {row:?}");
        }
        assert_eq!(count, ROWS);
    }

    #[test]
    fn places_as_they_were() {
        for (today, year, expected) in [
            ("山东省/济南市/章丘区", 2024, "山东省/济南市/章丘区"),
            ("山东省/济南市/章丘区", 2016, "山东省/济南市/章丘区"),
            ("山东省/济南市/章丘区", 2015, "山东省/济南市/章丘市"),
            ("山东省/济南市/章丘区", 1991, "山东省/济南市/章丘县"),
            ("山东省/济南市/济阳区", 2015, "山东省/济南市/济阳县"),
            ("山东省/济南市/济阳区", 1985, "山东省/德州地区/济阳县"),
            ("山东省/济南市/莱芜区", 2015, "山东省/莱芜市/莱城区"),
            ("山东省/济南市/钢城区", 2015, "山东省/莱芜市/钢城区"),
            ("山东省/济南市/槐荫区", 2015, "山东省/济南市/槐荫区"),
            ("山东省/济南市/济南新旧动能转换起步区", 2022, "山东省/济南市/济南新旧动能转换起步区"),
            ("湖北省/襄阳市", 2009, "湖北省/襄樊市"),
            ("湖北省/襄阳市/襄城区", 2009, "湖北省/襄樊市/襄城区"),
            ("重庆市", 1990, "四川省/重庆市"),
            ("海南省", 1985, "广东省/海南行政区"),
            ("安徽省/合肥市/巢湖市", 2005, "安徽省/巢湖市/居巢区"),
            ("广东省/深圳市/龙华区", 2010, "广东省/深圳市/宝安区"),
            ("北京市/东城区", 2009, "北京市/东城区"),
            ("山东省/济南市/章丘区", 2099, "山东省/济南市/章丘区"),
            ("台湾省/台北市", 1990, "台湾省/台北市"),
            ("某地/某某街道", 1990, "某地/某某街道"),
        ] {
            assert_eq!(as_of(Gazetteer::get(), today, None, year), expected, "{today} in {year}");
        }
        let g = Gazetteer::get();
        assert_eq!(as_of(g, "北京市/东城区", Some("崇文区"), 2009), "北京市/崇文区");
        assert_eq!(as_of(g, "北京市/东城区", Some("崇文区"), 2015), "北京市/东城区");
    }

    #[test]
    fn filters_of_a_year() {
        for (today, wanted, year, expected) in [
            ("山东省/济南市/莱芜区", "莱芜市", 2015, true),
            ("山东省/济南市/莱芜区", "莱芜", 2015, true),
            ("山东省/济南市/莱芜区", "济南市", 2015, false),
            ("山东省/济南市/莱芜区", "济南市", 2020, true),
            ("山东省/济南市/章丘区", "章丘市", 2015, true),
            ("山东省/济南市/章丘区", "章丘市", 2020, false),
            ("山东省/济南市/章丘区", "山东/濟南", 2015, true),
            ("重庆市/万州区", "四川省", 1990, true),
            ("重庆市/万州区", "四川省", 2000, false),
        ] {
            assert_eq!(
                matches_as_of(Gazetteer::get(), today, None, wanted, year),
                expected,
                "{today} {wanted} {year}"
            );
        }
    }

    /// Every unit has a path in every year.
    #[test]
    fn every_unit_in_every_year() {
        let g = Gazetteer::get();
        for unit in g.units() {
            for year in YEARS {
                let path = path_in(g, unit, year, None);
                assert!(!path.is_empty() && path.split('/').all(|s| !s.is_empty()), "{path}");
            }
            assert_eq!(path_in(g, unit, *YEARS.end(), None), g.path(unit));
        }
    }
}
