//! A corrupted copy of an article is found by the queries that find the clean one.

mod clean_words;
mod common;
#[path = "clean_words/roundtrip.rs"]
mod roundtrip;

use clean_words::news;
use common::World;
use fangzhi::text::fold::fold_char;
use std::collections::BTreeSet;
use std::fmt::Write;

const SAMPLE: &str = include_str!("clean_words/sample.txt");

const ARTICLES: usize = 500;
const QUERIES: usize = 1000;

/// Strings of two to six Han characters, from all over the texts, each once.
fn queries(texts: &[String]) -> Vec<String> {
    let mut found = BTreeSet::new();
    let mut n = 0usize;
    while found.len() < QUERIES && n < QUERIES * 20 {
        let text: Vec<char> = texts[n * 7 % texts.len()].chars().collect();
        let length = 2 + n % 5;
        let at = n.wrapping_mul(2_654_435_761) % (text.len() - length);
        let word = &text[at..at + length];
        if word.iter().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)) {
            found.insert(word.iter().collect::<String>());
        }
        n += 1;
    }
    found.into_iter().collect()
}

/// The articles that hold each query, in an index of these texts.
fn answers(name: &str, texts: &[String], queries: &str) -> Vec<BTreeSet<String>> {
    let world = World::new();
    let mut lines = String::new();
    for (n, text) in texts.iter().enumerate() {
        writeln!(lines, "{}", serde_json::json!({ "id": n.to_string(), "text": text })).expect("in memory");
    }
    world.write(format!("{name}.jsonl"), lines.as_bytes());
    world.write("queries.txt", queries.as_bytes());
    world.run(&["index", &format!("{name}.jsonl")]).exits(0);
    let answers =
        world.run(&["kwic", "--batch", "queries.txt", "--width", "0", "--zone", "all", "--format", "jsonl"]);
    let mut found = vec![BTreeSet::new(); queries.lines().count()];
    let place: std::collections::HashMap<&str, usize> = queries.lines().zip(0..).collect();
    for line in answers.exits(0).lines() {
        // Only what stands there for certain counts.
        if let (Some(query), Some(article)) = (line["query"].as_str(), line["article"].as_str())
            && line["kind"] != "restored"
        {
            found[place[query]].insert(article.to_owned());
        }
    }
    found
}

/// Texts, and queries that not every one of them holds.
fn texts() -> Vec<String> {
    let news: Vec<String> =
        news().into_iter().map(|(_, text)| text).filter(|t| t.chars().count() > 200).collect();
    if !news.is_empty() {
        return news.into_iter().step_by(61).take(ARTICLES).collect();
    }
    let paragraphs: Vec<&str> = SAMPLE.split("\n\n").map(str::trim).collect();
    paragraphs.windows(3).map(|p| p.join("\n")).collect()
}

#[test]
fn the_same_queries_find_the_same_articles() {
    let texts = texts();
    let corrupted: Vec<String> = texts.iter().enumerate().map(|(n, t)| roundtrip::corrupt(t, n)).collect();
    let queries = queries(&texts);
    assert!(queries.len() >= QUERIES / 2, "{}", queries.len());
    let list = queries.join("\n");
    let (clean, found) = (answers("clean", &texts, &list), answers("corrupted", &corrupted, &list));
    let differ: Vec<_> = queries
        .iter()
        .zip(clean.iter().zip(&found))
        .filter(|(_, (clean, found))| clean != found)
        .map(|(query, (clean, found))| {
            let only =
                |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect::<Vec<_>>();
            format!("{query}: lost in {:?}, added in {:?}", only(clean, found), only(found, clean))
        })
        .collect();
    // Two or three characters in 10,000 are decided wrongly, and may stand in a query.
    let share = 100.0 - 100.0 * differ.len() as f64 / queries.len() as f64;
    println!("{} queries, {share:.1} % with the same articles; {differ:#?}", queries.len());
    assert!(differ.len() * 200 <= queries.len(), "{differ:#?}");
    // The corruption is real: without repair most of these queries would lose articles.
    let folded =
        |texts: &[String]| texts.iter().map(|t| t.chars().map(fold_char).collect()).collect::<Vec<String>>();
    let (before, after) = (folded(&texts), folded(&corrupted));
    let holding = |texts: &[String], query: &str| texts.iter().filter(|t| t.contains(query)).count();
    let some = queries.len() / 5;
    let lost = queries.iter().step_by(5).filter(|q| holding(&after, q) < holding(&before, q)).count();
    assert!(lost * 4 > some, "{lost} of {some} queries");
}
