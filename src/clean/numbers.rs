//! Lost numbers: digits that a scraper dropped (`引进高端项目个,总投资超亿`, `自年6月`). They
//! can't be rebuilt; they are reported, so that nobody takes the rest for a date or an amount.

use super::state::State;
use crate::text::Span;

const RULE: &str = "lost-number";

/// A place where a number must have stood.
struct Pattern {
    /// The words before and after the lost number.
    before: &'static [&'static str],
    after: &'static [&'static str],
    /// Whether one such place is enough to say that the text lost its numbers. The others are
    /// how people also write (总投资超亿元), and count only beside a certain one.
    certain: bool,
}

const PATTERNS: &[Pattern] = &[
    // `自年6月`: a year before its month. 今年6月 has a word before 年, these have none.
    Pattern {
        before: &["自", "从", "于", "至", "到", "截至", "在"],
        after: &["年1", "年2", "年3", "年4", "年5", "年6", "年7", "年8", "年9", "年底", "年末", "年初"],
        certain: true,
    },
    // `占地面积约亩的`, `未来平方公里的`: a measure without its number.
    Pattern {
        before: &[
            "约",
            "达",
            "超",
            "超过",
            "近",
            "共",
            "的",
            "，",
            ",",
            "、",
            "未来",
            "面积",
            "即将招生，",
            "即将招生,",
            "边界",
            "用地",
        ],
        after: &["亩", "平方公里", "平方米", "万平方米", "公顷", "公里长"],
        certain: true,
    },
    // `高端项目个,总投资`: a count without its number at the end of a clause.
    Pattern {
        before: &["项目", "企业", "产品", "园区", "平台", "学校", "岗位", "机构"],
        after: &["个,", "个，", "个、", "个。", "家,", "家，", "家、", "家。", "所，", "项，", "人，"],
        certain: true,
    },
    Pattern {
        before: &["超", "超过", "达", "约", "近", "突破"],
        after: &["亿", "万元", "万人", "万辆", "个百分点"],
        certain: false,
    },
];

/// The step: reports the places if at least two say so for certain, or one does and others
/// agree.
pub(super) fn step(state: &mut State<'_>) {
    let mut found = find(&state.text);
    if !found.iter().any(|f| f.1) || found.len() < 2 {
        return;
    }
    found.dedup_by_key(|f| f.0);
    for (span, _) in found {
        state.report(span, RULE);
    }
}

fn find(text: &str) -> Vec<(Span, bool)> {
    let mut found = Vec::new();
    for (at, unit) in text.char_indices().filter(|(_, c)| "年亩平万公个家所项人亿".contains(*c)) {
        let (left, right) = (&text[..at], &text[at..]);
        for pattern in PATTERNS {
            let Some(after) = pattern.after.iter().find(|a| right.starts_with(**a)) else {
                continue;
            };
            let Some(before) = pattern.before.iter().filter(|b| left.ends_with(**b)).max_by_key(|b| b.len())
            else {
                continue;
            };
            let head = left.strip_suffix(before).unwrap_or_default();
            if is_usual(head, before, unit, right) {
                continue;
            }
            let end = at + after.trim_end_matches(|c: char| !is_han(c)).len();
            found.push((Span::new(at - before.len(), end), pattern.certain));
            break;
        }
    }
    found
}

/// Words in which these characters meet without a number: 的平方米, 百亿, 各项目, 上亿.
fn is_usual(head: &str, before: &str, unit: char, right: &str) -> bool {
    let previous = head.chars().next_back();
    match unit {
        // 到年底, 至年末: spoken of the year itself. A lost year reads 自年6月 or 在年底.
        '年' => !right.chars().nth(1).is_some_and(|c| c.is_ascii_digit()),
        // 每平方米, 的平方公里数; 的, and a mark, need the number's noun after it.
        '亩' | '平' | '万' | '公' if matches!(before, "的" | "，" | "," | "、") => {
            !(unit == '平' && right.starts_with("平方公里的"))
        }
        '亩' => right.starts_with("亩产") || before == "共" || previous.is_some_and(|c| c == '不'),
        '亿' => false,
        _ => false,
    }
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        check("未来平方公里的城镇开发边界、平方公里的城镇建设用地", &["未来平方公里", "、平方公里"]);
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
