//! Questions and answers: the library's public face.
//!
//! [`Engine`] opens an index and answers; requests and responses are owned plain data. What a
//! request matches is decided in one place (`find`), on the text, so that every command counts
//! the same.

mod about;
mod as_of;
mod best;
mod cleaned;
mod cross;
mod engine;
mod facets;
mod filter;
mod find;
mod hits;
mod kwic;
mod page;
mod parallel;
mod rank;
mod request;
mod response;
mod verify;

pub use crate::index::{IndexOptions, IndexReport, Progress, Quality, Record, exists, update};
pub use crate::place::YEARS as PLACE_YEARS;
pub use about::{Check, Explanation, KeywordExplanation, Stats};
pub use cleaned::clean_bytes;
pub use cross::{Cells, Cross, is_time, without_gaps};
pub use engine::Engine;
pub use kwic::Sort as KwicOrder;
pub use request::{Filters, Level, Mode, Order, SearchRequest, YearFilter, ZoneFilter, parse_dates};
pub use response::*;
