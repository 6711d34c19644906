//! Clean texts, put through the forward model of rewritten pages and then cleaned, come back.

mod clean_words;
#[path = "clean_words/roundtrip.rs"]
mod roundtrip;

use clean_words::news;
use fangzhi::analysis::Words;
use roundtrip::measure;

/// Our own paragraphs: news-like, with what news has (numbers, Latin, quotations, questions).
const SAMPLE: &str = include_str!("clean_words/sample.txt");

#[test]
fn own_paragraphs_come_back() {
    let paragraphs: Vec<&str> = SAMPLE.split("\n\n").map(str::trim).collect();
    assert!(paragraphs.len() >= 24, "{}", paragraphs.len());
    // Articles of three paragraphs: in fewer characters the program's work need not show.
    let texts: Vec<String> = paragraphs.windows(3).map(|p| p.join("\n")).collect();
    // Two programs each: a text goes through both lists.
    let figures = measure(texts.iter().flat_map(|t| [t.as_str(), t.as_str()]), &Words);
    assert!(figures.error_rate() < 0.0005, "{figures:#?}");
    assert!(figures.share(figures.exact_but_lost) >= 90.0, "{figures:#?}");
}

/// `cargo bench --bench cleaning` has the figures of 2,000 articles.
#[test]
fn news_comes_back() {
    let all = news();
    let texts = all.iter().map(|(_, text)| text.as_str()).filter(|t| t.chars().count() > 200);
    let texts: Vec<&str> = texts.step_by(40).take(400).collect();
    if texts.is_empty() {
        return;
    }
    let figures = measure(texts.into_iter(), &Words);
    assert!(figures.error_rate() < 0.0005, "{figures:#?}");
    assert!(figures.share(figures.exact_but_lost) >= 92.0, "{figures:#?}");
}
