//! What must hold of every cleaned text.

use fangzhi::article::{Article, Markup};
use fangzhi::clean::clean;
use fangzhi::text::Span;

/// Cleans a text and checks what came of it.
pub fn check(text: &str, markup: Markup) {
    let article = Article { text: text.to_owned(), markup, ..Article::default() };
    let found = clean(&article, &fangzhi::analysis::Words);
    let (mut start, mut end) = (0, 0);
    for (at, c) in found.text.char_indices() {
        let raw = found.map.map(Span::new(at, at + c.len_utf8()));
        assert!(article.text.get(raw.range()).is_some(), "{raw:?} is no range of the text");
        assert!(raw.start() >= start && raw.end() >= end, "{raw:?} after {start}..{end}");
        (start, end) = (raw.start(), raw.end());
    }
    // What was dropped at the end, or replaced by as much, leaves the map as it is.
    assert!(!found.map.is_identity() || found.text.len() <= article.text.len());
    for repair in &found.repairs {
        assert!(article.text.get(repair.span.range()).is_some());
        assert!((0.0..=1.0).contains(&repair.confidence));
    }
    let mut last = 0;
    for block in &found.blocks {
        assert!(block.span.start() >= last);
        last = block.span.end();
        let text = &found.text[block.span.range()];
        assert!(!text.trim().is_empty() && !text.contains('\n'));
    }
}
