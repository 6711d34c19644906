//! The literal layer as a part of tantivy's segments.

use super::build::Builder;
use super::format::{EXTENSION, FIELD_TYPE, Row, decode_payload, units};
use super::read::LiteralReader;
use super::{CHANGED, Gram, grams};
use std::any::Any;
use std::io;
use tantivy::directory::TerminatingWrite;
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::{DocIdMapping, MappingType};
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, FieldType, Schema, Value};
use tantivy::{DocId, Segment, TantivyDocument, TantivyError};

/// Writes and merges the literal layer's file of each segment.
#[derive(Debug, Clone, Copy, Default)]
pub struct LiteralPlugin;

/// The custom field that carries [`super::encode_payload`]'s bytes to the plugin.
pub fn literal_field(schema: &Schema) -> Option<Field> {
    schema.fields().find_map(|(field, entry)| match entry.field_type() {
        FieldType::Custom(options) if options.type_name() == FIELD_TYPE => Some(field),
        _ => None,
    })
}

fn component() -> SegmentComponent {
    SegmentComponent::Custom(EXTENSION.to_owned())
}

impl SegmentPlugin for LiteralPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(&self, ctx: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        let field = literal_field(&ctx.segment.schema())
            .ok_or_else(|| TantivyError::SchemaError("the literal layer's field is missing".into()))?;
        Ok(Box::new(LiteralWriter {
            field,
            rows: Vec::new(),
            text: Vec::new(),
            pairs: Vec::new(),
            grams: Vec::new(),
        }))
    }

    fn merge(&self, ctx: PluginMergeContext) -> tantivy::Result<()> {
        if ctx.doc_id_mapping.mapping_type() == MappingType::Shuffled {
            return Err(TantivyError::InvalidArgument(
                "the literal layer can't follow a sorted index".into(),
            ));
        }
        let mut sources = Vec::with_capacity(ctx.readers.len());
        let mut next = 0;
        for reader in ctx.readers {
            let literal = LiteralReader::open(reader)?;
            // New document numbers: the living ones of each segment in turn.
            let mut numbers = vec![u32::MAX; reader.max_doc() as usize];
            for document in reader.doc_ids_alive() {
                numbers[document as usize] = next;
                next += 1;
            }
            sources.push((literal, numbers));
        }
        let mut builder = Builder::new(ctx.target_segment.open_write(component())?);
        for (literal, numbers) in &sources {
            for document in (0..literal.documents()).filter(|&d| numbers[d as usize] != u32::MAX) {
                let (row, bytes) = literal.raw(document)?;
                builder.document(row, bytes)?;
            }
        }
        let mut builder = builder.postings()?;
        let mut cursors: Vec<_> = sources.iter().map(|(literal, _)| literal.all_grams().peekable()).collect();
        while let Some(gram) = cursors.iter_mut().filter_map(|c| c.peek().map(|(gram, _)| *gram)).min() {
            let mut documents = Vec::new();
            for (cursor, (_, numbers)) in cursors.iter_mut().zip(&sources) {
                if let Some((_, list)) = cursor.next_if(|(g, _)| *g == gram) {
                    documents.extend(list.map(|d| numbers[d as usize]).filter(|&d| d != u32::MAX));
                }
            }
            builder.gram(gram, documents)?;
        }
        builder.finish()?.terminate()?;
        Ok(())
    }
}

/// Gathers a new segment's documents and (gram, document) pairs.
struct LiteralWriter {
    field: Field,
    rows: Vec<Row>,
    text: Vec<u8>,
    /// Gram in the high half, document in the low half.
    pairs: Vec<u64>,
    grams: Vec<Gram>,
}

impl PluginWriter for LiteralWriter {
    fn add_document(&mut self, doc: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let document = document.as_any().downcast_ref::<TantivyDocument>();
        let value = document.and_then(|document| document.get_first(self.field));
        let payload = value.as_ref().and_then(|value| value.as_custom()).unwrap_or_default();
        let (changed, row, bytes) = decode_payload(payload)
            .ok_or_else(|| TantivyError::InvalidArgument("a document without its literal layer".into()))?;
        self.rows.push(row);
        self.text.extend(bytes);
        let page: Vec<u16> = units(bytes, &row).collect();
        grams(&page, &mut self.grams);
        if changed {
            self.pairs.push((CHANGED as u64) << 32 | doc as u64);
        }
        self.pairs.extend(self.grams.iter().map(|&gram| (gram as u64) << 32 | doc as u64));
        Ok(())
    }

    fn serialize(
        mut self: Box<Self>,
        segment: &Segment,
        mapping: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        if mapping.is_some() {
            return Err(TantivyError::InvalidArgument(
                "the literal layer can't follow a sorted index".into(),
            ));
        }
        let mut builder = Builder::new(segment.open_write(component())?);
        let mut at = 0;
        for row in &self.rows {
            builder.document(*row, &self.text[at..at + row.len()])?;
            at += row.len();
        }
        sort_by_gram(&mut self.pairs);
        let mut builder = builder.postings()?;
        for list in self.pairs.chunk_by(|a, b| a >> 32 == b >> 32) {
            builder.gram((list[0] >> 32) as Gram, list.iter().map(|&p| p as u32))?;
        }
        builder.finish()?.terminate()?;
        Ok(())
    }

    fn mem_usage(&self) -> usize {
        // Sorting needs a second list of the pairs.
        self.text.capacity()
            + self.pairs.len() * 2 * size_of::<u64>()
            + self.rows.capacity() * size_of::<Row>()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// Sorts pairs whose documents already ascend by their grams: a radix sort in two stable passes
/// of 16 bits each, the low half first.
fn sort_by_gram(pairs: &mut Vec<u64>) {
    let mut other = vec![0; pairs.len()];
    for shift in [32, 48] {
        let mut starts = vec![0usize; 1 << 16];
        for pair in pairs.iter() {
            starts[(pair >> shift) as usize & 0xffff] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        for &pair in pairs.iter() {
            let start = &mut starts[(pair >> shift) as usize & 0xffff];
            other[*start] = pair;
            *start += 1;
        }
        std::mem::swap(pairs, &mut other);
    }
}

/// Keeps io errors of the reader apart from tantivy's.
pub fn corrupt(what: &str) -> TantivyError {
    TantivyError::DataCorruption(tantivy::error::DataCorruption::comment_only(format!(
        "the literal layer's file is damaged: {what}"
    )))
}

/// A damaged file, as an input/output error.
pub fn corrupt_io(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn radix_sort_sorts(mut pairs in prop::collection::vec((any::<u32>(), 0u32..5), 0..200)) {
            pairs.sort_by_key(|p| p.1);
            let mut sorted: Vec<u64> = pairs.iter().map(|p| (p.0 as u64) << 32 | p.1 as u64).collect();
            let mut expected = sorted.clone();
            expected.sort_unstable();
            sort_by_gram(&mut sorted);
            prop_assert_eq!(sorted, expected);
        }
    }
}
