//! Which place each name means, and which places an article is about.

use super::gazetteer::{Gazetteer, Kind, Sense, Unit};
use super::scan::{Hit, scan};
use crate::text::Span;

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

const SPOTS: usize = 6;
const ALL_SPOTS: [Spot; SPOTS] =
    [Spot::Title, Spot::Dateline, Spot::Source, Spot::Lead, Spot::Body, Spot::Outlet];

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
#[derive(Debug, Clone)]
pub struct Tally<'a> {
    /// What the names in each spot weigh, in the order of `Spot`; `None` where none stands.
    by_spot: [Option<f32>; SPOTS],
    /// The first name in the weightiest spot.
    pub first: First<'a>,
}

/// A name that stands for its place: the spot, the words, where they stand in the clean text.
#[derive(Debug, Clone, Copy)]
pub struct First<'a> {
    pub spot: Spot,
    pub words: &'a str,
    pub span: Option<Span>,
    /// That the words stand for the place.
    pub sure: f32,
}

impl Tally<'_> {
    /// All spots together.
    pub fn weight(&self) -> f32 {
        let spots = ALL_SPOTS.iter().zip(self.by_spot);
        spots.filter_map(|(spot, w)| Some(w?.min(spot.weight().1))).sum()
    }

    /// Whether a name of the place stands in the title.
    pub fn in_title(&self) -> bool {
        self.by_spot[Spot::Title as usize].is_some()
    }

    /// Whether the title, the dateline or the publisher's name says it.
    pub fn is_vouched(&self) -> bool {
        [Spot::Title, Spot::Dateline, Spot::Source].iter().any(|s| self.by_spot[*s as usize].is_some())
    }
}

/// The places of an article with what they add up to, in the order of the places.
pub type Tallies<'a> = Vec<(Unit, Tally<'a>)>;

/// The tally of a place.
pub fn tally_of<'t, 'a>(tallies: &'t Tallies<'a>, unit: Unit) -> Option<&'t Tally<'a>> {
    tallies.binary_search_by_key(&unit, |t| t.0).ok().map(|at| &tallies[at].1)
}

struct Named<'a> {
    piece: Piece<'a>,
    hit: Hit,
    unit: Option<Unit>,
    /// That the name stands for the place, from 0 to 1.
    sure: f32,
}

/// How sure it is that a name stands for its place: by itself or in a chain, and by the places around it.
const BY_ITSELF: f32 = 0.95;
const BY_CONTEXT: f32 = 0.8;

/// Finds the names in the pieces, decides what each means, and adds up what they weigh.
pub fn tally<'a>(g: &Gazetteer, pieces: &[Piece<'a>]) -> Tallies<'a> {
    let mut named: Vec<Named> = Vec::new();
    for &piece in pieces {
        named.extend(scan(g, piece.text).into_iter().map(|hit| Named { piece, hit, unit: None, sure: 0.0 }));
    }
    resolve_certain(g, &mut named);
    // A county's name may need its city, a short name its county: so the places that are known
    // grow in rounds. Two are enough, since the third could only repeat the second.
    for _ in 0..2 {
        if named.iter().any(|n| n.unit.is_none()) {
            let known = Known::of(g, &named);
            resolve_by_context(g, &mut named, &known);
        }
    }
    add_up(g, &named)
}

/// First round: names that mean one place wherever they stand, and chains from the top down.
fn resolve_certain(g: &Gazetteer, named: &mut [Named]) {
    for i in 0..named.len() {
        let name = named[i].hit.name;
        let upper = if i > 0 && named[i].hit.joined { named[i - 1].unit } else { None };
        let chained = upper.and_then(|upper| {
            // 杭州西湖 is a lake: a county's short name that is a word counts in no chain either.
            let word = |s: &Sense| s.kind == Kind::Common && !g.is_major(s.unit) && !g.is_ranked(name);
            let held = |s: &Sense| g.holds(upper, s.unit) || s.kind == Kind::Street && s.unit == upper;
            let mut below =
                g.senses(name).filter(|s| !word(s) && s.kind != Kind::Part && held(s)).map(|s| s.unit);
            let first = below.clone().min();
            // 城关镇 of which county of the city?
            first.filter(|u| !g.is_street(name) || below.all(|b| b == *u))
        });
        // 海南州, 吉林省吉林市: the chain decides against what the name would mean alone.
        named[i].unit = chained.or_else(|| certain(g, name));
        named[i].sure = BY_ITSELF;
    }
}

/// The one place that the name means without any context.
fn certain(g: &Gazetteer, name: usize) -> Option<Unit> {
    let own = |s: &Sense| match s.kind {
        Kind::Full | Kind::Alias => true,
        Kind::Former => g.is_ranked(name),
        Kind::Short => g.is_major(s.unit),
        // One street of the name in the country.
        Kind::Street => g.stands_alone(name),
        Kind::Common | Kind::Generic | Kind::Part => false,
    };
    let units = || g.senses(name).filter(own).map(|s| s.unit);
    let first = units().min()?;
    if units().all(|u| u == first) {
        return Some(first);
    }
    // 吉林, 海南: the province before the city.
    let mut provinces = units().filter(|u| g.is_province(*u));
    match (provinces.next(), provinces.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}

/// The places that the article is known to name, with how often; a place's holders with it.
struct Known {
    named: Vec<Unit>,
    held: Vec<(Unit, u32)>,
}

impl Known {
    fn of(g: &Gazetteer, named: &[Named]) -> Known {
        let mut units: Vec<Unit> = named.iter().filter_map(|n| n.unit).collect();
        let mut lines: Vec<Unit> = units.iter().flat_map(|u| g.line(*u)).collect();
        lines.sort_unstable();
        let held = lines.chunk_by(|a, b| a == b).map(|c| (c[0], c.len() as u32)).collect();
        units.sort_unstable();
        units.dedup();
        Known { named: units, held }
    }

    fn names(&self, unit: Unit) -> bool {
        self.named.binary_search(&unit).is_ok()
    }

    /// Whether the city that holds the unit is named at least twice as often as any other.
    fn is_chief(&self, g: &Gazetteer, unit: Unit) -> bool {
        let own = g.parent(unit).map_or(0, |p| self.held(p));
        let is_city = |u: Unit| match g.is_province(u) {
            true => g.unit_name(u).ends_with('市'),
            false => g.is_major(u),
        };
        let others = self.held.iter().filter(|h| is_city(h.0) && !g.holds(h.0, unit));
        others.map(|h| h.1).max().is_none_or(|other| own >= 2 * other)
    }

    /// How often the unit or a place in it is named.
    fn held(&self, unit: Unit) -> u32 {
        self.held.binary_search_by_key(&unit, |h| h.0).map_or(0, |at| self.held[at].1)
    }
}

/// Later rounds: same-named districts by their city, short names where the city is named.
fn resolve_by_context(g: &Gazetteer, named: &mut [Named], known: &Known) {
    if known.named.is_empty() {
        return;
    }
    let mut best: Vec<((u32, u32), Unit)> = Vec::new();
    for n in named.iter_mut().filter(|n| n.unit.is_none()) {
        // How well the article knows the holder of a place: the city first, then the province.
        let holder = |u: Unit| {
            let city = g.parent(u).map_or(0, |p| known.held(p));
            let above = g.line(u).skip(2).map(|p| known.held(p)).max();
            (city, above.unwrap_or(0))
        };
        best.clear();
        let mut generic = false;
        for sense in g.senses(n.hit.name) {
            generic |= sense.kind == Kind::Generic;
            let score = match sense.kind {
                Kind::Part => (0, 0),
                // 新城镇化 where the district has a 新城镇: in a chain only.
                Kind::Street if g.is_wordlike(n.hit.name) => (0, 0),
                // Already named in full or by a chain: its other names mean it as well.
                _ if known.names(sense.unit) => (u32::MAX, u32::MAX),
                Kind::Full | Kind::Former | Kind::Alias => holder(sense.unit),
                // 深圳的项目、济南的项目和起步区: which city's?
                Kind::Generic if !known.is_chief(g, sense.unit) => (0, 0),
                Kind::Short | Kind::Generic | Kind::Street => (holder(sense.unit).0, 0),
                Kind::Common => (0, 0),
            };
            if score > (0, 0) {
                best.push((score, sense.unit));
            }
        }
        best.sort_by(|a, b| b.cmp(a));
        best.dedup_by_key(|b| b.1);
        n.sure = BY_CONTEXT;
        n.unit = match best.as_slice() {
            [one] => Some(one.1),
            // 高新区 among several cities: only where one of them clearly leads.
            [one, two, ..] if generic && one.0.0 / 3 < two.0.0 => None,
            [one, two, ..] if one.0 > two.0 => Some(one.1),
            _ => None,
        };
    }
}

fn add_up<'a>(g: &Gazetteer, named: &[Named<'a>]) -> Tallies<'a> {
    let mut tallies: Tallies = Vec::new();
    for (i, n) in named.iter().enumerate() {
        let Some(unit) = n.unit else { continue };
        // In 济南市槐荫区 the city only says which district is meant.
        let lower = named.get(i + 1).filter(|m| m.hit.joined).and_then(|m| m.unit);
        if lower.is_some_and(|l| l == unit || g.holds(unit, l)) {
            continue;
        }
        // 三里屯街道、麦子店街道: a row within one district.
        let beside = |m: Option<&Named>| m.is_some_and(|m| m.unit == Some(unit) && m.hit.row == n.hit.row);
        let alike = n.hit.row > 1 && (beside(named.get(i + 1)) || i > 0 && beside(named.get(i - 1)));
        let share = match n.hit.row {
            _ if alike => 1.0,
            1 => 1.0,
            2 => 0.5,
            _ => 0.25,
        };
        let spot = n.piece.spot;
        let words = &n.piece.text[n.hit.span.range()];
        let span = n.piece.start.map(|s| Span::new(s + n.hit.span.start(), s + n.hit.span.end()));
        let first = First { spot, words, span, sure: n.sure };
        let at = match tallies.binary_search_by_key(&unit, |t| t.0) {
            Ok(at) => at,
            Err(at) => {
                tallies.insert(at, (unit, Tally { by_spot: [None; SPOTS], first }));
                at
            }
        };
        let tally = &mut tallies[at].1;
        *tally.by_spot[spot as usize].get_or_insert(0.0) += spot.weight().0 * share;
        if spot < tally.first.spot {
            tally.first = first;
        }
    }
    tallies
}
