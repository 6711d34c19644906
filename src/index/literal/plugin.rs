//! The literal layer as a part of tantivy's segments.

use super::build::Builder;
use super::document::Document;
use super::format::{EXTENSION, FIELD_TYPE, decode_payload};
use super::gather::{Gatherer, merge};
use super::postings::{Posting, Postings};
use super::read::LiteralReader;
use super::{Gram, build};
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

fn sorted() -> TantivyError {
    TantivyError::InvalidArgument("the literal layer can't follow a sorted index".into())
}

impl SegmentPlugin for LiteralPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(&self, ctx: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        let field = literal_field(&ctx.segment.schema())
            .ok_or_else(|| TantivyError::SchemaError("the literal layer's field is missing".into()))?;
        Ok(Box::new(LiteralWriter { field, ends: Vec::new(), bytes: Vec::new(), grams: Gatherer::default() }))
    }

    fn merge(&self, ctx: PluginMergeContext) -> tantivy::Result<()> {
        if ctx.doc_id_mapping.mapping_type() == MappingType::Shuffled {
            return Err(sorted());
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
                builder.document(literal.body_units(document), literal.raw(document)?)?;
            }
        }
        let mut builder = builder.postings()?;
        let grams = sources.iter().map(|(literal, numbers)| Source {
            grams: literal.all_grams(),
            list: None,
            numbers,
        });
        merge(grams.collect(), |source, list| source.postings(list), |gram, list| builder.gram(gram, list))?;
        builder.finish()?.terminate()?;
        Ok(())
    }
}

/// A segment that is merged with others.
struct Source<'a, I> {
    grams: I,
    list: Option<Postings<'a>>,
    /// The new document numbers.
    numbers: &'a [u32],
}

impl<'a, I: Iterator<Item = (Gram, Postings<'a>)>> Iterator for Source<'a, I> {
    type Item = Gram;

    fn next(&mut self) -> Option<Gram> {
        let (gram, list) = self.grams.next()?;
        self.list = Some(list);
        Some(gram)
    }
}

impl<I> Source<'_, I> {
    /// Appends the living documents of the gram at which it stands.
    fn postings(&mut self, list: &mut Vec<Posting>) {
        let numbers = self.numbers;
        let renumbered = self.list.take().into_iter().flatten().filter_map(|posting| {
            let document = *numbers.get(posting.document as usize)?;
            (document != u32::MAX).then_some(Posting { document, ..posting })
        });
        list.extend(renumbered);
    }
}

/// Gathers a new segment's documents and grams.
struct LiteralWriter {
    field: Field,
    /// Of each document: where its bytes end, and the units of its title and body.
    ends: Vec<(usize, u32)>,
    bytes: Vec<u8>,
    grams: Gatherer,
}

impl PluginWriter for LiteralWriter {
    fn add_document(&mut self, doc: DocId, document: &dyn ErasedDocument, _: &Schema) -> tantivy::Result<()> {
        let document = document.as_any().downcast_ref::<TantivyDocument>();
        let value = document.and_then(|document| document.get_first(self.field));
        let payload = value.as_ref().and_then(|value| value.as_custom()).unwrap_or_default();
        let missing = || TantivyError::InvalidArgument("a document without its literal layer".into());
        let (changed, bytes, pieces) = decode_payload(payload).ok_or_else(missing)?;
        let document = Document::parse(bytes).ok_or_else(missing)?;
        self.grams.add(doc, changed, &document, pieces);
        self.bytes.extend(bytes);
        self.ends.push((self.bytes.len(), document.body_end() as u32));
        Ok(())
    }

    fn serialize(
        mut self: Box<Self>,
        segment: &Segment,
        mapping: Option<&DocIdMapping>,
    ) -> tantivy::Result<()> {
        if mapping.is_some() {
            return Err(sorted());
        }
        let mut builder = Builder::new(segment.open_write(component())?);
        let mut start = 0;
        for &(end, body_units) in &self.ends {
            builder.document(body_units, &self.bytes[start..end])?;
            start = end;
        }
        self.bytes = Vec::new();
        let mut builder: build::PostingsBuilder<_> = builder.postings()?;
        self.grams.finish(|gram, list| builder.gram(gram, list))?;
        builder.finish()?.terminate()?;
        Ok(())
    }

    fn mem_usage(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<(usize, u32)>() + self.grams.memory()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
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
