//! What each stage of indexing costs on one core: `cargo bench --bench stages [-- --keep]`. CPU time, so that
//! other programs on the machine matter little. The data is that of `figures.rs`.

mod machine;

use fangzhi::analysis::{Segmenter, Words, analyze};
use fangzhi::article::{Article, Clean, Facets};
use fangzhi::source::{Metadata, discover, read_file};
use fangzhi::{analysis, clean, date, index, outlet, place};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

fn main() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/news");
    let folder = std::env::var_os("FANGZHI_DATA").map_or_else(|| PathBuf::from(default), PathBuf::from);
    if !folder.is_dir() {
        println!("no data: set FANGZHI_DATA to a folder with a JSON Lines collection");
        return;
    }
    let mut figures = machine::Figures::new();
    let mut bytes = 0;
    let (articles, seconds) = timed(|| read(&folder));
    for article in &articles {
        bytes += article.text.len() + article.given.title.as_ref().map_or(0, String::len);
    }
    let mut put = |name: &str, seconds: f64| figures.put(name, seconds * 1e9 / bytes as f64, "ns a byte");
    put("read", seconds);
    let (cleaned, seconds) = timed(|| articles.iter().map(|a| clean::clean(a, &Words)).collect::<Vec<_>>());
    put("clean", seconds);
    let each =
        |f: &dyn Fn(&Clean, &Article)| timed(|| cleaned.iter().zip(&articles).for_each(|(c, a)| f(c, a))).1;
    put("date", each(&|c, a| drop(black_box(date::told_of(c, &a.given)))));
    put("place", each(&|c, a| drop(black_box(place::detect(c, &a.given)))));
    put("outlet", each(&|c, a| drop(black_box(outlet::detect(c, &a.given)))));
    put("layout", each(&|c, a| drop(black_box(analysis::Layout::of(a.given.title.as_deref(), c)))));
    let mut segmenter = Segmenter::new();
    segmenter.edges("济南", &[0x6d4e, 0x5357], |_| {});
    let (analyzed, seconds) = timed(|| {
        let pairs = cleaned.iter().zip(&articles);
        pairs.map(|(c, a)| analyze(a.given.title.as_deref(), c, &mut segmenter)).collect::<Vec<_>>()
    });
    put("analyze (layout and words)", seconds);
    let (_, seconds) = timed(|| {
        for a in &analyzed {
            black_box(index::literal::encode_payload(a, false));
        }
    });
    put("payload", seconds);
    let (_, seconds) = timed(|| {
        for ((article, clean), analyzed) in articles.iter().zip(&cleaned).zip(&analyzed) {
            let mut record = index::Record::new(article.clone(), clean.clone(), Facets::default());
            black_box(record.encode(&analyzed.units));
        }
    });
    put("record", seconds);
    if std::env::args().any(|a| a == "--keep") {
        figures.keep(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/runs.tsv"));
    }
    figures.print();
}

fn read(folder: &Path) -> Vec<Article> {
    let mut articles = Vec::new();
    for file in &discover(&[folder.to_owned()], &[]).files {
        let _ = read_file(file, &Metadata::default(), &mut |article| {
            articles.extend(article.ok());
            ControlFlow::Continue(())
        });
    }
    articles
}

fn timed<T>(f: impl FnOnce() -> T) -> (T, f64) {
    let before = machine::cpu_seconds();
    let result = f();
    (result, machine::cpu_seconds() - before)
}
