//! Where each stretch of a text came from.

use super::Span;
use serde::{Deserialize, Serialize};

/// A stretch of the output made of `n` equal units: each `out_step` output bytes came from
/// `in_step` input bytes. One copied byte is one unit of 1 → 1; a Han character read from
/// GB18030 is one unit of 3 → 2; a repaired stretch is one unit of its lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Run {
    out: u32,
    inp: u32,
    n: u32,
    out_step: u32,
    in_step: u32,
}

impl Run {
    fn out_end(self) -> u32 {
        self.out + self.n * self.out_step
    }

    /// The input range of the unit that holds output byte `p`.
    fn unit_at(self, p: u32) -> (u32, u32) {
        let k = (p - self.out) / self.out_step;
        let start = self.inp + k * self.in_step;
        (start, start + self.in_step)
    }
}

/// Maps byte ranges of an output text to byte ranges of the input it was made from.
///
/// Only ranges are mapped: the start rounds left and the end rounds right, to the smallest
/// input range that accounts for all of the output range. Text that was deleted inside the
/// range is included, text deleted beside it is not.
///
/// Invariants (property-tested): the runs tile the output from 0; starts and ends of mapped
/// ranges never decrease; every mapped range lies within the input; the identity map is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OffsetMap {
    /// Empty for the identity.
    runs: Vec<Run>,
}

impl OffsetMap {
    /// The map of a text that was not changed.
    pub fn identity() -> Self {
        OffsetMap::default()
    }

    /// Whether every range maps to itself.
    pub fn is_identity(&self) -> bool {
        self.runs.is_empty()
    }

    /// The input range that the output range `span` came from. Bytes in, bytes out.
    pub fn map(&self, span: Span) -> Span {
        if self.is_identity() {
            return span;
        }
        let (start, end) = (span.start() as u32, span.end() as u32);
        if start == end {
            let at = self.point(start);
            return Span::new(at as usize, at as usize);
        }
        let from = self.unit(start).0;
        let to = self.unit(end - 1).1;
        Span::new(from as usize, to as usize)
    }

    /// The map that leads from this map's output through `inner` to `inner`'s input: mapping
    /// by the result equals mapping by `self` and then by `inner`.
    pub fn then(&self, inner: &OffsetMap) -> OffsetMap {
        if inner.is_identity() {
            return self.clone();
        }
        if self.is_identity() {
            return inner.clone();
        }
        let mut builder = MapBuilder::default();
        for run in &self.runs {
            if run.out_step == 1 && run.in_step == 1 {
                inner.copy_runs(run.inp, run.inp + run.n, &mut builder);
            } else {
                for k in 0..run.n {
                    let at = run.inp + k * run.in_step;
                    let mid = Span::new(at as usize, (at + run.in_step) as usize);
                    let to = inner.map(mid);
                    builder.push(run.out_step, to.start() as u32, to.end() as u32);
                }
            }
        }
        builder.finish()
    }

    /// Appends to `builder` what this map says of its output bytes `from..to`.
    fn copy_runs(&self, from: u32, to: u32, builder: &mut MapBuilder) {
        let mut at = from;
        let mut i = self.runs.partition_point(|r| r.out_end() <= from);
        while at < to {
            let Some(run) = self.runs.get(i) else {
                // Past the end of the input: keep the invariant that runs tile the output.
                let end = self.point(at);
                builder.push(to - at, end, end);
                return;
            };
            let stop = to.min(run.out_end());
            while at < stop {
                let k = (at - run.out) / run.out_step;
                let unit_start = run.out + k * run.out_step;
                let whole = (stop - unit_start) / run.out_step;
                if at == unit_start && whole > 0 {
                    let inp = run.inp + k * run.in_step;
                    builder.push_run(whole, run.out_step, inp, run.in_step);
                    at += whole * run.out_step;
                } else {
                    let (a, b) = run.unit_at(at);
                    let piece = stop.min(unit_start + run.out_step) - at;
                    builder.push(piece, a, b);
                    at += piece;
                }
            }
            i += 1;
        }
    }

    fn unit(&self, p: u32) -> (u32, u32) {
        let i = self.runs.partition_point(|r| r.out_end() <= p);
        match self.runs.get(i) {
            Some(run) => run.unit_at(p),
            None => {
                let end = self.point(p);
                (end, end)
            }
        }
    }

    /// Where an empty range at output byte `p` lies in the input.
    fn point(&self, p: u32) -> u32 {
        let i = self.runs.partition_point(|r| r.out_end() <= p);
        match self.runs.get(i) {
            Some(run) => run.unit_at(p).0,
            None => self.runs.last().map_or(p, |r| r.inp + r.n * r.in_step),
        }
    }
}

/// Builds an [`OffsetMap`] from left to right. Only code in `text` (the [`super::Rewriter`])
/// and the decoder, whose input is bytes and not text, need it.
#[derive(Debug, Default)]
pub struct MapBuilder {
    runs: Vec<Run>,
    out: u32,
}

impl MapBuilder {
    /// `out_len` output bytes came, as one unit, from the input range `from..to`.
    pub fn push(&mut self, out_len: u32, from: u32, to: u32) {
        if out_len > 0 {
            self.push_run(1, out_len, from, to.saturating_sub(from));
        }
    }

    /// `len` bytes were copied from input byte `from` on.
    pub fn push_copy(&mut self, len: u32, from: u32) {
        self.push_run(len, 1, from, 1);
    }

    fn push_run(&mut self, n: u32, out_step: u32, inp: u32, in_step: u32) {
        if n == 0 || out_step == 0 {
            return;
        }
        if let Some(last) = self.runs.last_mut()
            && last.out_step == out_step
            && last.in_step == in_step
            && last.inp + last.n * last.in_step == inp
        {
            last.n += n;
        } else {
            self.runs.push(Run { out: self.out, inp, n, out_step, in_step });
        }
        self.out += n * out_step;
    }

    /// The finished map; the identity when all was copied from byte 0 on.
    pub fn finish(self) -> OffsetMap {
        match self.runs.as_slice() {
            [Run { inp: 0, out_step: 1, in_step: 1, .. }] => OffsetMap::identity(),
            _ => OffsetMap { runs: self.runs },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map_of(pieces: &[(u32, u32, u32)]) -> OffsetMap {
        let mut b = MapBuilder::default();
        for &(len, from, to) in pieces {
            b.push(len, from, to);
        }
        b.finish()
    }

    fn check(map: &OffsetMap, out: (usize, usize), expected: (usize, usize)) {
        assert_eq!(map.map(Span::new(out.0, out.1)), Span::new(expected.0, expected.1));
    }

    #[test]
    fn gb18030_characters_are_units() {
        // Two Han characters of two bytes each, then an ASCII letter.
        let map = map_of(&[(3, 0, 2), (3, 2, 4), (1, 4, 5)]);
        assert_eq!(map.runs.len(), 2);
        check(&map, (0, 3), (0, 2));
        check(&map, (3, 6), (2, 4));
        check(&map, (0, 7), (0, 5));
        check(&map, (4, 5), (2, 4)); // inside a character: rounded outwards
    }

    #[test]
    fn deleted_text_counts_only_inside() {
        // "ab" kept, 3 bytes deleted, "cd" kept.
        let mut b = MapBuilder::default();
        b.push_copy(2, 0);
        b.push_copy(2, 5);
        let map = b.finish();
        check(&map, (0, 2), (0, 2));
        check(&map, (2, 4), (5, 7));
        check(&map, (1, 3), (1, 6));
    }

    #[test]
    fn all_copied_is_the_identity() {
        let mut b = MapBuilder::default();
        b.push_copy(2, 0);
        b.push_copy(7, 2);
        assert!(b.finish().is_identity());
        let mut b = MapBuilder::default();
        b.push_copy(9, 3); // after a byte order mark
        let map = b.finish();
        assert!(!map.is_identity());
        check(&map, (0, 9), (3, 12));
    }

    #[test]
    fn composition_equals_both_in_turn() {
        let inner = map_of(&[(3, 0, 2), (3, 2, 4), (2, 4, 9), (3, 9, 11), (1, 11, 12)]);
        let mut b = MapBuilder::default();
        b.push_copy(3, 0);
        b.push(4, 3, 8); // a repaired stretch
        b.push_copy(4, 8);
        let outer = b.finish();
        let both = outer.then(&inner);
        for s in 0..11 {
            for e in s + 1..=11 {
                let span = Span::new(s, e);
                assert_eq!(both.map(span), inner.map(outer.map(span)), "{s}..{e}");
            }
        }
    }
}
