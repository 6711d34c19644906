//! A half-open range of bytes.

use serde::{Deserialize, Serialize};

/// A half-open range `start..end` of **bytes** in one text. Never reversed.
///
/// Which text is meant (raw bytes, decoded text, clean text) is said where a span is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The range `start..end`; a reversed range becomes the empty range at `start`.
    ///
    /// Texts are bounded at 4 GiB when they are read, so positions fit 32 bits.
    pub fn new(start: usize, end: usize) -> Self {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Span { start, end: end.max(start) }
    }

    /// First byte of the range.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The byte after the range.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the range holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The range as `std` writes it, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start()..self.end()
    }

    /// Whether the two ranges share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_reversed() {
        assert_eq!(Span::new(5, 3), Span::new(5, 5));
        assert!(Span::new(5, 3).is_empty());
    }

    #[test]
    fn touching_is_not_overlapping() {
        assert!(!Span::new(0, 3).overlaps(Span::new(3, 6)));
        assert!(Span::new(0, 4).overlaps(Span::new(3, 6)));
        assert!(Span::new(0, 6).contains(Span::new(3, 6)));
    }
}
