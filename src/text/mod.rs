//! Text and positions in text: the row that knows nothing but `std`.
//!
//! [`Rewriter`] is the only way to change a text, and it yields the new text and its
//! [`OffsetMap`] together, so that a position in any later text leads back to the bytes it
//! came from. [`fold`] says which characters are the same to a searcher.

pub mod fold;
mod lexicon;
mod offset;
mod rewrite;
mod span;

pub use lexicon::Lexicon;
pub use offset::{MapBuilder, OffsetMap};
pub use rewrite::Rewriter;
pub use span::Span;
