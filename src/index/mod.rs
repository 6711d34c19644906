//! The index on disk: what is in it, how it is made, and what it refuses.
//!
//! ```text
//! index/manifest.json   how the text was analysed, and which data folder counts
//! index/data-1/         a tantivy index, one document an article, with the literal layer's files
//! index/data-1/places.json  places that a user added, if any
//! index/data-1/files-*  which source files the last commit covers
//! index/lock            held while writing
//! ```

pub mod literal;

mod directory;
mod files;
mod ingest;
mod losses;
mod manifest;
mod open;
mod places;
mod quality;
mod record;
mod schema;
mod writer;

pub use files::{FileEntry, FileList};
pub use ingest::{IndexOptions, IndexReport, Progress, update};
pub use manifest::Manifest;
pub use open::{OpenIndex, check_files, exists, size_on_disk, unreadable};
pub use quality::{MARKS, Quality};
pub use record::Record;
pub use schema::{Fields, META_SEPARATOR, PlaceValue};
