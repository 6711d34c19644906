//! Which place each name means, and which places an article is about.

use super::gazetteer::{Gazetteer, Kind, Sense, Unit};
use super::scan::{Hit, has_rank, scan};
use crate::text::Span;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Where in an article a stretch of text stands, for its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spot {
    Title,
    /// Where the agency's report was sent from: 本报济南1月4日讯.
    Dateline,
    /// The office that published it: 槐荫区人民政府.
    Source,
    /// The first lines of the body.
    Lead,
    Body,
    /// An outlet with a place in its name: it helps to tell 市中区 from 市中区 and is no more.
    Outlet,
}

impl Spot {
    /// The rule's name in the evidence.
    pub fn rule(self) -> &'static str {
        match self {
            Spot::Title => "title",
            Spot::Dateline => "dateline",
            Spot::Source | Spot::Outlet => "source",
            Spot::Lead | Spot::Body => "body",
        }
    }

    /// What one name here counts for, and the most that all names of one place here may.
    fn weight(self) -> (f32, f32) {
        match self {
            Spot::Title => (6.0, 6.0),
            Spot::Dateline => (4.0, 4.0),
            Spot::Source => (4.0, 4.0),
            Spot::Lead => (2.0, 6.0),
            Spot::Body => (1.0, 60.0),
            Spot::Outlet => (0.0, 0.0),
        }
    }
}

/// A stretch of text to look for names in.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'a> {
    pub spot: Spot,
    pub text: &'a str,
    /// Where it begins in the clean text; `None` for a value given from outside.
    pub start: Option<usize>,
}

/// What the names of one place add up to.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub by_spot: BTreeMap<Spot, f32>,
    /// The first name in the weightiest spot: the spot, the words, where they stand.
    pub first: Option<(Spot, String, Option<Span>)>,
}

impl Tally {
    /// All spots together.
    pub fn weight(&self) -> f32 {
        self.by_spot.iter().map(|(spot, w)| w.min(spot.weight().1)).sum()
    }

    /// Whether a name of the place stands in the title.
    pub fn in_title(&self) -> bool {
        self.by_spot.contains_key(&Spot::Title)
    }

    /// Whether the title, the dateline or the publisher's name says it.
    pub fn is_vouched(&self) -> bool {
        [Spot::Title, Spot::Dateline, Spot::Source].iter().any(|s| self.by_spot.contains_key(s))
    }
}

struct Named<'a> {
    piece: Piece<'a>,
    hit: Hit,
    senses: Rc<[Sense]>,
    unit: Option<Unit>,
}

/// Finds the names in the pieces, decides what each means, and adds up what they weigh.
pub fn tally(pieces: &[Piece]) -> BTreeMap<Unit, Tally> {
    let g = Gazetteer::get();
    let mut senses: BTreeMap<usize, Rc<[Sense]>> = BTreeMap::new();
    let mut named: Vec<Named> = Vec::new();
    for &piece in pieces {
        for hit in scan(piece.text) {
            let senses = senses.entry(hit.name).or_insert_with(|| g.senses(hit.name).into()).clone();
            named.push(Named { piece, hit, senses, unit: None });
        }
    }
    resolve_certain(&mut named);
    // A county's name may need its city, a short name its county: so the places that are known
    // grow in rounds. Two are enough, since the third could only repeat the second.
    for _ in 0..2 {
        let known = known_places(&named);
        resolve_by_context(&mut named, &known);
    }
    add_up(&named)
}

/// First round: names that mean one place wherever they stand, and chains from the top down.
fn resolve_certain(named: &mut [Named]) {
    let g = Gazetteer::get();
    for i in 0..named.len() {
        let upper = if i > 0 && named[i].hit.joined { named[i - 1].unit } else { None };
        let n = &named[i];
        let words = g.name_text(n.hit.name);
        // 杭州西湖 is a lake: a county's short name that is a word counts in no chain either.
        let word = |s: &Sense| s.kind == Kind::Common && !g.is_major(s.unit) && !has_rank(words);
        let below = |s: &&Sense| !word(s) && upper.is_some_and(|u| g.holds(u, s.unit));
        let chained: Vec<Unit> = distinct(n.senses.iter().filter(below));
        let unit = match chained.as_slice() {
            [] => certain(&n.senses, words),
            // 济南莱芜市: two of today's districts; the first stands for both.
            [first, ..] => Some(*first),
        };
        // 海南州, 吉林省吉林市: the chain decides against what the name would mean alone.
        named[i].unit = unit;
    }
}

/// The one place that the name means without any context.
fn certain(senses: &[Sense], name: &str) -> Option<Unit> {
    let g = Gazetteer::get();
    let own = |s: &&Sense| match s.kind {
        Kind::Full | Kind::Alias => true,
        Kind::Former => has_rank(name),
        Kind::Short => g.is_major(s.unit),
        Kind::Common | Kind::Generic | Kind::Word => false,
    };
    let units = distinct(senses.iter().filter(own));
    match units.as_slice() {
        [one] => Some(*one),
        [] => None,
        // 吉林, 海南: the province before the city. 莱芜市, whose two districts are in one city.
        [first, rest @ ..] => {
            let provinces: Vec<_> = units.iter().filter(|u| g.is_province(**u)).collect();
            match provinces.as_slice() {
                [one] => Some(**one),
                _ => {
                    let divided = senses.iter().all(|s| s.kind == Kind::Former)
                        && rest.iter().all(|u| g.parent(*u) == g.parent(*first));
                    divided.then_some(*first)
                }
            }
        }
    }
}

fn distinct<'s>(senses: impl Iterator<Item = &'s Sense>) -> Vec<Unit> {
    let mut units: Vec<Unit> = senses.map(|s| s.unit).collect();
    units.sort_unstable();
    units.dedup();
    units
}

/// The places that the article is known to name, with how often; a place's holders with it.
struct Known {
    named: BTreeMap<Unit, u32>,
    held: BTreeMap<Unit, u32>,
}

fn known_places(named: &[Named]) -> Known {
    let g = Gazetteer::get();
    let mut known = Known { named: BTreeMap::new(), held: BTreeMap::new() };
    for unit in named.iter().filter_map(|n| n.unit) {
        *known.named.entry(unit).or_default() += 1;
        for upper in g.line(unit) {
            *known.held.entry(upper).or_default() += 1;
        }
    }
    known
}

/// Later rounds: same-named districts by their city, short names where the city is named.
fn resolve_by_context(named: &mut [Named], known: &Known) {
    let g = Gazetteer::get();
    for n in named.iter_mut().filter(|n| n.unit.is_none()) {
        // How well the article knows the holder of a place: the city first, then the province.
        let holder = |u: Unit| {
            let city = g.parent(u).map_or(0, |p| known.held.get(&p).copied().unwrap_or(0));
            let above = g.line(u).skip(2).map(|p| known.held.get(&p).copied().unwrap_or(0)).max();
            (city, above.unwrap_or(0))
        };
        let mut best: Vec<((u32, u32), Unit)> = Vec::new();
        for sense in n.senses.iter() {
            let score = match sense.kind {
                // Already named in full or by a chain: its other names mean it as well.
                _ if known.named.contains_key(&sense.unit) => (u32::MAX, u32::MAX),
                Kind::Full | Kind::Former | Kind::Alias => holder(sense.unit),
                Kind::Short | Kind::Generic => (holder(sense.unit).0, 0),
                Kind::Common | Kind::Word => (0, 0),
            };
            if score > (0, 0) {
                best.push((score, sense.unit));
            }
        }
        let generic = n.senses.iter().any(|s| s.kind == Kind::Generic);
        best.sort_by(|a, b| b.cmp(a));
        best.dedup_by_key(|b| b.1);
        n.unit = match best.as_slice() {
            [one] => Some(one.1),
            // 高新区 among several cities: only where one of them clearly leads.
            [one, two, ..] if generic && one.0.0 / 3 < two.0.0 => None,
            [one, two, ..] if one.0 > two.0 => Some(one.1),
            _ => None,
        };
    }
}

fn add_up(named: &[Named]) -> BTreeMap<Unit, Tally> {
    let g = Gazetteer::get();
    let mut tallies: BTreeMap<Unit, Tally> = BTreeMap::new();
    for (i, n) in named.iter().enumerate() {
        let Some(unit) = n.unit else { continue };
        // In 济南市槐荫区 the city only says which district is meant.
        let lower = named.get(i + 1).filter(|m| m.hit.joined).and_then(|m| m.unit);
        if lower.is_some_and(|l| g.holds(unit, l)) {
            continue;
        }
        let share = match n.hit.row {
            1 => 1.0,
            2 => 0.5,
            _ => 0.25,
        };
        let tally = tallies.entry(unit).or_default();
        let spot = n.piece.spot;
        *tally.by_spot.entry(spot).or_default() += spot.weight().0 * share;
        if tally.first.as_ref().is_none_or(|f| spot < f.0) {
            let words = n.piece.text[n.hit.span.range()].to_owned();
            let span = n.piece.start.map(|s| Span::new(s + n.hit.span.start(), s + n.hit.span.end()));
            tally.first = Some((spot, words, span));
        }
    }
    tallies
}
