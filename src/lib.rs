//! Full-text search for collections of Chinese news and web articles.
//!
//! The tree is the pipeline; `ARCHITECTURE.md` has the map. Rooms know only the rooms above
//! them in this list.

pub mod error;
pub mod text;

pub mod article;
pub mod clean;

pub use error::{Error, Result};
