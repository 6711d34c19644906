//! Zones: which lines are the article and which the page around it.
//!
//! Rules look at shapes, not at sites: what a line says of itself (`line`), where the running
//! text begins and ends, what heads a list of other articles. In doubt a line is body, since
//! text lost to a search is worse than a menu found.

mod extract;
mod line;
mod vocabulary;

use super::state::State;
use crate::article::{Article, Block, Markup, Zone};
use crate::text::Span;
use line::{Shape, shape};
use std::collections::HashMap;

/// A line of the clean text that holds more than white space.
#[derive(Debug)]
struct Line<'t> {
    /// Without the white space around it.
    span: Span,
    text: &'t str,
    shape: Shape,
    zone: Zone,
    /// A blank line stands before it.
    after_blank: bool,
}

/// The paragraphs of the clean text with their zones, in order; they never overlap, and none
/// crosses a line.
pub(super) fn blocks(state: &State<'_>, article: &Article) -> Vec<Block> {
    let mut lines = split(&state.text);
    if article.markup == Markup::Html {
        from_markup(state, &mut lines);
    }
    page(&mut lines);
    if article.markup == Markup::Html {
        extract::main_content(&article.text, &mut lines);
        one_title(&mut lines);
    }
    repeated(&mut lines);
    let given = article.given.title.as_deref().map(str::trim);
    if let Some(given) = given {
        if let Some(first) = lines.first_mut().filter(|l| l.text == given) {
            first.zone = Zone::Title;
        }
    } else if article.record.is_none() {
        title(&mut lines, article.markup);
    }
    let mut blocks = Vec::with_capacity(lines.len());
    for (n, line) in lines.iter().enumerate() {
        let first = n == 0 && given.is_none() && article.record.is_none();
        push_line(line, first, &mut blocks);
    }
    blocks
}

fn split(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut after_blank = true;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    for end in ends {
        let line = text[start..end].trim_start();
        let from = end - line.len();
        let kept = line.trim_end();
        if kept.is_empty() {
            after_blank = true;
        } else {
            lines.push(Line {
                span: Span::new(from, from + kept.len()),
                text: kept,
                shape: shape(kept),
                zone: Zone::Body,
                after_blank,
            });
            after_blank = false;
        }
        start = end + 1;
    }
    lines
}

/// Takes over what the markup says. Runs of lines and of marked stretches are both in order.
fn from_markup(state: &State<'_>, lines: &mut [Line<'_>]) {
    for line in lines {
        let raw = state.map.map(line.span);
        let after = state.marked_zones.partition_point(|(span, _)| span.start() <= raw.start());
        if let Some((span, zone)) = after.checked_sub(1).map(|n| state.marked_zones[n])
            && span.end() > raw.start()
        {
            line.zone = zone;
        }
    }
}

/// `标题_频道_某网` in the page's head and 标题 above its text are one title, the shorter.
fn one_title(lines: &mut [Line<'_>]) {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    // Pages that name nothing but titles are no pages.
    let titles: Vec<(usize, String)> = lines
        .iter()
        .enumerate()
        .filter(|(_, l)| l.zone == Zone::Title)
        .take(8)
        .map(|(n, l)| (n, plain(l.text)))
        .collect();
    for (n, long) in &titles {
        let shorter = |(m, short): &(usize, String)| {
            m != n
                && short.chars().count() >= 4
                && long.len() > short.len()
                && long.starts_with(short.as_str())
        };
        if titles.iter().any(shorter) {
            lines[*n].zone = Zone::Navigation;
        }
    }
}

/// A paragraph of fewer bytes may well be said twice.
const REPEATED: usize = 120;

/// A paragraph that stands there again counts once: scrapers that go through a page's summary and
/// its text, or through its pages twice, take it twice.
fn repeated(lines: &mut [Line<'_>]) {
    // By length and end: to hash them whole would take as long as all other steps together.
    let mut seen: HashMap<(usize, &[u8]), Vec<&str>> = HashMap::new();
    for line in lines.iter_mut().filter(|l| l.zone == Zone::Body && l.text.len() >= REPEATED) {
        let same = seen.entry((line.text.len(), &line.text.as_bytes()[line.text.len() - 24..])).or_default();
        match same.contains(&line.text) {
            true => line.zone = Zone::Unrelated,
            // Many with one end and one length are no accident; the first few stand for them.
            false if same.len() < 4 => same.push(line.text),
            false => {}
        }
    }
}

/// Tells the page from the article.
fn page(lines: &mut [Line<'_>]) {
    let furnished = lines
        .iter()
        .any(|l| matches!(l.shape, Shape::Furniture(_) | Shape::Marker(_)) || l.zone != Zone::Body);
    if !furnished {
        return;
    }
    for line in lines.iter_mut().filter(|l| l.zone == Zone::Body) {
        if let Shape::Furniture(zone) = line.shape {
            line.zone = zone;
        } else if line::is_floor(line.text) {
            line.zone = Zone::Navigation;
        }
    }
    let end = below_marker(lines);
    advertisements(&mut lines[..end]);
    surroundings(&mut lines[..end]);
}

/// Gives what stands under `热门推荐` or `友情链接` the heading's zone, and returns where the
/// article's own part ends.
fn below_marker(lines: &mut [Line<'_>]) -> usize {
    // How much running text stands above each line.
    let mut above = vec![0usize];
    for line in lines.iter() {
        let text = line.shape == Shape::Paragraph && ends(line.text);
        above.push(above[above.len() - 1] + if text { line.text.len() } else { 0 });
    }
    let mut end = lines.len();
    let mut stop = lines.len();
    for at in (0..lines.len()).rev() {
        let Shape::Marker(zone) = lines[at].shape else {
            if lines[at].shape == Shape::Paragraph {
                stop = at;
            }
            continue;
        };
        if lines[at].zone == Zone::Body {
            lines[at].zone = Zone::Navigation;
        }
        // A heading above the running text is a box at the page's side: its links end where the
        // text begins.
        let boxed = above[end] - above[at] > above[at];
        for line in &mut lines[at + 1..if boxed { stop.min(end) } else { end }] {
            if line.zone == Zone::Body {
                line.zone = zone;
            }
        }
        stop = at;
        if !boxed {
            end = at;
        }
    }
    end
}

fn ends(text: &str) -> bool {
    text.trim_end_matches(['”', '’', '」', '）', ')']).ends_with(['。', '！', '？', '…'])
}

/// Words of people who sell; one of the first list must be among them.
const SELLING: [&str; 13] = [
    "私信",
    "加微信",
    "加我",
    "超低价",
    "白菜价",
    "包邮",
    "下单",
    "薇信",
    "VX",
    "扫码领取",
    "免费领取",
    "立即购买",
    "加盟热线",
];
const PRICED: [&str; 12] =
    ["低价", "优惠", "特价", "折扣", "秒杀", "代购", "限时", "原价", "资料", "电子版", "转让", "一手货源"];

/// Advertisements between the article and what ends the page: posts, set apart by blank lines,
/// that sell something. In the page seen the same post stood there several times.
fn advertisements(lines: &mut [Line<'_>]) {
    let furniture = |l: &Line<'_>| l.zone != Zone::Body || l.shape == Shape::Empty;
    let mut end = lines.len();
    while end > 0 && furniture(&lines[end - 1]) {
        end -= 1;
    }
    while end > 0 {
        let start = (0..end).rev().find(|&n| lines[n].after_blank).unwrap_or(0);
        let post = &lines[start..end];
        let length: usize = post.iter().map(|l| l.text.len()).sum();
        if start == 0 || length > 3000 {
            return;
        }
        let count =
            |words: &[&str]| words.iter().filter(|w| post.iter().any(|l| l.text.contains(**w))).count();
        let selling = count(&SELLING);
        if selling == 0 || selling + count(&PRICED) < 3 {
            return;
        }
        for line in &mut lines[start..end] {
            line.zone = Zone::Advertisement;
        }
        end = start;
    }
}

/// Lines before the first paragraph and after the last that belong to the furniture around them.
fn surroundings(lines: &mut [Line<'_>]) {
    let Some(first) = text_start(lines) else { return };
    let is_text = |l: &Line<'_>| l.zone == Zone::Body && l.shape == Shape::Paragraph;
    let last = lines.iter().rposition(is_text).unwrap_or(first).max(first);
    let (before, rest) = lines.split_at_mut(first);
    head(before);
    tail(&mut rest[last - first + 1..]);
}

/// The first line of the running text. A title may look like a sentence: 会议为何放到这里?
fn text_start(lines: &[Line<'_>]) -> Option<usize> {
    let is_text = |l: &Line<'_>| l.zone == Zone::Body && l.shape == Shape::Paragraph;
    lines.iter().position(|l| is_text(l) && !asks(l)).or_else(|| lines.iter().position(is_text))
}

/// The title among the lines above the text: the line over the first byline, else the longest
/// after the breadcrumb (site names and slogans are short), else the longest.
fn title_line(above: &[Line<'_>]) -> Option<usize> {
    let candidates: Vec<usize> = (0..above.len()).filter(|&n| is_title(&above[n])).collect();
    let signed = |&n: &usize| above.get(n + 1).is_some_and(|l| l.zone == Zone::Byline);
    if let Some(n) = candidates.iter().copied().find(signed) {
        return Some(n);
    }
    let path =
        above.iter().rposition(|l| navigates(l) && l.text.contains(['>', '＞', '»', '›'])).unwrap_or(0);
    let longest = |from: usize| {
        let found = candidates.iter().copied().filter(|&n| n >= from);
        found.max_by_key(|&n| (above[n].text.chars().count(), std::cmp::Reverse(n)))
    };
    longest(path).or_else(|| longest(0)).or_else(|| short_title(above))
}

/// A title of a word or two, where nothing else can be meant: it stands over the first byline, or
/// alone above the text.
fn short_title(above: &[Line<'_>]) -> Option<usize> {
    let mut bodies = above.iter().enumerate().filter(|(_, l)| l.zone == Zone::Body);
    let (n, line) = bodies.next().filter(|(_, l)| may_be_title(l, 2))?;
    let alone = bodies.next().is_none() && above.iter().all(|l| !navigates(l));
    let signed = above.get(n + 1).is_some_and(|l| l.zone == Zone::Byline);
    (line.after_blank && (alone || signed)).then_some(n)
}

fn navigates(line: &Line<'_>) -> bool {
    line.zone == Zone::Navigation
}

/// Above the text: what stands between links is a link, and so is what stands above the title
/// with links about it (`国博` / `注册`).
fn head(lines: &mut [Line<'_>]) {
    let title = title_line(lines);
    let linked = lines.iter().any(navigates);
    // Whether the next line with words in it is a link.
    let mut below = vec![None; lines.len() + 1];
    for n in (0..lines.len()).rev() {
        let words = lines[n].shape != Shape::Empty;
        below[n] = if words { Some(navigates(&lines[n])) } else { below[n + 1] };
    }
    let mut above = None;
    for n in 0..lines.len() {
        let between = above != Some(false)
            && below[n + 1] != Some(false)
            && (above.is_some() || below[n + 1].is_some());
        let line = &mut lines[n];
        if line.zone == Zone::Body && Some(n) != title {
            let over_title = linked && title.is_some_and(|t| n < t);
            if line.text.contains("http://") || line.text.contains("https://") {
                // A slogan with its link: a poster's signature.
                line.zone = Zone::Advertisement;
            } else if over_title || line.shape == Shape::Empty || (between && line.text.chars().count() <= 12)
            {
                line.zone = Zone::Navigation;
            }
        }
        if line.shape != Shape::Empty {
            above = Some(navigates(line));
        }
    }
}

/// Below the text: once links begin, short lines, contact lines and items go with them. A list
/// of items with a link among them is one of links from its first item on.
fn tail(lines: &mut [Line<'_>]) {
    let furniture = |l: &Line<'_>| matches!(l.zone, Zone::Navigation | Zone::Byline);
    let mut begin = lines.iter().position(furniture).unwrap_or(lines.len());
    let linked = lines.iter().any(navigates);
    let item = |l: &Line<'_>| line::is_bullet(l.text);
    if lines.get(begin).is_some_and(item) {
        while begin > 0 && (item(&lines[begin - 1]) || (begin > 1 && item(&lines[begin - 2]))) {
            begin -= 1;
        }
    }
    for (n, line) in lines.iter_mut().enumerate() {
        // What holds no word is a mark that the scraper left over.
        let empty = line.shape == Shape::Empty;
        if line.zone == Zone::Body && (empty || (linked && n >= begin)) {
            line.zone = Zone::Navigation;
        }
    }
}

/// A line that can be a title: a few words, not a sentence, no address.
fn is_title(line: &Line<'_>) -> bool {
    may_be_title(line, 6)
}

/// As [`is_title`], with at least so many Han characters.
fn may_be_title(line: &Line<'_>, least: usize) -> bool {
    let chars = line.text.chars().count();
    let han = line.text.chars().filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).count();
    line.zone == Zone::Body
        && line.shape != Shape::Contact
        && line.shape != Shape::Item
        && han >= least
        && chars <= 50
        && !line.text.ends_with(['。', '；', '：', ':', '，'])
        && !line.text.contains("://")
}

/// Names the title: a heading of the markup, or the first title-like line above the text.
fn title(lines: &mut [Line<'_>], markup: Markup) {
    if lines.iter().any(|l| l.zone == Zone::Title) {
        return;
    }
    if markup == Markup::Markdown {
        if let Some(first) = lines.first_mut().filter(|l| l.text.starts_with("# ")) {
            first.zone = Zone::Title;
        }
        return;
    }
    let above = &lines[..text_start(lines).unwrap_or(0)];
    if let Some(n) = title_line(above) {
        lines[n].zone = Zone::Title;
    }
}

/// A title may be a question or a call: 为何将会议现场放到这里?
fn asks(line: &Line<'_>) -> bool {
    line.text.ends_with(['?', '？', '!', '！']) && is_title(line) && !line.text.contains('。')
}

/// Writes a line as blocks: mostly one; a bracketed title that a paragraph begins with, and
/// link words in brackets after a title, are blocks of their own.
fn push_line(line: &Line<'_>, first: bool, blocks: &mut Vec<Block>) {
    let cut = match line.zone {
        Zone::Body if first => opening_title(line.text).map(|at| (at, Zone::Title, Zone::Body)),
        Zone::Title => closing_link(line.text).map(|at| (at, Zone::Title, Zone::Navigation)),
        _ => None,
    };
    match cut {
        None => blocks.push(Block { span: line.span, zone: line.zone }),
        Some((at, left, right)) => {
            let (one, other) = line.text.split_at(at);
            let end = line.span.start() + one.trim_end().len();
            let start = line.span.end() - other.trim_start().len();
            blocks.push(Block { span: Span::new(line.span.start(), end), zone: left });
            blocks.push(Block { span: Span::new(start, line.span.end()), zone: right });
        }
    }
}

/// `【项目之“火”!擎起济南高质量发展之势】2024年的开年大会,…`: where the title in brackets ends.
fn opening_title(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('【')?;
    let length = inside.find('】')?;
    let chars = inside[..length].chars().count();
    let end = '【'.len_utf8() + length + '】'.len_utf8();
    let long_enough = (6..=60).contains(&chars) && text[end..].chars().count() >= 20;
    long_enough.then_some(end)
}

/// `5天不远万里南下北上取经,济南起 [复制链接]`: where the link begins.
fn closing_link(text: &str) -> Option<usize> {
    let open = text
        .strip_suffix(']')
        .and_then(|t| t.rfind('['))
        .or_else(|| text.strip_suffix('】').and_then(|t| t.rfind('【')))?;
    (open > 0 && line::is_links(&text[open..])).then_some(open)
}

#[cfg(test)]
mod tests;
