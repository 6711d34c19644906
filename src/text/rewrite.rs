//! The only way to change a text.

use super::offset::MapBuilder;
use super::{OffsetMap, Span};

/// Walks over a text from left to right, keeping, replacing or dropping stretches of it, and
/// yields the new text together with the map back to the old one.
///
/// ```
/// use fangzhi::text::{Rewriter, Span};
/// let mut rw = Rewriter::new("濟(jì)南");
/// rw.keep_to(3);
/// rw.replace_to(8, "");
/// let (text, map) = rw.finish();
/// assert_eq!(text, "濟南");
/// assert_eq!(map.map(Span::new(0, 6)), Span::new(0, 11));
/// ```
#[derive(Debug)]
pub struct Rewriter<'a> {
    input: &'a str,
    at: usize,
    output: Option<String>,
    map: MapBuilder,
}

impl<'a> Rewriter<'a> {
    /// Starts at the beginning of `input`, with nothing written.
    pub fn new(input: &'a str) -> Self {
        Rewriter { input, at: 0, output: None, map: MapBuilder::default() }
    }

    /// How far the input has been consumed, in bytes.
    pub fn position(&self) -> usize {
        self.at
    }

    /// How much has been written, in bytes: where the next stretch will stand in the output.
    pub fn written(&self) -> usize {
        self.output.as_ref().map_or(self.at, String::len)
    }

    /// Keeps the input up to byte `to` as it stands. A position already passed is ignored.
    ///
    /// # Panics
    /// If `to` is no character boundary of the input.
    pub fn keep_to(&mut self, to: usize) {
        let to = to.min(self.input.len());
        if to <= self.at {
            return;
        }
        let kept = &self.input[self.at..to];
        if let Some(output) = &mut self.output {
            output.push_str(kept);
        }
        self.map.push_copy(kept.len() as u32, self.at as u32);
        self.at = to;
    }

    /// Puts `with` where the input from here to byte `to` stood, as one unit. `to` may be the
    /// present position (an insertion); `with` may be empty (a deletion).
    ///
    /// # Panics
    /// If `to` is no character boundary of the input.
    pub fn replace_to(&mut self, to: usize, with: &str) {
        let to = to.clamp(self.at, self.input.len());
        assert!(self.input.is_char_boundary(to), "byte {to} is no character boundary");
        let output = self.output.get_or_insert_with(|| self.input[..self.at].to_owned());
        output.push_str(with);
        self.map.push(with.len() as u32, self.at as u32, to as u32);
        self.at = to;
    }

    /// Keeps the rest and returns the new text with the map from it to the input.
    pub fn finish(mut self) -> (String, OffsetMap) {
        self.keep_to(self.input.len());
        match self.output {
            None => (self.input.to_owned(), OffsetMap::identity()),
            Some(output) => (output, self.map.finish()),
        }
    }

    /// Replaces each `(span, text)` of `edits`, which are in order and do not overlap; an edit
    /// that starts before the end of the one before it is left out.
    pub fn apply<'e>(
        input: &'a str,
        edits: impl IntoIterator<Item = (Span, &'e str)>,
    ) -> (String, OffsetMap) {
        let mut rw = Rewriter::new(input);
        for (span, with) in edits {
            if span.start() >= rw.position() {
                rw.keep_to(span.start());
                rw.replace_to(span.end(), with);
            }
        }
        rw.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_changed_is_the_identity() {
        let (text, map) = Rewriter::new("比亚迪").finish();
        assert_eq!(text, "比亚迪");
        assert!(map.is_identity());
    }

    #[test]
    fn replaced_stretches_are_one_unit() {
        let (text, map) = Rewriter::apply("日??己嗽u價", [(Span::new(3, 12), "常考核評")]);
        assert_eq!(text, "日常考核評價");
        assert_eq!(map.map(Span::new(3, 6)), Span::new(3, 12));
        assert_eq!(map.map(Span::new(0, 3)), Span::new(0, 3));
        assert_eq!(map.map(Span::new(15, 18)), Span::new(12, 15));
    }

    #[test]
    fn a_deletion_at_the_end_leaves_an_empty_map_with_text() {
        let (text, map) = Rewriter::apply("ab", [(Span::new(1, 2), "")]);
        assert_eq!(text, "a");
        assert_eq!(map.map(Span::new(0, 1)), Span::new(0, 1));
    }

    #[test]
    fn all_deleted() {
        let (text, map) = Rewriter::apply("ab", [(Span::new(0, 2), "")]);
        assert_eq!(text, "");
        assert_eq!(map.map(Span::new(0, 0)), Span::new(0, 0));
    }
}
