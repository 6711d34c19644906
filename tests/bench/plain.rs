//! What there is without us: tantivy with tantivy-jieba as shipped, on the same texts.

use std::path::Path;
use tantivy::schema::{IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexWriter, TantivyDocument};

/// Indexes titles and texts with positions, stores them, and waits for the merges.
pub fn build(texts: &[String], folder: &Path, threads: usize, memory: usize) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("jieba")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let body = schema.add_text_field("body", TextOptions::from(STORED).set_indexing_options(indexing));
    std::fs::create_dir_all(folder).expect("a folder");
    let index = Index::create_in_dir(folder, schema.build()).expect("an index");
    index.tokenizers().register("jieba", tantivy_jieba::JiebaTokenizer::new());
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, memory).expect("a writer");
    for text in texts {
        let mut document = TantivyDocument::new();
        document.add_text(body, text);
        writer.add_document(document).expect("added");
    }
    writer.commit().expect("committed");
    writer.wait_merging_threads().expect("merged");
}
