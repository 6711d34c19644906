//! What of a page may say where its article belongs.

use super::weigh::{Piece, Spot};
use crate::article::{Clean, Given, Zone};

/// How much of the body's beginning counts as its lead, in characters: about the first
/// paragraph of a report.
const LEAD: usize = 120;

/// The labels before the office or outlet that published a page.
const SOURCE_LABELS: [&str; 8] =
    ["信息来源", "文章来源", "稿件来源", "新闻来源", "来源", "发布机构", "发布单位", "发文机关"];

/// What the name of an office ends with or holds: it speaks of its own place, while a
/// newspaper (济南日报) writes of others as well.
const OFFICES: [&str; 12] = [
    "政府",
    "区委",
    "县委",
    "市委",
    "省委",
    "管委会",
    "管理委员会",
    "宣传部",
    "人大",
    "政协",
    "融媒体中心",
    "局",
];

/// The stretches that count, in the order of the text. Of the zones only title and body, and in
/// the bylines the source: menus and friend links name places that the article is not about.
pub fn pieces<'a>(clean: &'a Clean, given: &'a Given) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut lead_left = LEAD;
    let mut has_title = false;
    for block in &clean.blocks {
        let text = clean.block_text(block);
        let start = block.span.start();
        match block.zone {
            Zone::Title => {
                has_title = true;
                pieces.push(Piece { spot: Spot::Title, text, start: Some(start) });
            }
            Zone::Body => {
                let dateline = dateline_len(text);
                if dateline > 0 {
                    pieces.push(dateline_piece(&text[..dateline], start));
                }
                let rest = &text[dateline..];
                let (lead, body) = rest.split_at(lead_len(rest, lead_left));
                lead_left = lead_left.saturating_sub(lead.chars().count());
                for (spot, text, at) in [(Spot::Lead, lead, 0), (Spot::Body, body, lead.len())] {
                    if !text.is_empty() {
                        pieces.push(Piece { spot, text, start: Some(start + dateline + at) });
                    }
                }
            }
            Zone::Byline => {
                if let Some((at, source)) = source_in(text) {
                    pieces.push(Piece { spot: spot_of(source), text: source, start: Some(start + at) });
                }
            }
            _ => {}
        }
    }
    if let Some(title) = given.title.as_deref().filter(|_| !has_title) {
        pieces.push(Piece { spot: Spot::Title, text: title, start: None });
    }
    if let Some(source) = given.source.as_deref() {
        pieces.push(Piece { spot: spot_of(source), text: source, start: None });
    }
    pieces
}

/// How many bytes of a paragraph belong to the lead, of which so many characters are left.
fn lead_len(text: &str, left: usize) -> usize {
    if left == 0 {
        return 0;
    }
    let cut = text.char_indices().nth(left).map_or(text.len(), |(i, _)| i);
    // Never cut a name in two: the lead ends where a clause does.
    text[cut..].find(['，', ',', '。', ' ', '、', '；']).map_or(text.len(), |i| cut + i)
}

/// How many characters of title and body there are.
pub fn body_chars(clean: &Clean) -> usize {
    clean.blocks.iter().filter(|b| b.zone.is_body()).map(|b| clean.block_text(b).chars().count()).sum()
}

fn spot_of(source: &str) -> Spot {
    if OFFICES.iter().any(|o| source.contains(o)) { Spot::Source } else { Spot::Outlet }
}

/// The value after a source label in a byline, and where it begins.
fn source_in(line: &str) -> Option<(usize, &str)> {
    let (at, label) =
        SOURCE_LABELS.iter().filter_map(|l| line.find(l).map(|i| (i, l))).min_by_key(|f| f.0)?;
    let after = &line[at + label.len()..];
    let value = after.trim_start_matches([':', '：', ' ', '\u{3000}']);
    let start = line.len() - value.len();
    let end = value.find([' ', '\u{3000}', '|', '(', '（']).unwrap_or(value.len());
    Some((start, &value[..end]))
}

/// The length of the agency line that a report opens with, `本报济南1月4日讯` or
/// `新华社北京1月4日电`: it ends with 讯, 电 or 消息 within its first 40 characters and before
/// any mark that ends a clause.
fn dateline_len(text: &str) -> usize {
    let mut last_digit_mark = false;
    for (i, c) in text.char_indices().take(40) {
        match c {
            '讯' | '电' if last_digit_mark => return i + c.len_utf8(),
            '，' | '。' | ',' | '；' | '？' | '！' => return 0,
            _ => last_digit_mark = matches!(c, '日' | '报' | '社' | '网') || (last_digit_mark && c == ' '),
        }
    }
    0
}

/// Reports from the capital are about the country: 新华社北京 says where the desk is.
fn dateline_piece(text: &str, start: usize) -> Piece<'_> {
    let spot = if text.contains("北京") { Spot::Outlet } else { Spot::Dateline };
    Piece { spot, text, start: Some(start) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agency_lines() {
        for (text, expected) in [
            ("本报济南1月4日讯(记者 王某)昨天", "本报济南1月4日讯"),
            ("新华社北京1月4日电 国务院", "新华社北京1月4日电"),
            ("  鲁网3月15日讯(记者", "  鲁网3月15日讯"),
            ("本报讯 昨天", "本报讯"),
            ("昨天，济南日报讯", ""),
            ("起步区的电力供应", ""),
            ("", ""),
        ] {
            assert_eq!(&text[..dateline_len(text)], expected, "{text}");
        }
    }

    #[test]
    fn sources() {
        for (line, expected) in [
            ("信息来源:济南日报", Some("济南日报")),
            ("2024-03-15 21:02:43 来源:鲁网 大字体 小字体", Some("鲁网")),
            ("发布机构：槐荫区人民政府", Some("槐荫区人民政府")),
            ("责任编辑:徐英淦", None),
        ] {
            assert_eq!(source_in(line).map(|s| s.1), expected, "{line}");
        }
        assert_eq!(spot_of("槐荫区人民政府"), Spot::Source);
        assert_eq!(spot_of("济南日报"), Spot::Outlet);
    }
}
