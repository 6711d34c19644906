//! Clean news passes through cleaning untouched, all of it body. Needs the news corpus.

mod clean_words;

use clean_words::news;
use fangzhi::article::{Article, Given, Zone};
use fangzhi::clean::clean;
use std::collections::BTreeMap;

#[test]
fn clean_news_is_untouched_and_all_body() {
    let (mut bytes, mut changed, mut lines, mut outside) = (0usize, 0usize, 0usize, 0usize);
    let mut rules: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (n, (title, text)) in news().into_iter().enumerate() {
        bytes += text.len();
        let given = Given { title: Some(title), ..Given::default() };
        let article = Article { text, record: Some(n as u64 + 1), given, ..Article::default() };
        let found = clean(&article, &());
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
    println!(
        "{bytes} bytes, {changed} texts changed, {outside} of {lines} lines outside the body, {rules:?}"
    );
    // Two items hold characters that nobody sees; all others keep every byte.
    assert!(outside * 1000 <= lines && changed <= 5);
}
