//! Pages rewritten on their GBK bytes: Traditional characters, injected pinyin, split characters
//! (`快速?zèng)Q策` for 快速决策, `進行?,F(xiàn)場觀摩後` for 进行。现场观摩后).
//!
//! What the program did is known ([`forward`]), so what it did is undone by search, and a repair
//! is believed only when the forward model gives back what stands in the file.

pub mod forward;
mod gbk;
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
    let pairs = pairs(&text);
    let blind = Cell::new(4 + text.chars().filter(|&c| is_han(c)).count() / 300);
    let mut page = Page {
        blind: &blind,
        words: Words(lexicon, &pairs),
        edits: Vec::new(),
        reports: Vec::new(),
        tried: 0,
        solved: 0,
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        page.line(line.trim_end_matches('\n'), at, &rules);
        at += line.len();
    }
    let Page { mut edits, reports, .. } = page;
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
    let shares = annotated * 20 >= traditional && traditional * 10 >= han;
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
    blind: &'l Cell<usize>,
    words: Words<'l>,
    edits: Vec<Edit>,
    reports: Vec<(Span, &'static str)>,
    /// How many `?` before a cut were searched, and how many of them hid a lost byte.
    tried: usize,
    solved: usize,
}

/// A search of a `?` costs a millisecond. A page full of them that hide nothing (`?,?,?,`) is
/// no longer searched after so many.
const IN_VAIN: usize = 64;

/// How many repaired characters before a lost byte help to decide.
const CONTEXT: usize = 4;

impl Page<'_> {
    /// Repairs one line, which starts at byte `at` of the page.
    fn line(&mut self, line: &str, at: usize, rules: &Rules) {
        let items = items(line);
        let search = Search { line, items: &items, rules, words: self.words, blind: self.blind };
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
                context.extend(simple.chars());
                simple.chars().for_each(|c| open.pass(c));
                let span = Span::new(item.span.start(), items[found.end - 1].span.end());
                self.edits.push(Edit {
                    span: shift(span),
                    with: simple,
                    note: Some(Note {
                        rule: "split-character",
                        kind: RepairKind::Repaired,
                        confidence: found.confidence,
                    }),
                });
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
fn pairs(text: &str) -> Pairs {
    let mut pairs = Pairs::new();
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
            if let Some(last) = last.filter(|_| is_han(c)) {
                *pairs.entry([last, simple]).or_default() += 1;
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
