//! Dates printed on the page to say when it was published.

use super::forms::{Form, Found};
use super::page::{Line, Page};
use crate::article::{Dating, Zone};
use crate::text::fold::fold_char;

/// Labels of the day of publication, the surest first; a page that has several (发布时间 and
/// 更新时间) is dated by the first in this list.
const LABELS: [&str; 24] = [
    "发布日期",
    "发布时间",
    "发表日期",
    "发表时间",
    "发稿时间",
    "发稿日期",
    "刊发日期",
    "刊发时间",
    "公布日期",
    "公开日期",
    "发文日期",
    "发文时间",
    "成文日期",
    "印发日期",
    "生成日期",
    "录入时间",
    "上传时间",
    "发布于",
    "发表于",
    "时间",
    "日期",
    "更新时间",
    "更新日期",
    "更新于",
];

/// Labels from here on also stand before the day of an event (时间：3月15日，地点：…): they need
/// a line that is no part of the body.
const FIRST_WEAK_LABEL: usize = 19;

/// The longest line of the body that may be a label with its date.
const LABEL_LINE: usize = 60;

/// `发布日期:2024-01-04`, `时间：24/3/15`.
pub fn labelled(page: &Page) -> Option<Dating> {
    let rank = |line: &Line, found: &Found| {
        if line.zone.is_body() && line.chars > LABEL_LINE {
            return None;
        }
        let (before, _) = line.around(found);
        let before = before.trim_end_matches([':', '：', ' ', '\u{3000}', '\t', '|', '[', '【', '】']);
        let before = folded_end(before);
        let rank = LABELS.iter().position(|l| before.ends_with(l))?;
        let first = before.trim_start() == LABELS[rank] || !is_sentence(line);
        let plain = line.chars <= LABEL_LINE && first;
        let inside = !line.zone.is_body() || plain && (rank < FIRST_WEAK_LABEL || has_company(line));
        inside.then_some(rank)
    };
    let dates = page.lines.iter().flat_map(|l| l.dates.iter().map(move |f| (l, f)));
    let best = dates
        .filter(|(_, f)| f.day.year.is_some() && !f.range)
        .filter_map(|(l, f)| Some((rank(l, f)?, l, f)))
        .min_by_key(|(rank, l, _)| (*rank, l.start))?;
    best.1.dating(best.2, "printed", 0.97)
}

/// The last characters of a text, enough for a label, Traditional ones folded (發布日期).
fn folded_end(text: &str) -> String {
    let from = text.char_indices().rev().nth(9).map_or(0, |(i, _)| i);
    text[from..].chars().map(fold_char).collect()
}

/// What stands beside the day of publication: sources, names, counters, buttons.
const COMPANY: [&str; 16] = [
    "来源",
    "作者",
    "记者",
    "编辑",
    "字体",
    "字号",
    "阅读",
    "浏览",
    "点击",
    "评论",
    "分享",
    "打印",
    "责编",
    "通讯员",
    "访问量",
    "收藏",
];

fn has_company(line: &Line) -> bool {
    COMPANY.iter().any(|w| line.text.contains(w))
}

/// Whether a line is of the text itself: bylines have no full stop.
fn is_sentence(line: &Line) -> bool {
    line.text.contains(['。', '？', '！', '，', '；'])
}

/// `2024-03-15 21:02:43 来源:鲁网`: a date in a byline, or beside a source in a short line.
pub fn beside_source(page: &Page) -> Option<Dating> {
    let fits = |line: &&Line| match line.zone {
        Zone::Byline => true,
        Zone::Navigation => line.chars <= LABEL_LINE && has_company(line),
        _ => line.chars <= LABEL_LINE && has_company(line) && !is_sentence(line),
    };
    page.lines.iter().filter(|l| !l.dates.is_empty()).filter(fits).find_map(|line| {
        let found = line.whole_dates().find(|f| !is_clock(line, f))?;
        line.dating(found, "printed", 0.93)
    })
}

/// `2024年01月05日 星期五` alone is what the page's clock showed when it was fetched. In
/// the head line of a printed paper (济南日报 2024年01月05日 星期五 第03版) the same words tell
/// the day of the issue.
pub fn is_clock(line: &Line, found: &Found) -> bool {
    let (before, after) = line.around(found);
    let after = after.trim_start();
    let weekday = after.starts_with("星期") || after.starts_with('周') || after.starts_with("农历");
    let today = before.trim_end_matches([':', '：', ' ']).ends_with("今天是") || before.ends_with("今天");
    let paper = line.text.contains('报')
        || line.text.contains('版')
        || line.text.contains('期') && line.text.contains('第');
    today || weekday && !paper && !has_company(line)
}

/// How many lines from the top may tell of a law's making.
const LAW_HEAD: usize = 14;

/// What is done to a law on the day that dates it; 施行 is the day from which it holds.
const ENACTED: [&str; 8] = ["通过", "批准", "修正", "修订", "公布", "发布", "颁布", "印发"];

/// What the title of a law or a resolution ends with; one without articles has no 第一条.
const LAWS: [&str; 8] = ["条例", "规定", "办法", "规则", "细则", "守则", "决定", "决议"];

/// `2010年11月25日 山东省第十一届人民代表大会常务委员会第二十次会议批准`: the head of a law names
/// every step; the last one made the text that stands there.
pub fn enacted(page: &Page) -> Option<Dating> {
    let titled = |l: &Line| l.zone == Zone::Title && LAWS.iter().any(|e| l.text.trim_end().ends_with(e));
    if !page.article().any(|l| is_first_article(l.text) || titled(l)) {
        return None; // news tell of laws as well
    }
    let head: Vec<&Line> = page.article().take(LAW_HEAD).take_while(|l| !is_first_article(l.text)).collect();
    let mut last: Option<(&Line, &Found)> = None;
    for (i, line) in head.iter().enumerate() {
        for found in line.dates.iter().filter(|f| f.day.is_whole() && !f.range) {
            let day = |f: &Found| (f.day.year, f.day.month, f.day.day);
            if is_enactment(&head[i..], found) && last.is_none_or(|l| day(l.1) < day(found)) {
                last = Some((line, found));
            }
        }
    }
    let (line, found) = last?;
    line.dating(found, "enacted", 0.9)
}

fn is_first_article(line: &str) -> bool {
    let line = line.trim_start_matches(['#', ' ', '\u{3000}']);
    line.starts_with("第一条") || line.starts_with("第一章")
}

/// Whether the first of the lines has an assembly's or a government's act after the date. A long
/// title inside the act (《关于修改…的决定》) may break it over the lines that follow.
fn is_enactment(lines: &[&Line], found: &Found) -> bool {
    let Some((line, following)) = lines.split_first() else { return false };
    let (before, after) = line.around(found);
    let opening = before
        .chars()
        .next_back()
        .is_none_or(|c| c.is_whitespace() || "（(据，,、；;和经）)过准正订".contains(c));
    // Up to the next date: that one has its own act.
    let next = line.dates.get(line.dates.partition_point(|f| f.span.start() <= found.span.start()));
    let mut own = next.map_or(after, |n| &after[..n.span.start() - found.span.end()]).to_owned();
    if next.is_none() {
        for line in following.iter().take_while(|l| l.dates.is_empty()) {
            own.push_str(line.text);
        }
    }
    let act = ENACTED.iter().any(|e| own.contains(e));
    let by = ["会议", "人民代表大会", "常委会", "人民政府", "国务院", "公告", "令"]
        .iter()
        .any(|b| own.contains(b));
    opening && act && by
}

/// How many lines from the end (contact lines may follow) and from the top a date may stand
/// alone to date the page.
const SIGNED_LINES: usize = 6;

/// `2024年3月5日` as a line of its own, as official papers are signed.
pub fn signed(page: &Page) -> Option<Dating> {
    let own = |line: &&Line| line.zone != Zone::Navigation;
    let alone = |line: &Line| {
        let found = line.whole_dates().next()?;
        let (before, after) = line.around(found);
        let bare = |s: &str| {
            s.chars().all(|c| " \u{3000}\t()（）[]【】.。".contains(c) || c.is_ascii_digit() || c == ':')
        };
        (line.dates.len() == 1 && bare(before) && bare(after))
            .then_some(found)
            .and_then(|f| line.dating(f, "signed", 0.85))
    };
    let lines: Vec<&Line> = page.lines.iter().filter(own).collect();
    let end = lines.iter().rev().take(SIGNED_LINES).find_map(|l| alone(l));
    end.or_else(|| lines.iter().take(SIGNED_LINES).find_map(|l| alone(l)))
}

/// `鲁政发〔2024〕3号`: the number of an official paper, in its title or in a short line.
pub fn numbered(page: &Page) -> Option<Dating> {
    let short =
        |l: &&Line| matches!(l.zone, Zone::Title | Zone::Byline) || l.zone == Zone::Body && l.chars <= 24;
    page.lines.iter().filter(short).find_map(|line| {
        let at = line.text.find(['〔', '［'])?;
        let inner = &line.text[at + '〔'.len_utf8()..];
        let (year, rest) = inner.split_once(['〕', '］'])?;
        let end = at + '〔'.len_utf8() + year.len();
        let day = super::Day::valid(Some(year.trim().parse().ok()?), None, None)?;
        if !rest.contains('号') {
            return None;
        }
        let span = crate::text::Span::new(end - year.len(), end);
        line.dating(&Found { span, day, form: Form::Han, range: false }, "printed", 0.8)
    })
}
