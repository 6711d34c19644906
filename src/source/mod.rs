//! From files to articles: the only room that touches input files.

mod convert;
mod decode;
mod detect;
mod frequent;

pub use decode::{Decoded, NotText, decode, decode_html};
