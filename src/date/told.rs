//! What the text itself says of the day it was written.

use super::forms::{Day, Found, find};
use super::outside;
use super::page::{Line, Page};
use crate::article::{Dating, Zone};

/// How far into a paragraph the agency line may reach, in characters.
const DATELINE: usize = 40;

/// `本报济南1月4日讯`, `新华社北京1月4日电`: the day is printed, the year comes from a full date
/// near that day in the text, or from what else tells the year.
pub fn dateline(page: &Page) -> Option<Dating> {
    let (line, found) = page.body().take(4).find_map(|l| {
        let found = l.dates.first()?;
        let (before, after) = l.around(found);
        let sent = ["讯", "电", "消息", "报道", "訊", "電"].iter().any(|w| after.starts_with(w));
        (sent && found.day.day.is_some() && before.chars().count() <= DATELINE).then_some((l, found))
    })?;
    if found.day.year.is_some() {
        return line.dating(found, "dateline", 0.95);
    }
    let (year, confidence) = year_for(page, found.day)?;
    let day = Day::valid(Some(year), found.day.month, found.day.day)?;
    line.dating(&Found { day, ..*found }, "dateline", confidence)
}

/// The year of a day that is printed without one.
fn year_for(page: &Page, day: Day) -> Option<(i32, f32)> {
    // A full date of the text that lies within the fortnight before the report.
    let ordinal = |d: Day| Some(i32::from(d.month?) * 31 + i32::from(d.day?));
    let sent = ordinal(day)?;
    let near = page.article().flat_map(|l| l.whole_dates()).find_map(|f| {
        let gap = sent - ordinal(f.day)?;
        match gap {
            0..=14 => f.day.year,
            // An event of late December, reported in January.
            -372..=-341 if day.month == Some(1) => f.day.year.map(|y| y + 1),
            _ => None,
        }
    });
    if let Some(year) = near.filter(|y| latest_year(page).is_none_or(|l| l <= *y)) {
        return Some((year, 0.85));
    }
    let inferred = outside::address(page).or_else(|| just_past(page)).or_else(|| anniversary(page));
    inferred.map(|d| (d.year, d.evidence.confidence * 0.9))
}

/// Whether a date is told as what is to come, or is an end of a stretch of time.
pub fn is_plan(line: &Line, found: &Found) -> bool {
    let (before, after) = line.around(found);
    let ahead = ["到", "至", "力争", "争取", "确保", "迎接", "展望", "预计", "于"]
        .iter()
        .any(|w| before.ends_with(w));
    let clause = after.split(['。', '，', '；', ',', ';']).next().unwrap_or("");
    found.range || ahead || ["将", "目标", "规划", "前", "计划"].iter().any(|w| clause.contains(w))
}

/// The latest year that the text speaks of as past or present.
fn latest_year(page: &Page) -> Option<i32> {
    let past = page.article().flat_map(|l| l.dates.iter().filter(move |f| !is_plan(l, f)));
    past.filter_map(|f| f.day.year).max()
}

/// `于2018年4月27日通过，现予公布`: a decree is published on the day it names. 132 of 132 on the
/// news.
pub fn promulgated(page: &Page) -> Option<Dating> {
    page.article().find_map(|line| {
        let found = line.whole_dates().find(|f| {
            let (_, after) = line.around(f);
            let after = after.trim_start_matches("修订");
            after.strip_prefix("通过").is_some_and(|a| {
                let a = a.trim_start_matches([',', '，', ' ']);
                a.starts_with("现予") || a.starts_with("现将")
            })
        })?;
        line.dating(found, "inferred", 0.65)
    })
}

/// `刚刚过去的2023年` is said in 2024, mostly in its first days. 15 of 15 on the news.
pub fn just_past(page: &Page) -> Option<Dating> {
    page.article().find_map(|line| {
        let found = line.dates.iter().find(|f| {
            let (before, _) = line.around(f);
            f.day.month.is_none()
                && !f.range
                && ["刚刚过去的", "刚过去的"].iter().any(|w| before.ends_with(w))
        })?;
        let day = Day::valid(found.day.year.map(|y| y + 1), None, None)?;
        line.dating(&Found { day, ..*found }, "inferred", 0.65)
    })
}

/// What is remembered every year, and since when. Only where the year is agreed upon.
const FOUNDED: [(&str, i32); 16] = [
    ("中国共产党成立", 1921),
    ("建党", 1921),
    ("党成立", 1921),
    ("建军", 1927),
    ("解放军成立", 1927),
    ("红军长征胜利", 1936),
    ("长征胜利", 1936),
    ("抗日战争胜利", 1945),
    ("抗战胜利", 1945),
    ("反法西斯战争胜利", 1945),
    ("新中国成立", 1949),
    ("人民共和国成立", 1949),
    ("建国", 1949),
    ("改革开放", 1978),
    ("香港回归祖国", 1997),
    ("澳门回归祖国", 1999),
];

/// `今年是新中国成立70周年`: without `今年` the same words also announce (庆祝…) what is to come;
/// with it 183 of 184 on the news were of that year.
pub fn anniversary(page: &Page) -> Option<Dating> {
    let this_year = memchr::memmem::Finder::new("今年");
    page.article().find_map(|line| {
        this_year.find_iter(line.text.as_bytes()).find_map(|at| {
            let clause = &line.text[at..];
            let clause = &clause[..clause.find(['。', '；', '！', '？', '\n']).unwrap_or(clause.len())];
            let clause: &str = clause.char_indices().nth(40).map_or(clause, |(i, _)| &clause[..i]);
            let end = clause.find("周年")?;
            let before = &clause[..end];
            let digits =
                before.trim_end_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
            let years = count(&before[digits.len()..])?;
            // 今年是1982年宪法公布施行30周年 tells its own first year.
            let told = find(digits).iter().rev().find_map(|f| f.day.year);
            let known = FOUNDED.iter().find(|f| digits.ends_with(f.0)).map(|f| f.1);
            let year = known.or(told)? + years;
            let span = crate::text::Span::new(at, at + end + "周年".len());
            let day = Day::valid(Some(year), None, None)?;
            let found = Found { span, day, form: super::forms::Form::Han, range: false };
            line.dating(&found, "inferred", 0.65)
        })
    })
}

/// Words for the first and the last year of a five-year plan.
const PLAN_YEARS: [(&str, i32); 4] = [("开局之年", 0), ("开局年", 0), ("收官之年", 4), ("收官年", 4)];

/// `今年是“十三五”开局之年`: the tenth plan began in 2001, each is five years long. Only close behind 今年.
pub fn plan_year(page: &Page) -> Option<Dating> {
    let this_year = memchr::memmem::Finder::new("今年是");
    page.article().find_map(|line| {
        this_year.find_iter(line.text.as_bytes()).find_map(|at| {
            let clause = &line.text[at..];
            let clause = &clause[..clause.find(['。', '，', '；', '！', '？', '\n']).unwrap_or(clause.len())];
            let (end, offset) =
                PLAN_YEARS.iter().find_map(|(word, offset)| Some((clause.find(word)?, offset)))?;
            let before = clause[..end].trim_end_matches(['”', '"', '’', '规', '划', '的', '计', '时', '期']);
            let number = before.strip_suffix('五')?;
            let digits = number.trim_end_matches(|c: char| "一二三四五六七八九十".contains(c));
            let plan = count(&number[digits.len()..]).filter(|n| (8..=30).contains(n))?;
            let near = digits.chars().count() <= "今年是我国实施".chars().count() + 4;
            let day = Day::valid(Some(2001 + 5 * (plan - 10) + offset), None, None).filter(|_| near)?;
            let span = crate::text::Span::new(at, at + end);
            let found = Found { span, day, form: super::forms::Form::Han, range: false };
            line.dating(&found, "inferred", 0.65)
        })
    })
}

/// `十二届全国人大三次会议` in the title: since the fifth of 1978 each congress lasts five years and meets every
/// March, and the conference with it. 152 of 153 on the news.
pub fn congress(page: &Page) -> Option<Dating> {
    let titles = page.lines.iter().filter(|l| l.zone == Zone::Title);
    titles.into_iter().find_map(|line| {
        ["届全国人大", "届全国政协", "届全国人民代表大会"].iter().find_map(|name| {
            let at = line.text.find(name)?;
            let (before, after) = (&line.text[..at], &line.text[at + name.len()..]);
            let han = |c: char| "一二三四五六七八九十".contains(c);
            let which = before.trim_end_matches(han);
            let congress = count(&before[which.len()..]).filter(|n| (5..=40).contains(n))?;
            let after = after.strip_prefix('第').unwrap_or(after);
            let session = &after[..after.len() - after.trim_start_matches(han).len()];
            after[session.len()..].starts_with("次会议").then_some(())?;
            let session_number = count(session).filter(|n| (1..=5).contains(n))?;
            let day = Day::valid(Some(1978 + 5 * (congress - 5) + session_number - 1), None, None)?;
            let end = line.text.len() - after.len() + session.len() + "次会议".len();
            let span = crate::text::Span::new(which.len(), end);
            let found = Found { span, day, form: super::forms::Form::Han, range: false };
            line.dating(&found, "inferred", 0.68)
        })
    })
}

/// A number of years, in digits or as 七十, 九十五.
fn count(number: &str) -> Option<i32> {
    if number.is_empty() {
        return None;
    }
    if let Ok(n) = number.parse::<i32>() {
        return (n <= 200).then_some(n);
    }
    let one = |s: &str| match s.chars().count() {
        0 => Some(0),
        1 => s
            .chars()
            .next()
            .and_then(|c| "一二三四五六七八九".chars().position(|d| d == c))
            .map(|p| p as i32 + 1),
        _ => None,
    };
    match number.split_once('十') {
        Some((tens, ones)) => Some(one(tens)?.max(1) * 10 + one(ones)?),
        None => one(number),
    }
}

/// What an event does that is reported when it happens.
const EVENTS: [&str; 10] = ["召开", "举行", "举办", "开幕", "闭幕", "启动", "开工", "揭牌", "签约", "发布"];

/// `2024年12月11日，济南市…召开总结评议会议` as the first words of the body, where the title names
/// the same year and no later one is spoken of: the year of the report, and no more of the
/// date, since a report may come days later. Alone each of these cues is of little worth (52 of
/// 100 for a full date in the first lines: histories and profiles open so too).
pub fn event(page: &Page) -> Option<Dating> {
    let line = page.body().find(|l| l.chars > 20)?;
    let found = line.dates.first().filter(|f| f.day.is_whole() && !f.range)?;
    let (before, after) = line.around(found);
    if before.trim().chars().count() > 2 {
        return None;
    }
    let clause = after.split(['。', '\n']).next().unwrap_or("");
    let happens = EVENTS.iter().any(|e| clause.contains(e)) && !clause.contains('将');
    let year = found.day.year?;
    let titled = page.lines.iter().filter(|l| l.zone == Zone::Title).any(|l| names_year(l.text, year))
        || page.given.title.as_deref().is_some_and(|t| names_year(t, year));
    // Of December 20 to 31 the report may be of the next year.
    let year_end = found.day.month == Some(12) && found.day.day.is_some_and(|d| d > 20);
    if happens && titled && !year_end && latest_year(page) == Some(year) {
        let day = Day { year: Some(year), month: None, day: None };
        return line.dating(&Found { day, ..*found }, "inferred", 0.6);
    }
    None
}

fn names_year(title: &str, year: i32) -> bool {
    let year = year.to_string();
    title.match_indices(&year).any(|(at, y)| {
        let before = title[..at].chars().next_back();
        let after = title[at + y.len()..].chars().next();
        !before.is_some_and(|c| c.is_ascii_digit()) && !after.is_some_and(|c| c.is_ascii_digit())
    })
}
