//! The working state of cleaning: one text, the map back to the decoded text, the repairs.

use crate::article::{Repair, RepairKind, Zone};
use crate::text::{OffsetMap, Rewriter, Span};
use std::borrow::Cow;

/// A change of the present text that a step wants.
#[derive(Debug, Clone)]
pub(super) struct Edit {
    /// In the present text, in order, not overlapping.
    pub span: Span,
    pub with: String,
    /// What to report of it; `None` where one entry for the whole text stands for all.
    pub note: Option<Note>,
}

/// What a [`Repair`] says beside its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note {
    pub rule: &'static str,
    pub kind: RepairKind,
    pub confidence: f32,
}

/// What the steps hand on to one another.
#[derive(Debug)]
pub(super) struct State<'a> {
    decoded: &'a str,
    /// The present text.
    pub text: Cow<'a, str>,
    /// From the present text to the decoded one.
    pub map: OffsetMap,
    /// With spans in the decoded text, in no order yet.
    pub repairs: Vec<Repair>,
    /// Stretches of the decoded text whose zone the markup says.
    pub marked_zones: Vec<(Span, Zone)>,
}

impl<'a> State<'a> {
    pub fn new(decoded: &'a str) -> Self {
        State {
            decoded,
            text: Cow::Borrowed(decoded),
            map: OffsetMap::identity(),
            repairs: Vec::new(),
            marked_zones: Vec::new(),
        }
    }

    /// Makes the edits, and notes a repair for each that has a note.
    pub fn apply(&mut self, edits: Vec<Edit>) {
        if edits.is_empty() {
            return;
        }
        let (text, map) = Rewriter::apply(&self.text, edits.iter().map(|e| (e.span, e.with.as_str())));
        for edit in edits {
            if let Some(note) = edit.note {
                self.note(edit.span, edit.with, note);
            }
        }
        self.replace(text, &map);
    }

    /// Puts a rewritten text in the place of the present one.
    pub fn replace(&mut self, text: String, map: &OffsetMap) {
        self.map = map.then(&self.map);
        self.text = Cow::Owned(text);
    }

    /// Notes that `span` of the present text is, or will be, replaced by `after`.
    pub fn note(&mut self, span: Span, after: String, note: Note) {
        let span = self.map.map(span);
        self.repairs.push(Repair {
            span,
            rule: note.rule.to_owned(),
            kind: note.kind,
            before: self.decoded.get(span.range()).unwrap_or_default().to_owned(),
            after,
            confidence: note.confidence,
        });
    }

    /// Reports what is wrong at `span` of the present text and stays as it stands.
    pub fn report(&mut self, span: Span, rule: &'static str) {
        let stands = self.text.get(span.range()).unwrap_or_default().to_owned();
        self.note(span, stands, Note { rule, kind: RepairKind::Reported, confidence: 0.0 });
    }

    /// One entry for a change that runs through the whole text and keeps the characters.
    pub fn note_whole(&mut self, rule: &'static str) {
        self.repairs.push(Repair {
            span: Span::new(0, self.decoded.len()),
            rule: rule.to_owned(),
            kind: RepairKind::Script,
            before: String::new(),
            after: String::new(),
            confidence: 1.0,
        });
    }
}
