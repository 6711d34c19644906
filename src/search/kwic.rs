//! Keyword in context: every occurrence with what stands left and right of it.

use super::engine::{Engine, Found};
use super::hits;
use super::page::Page;
use super::response::{Kind, KwicLine};
use crate::error::Result;

/// The order of a concordance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By what stands to the left, read from the hit outwards.
    Left,
    /// By what stands to the right.
    Right,
    /// By article and place.
    #[default]
    Position,
    /// By day of publication, then article and place.
    Date,
}

/// All lines of the matches, which are in their order; guesses after what is certain.
pub(super) fn lines(
    engine: &Engine,
    query: &str,
    found: &Found,
    width: usize,
    sort: Sort,
) -> Result<Vec<KwicLine>> {
    let mut lines = Vec::new();
    for matched in &found.matches {
        let record = engine.record(matched.segment(), matched.document)?;
        let about = hits::about(&record, &engine.article_name(&record)?);
        let page = Page::of(&record, found.searched());
        for o in &found.occurrences(engine, matched)? {
            let (from, to) = (o.start as usize, o.end as usize);
            let number = page.paragraph_at(from);
            let paragraph = page.layout.paragraphs[number];
            let place = page.place(number, from, to);
            let kind =
                if o.guessed { Kind::Restored } else { page.kind(&place, &page.layout.units[from..to]) };
            let raw = place.decoded.map(|decoded| page.raw(decoded));
            let text = page.text(&paragraph);
            let (left, right) = (&text[..place.within.start()], &text[place.within.end()..]);
            lines.push(KwicLine {
                query: query.to_owned(),
                about: about.clone(),
                zone: paragraph.zone.name(),
                line: place.decoded.map(|decoded| page.line(decoded)),
                left: last_chars(left, width).to_owned(),
                hit: text[place.within.range()].to_owned(),
                right: first_chars(right, width).to_owned(),
                raw_start: raw.map(|r| r.start()),
                raw_end: raw.map(|r| r.end()),
                kind,
            });
        }
    }
    match sort {
        Sort::Left => lines.sort_by_cached_key(|l| l.left.chars().rev().collect::<String>()),
        Sort::Right => lines.sort_by(|a, b| a.right.cmp(&b.right)),
        Sort::Position | Sort::Date => {}
    }
    lines.sort_by_key(|line| line.kind == Kind::Restored);
    Ok(lines)
}

fn last_chars(text: &str, n: usize) -> &str {
    match text.char_indices().rev().take(n).last() {
        Some((at, _)) => &text[at..],
        None => "",
    }
}

fn first_chars(text: &str, n: usize) -> &str {
    match text.char_indices().nth(n) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts() {
        assert_eq!(last_chars("一二三", 2), "二三");
        assert_eq!(last_chars("一二三", 0), "");
        assert_eq!(last_chars("一", 5), "一");
        assert_eq!(first_chars("一二三", 2), "一二");
        assert_eq!(first_chars("", 2), "");
    }
}
