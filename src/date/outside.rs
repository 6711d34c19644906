//! Dates that come with an article: from its record, and in its address.

use super::forms::{Day, YEARS, find};
use super::page::{Page, dating};
use crate::article::Dating;

/// The date or the year of a record or of the metadata file wins over all that is detected.
pub fn given(page: &Page) -> Option<Dating> {
    let date = page.given.date.as_deref().and_then(|d| Some((read(d)?, d)));
    let year = page.given.year.filter(|y| YEARS.contains(y));
    match (date, year) {
        (Some((day, words)), _) => dating(day, "given", words.trim(), None, 1.0),
        (None, Some(year)) => {
            let day = Day { year: Some(year), month: None, day: None };
            dating(day, "given", "", None, 1.0)
        }
        (None, None) => None,
    }
}

/// A date as records have it: all printed forms, timestamps, `202403`, `2024`.
fn read(date: &str) -> Option<Day> {
    let date = date.trim();
    let digits = date.bytes().take_while(u8::is_ascii_digit).count();
    let number = |from: usize, to: usize| date.get(from..to).and_then(|s| s.parse::<u16>().ok());
    let part = |from: usize, to: usize| number(from, to).and_then(|n| u8::try_from(n).ok());
    if digits == date.len() {
        let year = number(0, 4).map(i32::from);
        return match digits {
            4 => Day::valid(year, None, None),
            6 => Day::valid(year, Some(part(4, 6)?), None),
            // 20240315 and 20240315210243
            8 | 12 | 14 => Day::valid(year, Some(part(4, 6)?), Some(part(6, 8)?)),
            _ => None,
        };
    }
    find(date).into_iter().map(|f| f.day).find(|d| d.year.is_some()).or_else(|| {
        let year = number(0, 4).filter(|_| digits == 4).map(i32::from);
        // 2024/3, 2024.3: in a date field no other reading is left.
        let rest = date.get(5..).filter(|_| date.get(4..5).is_some_and(|m| "/.-".contains(m)));
        Day::valid(year, Some(rest?.parse().ok()?), None)
    })
}

/// The day that an HTML page declares in its head.
pub fn declared(page: &Page) -> Option<Dating> {
    let words = page.declared?;
    dating(read(words)?, "declared", words.trim(), None, 0.93)
}

/// The date in an address: `/2024/03/15/`, `/2024-03/15/`, `/20240315/`, `/202403/t20240315_12.html`.
/// Of a month and a day the day wins; a run of digits that is longer is a number, not a date.
pub fn address(page: &Page) -> Option<Dating> {
    let url = page.given.url.as_deref()?;
    // The host may be made of digits as well.
    let path = url.split_once("://").map_or(url, |u| u.1);
    let path = &path[path.find('/')?..];
    let parts: Vec<&str> = path.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let joined = |w: &[&str]| match w {
        [y, m, d] if y.len() == 4 && m.len() <= 2 && d.len() <= 2 => web_day(y, m, Some(d)),
        [ym, d] if ym.len() == 4 && d.len() == 4 => web_day(ym, &d[..2], Some(&d[2..])),
        [ymd] if ymd.len() == 8 => web_day(&ymd[..4], &ymd[4..6], Some(&ymd[6..])),
        [ym] if ym.len() == 6 => web_day(&ym[..4], &ym[4..], None),
        _ => None,
    };
    let day = [1, 3, 2].into_iter().find_map(|n| {
        let all = parts.windows(n).filter_map(joined);
        all.into_iter().find(|d| d.day.is_some())
    });
    let day = day.or_else(|| parts.windows(1).find_map(joined))?;
    dating(day, "address", "", None, 0.9)
}

/// The web has been there since 1994.
fn web_day(year: &str, month: &str, day: Option<&str>) -> Option<Day> {
    let day = match day {
        Some(d) => Some(d.parse().ok()?),
        None => None,
    };
    let found = Day::valid(year.parse().ok(), month.parse().ok(), day)?;
    found.year.is_some_and(|y| y >= 1994).then_some(found).filter(|d| d.month.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Clean, Given};

    #[test]
    fn dates_of_records() {
        for (date, expected) in [
            ("2024-03-15", Some((2024, 3, 15))),
            ("20240315", Some((2024, 3, 15))),
            ("20240315210243", Some((2024, 3, 15))),
            ("2024/3/15", Some((2024, 3, 15))),
            ("2024-03-15 21:02:43", Some((2024, 3, 15))),
            ("2024-03-15T21:02:43+08:00", Some((2024, 3, 15))),
            ("2024年3月15日", Some((2024, 3, 15))),
            ("二〇二四年三月", Some((2024, 3, 0))),
            ("民國113年", Some((2024, 0, 0))),
            ("2024-03", Some((2024, 3, 0))),
            ("2024/3", Some((2024, 3, 0))),
            ("202403", Some((2024, 3, 0))),
            (" 2024 ", Some((2024, 0, 0))),
            ("2024-02-30", None),
            ("20241301", None),
            ("1710507763", None),
            ("昨天", None),
            ("", None),
        ] {
            let read = read(date).map(|d| (d.year.unwrap(), d.month.unwrap_or(0), d.day.unwrap_or(0)));
            assert_eq!(read, expected, "{date}");
        }
    }

    #[test]
    fn dates_in_addresses() {
        for (url, expected) in [
            ("https://n.example.cn/2024/03/15/a.html", Some((2024, 3, 15))),
            ("http://e.example/2024-03/15/content_12.htm", Some((2024, 3, 15))),
            ("http://e.example/2024/0315/c1.html", Some((2024, 3, 15))),
            ("http://e.example/202403/t20240315_123.html", Some((2024, 3, 15))),
            ("http://e.example/art/202403/12.html", Some((2024, 3, 0))),
            ("http://m.39.net/news/a_6355215.html", None),
            ("http://e.example/a/19880315.html", None),
            ("http://20240315.example/a.html", None),
            ("http://e.example", None),
        ] {
            let given = Given { url: Some(url.into()), ..Given::default() };
            let clean = Clean::default();
            let found = address(&Page::new(&clean, &given));
            let found = found.map(|d| (d.year, d.month.unwrap_or(0), d.day.unwrap_or(0)));
            assert_eq!(found, expected, "{url}");
        }
    }
}
