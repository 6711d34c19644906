//! What a place's name typed by a user means.

use super::gazetteer::{Gazetteer, Unit};
use super::is_at_or_below;
use super::scan::simplified;

/// The paths that a name may mean: a district, city, province or path, full or short,
/// Traditional or Simplified, today's name or an old one. Empty when it names no known place.
pub fn resolve(name: &str) -> Vec<String> {
    let g = Gazetteer::get();
    let name = simplified(name.trim());
    let mut units: Option<Vec<Unit>> = None;
    for segment in name.split('/').map(str::trim).filter(|s| !s.is_empty()) {
        let mut here = Vec::new();
        for sense in g.name(segment).into_iter().flat_map(|n| g.senses(n)) {
            let fits = units.as_ref().is_none_or(|up| up.iter().any(|u| g.holds(*u, sense.unit)));
            if fits {
                here.push(sense.unit);
            }
        }
        here.sort_unstable();
        here.dedup();
        // 吉林, 海南: who wants the city says 吉林市.
        if let Some(province) = here.iter().copied().find(|u| g.is_province(*u)) {
            here = vec![province];
        }
        units = Some(here);
    }
    units.unwrap_or_default().into_iter().map(|u| g.path(u)).collect()
}

/// Whether the facet value `path` is a place that `wanted` means, or lies in one. A place that
/// no list knows (a given district, kept as it stands) matches by its own segments.
pub fn path_matches(path: &str, wanted: &str) -> bool {
    let meant = resolve(wanted);
    if meant.iter().any(|m| is_at_or_below(path, m)) {
        return true;
    }
    let wanted = simplified(wanted.trim());
    let wanted: Vec<&str> = wanted.split('/').map(str::trim).filter(|s| !s.is_empty()).collect();
    let path = simplified(path);
    let path: Vec<&str> = path.split('/').map(str::trim).collect();
    meant.is_empty() && !wanted.is_empty() && path.windows(wanted.len()).any(|w| w == wanted)
}
