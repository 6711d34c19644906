//! Which lines of an HTML page are its main content, by dom_smoothie.
//!
//! The extractor looks at the tree (density of text and links, names of classes) and gives text
//! without places; the page's own lines, which have them, are looked up in it. Measured against
//! the containers that 39 pages of 12 Chinese sites name themselves (four-grams of characters):
//! F1 0.80 by the shapes of lines, 0.80 by rs-trafilatura, 0.96 by legible, 0.98 by dom_smoothie.

use super::Line;
use super::line::Shape;
use crate::article::Zone;
use dom_smoothie::{Config, Readability};
use std::collections::HashSet;

/// Characters in a row by which a line is known again.
const GRAM: usize = 8;

/// A page of more tags takes the extractor long and is no article; one nested deeper is none either.
const MOST_TAGS: usize = 30_000;
const DEEPEST: usize = 300;
/// Less text, in characters, is not worth looking for.
const LEAST: usize = 100;

/// Tells the main content from the rest of the page. Nothing is changed where the extractor finds
/// none, or next to none.
pub(super) fn main_content(page: &str, lines: &mut [Line<'_>]) {
    if !is_tame(page) {
        return;
    }
    let Some(found) = extract(page) else { return };
    let found: Vec<char> = found.chars().filter(|c| c.is_alphanumeric()).collect();
    if found.len() < LEAST {
        return;
    }
    let grams: HashSet<&[char]> = found.windows(GRAM).collect();
    // The lines' own characters, and where each line begins among them.
    let (mut all, mut begins) = (Vec::new(), vec![0]);
    for line in lines.iter() {
        all.extend(line.text.chars().filter(|c| c.is_alphanumeric()));
        begins.push(all.len());
    }
    let inside: Vec<bool> =
        (0..lines.len()).map(|n| stands_in(&all, begins[n], begins[n + 1], &grams)).collect();
    let kept: usize = (0..lines.len()).filter(|&n| inside[n]).map(|n| begins[n + 1] - begins[n]).sum();
    if kept * 2 < found.len() {
        return;
    }
    let last = inside.iter().rposition(|&inside| inside).unwrap_or(0);
    for (n, line) in lines.iter_mut().enumerate() {
        line.zone = match (line.zone, inside[n]) {
            (Zone::Unrelated | Zone::Navigation, true) if line.shape == Shape::Paragraph => Zone::Body,
            (Zone::Body, false) if n > last && line.shape == Shape::Paragraph => Zone::Unrelated,
            (Zone::Body, false) => Zone::Navigation,
            (zone, _) => zone,
        };
    }
}

/// Whether what stands at `from..to` stands in the main content too: each of its grams, or for a
/// short line the one that reaches into its neighbour.
fn stands_in(all: &[char], from: usize, to: usize, grams: &HashSet<&[char]>) -> bool {
    if to - from >= GRAM {
        let (mut seen, mut there) = (0, 0);
        for gram in all[from..to].windows(GRAM) {
            seen += 1;
            there += usize::from(grams.contains(gram));
        }
        return there * 10 >= seen * 9;
    }
    let before = to.checked_sub(GRAM).map(|start| &all[start..to]);
    let after = all.get(from..from + GRAM);
    from < to && [before, after].into_iter().flatten().any(|gram| grams.contains(gram))
}

fn extract(page: &str) -> Option<String> {
    let config = Config { max_elements_to_parse: MOST_TAGS, disable_json_ld: true, ..Config::default() };
    let mut readability = Readability::new(page, None, Some(config)).ok()?;
    Some(readability.parse().ok()?.text_content.to_string())
}

/// Whether a page is one that the extractor is quick with.
fn is_tame(page: &str) -> bool {
    const VOID: [&[u8]; 8] = [b"br", b"img", b"input", b"meta", b"link", b"hr", b"source", b"!"];
    let bytes = page.as_bytes();
    let (mut tags, mut depth) = (0usize, 0usize);
    for at in memchr::memchr_iter(b'<', bytes) {
        let rest = &bytes[at + 1..];
        let closes = rest.first() == Some(&b'/');
        let void =
            VOID.iter().any(|name| rest.len() >= name.len() && rest[..name.len()].eq_ignore_ascii_case(name));
        let opens = rest.first().is_some_and(u8::is_ascii_alphabetic) && !void;
        tags += 1;
        depth = if closes { depth.saturating_sub(1) } else { depth + usize::from(opens) };
        if tags > MOST_TAGS || depth > DEEPEST {
            return false;
        }
    }
    tags > 0
}

#[cfg(test)]
mod tests {
    use crate::article::{Article, Markup, Zone};
    use crate::clean::clean;

    const TEXT: &str = "昨天，市里召开会议，部署全年的重点工作，各区县的负责人参加了会议并作了发言。";

    #[test]
    fn the_article_among_the_rest() {
        let links: String =
            (0..20).map(|n| format!("<li><a href='/{n}'>第{n}条别的消息的标题在此处</a></li>")).collect();
        let body: String = (0..6).map(|n| format!("<p>{n}．{TEXT}</p>")).collect();
        let page = format!(
            "<html><head><title>全市重点工作会议召开_要闻_某网</title></head><body><div class='top'><ul>{links}</ul></div>\
             <div class='article'><h1>全市重点工作会议召开</h1>{body}<p>完。</p></div>\
             <div class='side'><ul>{links}</ul></div></body></html>"
        );
        let article = Article { text: page, markup: Markup::Html, ..Article::default() };
        let found = clean(&article, &());
        let body: Vec<_> =
            found.blocks.iter().filter(|b| b.zone == Zone::Body).map(|b| found.block_text(b)).collect();
        assert_eq!(body.len(), 7, "{body:?}");
        assert!(body[0].starts_with("0．昨天") && body[6] == "完。");
        assert_eq!(found.title().as_deref(), Some("全市重点工作会议召开"));
    }

    #[test]
    fn a_wild_page_is_left_to_the_lines() {
        for page in
            ["<div>".repeat(5000), "<p>a".repeat(40_000), format!("<p>{TEXT}</p>"), "<".repeat(50_000)]
        {
            let article = Article { text: page, markup: Markup::Html, ..Article::default() };
            clean(&article, &());
        }
    }
}
