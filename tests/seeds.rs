//! What the five articles must answer, read from the output as a script reads it.

mod common;

use common::World;
use serde_json::Value;
use std::collections::BTreeMap;

/// Highlights by article and kind, in the order of the hits.
fn highlights(lines: &[Value]) -> Vec<(String, String)> {
    let hits = lines.iter().filter(|l| l["type"] == "hit");
    let each = hits.flat_map(|hit| {
        let path = hit["path"].as_str().unwrap_or_default()["seeds/".len()..][..3].to_owned();
        let kinds = hit["highlights"].as_array().cloned().unwrap_or_default();
        kinds.into_iter().map(move |h| (path.clone(), h["kind"].as_str().unwrap_or_default().to_owned()))
    });
    each.collect()
}

fn counted(found: &[(String, String)], kind: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (path, _) in found.iter().filter(|(_, k)| k == kind) {
        *counts.entry(path.clone()).or_default() += 1;
    }
    counts
}

#[test]
fn guesses_come_after_what_is_certain() {
    let world = World::with_seeds();
    let found = highlights(&world.sh("search 黄河 --format jsonl").exits(0).lines());
    let exact = [("000", 5), ("001", 3), ("004", 5)].map(|(path, n)| (path.to_owned(), n));
    assert_eq!(counted(&found, "exact"), BTreeMap::from(exact));
    assert_eq!(counted(&found, "restored"), BTreeMap::from([("003".to_owned(), 13)]));
    let first_guess = found.iter().position(|(_, kind)| kind == "restored");
    assert_eq!(first_guess, Some(13), "{found:?}");
    let certain = highlights(&world.sh("search 黄河 --format jsonl --no-restored").exits(0).lines());
    assert_eq!(certain, found[..13]);
}

#[test]
fn a_keyword_in_either_script() {
    let world = World::with_seeds();
    for query in ["比亚迪", "比亞迪"] {
        let found = highlights(&world.run(&["search", query, "--format", "jsonl"]).exits(0).lines());
        let expected = [("000", 3), ("002", 1), ("003", 5), ("004", 1)].map(|(path, n)| (path.to_owned(), n));
        assert_eq!(counted(&found, "exact"), BTreeMap::from(expected), "{query}");
    }
}

/// Every highlight of kind `exact`, read from the file at its bytes and folded, is the query.
#[test]
fn highlights_are_right_at_the_byte() {
    let world = World::with_seeds();
    for query in ["黄河", "济南", "起步区", "新能源", "gw", "项目", "2024", "，"] {
        let lines = world.run(&["search", query, "-n", "0", "--zone", "all", "--format", "jsonl"]).lines();
        let mut folded = String::new();
        fangzhi::text::fold::search_form(query, &mut folded);
        let mut seen = 0;
        for hit in lines.iter().filter(|l| l["type"] == "hit") {
            let bytes =
                std::fs::read(world.path(hit["path"].as_str().unwrap_or_default())).expect("the file");
            for h in hit["highlights"].as_array().into_iter().flatten().filter(|h| h["kind"] == "exact") {
                let at = |key: &str| h[key].as_u64().expect("a position") as usize;
                let raw = String::from_utf8_lossy(&bytes[at("raw_start")..at("raw_end")]);
                let stands: String = raw.chars().map(fangzhi::text::fold::fold_char).collect();
                assert!(stands == folded || stands.replace(&folded, "").is_empty(), "{query}: {stands}");
                seen += 1;
            }
        }
        assert!(seen > 0, "{query}");
    }
}
