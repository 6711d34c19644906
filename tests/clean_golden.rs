//! Every repair and every zone of the seed articles, in files a person can read.
//!
//! `UPDATE_GOLDEN=1 cargo test --test clean_golden` writes them anew; read the difference.

mod clean_words;

use clean_words::{Dictionary, folder};
use fangzhi::article::{Article, Clean};
use fangzhi::clean::clean;
use std::fmt::Write;
use std::path::Path;

fn describe(article: &Article, clean: &Clean) -> String {
    let mut out = String::from("# repairs: decoded bytes, kind, rule, confidence, before → after\n");
    for r in &clean.repairs {
        writeln!(
            out,
            "{}..{} {:?} {} {:.2} {:?} → {:?}",
            r.span.start(),
            r.span.end(),
            r.kind,
            r.rule,
            r.confidence,
            r.before,
            r.after
        )
        .expect("writing to a string");
    }
    out.push_str("\n# zones\n");
    for block in &clean.blocks {
        writeln!(out, "{:<13} {}", block.zone.name(), clean.block_text(block)).expect("writing to a string");
    }
    assert_eq!(clean.map.is_identity(), clean.text == article.text);
    out
}

fn check(seed: &Path, lexicon: &Dictionary) {
    let text = std::fs::read_to_string(seed).expect("a seed is UTF-8");
    let article = Article { text, ..Article::default() };
    let found = describe(&article, &clean(&article, lexicon));
    let name = seed.file_stem().and_then(|n| n.to_str()).expect("a seed has a name");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("clean_{name}.txt"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &found).expect("the golden folder can be written");
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert!(found == expected, "{name} differs from {}", golden.display());
}

#[test]
fn seeds() {
    let Some(folder) = folder("seeds") else { return };
    let lexicon = Dictionary::load();
    let mut seeds: Vec<_> =
        std::fs::read_dir(folder).expect("readable").flatten().map(|e| e.path()).collect();
    seeds.retain(|p| p.extension().is_some_and(|e| e == "txt"));
    seeds.sort();
    assert!(seeds.len() >= 5);
    for seed in seeds {
        check(&seed, &lexicon);
    }
}
