//! What a word list must answer for the rooms that may not know where it comes from.

/// A word list with frequencies.
pub trait Lexicon: Sync {
    /// How often `word` (Simplified) was seen in the list's corpus; `None` if it is no word.
    fn frequency(&self, word: &str) -> Option<u64>;
}

/// A list without words, for texts that need none.
impl Lexicon for () {
    fn frequency(&self, _word: &str) -> Option<u64> {
        None
    }
}
