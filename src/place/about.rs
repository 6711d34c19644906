//! From what places weigh to what the article is about.

use super::gazetteer::{Gazetteer, Unit};
use super::weigh::{First, Tallies, Tally, tally_of};
use crate::article::{Evidence, Placing};

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
pub fn decide(g: &Gazetteer, tallies: &Tallies, chars: usize) -> Vec<Placing> {
    let tree = Tree::grow(g, tallies);
    let roots: Vec<&Node> = tree.nodes.iter().filter(|n| g.is_province(n.unit)).collect();
    let total: f32 = roots.iter().map(|r| r.weight).sum();
    let least = (LEAST + chars as f32 * LEAST_PER_CHARACTER).min(LEAST_AT_MOST);
    let mut about: Vec<Unit> = Vec::new();
    for root in leading(&roots, total, PROVINCE_SHARE) {
        if root.weight >= least || root.vouched {
            tree.descend(root, &mut about);
        }
    }
    let mut rest: Vec<(f32, Unit)> = tallies
        .iter()
        .filter(|(u, t)| t.first.span.is_some() && !about.contains(u))
        .map(|(u, t)| (t.weight(), *u))
        .collect();
    rest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let place = |unit: Unit, own: Option<f32>| {
        // A place may be about by its parts alone: then the first of them is the reason.
        let tally =
            tally_of(tallies, unit).or_else(|| tallies.iter().find(|t| g.holds(unit, t.0)).map(|t| &t.1));
        let First { spot, words, span, sure: meant } = tally?.first;
        let node = tree.node(unit)?;
        let share = if total > 0.0 { node.weight / total } else { 0.0 };
        let sure: f32 = if node.titled { 0.6 } else { 0.5 };
        // What is merely named needs no weight: only that the words stand for the place.
        let confidence = if own.is_none() { (sure + 0.4 * share).min(0.98) } else { meant };
        let evidence = Evidence { rule: spot.rule().into(), words: words.to_owned(), span, confidence };
        Some(Placing { path: g.path(unit), about: own.is_none(), evidence })
    };
    let about = about.iter().filter_map(|u| place(*u, None));
    about.chain(rest.iter().filter_map(|(own, u)| place(*u, Some(*own)))).collect()
}

/// A place named, or one that holds such.
struct Node {
    unit: Unit,
    /// Its own names and all below it.
    weight: f32,
    /// Named in the title, or holding one that is.
    titled: bool,
    /// Named in the title, the dateline or the publisher's name, or holding one that is.
    vouched: bool,
}

/// The places named and all that hold them, in the order of the places.
struct Tree<'t, 'a> {
    g: &'t Gazetteer,
    tallies: &'t Tallies<'a>,
    nodes: Vec<Node>,
}

impl<'t, 'a> Tree<'t, 'a> {
    fn grow(g: &'t Gazetteer, tallies: &'t Tallies<'a>) -> Tree<'t, 'a> {
        let mut nodes: Vec<Node> = Vec::new();
        for (unit, tally) in tallies {
            let (weight, titled, vouched) = (tally.weight(), tally.in_title(), tally.is_vouched());
            for u in g.line(*unit) {
                let at = nodes.binary_search_by_key(&u, |n| n.unit).unwrap_or_else(|at| {
                    nodes.insert(at, Node { unit: u, weight: 0.0, titled: false, vouched: false });
                    at
                });
                let node = &mut nodes[at];
                node.weight += weight;
                node.titled |= titled;
                node.vouched |= vouched;
            }
        }
        Tree { g, tallies, nodes }
    }

    fn node(&self, unit: Unit) -> Option<&Node> {
        self.nodes.binary_search_by_key(&unit, |n| n.unit).ok().map(|at| &self.nodes[at])
    }

    /// Goes down from `node` to the narrowest places that still carry its weight.
    fn descend(&self, node: &Node, about: &mut Vec<Unit>) {
        let g = self.g;
        let below: Vec<&Node> = self.nodes.iter().filter(|n| g.parent(n.unit) == Some(node.unit)).collect();
        let only_here =
            tally_of(self.tallies, node.unit).is_some_and(Tally::in_title) && !below.iter().any(|n| n.titled);
        let share = if only_here { DESCEND_AGAINST_TITLE } else { DESCEND };
        let mut lower = leading(&below, node.weight, share);
        if only_here {
            lower.retain(|n| n.weight >= DESCEND_AGAINST_TITLE * node.weight);
        }
        if lower.is_empty() {
            about.push(node.unit);
        }
        for n in lower {
            self.descend(n, about);
        }
    }
}

/// Those of `nodes` that lead: the one with `share` of `total`, or two or three that share it.
fn leading<'n>(nodes: &[&'n Node], total: f32, share: f32) -> Vec<&'n Node> {
    let mut by_weight: Vec<&Node> = nodes.iter().copied().filter(|n| n.weight > 0.0).collect();
    by_weight.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.unit.cmp(&b.unit)));
    let sharing = by_weight.iter().take_while(|n| n.weight >= SHARED * total).count();
    let together: f32 = by_weight[..sharing].iter().map(|n| n.weight).sum();
    if sharing > 1 && together >= SHARED_TOGETHER * total {
        by_weight.truncate(sharing);
        // 云南 四川等地出现泥石流: a third place in the text does not join those of the title.
        if by_weight.iter().any(|n| n.titled) {
            by_weight.retain(|n| n.titled);
        }
        return by_weight;
    }
    by_weight.truncate(1);
    by_weight.retain(|n| n.weight >= share * total);
    by_weight
}
