//! Lost numbers: digits that a scraper dropped (`引进高端项目个,总投资超亿`, `自年6月`). They
//! can't be rebuilt; they are reported, so that nobody takes the rest for a date or an amount.

use super::look::triples;
use super::state::State;
use crate::text::Span;

const RULE: &str = "lost-number";

/// How sure it is that a number stood here.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sure {
    /// One such place is enough to say that the text lost numbers.
    Certain,
    /// People also write so (总投资超亿元); counts only beside a certain one.
    Perhaps,
}

/// What stands before a year's place: `自年6月`. In 今年6月 a word stands there.
const BEFORE_YEAR: &[char] = &['自', '从', '于', '至', '到', '在'];
/// Measures that nobody uses without a number, or one of the words of [`USUAL`] before them.
const MEASURES: &[&str] = &["平方公里", "平方千米", "公顷", "平方米", "亩"];
/// What stands before a measure when it is meant as a unit: 每平方米, 元/平方米, 单位为亩.
const USUAL: &[char] = &[
    '每', '为', '按', '位', '是', '元', '人', '/', '／', '个', '（', '(', '“', '斤', '吨', '立', '种', '田',
    '分', '公', '万', '亿', '百', '千', '几', '数', '半', '整', '一', '两', '何', '些', '论', '计', '即',
    '林', '地', '试', '示', '以', '成', '下', '上', '户', '家', '号', '和', '与', '及', '的', '点', '算',
];
/// What counts things, and what is counted with them: `高端项目个,总投资`.
const COUNTED: &[&str] = &["项目", "企业", "产品", "园区", "平台", "岗位", "机构"];
const COUNTERS: &[&str] = &["个,", "个，", "个、", "个。", "个;", "个；"];
/// About how much: `超亿`, `约亩`, `达亿元`.
const ABOUT: &[&str] = &["超过", "突破", "超", "达", "约", "近"];
const AMOUNTS: &[&str] = &["亿", "万元", "万人", "万辆", "万亩", "个百分点"];

/// The step: reports the places if at least two agree and one of them is certain.
pub(super) fn step(state: &mut State<'_>) {
    if !suspicious(&state.text) {
        return;
    }
    let found = find(&state.text);
    if found.len() < 2 || found.iter().all(|f| f.1 == Sure::Perhaps) {
        return;
    }
    for (span, _) in found {
        state.report(span, RULE);
    }
}

/// Whether a certain place is there at all: without one nothing is reported. One quick pass for
/// the characters 年, 平, 公, 亩 and 个, which such places have.
fn suspicious(text: &str) -> bool {
    let units = |a: u8, b: u8, c: u8| {
        (a == 0xE5) & ((b == 0xB9) & ((c == 0xB4) | (c == 0xB3)) | (b == 0x85) & (c == 0xAC))
            | (a == 0xE4) & ((b == 0xBA) & (c == 0xA9) | (b == 0xB8) & (c == 0xAA))
    };
    triples(text.as_bytes(), units)
        .any(|at| matches!(lost_at(&text[..at], &text[at..]), Some((_, _, Sure::Certain))))
}

fn find(text: &str) -> Vec<(Span, Sure)> {
    let mut found: Vec<(Span, Sure)> = Vec::new();
    for (at, _) in text.char_indices().filter(|&(_, c)| is_unit(c)) {
        if let Some((before, after, sure)) = lost_at(&text[..at], &text[at..]) {
            let span = Span::new(at - before, at + after);
            if found.last().is_none_or(|f| f.0.end() <= span.start()) {
                found.push((span, sure));
            }
        }
    }
    found
}

/// The characters that the patterns' second halves begin with.
fn is_unit(c: char) -> bool {
    matches!(c, '年' | '平' | '公' | '亩' | '万' | '亿' | '个')
}

/// Whether a number is lost between `left` and `right`: how many bytes of each show it.
fn lost_at(left: &str, right: &str) -> Option<(usize, usize, Sure)> {
    let previous = left.chars().next_back()?;
    if let Some(rest) = right.strip_prefix('年') {
        let month = rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('月');
        let digit = rest.starts_with(|c: char| c.is_ascii_digit());
        return (month && digit && BEFORE_YEAR.contains(&previous))
            .then(|| (previous.len_utf8(), '年'.len_utf8(), Sure::Certain));
    }
    if let Some(counter) = COUNTERS.iter().find(|c| right.starts_with(**c)) {
        let noun = COUNTED.iter().find(|n| left.ends_with(**n))?;
        let counter = counter.chars().next().map_or(0, char::len_utf8);
        return Some((noun.len(), counter, Sure::Certain));
    }
    let about = ABOUT.iter().find(|a| left.ends_with(**a)).map(|a| a.len());
    if let Some(measure) = MEASURES.iter().find(|m| right.starts_with(**m)) {
        if let Some(about) = about {
            return Some((about, measure.len(), Sure::Certain));
        }
        let bare = is_han(previous) && !USUAL.contains(&previous) && !counts(left) && *measure != "亩";
        let clause = matches!(previous, '，' | ',' | '、') && right[measure.len()..].starts_with('的');
        return (bare && *measure != "平方米" || clause)
            .then(|| (if clause { 0 } else { previous.len_utf8() }, measure.len(), Sure::Perhaps));
    }
    let amount = AMOUNTS.iter().find(|a| right.starts_with(**a))?;
    Some((about?, amount.len(), Sure::Perhaps))
}

/// Whether `left` ends with a number, such as 二十多 or 十来.
fn counts(left: &str) -> bool {
    let number = |c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十百千万亿两几数".contains(c);
    let bare = left.trim_end_matches(['多', '来', '余', '亿', '万']);
    bare.len() < left.len() && bare.ends_with(number) || left.ends_with(number)
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(input: &str, expected: &[&str]) {
        let mut state = State::new(input);
        step(&mut state);
        let found: Vec<_> = state.repairs.iter().map(|r| r.before.as_str()).collect();
        assert_eq!(found, expected, "{input}");
        assert_eq!(state.text, input);
    }

    #[test]
    fn lost() {
        check(
            "累计签约引进高端项目个,总投资超亿。自年6月，总占地面积约亩的项目。",
            &["项目个", "超亿", "自年", "约亩"],
        );
        check(
            "建设用地达平方公里，未来平方公里的城镇开发边界、平方公里的城镇建设用地",
            &["达平方公里", "来平方公里", "平方公里"],
        );
    }

    proptest! {
        #[test]
        fn the_quick_look_misses_nothing(text in "[自从年6月平方公里亩项目个,超约万亿，的]{0,40}") {
            let certain = find(&text).iter().any(|f| f.1 == Sure::Certain);
            prop_assert!(!certain || suspicious(&text), "{:?}", text);
        }
    }

    #[test]
    fn how_people_write() {
        for text in [
            "今年6月，去年底。到年底，至年末，自当年6月起，每平方米的价格，总投资超亿元",
            "2023年6月，占地约257亩，超过600家企业，项目24个，企业9家。",
            "投资过百亿元的项目达到了4个，超过亿元的企业",
            "这个项目、那个企业，一个个，家家户户",
            "",
        ] {
            check(text, &[]);
        }
    }
}
