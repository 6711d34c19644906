//! What a page says of days that are not its day of publication: the years its text speaks of, and the day
//! on which it was fetched.

use super::forms::{Form, YEARS, is_range_mark};
use super::page::Page;
use super::printed::is_clock;
use super::told::is_plan;
use crate::article::{Clean, Dating, YearTold, Zone};
use crate::text::Span;

/// The years that title and body speak of, the earliest first.
pub fn mentioned(page: &Page, clean: &Clean) -> Vec<YearTold> {
    let mut years: Vec<YearTold> = Vec::new();
    let mut tell = |year: i32, plan: bool, span: Span| match years.iter_mut().find(|y| y.year == year) {
        Some(known) => {
            known.times += 1;
            known.plan &= plan;
        }
        None => {
            let words = clean.text[span.range()].to_owned();
            years.push(YearTold { year, plan, words, span, times: 1 });
        }
    };
    for line in page.article() {
        for found in line.dates.iter().filter(|f| matches!(f.form, Form::Han | Form::Marked)) {
            let Some(year) = found.day.year else { continue };
            let plan = is_plan(line, found);
            // 2023—2025年: the first year has no 年 of its own.
            if let Some((first, len)) = range_start(&line.text[..found.span.start()]) {
                let end = line.start + found.span.start();
                let at = end - len;
                tell(first, plan, Span::new(at, at + 4));
            }
            tell(year, plan, Span::new(line.start + found.span.start(), line.start + found.span.end()));
        }
    }
    years.sort_by_key(|y| y.year);
    years
}

/// The year that `before` ends with, before the mark of a range, and how many bytes from the end it begins.
fn range_start(before: &str) -> Option<(i32, usize)> {
    let bare = before.trim_end_matches(is_range_mark);
    let mark = before.len() - bare.len();
    let digits = bare.len() - bare.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let year: i32 = bare.get(bare.len().checked_sub(4)?..)?.parse().ok()?;
    (mark > 0 && digits == 4 && YEARS.contains(&year)).then_some((year, mark + 4))
}

/// The day that the page's clock shows: when it was fetched.
pub fn fetched(page: &Page) -> Option<Dating> {
    let lines = page.lines.iter().filter(|l| matches!(l.zone, Zone::Navigation | Zone::Byline));
    lines.flat_map(|l| l.whole_dates().map(move |f| (l, f))).find_map(|(line, found)| {
        let clock = is_clock(line, found);
        clock.then(|| line.dating(found, "clock", 0.8))?
    })
}

#[cfg(test)]
mod tests {
    use super::super::told_of;
    use super::*;
    use crate::article::{Block, Given};

    fn page(zone: Zone, text: &str) -> Clean {
        let blocks = vec![Block { span: Span::new(0, text.len()), zone }];
        Clean { text: text.to_owned(), blocks, ..Clean::default() }
    }

    #[test]
    fn years_told() {
        for (text, expected) in [
            ("2023年投产，2024年以来，2023年底。", "2023 2024"),
            ("三年行动计划（2023—2025年）", "2023? 2025?"),
            ("到2035年基本实现", "2035?"),
            ("从2019年至2021年", "2019? 2021?"),
            ("二〇二四年三月；民國113年", "2024"),
            ("电话65363495，1990年代，２０２２年", "2022"),
            ("没有年份", ""),
        ] {
            let clean = page(Zone::Body, text);
            let found: Vec<String> = told_of(&clean, &Given::default())
                .years
                .iter()
                .map(|y| {
                    assert_eq!(clean.text[y.span.range()], y.words);
                    format!("{}{}", y.year, if y.plan { "?" } else { "" })
                })
                .collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
        assert_eq!(told_of(&page(Zone::Unrelated, "2023年"), &Given::default()).years, []);
    }

    #[test]
    fn the_day_of_fetching() {
        let day = |zone, text| told_of(&page(zone, text), &Given::default()).fetched.and_then(|d| d.date());
        assert_eq!(day(Zone::Navigation, "2024年01月05日 星期五").as_deref(), Some("2024-01-05"));
        assert_eq!(day(Zone::Navigation, "今天是2024年01月05日").as_deref(), Some("2024-01-05"));
        assert_eq!(day(Zone::Byline, "发布日期：2024-01-05"), None);
    }
}
