//! A page as the rules of dating see it.

use super::forms::{Day, Form, Found, find};
use crate::article::{Clean, Dating, Evidence, Given, Zone};
use crate::text::Span;

/// A paragraph that may say when the article was published, with the dates in it.
#[derive(Debug)]
pub struct Line<'a> {
    pub text: &'a str,
    /// Where it begins in the clean text.
    pub start: usize,
    pub zone: Zone,
    pub dates: Vec<Found>,
    /// How many characters it has.
    pub chars: usize,
}

/// The paragraphs of a page but for other people's posts and advertisements, whose dates are
/// their own.
#[derive(Debug)]
pub struct Page<'a> {
    pub lines: Vec<Line<'a>>,
    pub given: &'a Given,
    /// What its `<meta>` elements declare.
    pub declared: Option<&'a str>,
}

impl<'a> Page<'a> {
    pub fn new(clean: &'a Clean, given: &'a Given) -> Page<'a> {
        let counts = |z: Zone| !matches!(z, Zone::Unrelated | Zone::Advertisement | Zone::Caption);
        let lines = clean.blocks.iter().filter(|b| counts(b.zone)).map(|b| {
            let text = clean.block_text(b);
            let dates = find(text);
            Line { text, start: b.span.start(), zone: b.zone, dates, chars: text.chars().count() }
        });
        Page { lines: lines.collect(), given, declared: clean.declared.as_deref() }
    }

    /// The body's lines, in order.
    pub fn body(&self) -> impl DoubleEndedIterator<Item = &Line<'a>> {
        self.lines.iter().filter(|l| l.zone == Zone::Body)
    }

    /// The lines of title and body.
    pub fn article(&self) -> impl DoubleEndedIterator<Item = &Line<'a>> {
        self.lines.iter().filter(|l| l.zone.is_body())
    }
}

impl Line<'_> {
    /// The text before a date, and the text after it.
    pub fn around(&self, found: &Found) -> (&str, &str) {
        (&self.text[..found.span.start()], &self.text[found.span.end()..])
    }

    /// A dating by a date of this line. `None` without a year.
    pub fn dating(&self, found: &Found, rule: &str, confidence: f32) -> Option<Dating> {
        let span = Span::new(self.start + found.span.start(), self.start + found.span.end());
        dating(found.day, rule, &self.text[found.span.range()], Some(span), confidence)
    }

    /// Dates of a year, month and day that are no end of a stretch of time.
    pub fn whole_dates(&self) -> impl Iterator<Item = &Found> {
        self.dates
            .iter()
            .filter(|f| f.day.is_whole() && !f.range && matches!(f.form, Form::Han | Form::Marked))
    }
}

/// A dating with its reason. `None` without a year.
pub fn dating(day: Day, rule: &str, words: &str, span: Option<Span>, confidence: f32) -> Option<Dating> {
    let evidence = Evidence { rule: rule.into(), words: words.into(), span, confidence };
    Some(Dating { year: day.year?, month: day.month, day: day.day, evidence })
}
