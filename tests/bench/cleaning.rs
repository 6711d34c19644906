//! How fast cleaning passes text in which nothing is wrong. Needs the news corpus.

#[path = "../clean_words/mod.rs"]
mod clean_words;

use clean_words::news;
use fangzhi::article::{Article, Given};
use fangzhi::clean::clean;
use std::time::Instant;

fn main() {
    let passes: usize = std::env::var("PASSES").ok().and_then(|v| v.parse().ok()).unwrap_or(3);
    let count: usize = std::env::var("ARTICLES").ok().and_then(|v| v.parse().ok()).unwrap_or(usize::MAX);
    let articles: Vec<Article> = news()
        .into_iter()
        .take(count)
        .enumerate()
        .map(|(n, (title, text))| {
            let given = Given { title: Some(title), ..Given::default() };
            Article { text, record: Some(n as u64 + 1), given, ..Article::default() }
        })
        .collect();
    if articles.is_empty() {
        return;
    }
    let bytes: usize = articles.iter().map(|a| a.text.len()).sum();
    let mut best = f64::INFINITY;
    for _ in 0..passes {
        let start = Instant::now();
        let mut blocks = 0;
        for article in &articles {
            blocks += clean(article, &()).blocks.len();
        }
        best = best.min(start.elapsed().as_secs_f64());
        assert!(blocks > 0);
    }
    println!("clean text: {:.0} MB/s, {:.2} ns a byte", bytes as f64 / 1e6 / best, best * 1e9 / bytes as f64);
}
