//! The fields of a document.

use super::literal::encode_payload;
use super::quality::Quality;
use super::record::Record;
use crate::analysis::Analyzed;
use crate::error::{Error, Result};
use tantivy::TantivyDocument;
use tantivy::schema::*;

/// Raised when a field changes its meaning; an index of another version is refused.
pub const SCHEMA_VERSION: u32 = 8;

/// Between key and value in a metadata facet.
pub const META_SEPARATOR: char = '\u{1}';

/// A place of an article as its facet column has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceValue<'a> {
    pub path: &'a str,
    /// About it, not merely naming it.
    pub about: bool,
    /// In hundredths.
    pub confidence: u8,
    /// The words that name it.
    pub named: &'a str,
}

impl<'a> PlaceValue<'a> {
    fn encode(self) -> String {
        let about = if self.about { 'a' } else { 'm' };
        let s = META_SEPARATOR;
        format!("{}{s}{about}{s}{}{s}{}", self.path, self.confidence, self.named)
    }

    /// From the column.
    pub fn decode(text: &'a str) -> Option<PlaceValue<'a>> {
        let mut parts = text.split(META_SEPARATOR);
        let (path, about, confidence) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
        Some(PlaceValue { path, about: about == "a", confidence, named: parts.next().unwrap_or("") })
    }
}

/// A confidence in hundredths.
fn hundredths(confidence: f32) -> u8 {
    (confidence.clamp(0.0, 1.0) * 100.0).round() as u8
}

/// The fields, by their meaning.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// The record's own id, where it has one.
    pub id: Field,
    /// The file, as given on the command line.
    pub path: Field,
    /// Its place in a file of many records.
    pub number: Field,
    /// Path and id of an article from standard input, to replace it by.
    pub key: Field,
    /// What it is about, as a path of names.
    pub district: Field,
    /// All places, about and mentioned: [`PlaceValue`].
    pub place: Field,
    pub year: Field,
    /// Of the date, in hundredths.
    pub dated: Field,
    /// The years that the text speaks of.
    pub told: Field,
    /// First and last possible day, as the number 20240315.
    pub from: Field,
    pub to: Field,
    pub source: Field,
    /// `key` [`META_SEPARATOR`] `value`
    pub meta: Field,
    /// What is known of the text's quality, as in `meta`.
    pub quality: Field,
    /// [`Record`], the article itself.
    pub record: Field,
    /// The literal layer's.
    pub literal: Field,
}

impl Fields {
    /// The schema of a new index.
    pub fn schema() -> Schema {
        let mut builder = Schema::builder();
        let raw = TextFieldIndexing::default().set_tokenizer("raw").set_fieldnorms(false);
        let name =
            TextOptions::default().set_indexing_options(raw.set_index_option(IndexRecordOption::Basic));
        let fast = TextOptions::default().set_fast("raw");
        builder.add_text_field("id", name.clone().set_fast("raw"));
        builder.add_text_field("path", name.clone().set_fast("raw"));
        builder.add_text_field("key", name);
        builder.add_facet_field("district", FacetOptions::default());
        for number in ["year", "dated", "told", "from", "to", "number"] {
            builder.add_i64_field(number, NumericOptions::default().set_fast());
        }
        builder.add_text_field("place", fast.clone());
        builder.add_text_field("source", fast.clone());
        builder.add_text_field("meta", fast.clone());
        builder.add_text_field("quality", fast);
        builder.add_bytes_field("record", STORED);
        builder.add_custom_field(
            "literal",
            super::literal::FIELD_TYPE,
            serde_json::json!({ "version": super::literal::FORMAT_VERSION }),
        );
        builder.build()
    }

    /// Finds the fields of an opened index.
    ///
    /// # Errors
    /// When one is missing: the index was made by another program version.
    pub fn of(schema: &Schema) -> Result<Fields> {
        let field = |name: &str| {
            schema.get_field(name).map_err(|_| {
                Error::Index(format!("the index has no field `{name}`: it was made by another version"))
            })
        };
        Ok(Fields {
            id: field("id")?,
            path: field("path")?,
            number: field("number")?,
            key: field("key")?,
            district: field("district")?,
            place: field("place")?,
            year: field("year")?,
            dated: field("dated")?,
            told: field("told")?,
            from: field("from")?,
            to: field("to")?,
            source: field("source")?,
            meta: field("meta")?,
            quality: field("quality")?,
            record: field("record")?,
            literal: field("literal")?,
        })
    }

    /// An article as a document.
    pub fn document(&self, record: &mut Record, analyzed: &Analyzed) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        if let Some(id) = &record.id {
            document.add_text(self.id, id);
        }
        document.add_text(self.path, &record.path);
        document.add_i64(self.number, record.record.map_or(0, |n| n as i64));
        if let Some(key) = record.key() {
            document.add_text(self.key, key);
        }
        for path in record.districts() {
            document.add_facet(self.district, Facet::from_path(path.split('/')));
        }
        for place in &record.facets.places {
            let evidence = &place.evidence;
            let last = place.path.rsplit('/').next().unwrap_or("");
            let value = PlaceValue {
                path: &place.path,
                about: place.about,
                confidence: hundredths(evidence.confidence),
                // Only what may tell an older place from today's.
                named: if last.starts_with(evidence.words.as_str()) { "" } else { &evidence.words },
            };
            document.add_text(self.place, value.encode());
        }
        for told in &record.facets.years {
            document.add_i64(self.told, told.year.into());
        }
        if let Some(dating) = &record.facets.dating {
            document.add_i64(self.dated, hundredths(dating.evidence.confidence).into());
            document.add_i64(self.year, dating.year as i64);
            let (from, to) = dating.day_range();
            document.add_i64(self.from, from);
            document.add_i64(self.to, to);
        }
        if let Some(source) = record.source() {
            document.add_text(self.source, source);
        }
        for (key, value) in &record.extra {
            document.add_text(self.meta, format!("{key}{META_SEPARATOR}{value}"));
        }
        for value in Quality::of(record).values() {
            document.add_text(self.quality, value);
        }
        document.add_bytes(self.record, &record.encode(&analyzed.units));
        document.add_custom(self.literal, &encode_payload(analyzed, record.decoded.is_some()));
        document
    }
}
