//! Where the terms stand in an article.

use super::terms::Term;

/// A term at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// First unit, in the laid-out page.
    pub start: u32,
    pub end: u32,
    /// Which of the terms.
    pub term: u16,
}

/// Terms made ready to be looked for all at once.
#[derive(Debug)]
pub(super) struct Terms {
    pub all: Vec<Term>,
    /// One bit a unit: some term begins with it.
    begins: Box<[u64; 1024]>,
    /// The first unit of each term, ascending.
    first: Vec<(u16, u16)>,
}

impl Terms {
    pub fn new(all: Vec<Term>) -> Terms {
        let mut begins = Box::new([0; 1024]);
        let mut first: Vec<(u16, u16)> =
            all.iter().enumerate().map(|(t, term)| (term.units[0], t as u16)).collect();
        first.sort_unstable();
        for (unit, _) in &first {
            begins[*unit as usize / 64] |= 1 << (unit % 64);
        }
        Terms { all, begins, first }
    }

    /// Appends all places of all terms to `into`, ordered by their start, but for those that
    /// touch a position of `without` (ascending).
    pub fn places(&self, units: &[u16], without: &[u32], into: &mut Vec<Place>) {
        for (at, unit) in units.iter().enumerate() {
            if self.begins[*unit as usize / 64] >> (unit % 64) & 1 == 0 {
                continue;
            }
            let from = self.first.partition_point(|(u, _)| u < unit);
            for &(_, term) in self.first[from..].iter().take_while(|(u, _)| u == unit) {
                let needle = &self.all[term as usize].units;
                let end = at + needle.len();
                let touched = || {
                    let next = without.partition_point(|&w| (w as usize) < at);
                    without.get(next).is_some_and(|&w| (w as usize) < end)
                };
                if units[at..].starts_with(needle) && !touched() {
                    into.push(Place { start: at as u32, end: end as u32, term });
                }
            }
        }
    }
}

/// A stretch of an article.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window {
    /// From the first unit of its first term to the last of its last.
    pub start: u32,
    pub end: u32,
    /// The weights of the distinct terms inside.
    pub worth: f32,
}

/// The window of at most `longest` units that holds the most weight of distinct terms; the first
/// of equal ones. `None` without places, which are ordered by their start.
pub(super) fn best_window(places: &[Place], weights: &[f32], longest: u32) -> Option<Window> {
    let mut best: Option<Window> = None;
    let mut inside = vec![0u32; weights.len()];
    let (mut worth, mut left) = (0.0f32, 0);
    for (right, place) in places.iter().enumerate() {
        let term = place.term as usize;
        inside[term] += 1;
        if inside[term] == 1 {
            worth += weights[term];
        }
        // One term alone may be longer than a window.
        while left < right && place.end - places[left].start > longest {
            let term = places[left].term as usize;
            inside[term] -= 1;
            if inside[term] == 0 {
                worth -= weights[term];
            }
            left += 1;
        }
        // Sums of the same weights in another order differ in their last digit.
        if best.is_none_or(|b| worth > b.worth + 1e-4) {
            let end = places[left..=right].iter().map(|p| p.end).max().unwrap_or(place.end);
            best = Some(Window { start: places[left].start, end, worth });
        }
    }
    best
}

/// The weights of the distinct terms among some places.
pub(super) fn worth<'a>(places: impl Iterator<Item = &'a Place>, weights: &[f32]) -> f32 {
    let mut terms: Vec<u16> = places.map(|p| p.term).collect();
    terms.sort_unstable();
    terms.dedup();
    terms.into_iter().map(|t| weights[t as usize]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn terms(words: &[&str]) -> Terms {
        let term = |word: &&str| Term { units: word.encode_utf16().collect(), finds: true, weight: 1.0 };
        Terms::new(words.iter().map(term).collect())
    }

    fn places(words: &[&str], text: &str, without: &[u32]) -> Vec<(u32, u16)> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut found = Vec::new();
        terms(words).places(&units, without, &mut found);
        found.into_iter().map(|p| (p.start, p.term)).collect()
    }

    #[test]
    fn every_place_is_found() {
        assert_eq!(places(&["黄", "黄河", "河"], "黄河河", &[]), [(0, 0), (0, 1), (1, 2), (2, 2)]);
        assert_eq!(places(&["aa"], "aaa", &[]), [(0, 0), (1, 0)]);
        assert_eq!(places(&["黄", "黄河"], "黄河黄河", &[1]), [(0, 0), (2, 0), (2, 1)]);
        assert_eq!(places(&["迪"], "比亚", &[]), []);
    }

    fn window(at: &[(u32, u16)], weights: &[f32]) -> Option<(u32, u32, f32)> {
        let places: Vec<Place> =
            at.iter().map(|&(start, term)| Place { start, end: start + 2, term }).collect();
        best_window(&places, weights, 40).map(|w| (w.start, w.end, w.worth))
    }

    #[test]
    fn windows() {
        let weights = [1.0, 1.0, 1.5];
        for (at, expected) in [
            (&[][..], None),
            (&[(7, 0)], Some((7, 9, 1.0))),
            // Close beats heavy.
            (&[(0, 0), (100, 0), (110, 1), (200, 2)], Some((100, 112, 2.0))),
            // A term counts once.
            (&[(0, 0), (5, 0), (10, 0), (100, 2)], Some((100, 102, 1.5))),
            // The first of equals.
            (&[(0, 0), (100, 1)], Some((0, 2, 1.0))),
            // The edge: 40 units.
            (&[(0, 0), (38, 1)], Some((0, 40, 2.0))),
            (&[(0, 0), (39, 1)], Some((0, 2, 1.0))),
        ] {
            assert_eq!(window(at, &weights), expected, "{at:?}");
        }
    }

    proptest! {
        #[test]
        fn no_window_is_better(
            starts in prop::collection::btree_set((0u32..120, 0u16..4), 1..30),
            weights in prop::collection::vec(0.1f32..5.0, 4),
        ) {
            let places: Vec<Place> =
                starts.iter().map(|&(start, term)| Place { start, end: start + 2, term }).collect();
            let best = best_window(&places, &weights, 40).expect("there are places");
            let inside = |start| {
                worth(places.iter().filter(|p| p.start >= start && p.end <= start + 40), &weights)
            };
            prop_assert!((inside(best.start) - best.worth).abs() < 1e-3);
            for place in &places {
                prop_assert!(inside(place.start) <= best.worth + 1e-3);
            }
        }
    }
}
