//! The literal layer as a part of tantivy's segments.

use super::build::Builder;
use super::document::Document;
use super::format::{EXTENSION, FIELD_TYPE, decode_payload};
use super::gather::Gatherer;
use super::postings::{Posting, Postings};
use super::read::LiteralReader;
use super::run::merge;
use super::{Gram, build};
use std::any::Any;
use std::io;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tantivy::directory::TerminatingWrite;
use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::{DocIdMapping, MappingType};
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::schema::document::ErasedDocument;
use tantivy::schema::{Field, FieldType, Schema, Value};
use tantivy::{DocId, Segment, TantivyDocument, TantivyError};

/// Writes and merges the literal layer's file of each segment.
#[derive(Debug, Clone, Default)]
pub struct LiteralPlugin {
    backlog: Arc<Backlog>,
}

impl LiteralPlugin {
    /// Tells `backlog` of each document that it takes.
    pub fn fed_by(backlog: &Arc<Backlog>) -> Self {
        LiteralPlugin { backlog: backlog.clone() }
    }
}

/// The bytes of documents between those who make them and the thread that takes them.
///
/// tantivy's own queue counts documents, however long they are; this keeps memory bounded.
#[derive(Debug, Default)]
pub struct Backlog {
    bytes: Mutex<usize>,
    lowered: Condvar,
}

/// Bytes under way at which no more are added.
const UNDER_WAY: usize = 32 << 20;

/// How long to wait for room. Long enough for others to work; not for ever, since a thread that
/// has failed takes nothing more, and who adds to it learns of that.
const PATIENCE: Duration = Duration::from_millis(100);

impl Backlog {
    /// Adds to it, when there is room.
    pub fn add(&self, bytes: usize) {
        let Ok(under_way) = self.bytes.lock() else { return };
        let full = |under_way: &mut usize| *under_way >= UNDER_WAY;
        if let Ok((mut under_way, _)) = self.lowered.wait_timeout_while(under_way, PATIENCE, full) {
            *under_way += bytes;
        }
    }

    fn take(&self, bytes: usize) {
        let Ok(mut under_way) = self.bytes.lock() else { return };
        let was_full = *under_way >= UNDER_WAY;
        *under_way = under_way.saturating_sub(bytes);
        if was_full && *under_way < UNDER_WAY {
            self.lowered.notify_all();
        }
    }
}

/// What a document counts in a [`Backlog`]. `field` is the literal layer's.
pub fn weight(document: &TantivyDocument, field: Field) -> usize {
    document.get_first(field).as_ref().and_then(|value| value.as_custom()).unwrap_or_default().len()
}

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
        Ok(Box::new(LiteralWriter {
            field,
            backlog: self.backlog.clone(),
            ends: Vec::new(),
            bytes: Vec::new(),
            grams: Gatherer::default(),
        }))
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
    backlog: Arc<Backlog>,
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
        self.backlog.take(payload.len());
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
