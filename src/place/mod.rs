//! Places: which ones an article is about, which it merely names, and why.
//!
//! The steps, each in its own file:
//! 1. `pieces`: what may count: title, body, dateline, source; nothing else of the page.
//! 2. `scan`: names in the text, not inside longer words (`城市中心`, `北京路`, `孙中山`).
//! 3. `weigh`: which place each name means, by the chain it stands in and by the places around
//!    it; what each place weighs.
//! 4. `about`: from the weights down the tree of places to the narrowest that the article is
//!    about.
//!
//! `filter` answers which paths a name typed by a user means, `history` what a place was in an earlier year,
//! `streets` knows the streets that lead to a district, `own` the places that a user added.

mod about;
mod filter;
mod gazetteer;
mod history;
mod own;
mod pieces;
mod scan;
mod streets;
mod table;
mod weigh;

pub use filter::{as_of, matches_as_of, path_matches, path_matches_in, remark, resolve, resolve_in};
pub use gazetteer::{Gazetteer, Kind, Sense, Unit};
pub use history::YEARS;
pub use own::no_place;

use crate::article::{Clean, Evidence, Given, Placing};

/// The places of an article: those it is about first, the weightiest first, then those it
/// merely names. A district given from outside decides alone what the article is about.
pub fn detect(clean: &Clean, given: &Given) -> Vec<Placing> {
    detect_in(Gazetteer::get(), clean, given)
}

/// [`detect`] with a user's own places.
pub fn detect_in(g: &Gazetteer, clean: &Clean, given: &Given) -> Vec<Placing> {
    let pieces = pieces::pieces(clean, given);
    let tallies = weigh::tally(g, &pieces);
    let mut placings =
        if tallies.is_empty() { Vec::new() } else { about::decide(g, &tallies, pieces::body_chars(clean)) };
    if !given.districts.is_empty() {
        let mut all: Vec<Placing> = Vec::new();
        for path in
            given.districts.iter().filter(|d| !d.trim().is_empty()).map(|d| given_path(g, d, &placings))
        {
            if all.iter().all(|p| p.path != path) {
                let evidence =
                    Evidence { rule: "given".into(), words: String::new(), span: None, confidence: 1.0 };
                all.push(Placing { path, about: true, evidence });
            }
        }
        placings.retain(|p| all.iter().all(|g| g.path != p.path));
        for placing in &mut placings {
            placing.about = false;
        }
        all.append(&mut placings);
        return all;
    }
    placings
}

/// The path that a given district means: where the name alone is ambiguous (市中区) the text
/// may say which; else it is kept as it stands.
fn given_path(g: &Gazetteer, district: &str, detected: &[Placing]) -> String {
    let meant = resolve_in(g, district);
    let mut named = meant.iter().filter(|m| detected.iter().any(|p| is_at_or_below(&p.path, m)));
    match (meant.as_slice(), named.next(), named.next()) {
        ([one], _, _) => one.clone(),
        (_, Some(one), None) => one.clone(),
        _ => district.trim().to_owned(),
    }
}

/// Whether `path` is `upper` or lies below it.
fn is_at_or_below(path: &str, upper: &str) -> bool {
    path.strip_prefix(upper).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
