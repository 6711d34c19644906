//! From what places weigh to what the article is about.

use super::gazetteer::{Gazetteer, Unit};
use super::weigh::Tally;
use crate::article::{Evidence, Placing};
use std::collections::{BTreeMap, BTreeSet};

/// A province must have this share of the weight of all places: below it no place stands out,
/// as in a report that goes round the country.
const PROVINCE_SHARE: f32 = 0.5;
/// Two or three provinces (or cities, or districts) share an article when each has this much ...
const SHARED: f32 = 0.3;
/// ... and together nearly all.
const SHARED_TOGETHER: f32 = 0.8;
/// A place below must have this share of the weight of the one that holds it; more where the
/// title names only the holder.
const DESCEND: f32 = 0.5;
const DESCEND_AGAINST_TITLE: f32 = 0.7;
/// What an article must say of places at all, where neither its title nor its dateline nor its
/// publisher names one: a word in passing is not enough, and long texts have more of those.
const LEAST: f32 = 3.5;
const LEAST_PER_CHARACTER: f32 = 1.0 / 500.0;
const LEAST_AT_MOST: f32 = 10.0;

/// Decides which of the places named the article is about. `chars`: how long it is.
pub fn decide(tallies: &BTreeMap<Unit, Tally>, chars: usize) -> Vec<Placing> {
    let g = Gazetteer::get();
    let tree = Tree::grow(tallies);
    let total: f32 = tree.roots.iter().map(|r| tree.weight[r]).sum();
    let least = (LEAST + chars as f32 * LEAST_PER_CHARACTER).min(LEAST_AT_MOST);
    let mut about: Vec<Unit> = Vec::new();
    for root in tree.leading(&tree.roots, total, PROVINCE_SHARE) {
        if tree.weight[&root] >= least || tree.vouched.contains(&root) {
            tree.descend(root, &mut about);
        }
    }
    let mut rest: Vec<Unit> = tallies
        .iter()
        .filter(|(u, t)| t.first.as_ref().is_some_and(|f| f.2.is_some()) && !about.contains(u))
        .map(|(u, _)| *u)
        .collect();
    rest.sort_by(|a, b| tree.own(*b).total_cmp(&tree.own(*a)).then(a.cmp(b)));
    let place = |unit: Unit, is_about: bool| {
        // A place may be about by its parts alone: then the first of them is the reason.
        let tally = tallies.get(&unit).or_else(|| tallies.iter().find(|t| g.holds(unit, *t.0)).map(|t| t.1));
        let (spot, words, span) = tally?.first.clone()?;
        let weight = if is_about { tree.weight[&unit] } else { tree.own(unit) };
        let share = if total > 0.0 { weight / total } else { 0.0 };
        let sure: f32 = if tree.titled.contains(&unit) { 0.6 } else { 0.5 };
        let confidence = if is_about { (sure + 0.4 * share).min(0.98) } else { 0.5 * share };
        let evidence = Evidence { rule: spot.rule().into(), words, span, confidence };
        Some(Placing { path: g.path(unit), about: is_about, evidence })
    };
    about.iter().filter_map(|u| place(*u, true)).chain(rest.iter().filter_map(|u| place(*u, false))).collect()
}

/// The places named and all that hold them, each with the weight of all below it.
struct Tree<'t> {
    tallies: &'t BTreeMap<Unit, Tally>,
    weight: BTreeMap<Unit, f32>,
    children: BTreeMap<Unit, BTreeSet<Unit>>,
    roots: Vec<Unit>,
    /// Named in the title, or holding one that is.
    titled: BTreeSet<Unit>,
    /// Named in the title, the dateline or the publisher's name, or holding one that is.
    vouched: BTreeSet<Unit>,
}

impl<'t> Tree<'t> {
    fn grow(tallies: &'t BTreeMap<Unit, Tally>) -> Tree<'t> {
        let g = Gazetteer::get();
        let mut tree = Tree {
            tallies,
            weight: BTreeMap::new(),
            children: BTreeMap::new(),
            roots: Vec::new(),
            titled: BTreeSet::new(),
            vouched: BTreeSet::new(),
        };
        for (unit, tally) in tallies {
            let mut below = None;
            for u in g.line(*unit) {
                *tree.weight.entry(u).or_default() += tally.weight();
                if tally.in_title() {
                    tree.titled.insert(u);
                }
                if tally.is_vouched() {
                    tree.vouched.insert(u);
                }
                if let Some(below) = below {
                    tree.children.entry(u).or_default().insert(below);
                }
                if g.is_province(u) && !tree.roots.contains(&u) {
                    tree.roots.push(u);
                }
                below = Some(u);
            }
        }
        tree
    }

    /// What the place's own names weigh.
    fn own(&self, unit: Unit) -> f32 {
        self.tallies.get(&unit).map_or(0.0, Tally::weight)
    }

    /// Those of `units` that lead: the one with `share` of `total`, or two or three that share it.
    fn leading(&self, units: &[Unit], total: f32, share: f32) -> Vec<Unit> {
        let mut by_weight: Vec<(f32, Unit)> = units.iter().map(|u| (self.weight[u], *u)).collect();
        by_weight.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut sharing: Vec<_> = by_weight.iter().filter(|w| w.0 > 0.0 && w.0 >= SHARED * total).collect();
        let together: f32 = sharing.iter().map(|w| w.0).sum();
        if sharing.len() > 1 && together >= SHARED_TOGETHER * total {
            // 云南 四川等地出现泥石流: a third place in the text does not join those of the title.
            if sharing.iter().any(|w| self.titled.contains(&w.1)) {
                sharing.retain(|w| self.titled.contains(&w.1));
            }
            return sharing.iter().map(|w| w.1).collect();
        }
        by_weight.first().filter(|w| w.0 > 0.0 && w.0 >= share * total).map(|w| w.1).into_iter().collect()
    }

    /// Goes down from `unit` to the narrowest places that still carry its weight.
    fn descend(&self, unit: Unit, about: &mut Vec<Unit>) {
        let below: Vec<Unit> = self.children.get(&unit).into_iter().flatten().copied().collect();
        let only_here = self.tallies.get(&unit).is_some_and(Tally::in_title)
            && !below.iter().any(|u| self.titled.contains(u));
        let share = if only_here { DESCEND_AGAINST_TITLE } else { DESCEND };
        let mut lower = self.leading(&below, self.weight[&unit], share);
        if only_here {
            lower.retain(|u| self.weight[u] >= DESCEND_AGAINST_TITLE * self.weight[&unit]);
        }
        if lower.is_empty() {
            about.push(unit);
        }
        for u in lower {
            self.descend(u, about);
        }
    }
}
