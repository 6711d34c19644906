//! What cleaning gives back and what it costs: clean text must pass untouched and quickly, text
//! that was corrupted by the forward model must come back. Needs the news corpus; `PASSES` and
//! `ARTICLES` say how often and how much.

#[path = "../clean_words/mod.rs"]
mod clean_words;
#[path = "../clean_words/roundtrip.rs"]
mod roundtrip;

use clean_words::{folder, news, records};
use fangzhi::analysis::Words;
use fangzhi::article::{Article, Given, RepairKind};
use fangzhi::clean::clean;
use std::time::Instant;

fn main() {
    let number = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<usize>().ok());
    let texts = news();
    if texts.is_empty() {
        return;
    }
    round_trip(&texts, number("ROUND_TRIP").unwrap_or(2000));
    let articles: Vec<Article> = texts
        .into_iter()
        .take(number("ARTICLES").unwrap_or(usize::MAX))
        .enumerate()
        .map(|(n, (title, text))| {
            let given = Given { title: Some(title), ..Given::default() };
            Article { text, record: Some(n as u64 + 1), given, ..Article::default() }
        })
        .collect();
    untouched("news", &articles);
    for name in ["cmrc2018", "drcd_trad"] {
        let Some(folder) = folder(&format!("data/retrieval/{name}")) else { continue };
        let records = records(&folder.join("corpus.jsonl.gz"));
        let articles = records.iter().map(|r| {
            let text = r["text"].as_str().unwrap_or_default().to_owned();
            Article { text, record: Some(1), ..Article::default() }
        });
        untouched(name, &articles.collect::<Vec<_>>());
    }
    speed(&articles, number("PASSES").unwrap_or(3));
}

/// Every n-th article, corrupted and cleaned.
fn round_trip(texts: &[(String, String)], count: usize) {
    let long: Vec<&str> =
        texts.iter().map(|(_, text)| text.as_str()).filter(|t| t.chars().count() > 200).collect();
    let step = (long.len() / count.max(1)).max(1);
    let figures = roundtrip::measure(long.into_iter().step_by(step).take(count), &Words);
    println!(
        "round trip: {} articles, {} characters: {:.4} % of the characters wrong; {:.2} % of the articles \
         exactly recovered, {:.2} % but for digits that the program destroyed",
        figures.texts,
        figures.characters,
        100.0 * figures.error_rate(),
        figures.share(figures.exact),
        figures.share(figures.exact_but_lost),
    );
    println!("  split characters repaired, by tenths of confidence: {:?}", figures.repairs);
    for line in figures.differences.iter().take(12) {
        println!("  {line}");
    }
}

/// How many characters cleaning changes in text in which nothing is wrong. Characters that nobody
/// sees and odd spaces may go; they are counted apart.
fn untouched(name: &str, articles: &[Article]) {
    let (mut bytes, mut changed, mut small, mut restored) = (0, 0, 0, 0);
    let seen = |c: &char| !c.is_whitespace() && !"\u{200B}\u{200E}\u{200F}\u{FEFF}\u{AD}".contains(*c);
    let bare = |t: &str| t.chars().filter(seen).collect::<String>();
    for article in articles {
        let found = clean(article, &Words);
        bytes += article.text.len();
        restored += found.repairs.iter().filter(|r| r.kind == RepairKind::Restored).count();
        if found.text != article.text {
            let (before, after) = (bare(&article.text), bare(&found.text));
            changed += roundtrip::distance(&before, &after);
            small += usize::from(before == after);
        }
    }
    println!(
        "clean text ({name}): {changed} characters changed of {:.1} MB, {restored} guessed; \
         {small} of {} texts lost invisible characters or odd spaces",
        bytes as f64 / 1e6,
        articles.len()
    );
}

fn speed(articles: &[Article], passes: usize) {
    let bytes: usize = articles.iter().map(|a| a.text.len()).sum();
    let mut best = f64::INFINITY;
    for _ in 0..passes {
        let start = Instant::now();
        let mut blocks = 0;
        for article in articles {
            blocks += clean(article, &()).blocks.len();
        }
        best = best.min(start.elapsed().as_secs_f64());
        assert!(blocks > 0);
    }
    println!("clean text: {:.0} MB/s, {:.2} ns a byte", bytes as f64 / 1e6 / best, best * 1e9 / bytes as f64);
}
