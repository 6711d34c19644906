//! Full-text search for collections of Chinese news and web articles.
//!
//! The tree is the pipeline; `ARCHITECTURE.md` has the map. Rooms know only the rooms above
//! them in this list.

pub mod error;
pub mod text;

pub mod article;

pub mod clean;
pub mod date;
pub mod outlet;
pub mod passage;
pub mod place;
pub mod source;

pub mod analysis;

pub mod index;

pub mod query;

pub mod search;

pub use error::{Error, Result};
