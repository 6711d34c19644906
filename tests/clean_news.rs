//! Clean news passes through cleaning untouched, all of it body. Needs the news corpus.

mod clean_words;

use clean_words::{folder, news, records};
use fangzhi::article::{Article, Given, Zone};
use fangzhi::clean::clean;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

#[test]
fn clean_news_is_untouched_and_all_body() {
    let (mut bytes, mut changed, mut lines, mut outside) = (0usize, 0usize, 0usize, 0usize);
    let mut spent = Duration::ZERO;
    let mut rules: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (n, (title, text)) in news().into_iter().enumerate() {
        bytes += text.len();
        let given = Given { title: Some(title), ..Given::default() };
        let article = Article { text, record: Some(n as u64 + 1), given, ..Article::default() };
        let start = Instant::now();
        let found = clean(&article, &());
        spent += start.elapsed();
        changed += usize::from(found.text != article.text);
        for repair in &found.repairs {
            let seen = rules.entry(repair.rule.clone()).or_default();
            seen.0 += 1;
            seen.1 = repair.before.chars().take(40).collect();
        }
        lines += found.blocks.len();
        for block in found.blocks.iter().filter(|b| b.zone != Zone::Body && b.zone != Zone::Title) {
            outside += 1;
            if outside <= 150 {
                println!("{} {}", block.zone.name(), found.block_text(block));
            }
        }
    }
    println!("{:.0} MB/s", bytes as f64 / 1e6 / spent.as_secs_f64().max(1e-9));
    println!(
        "{bytes} bytes, {changed} texts changed, {outside} of {lines} lines outside the body, {rules:?}"
    );
    // Two items hold characters that nobody sees; all others keep every byte.
    assert!(outside * 1000 <= lines && changed <= 5);
}

/// Paragraphs of encyclopedias, Simplified and Traditional, with formulas, foreign names and
/// readings.
#[test]
fn paragraphs_are_untouched() {
    for name in ["cmrc2018", "drcd_trad"] {
        let Some(folder) = folder(&format!("data/retrieval/{name}")) else { continue };
        let (mut bytes, mut outside) = (0, 0);
        for record in records(&folder.join("corpus.jsonl.gz")) {
            let text = record["text"].as_str().unwrap_or_default().to_owned();
            bytes += text.len();
            let article = Article { text, record: Some(1), ..Article::default() };
            let found = clean(&article, &());
            let seen =
                |c: &char| !c.is_whitespace() && !"\u{200B}\u{200E}\u{200F}\u{FEFF}\u{AD}".contains(*c);
            let bare = |t: &str| t.chars().filter(seen).collect::<String>();
            let small = ["spaces", "invisible", "line-ends"];
            for repair in found.repairs.iter().filter(|r| !small.contains(&r.rule.as_str())) {
                let from =
                    (0..repair.span.start().saturating_sub(30)).rfind(|&i| article.text.is_char_boundary(i));
                println!(
                    "{repair:?} {}",
                    article.text[from.unwrap_or(0)..].chars().take(40).collect::<String>()
                );
            }
            outside += found.blocks.iter().filter(|b| b.zone != Zone::Body).count();
            assert_eq!(bare(&found.text), bare(&article.text));
        }
        println!("{name}: {bytes} bytes, {outside} lines outside the body");
        assert!(outside <= 3);
    }
}
