//! A stretch of a rewritten page in which bytes were lost, from the first `?` to where the
//! decoder was in step again, and the search for what stood there.

use super::forward::{self, CUTS, Rules};
use super::gbk;
use super::items::{Item, Kind};
use super::table::table;
use super::words::{Open, Path, UNCONVERTED, Words};
use std::cell::Cell;

/// A byte of the rewritten page, known or searched for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Slot {
    Known(u8),
    Lost,
}

impl Slot {
    fn allows(self, byte: u8) -> bool {
        match self {
            Slot::Known(b) => b == byte,
            Slot::Lost => true,
        }
    }
}

/// One way to read the items of an island as bytes.
#[derive(Debug, Clone, Default)]
struct Template<'t> {
    slots: Vec<Slot>,
    /// The reading after each slot, and whether the slot ends a cut mark.
    after: Vec<(Option<&'t str>, bool)>,
    /// The item after the last.
    end: usize,
    /// A character under U+0040 was eaten after the last byte.
    eaten: bool,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    /// The item after the island.
    pub end: usize,
    /// What stood there, in Traditional characters.
    pub text: String,
    /// The last byte, for the next island's first reading, and whether one stands after it.
    pub last_byte: u8,
    pub read: bool,
    /// The last item, a `?`, stands for a lost byte and a character under U+0040 that it ate.
    pub eaten: bool,
    /// From 0 to 1: how far ahead of the next best; 1 when it is the only one.
    pub confidence: f32,
}

/// What the search may look at.
pub(super) struct Search<'s> {
    pub line: &'s str,
    pub items: &'s [Item<'s>],
    pub rules: &'s Rules,
    pub words: Words<'s>,
    /// How many more islands without a byte of a character in sight (`?;?` for 停火) may be
    /// searched.
    pub blind: &'s Cell<usize>,
    /// How many more characters may be tried on the page.
    pub budget: &'s Cell<u64>,
}

/// What stands before an island, repaired.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before<'b> {
    /// The byte before, where a reading may reach across, and whether one stands after it.
    pub byte: Option<u8>,
    pub read: bool,
    /// The last few characters, Simplified.
    pub text: &'b [char],
    pub open: Open,
}

/// Islands are short: the next reading, letter or cut ends them. Longer ones are not believed,
/// which also keeps the search linear.
const LONGEST: usize = 60;
/// Ambiguous `?` double the templates.
const MOST_TEMPLATES: usize = 16;
/// Hypotheses kept after each character: all of the hundred that end in A3, since the right one
/// may show only with the next character (模 of 模糊).
const BEAM: usize = 128;
/// By how much (natural logarithm) a repair without a reading must beat the text as it stands.
const MARGIN: f32 = 2.0;

impl Search<'_> {
    /// Looks for what stood from item `start`, a `?`, on.
    pub fn solve(&self, start: usize, before: Before<'_>) -> Option<Found> {
        let mut templates = Vec::new();
        self.begin(start, &mut templates);
        if templates.iter().any(|t| !t.shows_a_byte()) {
            // Such a search tries thousands of pairs; a page full of `?,?,` gets no more of them.
            match self.blind.get().checked_sub(1) {
                Some(left) => self.blind.set(left),
                None => templates.retain(Template::shows_a_byte),
            }
        }
        let mut results: Vec<(f32, Found)> = Vec::new();
        for template in &templates {
            for (mut path, bytes, text) in self.fill(template, before) {
                if !self.proved(template, &bytes, start, before) {
                    continue;
                }
                if template.eaten {
                    // Most often a digit.
                    path.push(self.words, '0');
                }
                self.follow(&mut path, template.end);
                let last_byte = bytes.last().copied().unwrap_or(0);
                let read = template.after.last().is_some_and(|a| a.0.is_some());
                let (end, eaten) = (template.end, template.eaten);
                results.push((path.score(), Found { end, text, last_byte, read, eaten, confidence: 1.0 }));
            }
        }
        results.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.text.cmp(&b.1.text)));
        let mut results = results.into_iter();
        let (score, mut found) = results.next()?;
        if self.items[start].kind != Kind::Lost && score < self.standing(start, found.end, before) + MARGIN {
            return None;
        }
        if let Some((rival, _)) = results.find(|r| r.1.text != found.text) {
            found.confidence /= 1.0 + (rival - score).exp();
        }
        Some(found)
    }

    /// The score of what stands in the file between two items.
    fn standing(&self, start: usize, end: usize, before: Before<'_>) -> f32 {
        let mut path = self.path(before);
        for item in &self.items[start..end] {
            for c in self.line[item.span.range()].chars() {
                path.push(self.words, simplify(c));
            }
        }
        self.follow(&mut path, end);
        path.score()
    }

    /// The context before the island.
    fn path(&self, before: Before<'_>) -> Path {
        let mut path = Path::new(before.open);
        before.text.iter().for_each(|&c| path.push(self.words, c));
        path
    }

    /// Adds the characters from item `at` on, to the next lost byte.
    fn follow(&self, path: &mut Path, at: usize) {
        const REACH: usize = 3;
        for item in self.items[at..].iter().take(REACH) {
            match item.kind {
                Kind::Wide(_) | Kind::Narrow(_) => {
                    path.push(self.words, simplify(item.first(self.line)));
                }
                Kind::Cut(code) => path.push(self.words, forward::cut_mark(code).unwrap_or(',')),
                _ => return,
            }
        }
        if self.items.len() <= at + REACH {
            path.end();
        }
    }

    fn begin<'t>(&'t self, start: usize, out: &mut Vec<Template<'t>>) {
        let mut template = Template { end: start + 1, ..Template::default() };
        match self.items[start].kind {
            Kind::Lost => template.push(Slot::Lost, self.items[start].mark, false),
            Kind::Question if self.may_begin(start) => {
                template.push(Slot::Lost, None, false);
            }
            _ => return,
        }
        self.extend(template, true, out);
    }

    /// Whether the `?` at item `at` may be a lost byte: a cut follows. Any other is a question.
    pub fn may_begin(&self, at: usize) -> bool {
        self.items[at].kind == Kind::Question && self.cut_at(at + 1).is_some()
    }

    fn cut_at(&self, at: usize) -> Option<[u8; 2]> {
        match self.items.get(at)?.kind {
            Kind::Cut(code) => Some(code),
            Kind::Question => Some(CUTS[2].0),
            _ => None,
        }
    }

    /// Reads on from `template.end`. `pending`: the last slot begins a character.
    fn extend<'t>(&'t self, mut t: Template<'t>, mut pending: bool, out: &mut Vec<Template<'t>>) {
        while pending {
            if out.len() >= MOST_TEMPLATES || t.slots.len() > LONGEST {
                return;
            }
            let Some(item) = self.items.get(t.end) else { return };
            t.end += 1;
            match item.kind {
                Kind::Wide(code) => {
                    t.push(Slot::Known(code[0]), None, false);
                    t.push(Slot::Known(code[1]), item.mark, false);
                    // The second byte may be an ASCII letter, which stands alone.
                    pending = code[1] >= 0x80;
                }
                Kind::Narrow(b) => {
                    if !gbk::is_trail(b) {
                        return;
                    }
                    t.push(Slot::Known(b), item.mark, false);
                    pending = false;
                }
                Kind::Cut(code) => t.push_cut(code),
                Kind::Lost => {
                    t.push(Slot::Lost, item.mark, false);
                    pending = false;
                }
                Kind::Question => {
                    // The cut itself, when the character before it is complete; …
                    let mut cut = t.clone();
                    cut.push_cut(CUTS[2].0);
                    self.extend(cut, true, out);
                    // … or a lost second byte, before a cut, before the end, or with an ASCII
                    // character eaten.
                    let ends = t.end >= self.items.len() || self.cut_at(t.end).is_some();
                    t.eaten = !ends;
                    t.push(Slot::Lost, None, false);
                    pending = false;
                }
                Kind::Barrier => return,
            }
        }
        if out.len() < MOST_TEMPLATES {
            out.push(t);
        }
    }

    /// The likeliest ways to fill the template's lost bytes.
    fn fill(&self, t: &Template<'_>, before: Before<'_>) -> Vec<(Path, Vec<u8>, String)> {
        let mut beam = vec![(self.path(before), Vec::new(), String::new())];
        let mut tail = String::new();
        let mut at = 0;
        while at < t.slots.len() && self.budget.get() > 0 {
            if let Slot::Known(b) = t.slots[at]
                && b < 0x80
            {
                for (path, bytes, text) in &mut beam {
                    bytes.push(b);
                    text.push(char::from(b));
                    path.push(self.words, char::from(b));
                }
                at += 1;
                continue;
            }
            let Some(&second) = t.slots.get(at + 1) else { return Vec::new() };
            let mut next: Vec<(f32, usize, [u8; 2])> = Vec::new();
            for (n, (path, bytes, _)) in beam.iter().enumerate() {
                let previous = bytes.last().copied().or(before.byte);
                for code in self.candidates(t, at, second, previous) {
                    let Some(c) = gbk::decode(code[0], code[1]) else { continue };
                    let score = path.next(self.words, as_read(code, c), &mut tail).1 + self.doubt(c);
                    next.push((score, n, code));
                }
            }
            let spent = u64::try_from(next.len()).unwrap_or(u64::MAX);
            self.budget.set(self.budget.get().saturating_sub(spent));
            next.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
            next.truncate(BEAM);
            let longer = |&(_, n, code): &(f32, usize, [u8; 2])| {
                let c = gbk::decode(code[0], code[1])?;
                let mut longer: (Path, Vec<u8>, String) = beam[n].clone();
                longer.0.push(self.words, as_read(code, c));
                longer.0.doubt(self.doubt(c));
                longer.1.extend(code);
                longer.2.push(c);
                Some(longer)
            };
            beam = next.iter().filter_map(longer).collect();
            at += 2;
        }
        if at < t.slots.len() { Vec::new() } else { beam }
    }

    /// What speaks for or against a character beside its neighbours.
    fn doubt(&self, c: char) -> f32 {
        let converted = if table().traditional(c) == c { 0.0 } else { UNCONVERTED };
        self.words.own(simplify(c)) + converted
    }

    /// The codes that slots `at` and `at + 1` may hold.
    fn candidates(&self, t: &Template<'_>, at: usize, second: Slot, previous: Option<u8>) -> Vec<[u8; 2]> {
        let first = t.slots[at];
        let fits = |lead: u8| match t.after[at].0 {
            None => true,
            Some(reading) => previous.is_some_and(|p| reads([p, lead], reading)),
        };
        let all: Vec<[u8; 2]> = match (first, second) {
            (Slot::Known(a), Slot::Known(b)) => {
                let plausible = table().with_lead(a).contains(&[a, b]);
                let cut = forward::cut_mark([a, b]).is_some();
                if plausible || cut { vec![[a, b]] } else { Vec::new() }
            }
            (_, Slot::Known(b)) => table().with_trail(b).to_vec(),
            (Slot::Known(a), _) => table().with_lead(a).to_vec(),
            // A lost byte beside a lost byte: only where a reading fixes the first.
            (Slot::Lost, _) if t.after[at].0.is_some() => (0x81..=0xFE)
                .filter(|&lead| fits(lead))
                .flat_map(|lead| table().with_lead(lead).iter().copied())
                .collect(),
            _ => Vec::new(),
        };
        let mut all = all;
        all.retain(|&code| {
            let ends_read = t.after[at + 1].0.is_none_or(|reading| reads(code, reading));
            first.allows(code[0]) && second.allows(code[1]) && fits(code[0]) && ends_read
        });
        all
    }

    /// Whether the forward model gives back what stands in the file.
    fn proved(&self, t: &Template<'_>, bytes: &[u8], start: usize, before: Before<'_>) -> bool {
        let read_after = |k: usize| t.after[k].0;
        for k in 0..bytes.len() {
            let previous = if k == 0 { before.byte } else { Some(bytes[k - 1]) };
            let Some(previous) = previous else { continue };
            let code = [previous, bytes[k]];
            let free = if k == 0 { !before.read } else { read_after(k - 1).is_none() };
            // A listed code is always annotated, unless a reading already stands inside it.
            if self.rules.holds(code) && read_after(k).is_none() && free {
                return false;
            }
            // A cut happens wherever its code stands.
            if k > 0 && forward::cut_mark(code).is_some() && free && !t.after[k].1 {
                return false;
            }
        }
        let marks: Vec<Option<&str>> = t.after.iter().map(|a| a.0).collect();
        let mut printed = String::new();
        forward::decode(bytes, &marks, &mut printed);
        let stands = &self.items[start..t.end];
        let stands = stands.iter().flat_map(|i| self.line[i.span.range()].chars());
        printed.chars().map(canonical).eq(stands.map(canonical))
    }
}

impl<'t> Template<'t> {
    /// Whether anything but lost bytes and cut marks stands in it.
    fn shows_a_byte(&self) -> bool {
        self.slots.iter().zip(&self.after).any(|(slot, (reading, cut))| {
            reading.is_some() || matches!(slot, Slot::Known(b) if *b != 0xA3 && !cut)
        })
    }

    fn push(&mut self, slot: Slot, mark: Option<&'t str>, cut: bool) {
        self.slots.push(slot);
        self.after.push((mark, cut));
    }

    fn push_cut(&mut self, code: [u8; 2]) {
        self.push(Slot::Known(code[0]), None, false);
        self.push(Slot::Known(code[1]), None, true);
    }
}

/// Scrapers differ in the width of the cut marks.
fn canonical(c: char) -> char {
    match c {
        '，' => ',',
        '；' => ';',
        '？' => '?',
        '！' => '!',
        '：' => ':',
        _ => c,
    }
}

fn reads(code: [u8; 2], reading: &str) -> bool {
    gbk::decode(code[0], code[1]).is_some_and(|c| table().reads(c, reading))
}

/// A cut mark is a comma in the page's own text.
fn as_read(code: [u8; 2], c: char) -> char {
    forward::cut_mark(code).unwrap_or(simplify(c))
}

fn simplify(c: char) -> char {
    table().simplified(c)
}
