//! tantivy with tantivy-jieba as shipped, as a peer; see `sqlite_peer.py` for the commands and the
//! corpus. Started by `run.py`; alone it does nothing.

use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::{AggContextParams, AggregationCollector};
use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::query::{Query, QueryParser};
use tantivy::schema::*;
use tantivy::snippet::SnippetGenerator;
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let args: Vec<&str> = args.iter().map(String::as_str).skip(1).collect();
    match args[..] {
        ["index", corpus, folder] => index(Path::new(corpus), Path::new(folder)),
        ["one", folder, query] => {
            let peer = Peer::open(Path::new(folder));
            println!("{}", peer.ask(query, true));
        }
        [command @ ("time" | "ids"), folder, queries] => {
            let peer = Peer::open(Path::new(folder));
            // The first query loads jieba's dictionary.
            peer.ask("比亚迪", false);
            for query in std::fs::read_to_string(queries).expect("the queries").lines() {
                if command == "time" {
                    let start = Instant::now();
                    let count = peer.ask(query, false);
                    println!("{}\t{count}", start.elapsed().as_micros());
                } else {
                    println!("{}", peer.ids(query).join(" "));
                }
            }
        }
        _ => println!("a peer of tests/bench/peers/run.py; nothing to do alone"),
    }
}

fn index(corpus: &Path, folder: &Path) {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("jieba")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let n = schema.add_u64_field("n", FAST);
    let year = schema.add_u64_field("year", FAST);
    let body = schema.add_text_field("body", TextOptions::from(STORED).set_indexing_options(indexing));
    let index = Index::create_in_dir(folder, schema.build()).expect("an index");
    index.tokenizers().register("jieba", tantivy_jieba::JiebaTokenizer::new());
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    let mut writer: IndexWriter = index.writer_with_num_threads(threads, 256 << 20).expect("a writer");
    for line in BufReader::new(std::fs::File::open(corpus).expect("the corpus")).lines() {
        let line = line.expect("text");
        let columns: Vec<&str> = line.split('\t').collect();
        let mut document = TantivyDocument::new();
        document.add_u64(n, columns[0].parse().expect("a number"));
        document.add_u64(year, columns[1].parse().unwrap_or(0));
        document.add_text(body, format!("{}\n{}", columns[2], columns[3].replace('\u{1e}', "\n")));
        writer.add_document(document).expect("added");
    }
    writer.commit().expect("committed");
    writer.wait_merging_threads().expect("merged");
}

struct Peer {
    searcher: Searcher,
    parser: QueryParser,
    body: Field,
    years: Aggregations,
}

impl Peer {
    fn open(folder: &Path) -> Peer {
        let index = Index::open_in_dir(folder).expect("an index");
        index.tokenizers().register("jieba", tantivy_jieba::JiebaTokenizer::new());
        let body = index.schema().get_field("body").expect("a field");
        let years = serde_json::json!({"years": {"terms": {"field": "year"}}});
        Peer {
            searcher: index.reader().expect("a reader").searcher(),
            parser: QueryParser::for_index(&index, vec![body]),
            body,
            years: serde_json::from_value(years).expect("aggregations"),
        }
    }

    fn phrase(&self, query: &str) -> Box<dyn Query> {
        self.parser.parse_query(&format!("\"{query}\"")).expect("a phrase")
    }

    /// Counts by year, the first ten, their texts with what was found marked.
    fn ask(&self, query: &str, print: bool) -> usize {
        let query = self.phrase(query);
        let years = AggregationCollector::from_aggs(self.years.clone(), AggContextParams::default());
        let collectors = (Count, TopDocs::with_limit(10).order_by_score(), years);
        let (count, top, _) = self.searcher.search(&query, &collectors).expect("an answer");
        let snippets = SnippetGenerator::create(&self.searcher, &query, self.body).expect("snippets");
        for (_, address) in top {
            let document: TantivyDocument = self.searcher.doc(address).expect("a document");
            // With the overlapping words of jieba's search mode it panics at times.
            let snippet = catch_unwind(AssertUnwindSafe(|| snippets.snippet_from_doc(&document).to_html()));
            if print {
                println!("{}", snippet.unwrap_or_default());
            }
        }
        count
    }

    fn ids(&self, query: &str) -> Vec<String> {
        let found = self.searcher.search(&self.phrase(query), &DocSetCollector).expect("an answer");
        let mut ids: Vec<u64> = found
            .into_iter()
            .map(|at| {
                let column =
                    self.searcher.segment_reader(at.segment_ord).fast_fields().u64("n").expect("a column");
                column.first(at.doc_id).expect("a number")
            })
            .collect();
        ids.sort_unstable();
        ids.iter().map(u64::to_string).collect()
    }
}
