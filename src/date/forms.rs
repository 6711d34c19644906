//! The forms in which dates are written.

use crate::text::Span;

/// A date as far as it is written, valid as far as it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Day {
    pub year: Option<i32>,
    pub month: Option<u8>,
    pub day: Option<u8>,
}

/// How a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `2024年3月15日`, `二〇二四年三月`, `民國113年`, `3月15日`, `2024年`.
    Han,
    /// `2024-03-15`, `2024/3/15`, `2024.3.15`.
    Marked,
    /// `24/3/15`: only a label makes a date of it.
    ShortYear,
    /// `20240315`: only a label, a record or an address makes a date of it.
    Compact,
}

/// A date that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// In the text that was searched; a weekday and a time after the date are not in it.
    pub span: Span,
    pub day: Day,
    pub form: Form,
    /// One end of a stretch of time: `2023—2025年`, `3月1日至5日`.
    pub range: bool,
}

/// The years that are believed: before 1900 a text tells of history, after 2100 a number is none.
pub const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;

impl Day {
    /// The date, unless a part of it is impossible. A day needs a month.
    pub fn valid(year: Option<i32>, month: Option<u8>, day: Option<u8>) -> Option<Day> {
        let fits = year.is_none_or(|y| YEARS.contains(&y))
            && month.is_none_or(|m| (1..=12).contains(&m))
            && match (month, day) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(m), Some(d)) => d >= 1 && d <= month_length(year, m),
            };
        (fits && (year.is_some() || month.is_some())).then_some(Day { year, month, day })
    }

    /// Whether year, month and day are all known.
    pub fn is_whole(self) -> bool {
        self.year.is_some() && self.day.is_some()
    }
}

/// February has 29 days where the year is unknown.
fn month_length(year: Option<i32>, month: u8) -> u8 {
    match month {
        2 => {
            let leap = year.is_none_or(|y| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
            if leap { 29 } else { 28 }
        }
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// All dates in `text`, from left to right.
pub fn find(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    let mut before = None;
    loop {
        let next = next_digit(text.as_bytes(), at);
        if next > at {
            (at, before) = (next, None);
        }
        let Some(c) = text[at..].chars().next() else { break };
        let kind = digit(c).map(|d| d.1);
        // A date begins where its number does, never inside a longer one.
        if (c == '民' || kind.is_some() && kind != before)
            && let Some(Written { span, day, form }) = han(text, at).or_else(|| marked(text, at))
        {
            if let Some(day) = day {
                found.push(Found { span, day, form, range: is_range(text, span) });
            }
            at = span.end();
            before = None;
            continue;
        }
        before = kind;
        at += c.len_utf8();
    }
    found
}

/// Where from `at` on a character may be a digit or 民, by its bytes: all that most of a text is
/// looked at for.
fn next_digit(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&lead) = bytes.get(at) {
        at += match lead {
            b'0'..=b'9' => return at,
            ..0x80 => 1,
            0x80..0xE0 => 2,
            0xF0.. => 4,
            0xE0..0xF0 => {
                let Some(&[_, b, c]) = bytes.get(at..at + 3) else { break };
                if is_digit_hash(u32::from_le_bytes([lead, b, c, 0])) {
                    return at;
                }
                3
            }
        };
    }
    bytes.len()
}

/// The characters of three bytes that are digits, and 民.
const DIGITS: [char; 25] = [
    '０', '１', '２', '３', '４', '５', '６', '７', '８', '９', '〇', '○', '零', 'Ｏ', '十', '一', '二',
    '三', '四', '五', '六', '七', '八', '九', '民',
];

/// A bit for each hash that one of `DIGITS` has.
static DIGIT_HASHES: [u64; 16] = {
    let mut bits = [0; 16];
    let mut i = 0;
    while i < DIGITS.len() {
        let mut utf8 = [0; 4];
        DIGITS[i].encode_utf8(&mut utf8);
        let hash = digit_hash(u32::from_le_bytes(utf8));
        bits[hash / 64] |= 1 << (hash % 64);
        i += 1;
    }
    bits
};

const fn digit_hash(character: u32) -> usize {
    (character.wrapping_mul(0x9E37_79B1) >> 22) as usize
}

fn is_digit_hash(character: u32) -> bool {
    let hash = digit_hash(character);
    DIGIT_HASHES[hash / 64] >> (hash % 64) & 1 != 0
}

/// What is written like a date, with the day if there is such a day: of 2023年2月29日 no part is
/// believed.
struct Written {
    span: Span,
    day: Option<Day>,
    form: Form,
}

/// What stands between the ends of a stretch of time.
const RANGE_MARKS: [&str; 9] = ["—", "－", "–", "-", "~", "～", "至", "到", "─"];

/// Whether the character stands between the ends of a stretch of time.
pub fn is_range_mark(c: char) -> bool {
    RANGE_MARKS.iter().any(|m| m.chars().eq([c]))
}

fn is_range(text: &str, span: Span) -> bool {
    let before = text[..span.start()].trim_end_matches(['年', '月', '日']);
    let digit_before =
        |s: &str| s.chars().next_back().is_some_and(|c| digit(c).is_some() || "年月日号".contains(c));
    let from = RANGE_MARKS.iter().any(|m| before.strip_suffix(m).is_some_and(digit_before));
    let after = &text[span.end()..];
    let to = RANGE_MARKS.iter().any(|m| {
        after
            .strip_prefix(m)
            .is_some_and(|r| r.trim_start_matches(m).chars().next().is_some_and(|c| digit(c).is_some()))
    });
    from || to
}

/// The value of a digit in any script, and whether it is one of 0-9 in half or full width.
fn digit(c: char) -> Option<(u32, bool)> {
    match c {
        '0'..='9' => Some((c as u32 - '0' as u32, true)),
        '０'..='９' => Some((c as u32 - '０' as u32, true)),
        '〇' | '○' | '零' | 'Ｏ' => Some((0, false)),
        '十' => Some((10, false)),
        // Most characters of a text come this far: no search through a list.
        '一' => Some((1, false)),
        '二' => Some((2, false)),
        '三' => Some((3, false)),
        '四' => Some((4, false)),
        '五' => Some((5, false)),
        '六' => Some((6, false)),
        '七' => Some((7, false)),
        '八' => Some((8, false)),
        '九' => Some((9, false)),
        _ => None,
    }
}

/// A number read from a text: its value, how many digits, where it ends.
#[derive(Clone, Copy)]
struct Number {
    value: u32,
    digits: usize,
    end: usize,
}

/// The number that begins at `at`: 12, １２, 十二, 二〇二四. At most nine digits are read as a
/// number; a longer run is none.
fn number(text: &str, at: usize) -> Option<Number> {
    let mut end = at;
    let mut values = [0; 9];
    let mut digits = 0;
    let mut plain = None;
    for c in text[at..].chars() {
        let Some((value, is_plain)) = digit(c) else { break };
        if *plain.get_or_insert(is_plain) != is_plain {
            break;
        }
        *values.get_mut(digits)? = value;
        digits += 1;
        end += c.len_utf8();
    }
    let values = &values[..digits];
    let value = match values.iter().position(|v| *v == 10) {
        _ if values.is_empty() => return None,
        None => values.iter().fold(0, |n, v| n * 10 + v),
        // 十, 十二, 二十, 二十一
        Some(ten) => {
            let (tens, ones) = (&values[..ten], &values[ten + 1..]);
            if tens.len() > 1 || ones.len() > 1 || ones.contains(&10) {
                return None;
            }
            tens.first().copied().unwrap_or(1) * 10 + ones.first().copied().unwrap_or(0)
        }
    };
    Some(Number { value, digits, end })
}

/// What after 年 says that no year is meant: 1990年代, 2000年前, 3年级.
const NO_YEAR: [&str; 9] = ["代", "级", "級", "前", "多", "历史", "歷史", "间", "後"];

/// `2024年3月15日` and its shorter forms, from the year or from the month on.
fn han(text: &str, at: usize) -> Option<Written> {
    let mut republic = false;
    let mut at_number = at;
    for era in ["民國", "民国"] {
        if let Some(rest) = text[at..].strip_prefix(era) {
            republic = true;
            at_number = at + era.len();
            if rest.starts_with('元') {
                return None; // 1912 tells of history
            }
        }
    }
    let first = number(text, at_number)?;
    let unit = text[first.end..].chars().next()?;
    let (year, mut end, next) = match unit {
        '年' => {
            let year = i32::try_from(first.value).ok()?;
            let year = if republic && first.digits <= 3 { year + 1911 } else { year };
            if !republic && first.digits != 4 {
                return None;
            }
            let end = first.end + unit.len_utf8();
            if NO_YEAR.iter().any(|n| text[end..].starts_with(n)) {
                return None;
            }
            (Some(year), end, number(text, end))
        }
        '月' if !republic => (None, at_number, Some(first)),
        _ => return None,
    };
    let (mut month, mut day) = (None, None);
    if let Some(m) = next
        && text[m.end..].starts_with('月')
    {
        month = Some(m.value.min(99) as u8);
        end = m.end + '月'.len_utf8();
        if let Some(d) = number(text, end)
            && text[d.end..].starts_with(['日', '号', '號'])
        {
            day = Some(d.value.min(99) as u8);
            end = d.end + '日'.len_utf8();
        }
    }
    let day = Day::valid(year, month, day);
    (end > at).then_some(Written { span: Span::new(at, end), day, form: Form::Han })
}

/// `2024-03-15`, `2024/3/15`, `2024.3.15`, `24/3/15`, `20240315`.
fn marked(text: &str, at: usize) -> Option<Written> {
    let first = number(text, at)?;
    let short = first.digits == 2;
    if first.digits == 8 {
        let (y, m, d) = (first.value / 10_000, first.value / 100 % 100, first.value % 100);
        let day = Day::valid(Some(y as i32), Some(m as u8), Some(d as u8));
        return Some(Written { span: Span::new(at, first.end), day, form: Form::Compact });
    }
    if !short && first.digits != 4 {
        return None;
    }
    let mark = text[first.end..].chars().next().filter(|c| "-/.－／．".contains(*c))?;
    let second = number(text, first.end + mark.len_utf8()).filter(|n| n.digits <= 2)?;
    let last = text[second.end..].strip_prefix(mark).and_then(|_| number(text, second.end + mark.len_utf8()));
    let third = last.filter(|n| n.digits <= 2);
    if short && third.is_none() || last.is_some() && third.is_none() {
        return None;
    }
    // 2024.3 and 2024/12 are numbers as often as dates; 2024-03 is one with two digits only.
    if third.is_none() && !(mark == '-' && second.digits == 2) {
        return None;
    }
    let year = first.value as i32 + if short { 2000 } else { 0 };
    let day = Day::valid(Some(year), Some(second.value as u8), third.map(|d| d.value as u8));
    let form = if short { Form::ShortYear } else { Form::Marked };
    Some(Written { span: Span::new(at, third.unwrap_or(second).end), day, form })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u8, d: u8) -> Day {
        let some = |n: u8| (n > 0).then_some(n);
        Day { year: (y > 0).then_some(y), month: some(m), day: some(d) }
    }

    #[test]
    fn all_forms() {
        for (text, expected) in [
            ("2024-03-15 21:02:43", vec![day(2024, 3, 15)]),
            ("2024/3/5", vec![day(2024, 3, 5)]),
            ("2024.3.5发布", vec![day(2024, 3, 5)]),
            ("24/3/15", vec![day(2024, 3, 15)]),
            ("20240315", vec![day(2024, 3, 15)]),
            ("2024年01月05日 星期五", vec![day(2024, 1, 5)]),
            ("２０２４年３月１５日", vec![day(2024, 3, 15)]),
            ("二〇二四年三月", vec![day(2024, 3, 0)]),
            ("1-10月份", vec![day(0, 10, 0)]),
            ("二○二四年十二月二十一日", vec![day(2024, 12, 21)]),
            ("民國113年5月", vec![day(2024, 5, 0)]),
            ("民国一百年", vec![]),
            ("1月4日和2月30日", vec![day(0, 1, 4)]),
            ("2024年2月29日", vec![day(2024, 2, 29)]),
            ("2023年2月29日", vec![]),
            ("2024年13月", vec![]),
            ("1990年代", vec![]),
            ("自年6月", vec![day(0, 6, 0)]),
            ("12024年", vec![]),
            ("010-65363451 65363495", vec![]),
            ("2024.5亿元", vec![]),
            ("3点15分", vec![]),
            ("1830s", vec![]),
        ] {
            let found: Vec<Day> = find(text).iter().map(|f| f.day).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    /// None is passed over, and few others are stopped at.
    #[test]
    fn digits_are_found_by_their_bytes() {
        let mut others = 0;
        for c in '\0'..=char::MAX {
            let found = next_digit(c.to_string().as_bytes(), 0) == 0;
            assert!(found || digit(c).is_none() && c != '民', "{c}");
            others += usize::from(found && digit(c).is_none() && ('\u{4E00}'..'\u{9FFF}').contains(&c));
        }
        assert!(others < 20_992 / 25, "{others}");
    }

    #[test]
    fn stretches_of_time() {
        for (text, expected) in [
            ("2023—2025年", vec![true]),
            ("2021-2035年", vec![true]),
            ("2023年至2025年", vec![true, true]),
            ("7月31日至8月5日", vec![true, true]),
            ("2024年3月15日", vec![false]),
        ] {
            let found: Vec<bool> = find(text).iter().map(|f| f.range).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_valid_dates_in_order(text in "[0-9０-９一二十〇年月日号份民國国/.:\\- —a至]{0,40}") {
            let mut last = 0;
            for f in find(&text) {
                proptest::prop_assert!(f.span.start() >= last && f.span.end() > f.span.start());
                proptest::prop_assert!(text.get(f.span.range()).is_some());
                proptest::prop_assert!(Day::valid(f.day.year, f.day.month, f.day.day).is_some());
                last = f.span.end();
            }
        }

        #[test]
        fn a_printed_day_is_read_back(y in 1900i32..=2100, m in 1u8..=12, d in 1u8..=28) {
            let expected = Day { year: Some(y), month: Some(m), day: Some(d) };
            for text in [format!("{y}年{m}月{d}日"), format!("{y}-{m:02}-{d:02}"), format!("{y}/{m}/{d}"), format!("{y}{m:02}{d:02}")] {
                let found = find(&text);
                proptest::prop_assert_eq!(found.len(), 1, "{}", text);
                proptest::prop_assert_eq!(found[0].day, expected);
            }
        }
    }
}
