//! What the user asked for: text to tree.
//!
//! [`parse()`] reads a query, and the tree prints itself in a form that reads back as the same
//! tree. Today a query is keywords and phrases; everything else, operators of other programs
//! included, is literal text.

mod ast;
mod parse;

pub use ast::{Literal, Node, Query, Quotes};
pub use parse::{MAX_QUERY_CHARS, ParseError, parse};
