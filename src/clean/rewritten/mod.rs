//! Pages rewritten on their GBK bytes: Traditional characters, injected pinyin, split characters
//! (`快速?zèng)Q策` for 快速决策, `進行?,F(xiàn)場觀摩後` for 进行。现场观摩后).
//!
//! What the program did is known ([`forward`]), so what it did is undone by search, and a repair
//! is believed only when the forward model gives back what stands in the file.

pub mod forward;
pub(super) mod gbk;
mod island;
mod items;
mod script;
mod table;
mod words;

use super::state::{Edit, Note, State};
use crate::article::RepairKind;
use crate::text::{Lexicon, Span};
use forward::Rules;
use island::{Before, Search};
use items::{Item, Kind, items};
use std::cell::Cell;
use std::collections::HashMap;
use table::table;
use words::{Open, Pairs, Words};

/// A reading dropped: the model is deterministic there.
const PINYIN: Note = Note { rule: "pinyin", kind: RepairKind::Repaired, confidence: 1.0 };

/// The step: nothing, unless the whole text says that it was rewritten.
pub(super) fn step(state: &mut State<'_>, lexicon: &dyn Lexicon) {
    let Some(rules) = evidence(&state.text) else { return };
    let text = state.text.clone();
    let pairs = seen_pairs(&text);
    let first = Page::read(&text, &rules, Words(lexicon, &pairs));
    let learnt = pairs.with(&first.learnt);
    // What was found for certain tells what stands in the other places: a name that is broken
    // wherever it stands is decided by the place that leaves least doubt.
    let Page { mut edits, reports, .. } =
        if first.learnt.total > 0.0 { Page::read(&text, &rules, Words(lexicon, &learnt)) } else { first };
    for (span, rule) in reports {
        state.report(span, rule);
    }
    // The repaired stretches are Simplified already; all the rest is made so here.
    let converted = script::convert(&text, &edits, lexicon);
    edits.extend(converted);
    edits.sort_by_key(|e| e.span);
    state.apply(edits);
    state.note_whole("script");
}

/// What says that a text was rewritten, at least: readings, a split reading (`?zèng)`, which
/// nobody writes) counting twice, and the characters that have them. A lesson on pronunciation
/// has a few too, so the shares below must hold as well.
const FEWEST: usize = 4;
const FEWEST_CHARACTERS: usize = 2;
const MANY: usize = 6;

/// The rules of the program that rewrote the text, or `None` for any other text.
///
/// In the pages seen, half of the Traditional characters were annotated, a character of the
/// program's list always and any other never, and every listed character lies outside GB 2312
/// and is in common use: the list was made for Traditional text. A reader for children annotates
/// all characters, a lesson a few that stand bare elsewhere, a news item a rare name.
fn evidence(text: &str) -> Option<Rules> {
    if count_readings(text) < FEWEST / 2 + 1 {
        return None;
    }
    let table = table();
    let (mut han, mut traditional, mut annotated, mut others) = (0usize, 0usize, 0usize, 0usize);
    let mut listed: HashMap<char, (&str, usize)> = HashMap::new();
    let mut bare: HashMap<char, usize> = HashMap::new();
    let mut order = Vec::new();
    let mut lost = 0usize;
    for line in text.lines() {
        for item in items(line) {
            lost += usize::from(item.kind == Kind::Lost);
            let Kind::Wide(code) = item.kind else { continue };
            let c = item.first(line);
            if !('\u{4E00}'..='\u{9FFF}').contains(&c) {
                continue;
            }
            han += 1;
            let is_traditional = table.is_traditional(c);
            traditional += usize::from(is_traditional);
            match item.mark {
                Some(mark) if is_traditional && table.reads(c, mark) && is_common(c) => {
                    annotated += 1;
                    listed.entry(c).or_insert_with(|| {
                        order.push((code, mark));
                        (mark, 0)
                    });
                    listed.entry(c).and_modify(|e| e.1 += 1);
                }
                Some(_) => others += 1,
                None if is_traditional => *bare.entry(c).or_default() += 1,
                None => {}
            }
        }
    }
    let bare: usize = listed.keys().filter_map(|c| bare.get(c)).sum();
    let enough =
        annotated >= FEWEST_CHARACTERS && annotated + 2 * lost >= FEWEST && listed.len() >= FEWEST_CHARACTERS;
    // So many characters of a list, none ever bare and nothing else annotated, are a program's work
    // however rare they are in the text.
    let many = listed.len() >= MANY && bare == 0 && others == 0;
    let shares = (annotated * 20 >= traditional || many) && traditional * 10 >= han;
    let always = bare * 10 <= annotated && others * 10 <= annotated;
    (enough && shares && always).then(|| {
        let mut rules = Rules::default();
        for (code, reading) in order {
            rules.add(code, reading);
        }
        rules
    })
}

/// Whether the Simplified form is of GB 2312's first level, the common characters.
fn is_common(c: char) -> bool {
    matches!(gbk::encode(table().simplified(c)), Some([0xB0..=0xD7, 0xA1..=0xFE]))
}

/// How often `(`, letters and `)` follow one another, counted cheaply: most texts have none.
fn count_readings(text: &str) -> usize {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b')', bytes)
        .filter(|&end| {
            let start = end.saturating_sub(8);
            let word = bytes[start..end].iter().rev();
            let letters = word.take_while(|b| b.is_ascii_lowercase() || **b >= 0x80).count();
            letters > 0 && letters < end - start && matches!(bytes[end - letters - 1], b'(' | b'?')
        })
        .take(FEWEST)
        .count()
}

/// A page while it is being repaired, line by line.
struct Page<'l> {
    blind: Cell<usize>,
    budget: Cell<u64>,
    words: Words<'l>,
    /// What the repaired stretches say, by the confidence in each.
    learnt: Pairs,
    edits: Vec<Edit>,
    reports: Vec<(Span, &'static str)>,
    /// How many `?` before a cut were searched, and how many of them hid a lost byte.
    tried: usize,
    solved: usize,
}

/// A search of a `?` costs a millisecond. A page full of them that hide nothing (`?,?,?,`) is
/// no longer searched after so many.
const IN_VAIN: usize = 64;

/// How many characters may be tried for lost bytes on a page: several times what the pages need that
/// were measured, and little enough that no page takes long.
const TRIALS: u64 = 100_000;
const TRIALS_A_BYTE: u64 = 1;

/// From here on a repair says something of the rest of the page.
const CONFIDENT: f32 = 0.9;

/// The digit that must have stood before `rest`: a year has four, and no month or hour has two
/// of which the first is another.
fn digit_before(rest: &str) -> Option<(char, f32)> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let first = rest.bytes().next()?;
    let unit = rest[digits..].chars().next()?;
    match (digits, unit) {
        (3, '年') if first == b'0' => Some(('2', 0.98)),
        (3, '年') if matches!(first, b'7'..=b'9') => Some(('1', 0.98)),
        (1, '月') if matches!(first, b'0'..=b'2') => Some(('1', 0.95)),
        (1, '时' | '時' | '点' | '點') if matches!(first, b'5'..=b'9') => Some(('1', 0.9)),
        _ => None,
    }
}

/// How many repaired characters before a lost byte help to decide.
const CONTEXT: usize = 4;

impl<'l> Page<'l> {
    /// Repairs a page.
    fn read(text: &str, rules: &Rules, words: Words<'l>) -> Page<'l> {
        let blind = Cell::new(4 + text.chars().filter(|&c| is_han(c)).count() / 300);
        let (edits, reports, learnt) = (Vec::new(), Vec::new(), Pairs::default());
        let budget = Cell::new(TRIALS + TRIALS_A_BYTE * text.len() as u64);
        let mut page = Page { blind, budget, words, learnt, edits, reports, tried: 0, solved: 0 };
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            page.line(line.trim_end_matches('\n'), at, rules);
            at += line.len();
        }
        page
    }

    /// Repairs one line, which starts at byte `at` of the page.
    fn line(&mut self, line: &str, at: usize, rules: &Rules) {
        let items = items(line);
        let (blind, budget) = (std::mem::take(&mut self.blind), std::mem::take(&mut self.budget));
        let search = Search { line, items: &items, rules, words: self.words, blind: &blind, budget: &budget };
        let shift = |span: Span| Span::new(span.start() + at, span.end() + at);
        let mut context: Vec<char> = Vec::new();
        let mut byte: Option<u8> = None;
        let mut read = false;
        let mut open = Open::default();
        let mut i = 0;
        while let Some(item) = items.get(i) {
            let lost = matches!(item.kind, Kind::Lost | Kind::Question);
            let recent = &context[context.len().saturating_sub(CONTEXT)..];
            let before = Before { byte, read, text: recent, open };
            let question = item.kind == Kind::Question;
            let hopeless = question && self.tried > IN_VAIN + 8 * self.solved;
            let found = if lost && !hopeless { search.solve(i, before) } else { None };
            if question && search.may_begin(i) {
                self.tried += 1;
                self.solved += usize::from(found.is_some());
            }
            if let Some(found) = found {
                let simple = script::simplify(&found.text, self.words.0);
                self.learn(context.last().copied(), &simple, items.get(found.end), line, found.confidence);
                context.extend(simple.chars());
                simple.chars().for_each(|c| open.pass(c));
                let last = &items[found.end - 1];
                let end = if found.eaten { last.span.start() } else { last.span.end() };
                let span = Span::new(item.span.start(), end);
                self.edits.push(Edit {
                    span: shift(span),
                    with: simple,
                    note: Some(Note {
                        rule: "split-character",
                        kind: RepairKind::Repaired,
                        confidence: found.confidence,
                    }),
                });
                if found.eaten {
                    self.eaten(line, last.span, &shift);
                    context.clear();
                }
                read = found.read;
                byte = Some(found.last_byte).filter(|&b| b >= 0x80);
                i = found.end;
                continue;
            }
            self.single(line, item, byte, &shift);
            byte = item.last_byte();
            read = item.mark.is_some();
            let c = item.first(line);
            open.pass(c);
            match item.kind {
                Kind::Wide(_) | Kind::Narrow(_) => context.push(table().simplified(c)),
                Kind::Cut(code) => context.extend(forward::cut_mark(code)),
                _ => context.clear(),
            }
            i += 1;
        }
        if line.trim() == "?" {
            self.reports.push((shift(Span::new(0, line.len())), "lost-byte"));
        }
        (self.blind, self.budget) = (blind, budget);
    }

    /// Takes what a repaired stretch says, with the characters beside it.
    fn learn(
        &mut self,
        before: Option<char>,
        found: &str,
        next: Option<&Item<'_>>,
        line: &str,
        confidence: f32,
    ) {
        if confidence < CONFIDENT {
            return;
        }
        let next =
            next.filter(|n| matches!(n.kind, Kind::Wide(_))).map(|n| table().simplified(n.first(line)));
        let mut last = before.filter(|&c| is_han(c));
        for c in found.chars().chain(next) {
            if is_han(c) {
                self.learnt.count(last, c, confidence);
            }
            last = is_han(c).then_some(c);
        }
    }

    /// A `?` that stands for a lost byte and for the character that it ate, most often a digit.
    fn eaten(&mut self, line: &str, at: Span, shift: &dyn Fn(Span) -> Span) {
        match digit_before(&line[at.end()..]) {
            Some((digit, confidence)) => self.edits.push(Edit {
                span: shift(at),
                with: digit.to_string(),
                note: Some(Note { rule: "lost-digit", kind: RepairKind::Restored, confidence }),
            }),
            None => self.reports.push((shift(at), "lost-digit")),
        }
    }

    /// An item outside any repaired stretch.
    fn single(&mut self, line: &str, item: &Item<'_>, before: Option<u8>, shift: &dyn Fn(Span) -> Span) {
        match (item.kind, item.mark, item.mark_span()) {
            (Kind::Lost, ..) => {
                self.reports.push((shift(item.span), "split-character"));
            }
            (Kind::Wide(_), ..) if is_private(item.first(line)) => {
                self.reports.push((shift(item.span), "split-character"));
            }
            (Kind::Wide(_), Some(mark), Some(span)) if table().reads(item.first(line), mark) => {
                self.edits.push(Edit { span: shift(span), with: String::new(), note: Some(PINYIN) });
            }
            // `,F(xiàn)ACE`: the comma's last byte and the F were taken for 現.
            (Kind::Narrow(b), Some(mark), Some(span))
                if before.and_then(|a| gbk::decode(a, b)).is_some_and(|c| table().reads(c, mark)) =>
            {
                self.edits.push(Edit { span: shift(span), with: String::new(), note: Some(PINYIN) });
            }
            (Kind::Narrow(b), Some(_), _) if gbk::is_trail(b) => {
                self.reports.push((shift(item.span), "split-character"));
            }
            _ => {}
        }
    }
}

/// The pairs of characters that stand side by side in lines without a lost byte, Simplified.
fn seen_pairs(text: &str) -> Pairs {
    let mut pairs = Pairs::default();
    for clause in text.split(['?', '\n', ',', ';', '，', '。', '、']) {
        let mut last = None;
        let mut chars = clause.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '(' {
                // Readings stand between characters, not for them.
                while chars.next_if(|&c| c.is_alphabetic() && !is_han(c)).is_some() {}
                chars.next_if_eq(&')');
                continue;
            }
            let simple = table().simplified(c);
            if is_han(c) {
                pairs.count(last, simple, 1.0);
            }
            last = is_han(c).then_some(simple);
        }
    }
    pairs
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// The usual Simplified form of a character, as pages are converted back.
pub fn simplified(c: char) -> char {
    table().simplified(c)
}

fn is_private(c: char) -> bool {
    ('\u{E000}'..='\u{F8FF}').contains(&c)
}

#[cfg(test)]
mod tests;
