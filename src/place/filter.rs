//! What a place's name typed by a user means.

use super::gazetteer::{Gazetteer, Kind, Unit};
use super::scan::simplified;
use super::{history, is_at_or_below};

/// The units that a name may mean, for all that [`resolve_in`] takes.
pub fn units_of(g: &Gazetteer, name: &str) -> Vec<Unit> {
    let name = simplified(name.trim());
    let mut units: Option<Vec<Unit>> = None;
    for segment in name.split('/').map(str::trim).filter(|s| !s.is_empty()) {
        let mut here = Vec::new();
        let mut old = Vec::new();
        for sense in g.name(segment).into_iter().flat_map(|n| g.senses(n)) {
            // A street, or a district by the name it had in a city that is no more, is its unit itself.
            let within = |u: &Unit| {
                g.holds(*u, sense.unit)
                    || *u == sense.unit && matches!(sense.kind, Kind::Street | Kind::Former | Kind::Part)
            };
            if units.as_ref().is_none_or(|up| up.iter().any(within)) {
                match sense.kind {
                    Kind::Former | Kind::Part => old.push(sense.unit),
                    _ => here.push(sense.unit),
                }
            }
        }
        // What had the name once counts where nothing has it today.
        if here.is_empty() {
            here = old;
        }
        here.sort_unstable();
        here.dedup();
        // 吉林, 海南: who wants the city says 吉林市.
        if let Some(province) = here.iter().copied().find(|u| g.is_province(*u)) {
            here = vec![province];
        }
        units = Some(here);
    }
    let units = units.unwrap_or_default();
    if units.is_empty() && name.contains('/') {
        return history::units_once_at(&name).into_iter().map(Unit::of).collect();
    }
    units
}

/// The paths that a name may mean: a district, city, province or path, full or short,
/// Traditional or Simplified, today's name or an old one; a street means its district. Empty when it names
/// no known place.
pub fn resolve_in(g: &Gazetteer, name: &str) -> Vec<String> {
    units_of(g, name).into_iter().map(|u| g.path(u)).collect()
}

/// [`resolve_in`] the program's own places.
pub fn resolve(name: &str) -> Vec<String> {
    resolve_in(Gazetteer::get(), name)
}

/// Whether the facet value `path` is a place that `wanted` means, or lies in one. A place that
/// no list knows (a given district, kept as it stands) matches by its own segments.
pub fn path_matches_in(g: &Gazetteer, path: &str, wanted: &str) -> bool {
    let meant = resolve_in(g, wanted);
    if meant.iter().any(|m| is_at_or_below(path, m)) {
        return true;
    }
    let wanted = simplified(wanted.trim());
    let wanted: Vec<&str> = wanted.split('/').map(str::trim).filter(|s| !s.is_empty()).collect();
    let path = simplified(path);
    let path: Vec<&str> = path.split('/').map(str::trim).collect();
    meant.is_empty() && !wanted.is_empty() && path.windows(wanted.len()).any(|w| w == wanted)
}

/// [`path_matches_in`] the program's own places.
pub fn path_matches(path: &str, wanted: &str) -> bool {
    path_matches_in(Gazetteer::get(), path, wanted)
}

/// The facet value `path` as it was in `year`; `named`: the name that the article has for it.
pub fn as_of(g: &Gazetteer, path: &str, named: Option<&str>, year: i32) -> String {
    match g.at_path(path) {
        Some(unit) => history::path_in(g, unit, year, named.map(simplified).as_deref()),
        None => path.to_owned(),
    }
}

/// Whether the facet value `path`, as it was in `year`, was called `wanted` then, or lay in what was.
pub fn matches_as_of(g: &Gazetteer, path: &str, named: Option<&str>, wanted: &str, year: i32) -> bool {
    history::path_is_in(&simplified(&as_of(g, path, named, year)), &simplified(wanted.trim()))
}

/// What should be known of a name typed by a user: that it has several meanings, or is a street's.
pub fn remark(g: &Gazetteer, name: &str) -> Option<String> {
    let paths = resolve_in(g, name);
    let last = simplified(name.trim()).rsplit('/').next().unwrap_or("").to_owned();
    let senses = || g.name(&last).into_iter().flat_map(|n| g.senses(n));
    let list = |paths: &[String]| {
        let shown = paths.iter().take(6).map(String::as_str).collect::<Vec<_>>().join(", ");
        if paths.len() > 6 { format!("{shown} and {} more", paths.len() - 6) } else { shown }
    };
    if !paths.is_empty() && senses().all(|s| s.kind == Kind::Street) && senses().next().is_some() {
        return Some(format!(
            "{name} is a street or town in {}; articles are told by district",
            list(&paths)
        ));
    }
    // 莱芜市 is two districts of today, and no choice.
    let divided = senses().all(|s| matches!(s.kind, Kind::Former | Kind::Part));
    (paths.len() > 1 && !divided).then(|| {
        format!("{name} is the name of {} places, all of which count: {}", paths.len(), list(&paths))
    })
}

/// How many near names are told.
const NEAREST: usize = 4;

/// The places whose paths are most like what was typed.
pub fn nearest(g: &Gazetteer, name: &str) -> Vec<String> {
    let name = simplified(name.trim());
    let last: Vec<char> = name.rsplit('/').next().unwrap_or("").chars().collect();
    let upper: Vec<&str> = name.rsplit('/').skip(1).filter(|s| !s.is_empty()).collect();
    let mut near: Vec<(usize, usize, Unit)> = Vec::new();
    for unit in g.units() {
        let own: Vec<char> = g.unit_name(unit).chars().collect();
        let far = distance(&last, &own);
        if far * 2 > last.len().max(2) {
            continue;
        }
        let path = g.path(unit);
        let elsewhere = upper.iter().filter(|u| !path.contains(**u)).count();
        near.push((elsewhere, far, unit));
    }
    near.sort_unstable();
    near.into_iter().take(NEAREST).map(|n| g.path(n.2)).collect()
}

/// How many characters must be changed, put in or taken out (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
