//! Masked characters: `*河` for 黄河, `市*设施` for 市政设施. One `*` hides one character. A guess
//! is marked as one; what can't be guessed is reported and stays.

use super::state::{Edit, Note, State};
use crate::article::RepairKind;
use crate::text::{Lexicon, Span};
use std::collections::HashMap;

/// The characters that forums mask, the most usual first: the filters look for 党, 政 and 黄
/// wherever they stand.
const MASKED: [char; 24] = [
    '党', '政', '黄', '军', '警', '共', '法', '官', '民', '国', '权', '枪', '毒', '赌', '性', '色', '死',
    '杀', '药', '血', '台', '独', '习', '江',
];

/// Words with such characters, for use without a word list and where the list lacks them
/// (新 institutions mostly).
const WORDS: [&str; 40] = [
    "黄河",
    "黄河流域",
    "黄金",
    "黄海",
    "黄山",
    "黄色",
    "黄埔",
    "党工委",
    "党委",
    "党政",
    "党组",
    "党建",
    "党员",
    "党校",
    "党章",
    "党支部",
    "党中央",
    "共产党",
    "纪检",
    "政策",
    "政府",
    "政治",
    "政务",
    "政协",
    "政法",
    "政企",
    "政委",
    "市政",
    "市政设施",
    "行政",
    "财政",
    "民政",
    "党群",
    "军队",
    "解放军",
    "军事",
    "警察",
    "民警",
    "法院",
    "权力",
];
/// What such a word weighs beside a word list's frequencies.
const WORD_WEIGHT: u64 = 3000;

/// Who is named after these is not guessed.
const NAMED: [&str; 10] = ["记者", "编辑", "作者", "通讯员", "摄影", "责编", "校对", "撰文", "审核", "报道"];

/// The common surnames: one before a mask or after it may make it a name masked for privacy.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";

/// A run of `*` that stands where characters of a word are missing.
struct Mask {
    span: Span,
    /// Up to four Han characters before it and after it.
    left: Vec<char>,
    right: Vec<char>,
    /// A name, a line's beginning: nothing to guess from.
    named: bool,
    line_start: bool,
}

const REACH: usize = 4;

/// The step: guesses masked characters by words and by the text's own unmasked twins.
pub(super) fn step(state: &mut State<'_>, lexicon: &dyn Lexicon) {
    if memchr::memchr(b'*', state.text.as_bytes()).is_none() {
        return;
    }
    let masks = find(&state.text);
    let twins = twins(&state.text, &masks);
    let mut guesses = HashMap::new();
    let mut edits = Vec::new();
    let mut reports = Vec::new();
    for mask in masks {
        let key = (mask.span.len(), mask.left.clone(), mask.right.clone());
        let guess = guesses.entry(key).or_insert_with(|| guess(&mask, &twins, lexicon));
        match guess {
            Some((with, confidence)) if !mask.named => edits.push(Edit {
                span: mask.span,
                with: with.clone(),
                note: Some(Note { rule: "mask", kind: RepairKind::Restored, confidence: *confidence }),
            }),
            // A star that begins a line and hides no known word is a footnote or an item.
            _ if !mask.line_start => reports.push((mask.span, mask.named || is_name_like(&mask))),
            _ => {}
        }
    }
    // In a text without any mask that is one for certain, a star may be anything.
    let masked = !edits.is_empty();
    for (span, _) in reports.into_iter().filter(|(_, named)| masked || *named) {
        state.report(span, "mask");
    }
    state.apply(edits);
}

/// The masks of a text. Not masks: `5*8`, `3701**********1234`, `a*b`, a star beside a space or a
/// mark (item, footnote, password dots), pairs around a few words (emphasis), long runs.
fn find(text: &str) -> Vec<Mask> {
    let mut masks = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        if memchr::memchr(b'*', line.as_bytes()).is_some() {
            find_in_line(line, line_start, &mut masks);
        }
        line_start += line.len();
    }
    masks
}

fn find_in_line(line: &str, offset: usize, masks: &mut Vec<Mask>) {
    let mut runs: Vec<Span> = Vec::new();
    for at in memchr::memchr_iter(b'*', line.as_bytes()) {
        match runs.last_mut() {
            Some(last) if last.end() == at => *last = Span::new(last.start(), at + 1),
            _ => runs.push(Span::new(at, at + 1)),
        }
    }
    let mut n = 0;
    while let Some(&run) = runs.get(n) {
        n += 1;
        if let Some(&next) = runs.get(n)
            && is_emphasis(line, run, next)
        {
            n += 1;
            continue;
        }
        let left = han_before(&line[..run.start()]);
        let right = han_after(&line[run.end()..]);
        let beside = line[..run.start()].chars().next_back();
        let tied = beside.is_some_and(|c| c.is_ascii_alphanumeric() || "*_`\\".contains(c));
        let footnote = right.first().is_some_and(|&c| c == '注') || right.is_empty();
        if run.len() > 3 || tied || footnote {
            continue;
        }
        let before = &line[..run.start()];
        masks.push(Mask {
            span: Span::new(run.start() + offset, run.end() + offset),
            named: is_named(before, &left, &right),
            line_start: before.trim().is_empty(),
            left,
            right,
        });
    }
}

/// `*重点*` and `**重点**`: runs of one length around a few words without a mark. The stars of
/// `*河体育中心、*河会展中心` stand the other way round: the second follows a mark.
fn is_emphasis(line: &str, open: Span, close: Span) -> bool {
    const LONGEST: usize = 60; // bytes: twenty Han characters
    let distance = close.start() - open.end();
    if open.len() != close.len() || distance == 0 || distance > LONGEST {
        return false;
    }
    let inside = &line[open.end()..close.start()];
    let edge = |c: char| c.is_whitespace() || is_mark(c);
    !inside.contains(['，', '。', '；', '、', ',', ';'])
        && !inside.starts_with(edge)
        && !inside.ends_with(edge)
}

fn is_mark(c: char) -> bool {
    "，。；、：？！,.;:?!".contains(c)
}

fn han_before(text: &str) -> Vec<char> {
    let mut found: Vec<char> = text.chars().rev().take_while(|&c| is_han(c)).take(REACH).collect();
    found.reverse();
    found
}

fn han_after(text: &str) -> Vec<char> {
    text.chars().take_while(|&c| is_han(c)).take(REACH).collect()
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

/// `记者:*敏`, and `王*明` with nothing more on either side that would make a word.
fn is_named(before: &str, left: &[char], right: &[char]) -> bool {
    let bare = before.trim_end_matches(|c: char| is_mark(c) || c.is_whitespace() || c == '/');
    if bare.len() < before.len() && NAMED.iter().any(|n| bare.ends_with(n)) {
        return true;
    }
    let surname = |c: &char| SURNAMES.contains(*c);
    left.len() == 1 && left.first().is_some_and(surname) && right.len() <= 2
}

/// `当事人王*明，`: a surname before the mask and the end of a word soon after.
fn is_name_like(mask: &Mask) -> bool {
    mask.left.last().is_some_and(|c| SURNAMES.contains(*c)) && (1..=2).contains(&mask.right.len())
}

/// For each right-hand pair of a single mask, the characters that stand before that pair
/// elsewhere in the text, with their counts: one pass, whatever the number of masks.
type Twins = HashMap<[char; 2], HashMap<char, u32>>;

fn twins(text: &str, masks: &[Mask]) -> Twins {
    let mut twins: Twins = HashMap::new();
    for mask in masks {
        if let ([a, b, ..], 1) = (mask.right.as_slice(), mask.span.len()) {
            twins.entry([*a, *b]).or_default();
        }
    }
    if twins.is_empty() {
        return twins;
    }
    let mut last = ['\n'; 2];
    for c in text.chars() {
        if is_han(last[0])
            && let Some(counts) = twins.get_mut(&[last[1], c])
        {
            *counts.entry(last[0]).or_default() += 1;
        }
        last = [last[1], c];
    }
    twins
}

/// The likeliest characters behind a mask, with the confidence in them.
fn guess(mask: &Mask, twins: &Twins, lexicon: &dyn Lexicon) -> Option<(String, f32)> {
    let mut candidates: Vec<(String, f32)> = Vec::new();
    let weigh = |word: &str| {
        let built_in = WORDS.contains(&word).then_some(WORD_WEIGHT);
        lexicon.frequency(word).max(built_in)
    };
    match mask.span.len() {
        1 => {
            for (rank, &c) in MASKED.iter().enumerate() {
                candidates.push((c.to_string(), usual(rank)));
            }
            if let [a, b, ..] = mask.right[..]
                && let Some(counts) = twins.get(&[a, b])
            {
                for (&c, &n) in counts {
                    // Seen unmasked in the same text before the same characters.
                    let weight = 4.0 * n as f32;
                    match candidates.iter_mut().find(|x| x.0.starts_with(c)) {
                        Some(known) => known.1 *= 1.0 + weight,
                        None => candidates.push((c.to_string(), weight * 0.1)),
                    }
                }
            }
        }
        2 => {
            for (i, &a) in MASKED.iter().enumerate().take(8) {
                for (k, &b) in MASKED.iter().enumerate().take(8) {
                    let pair = String::from_iter([a, b]);
                    // Two in a row are a word that filters know, sooner than one they don't: 党政
                    // before 政党.
                    let known = if WORDS.contains(&pair.as_str()) { 10.0 } else { 1.0 };
                    if weigh(&pair).is_some() {
                        candidates.push((pair, usual(i) * usual(k) * known));
                    }
                }
            }
        }
        _ => return None,
    }
    let mut scored: Vec<(f32, String)> = candidates
        .into_iter()
        .filter_map(|(with, prior)| {
            let words = words_over(mask, &with, &weigh);
            (words > 0.0).then_some((words * prior, with))
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let all: f32 = scored.iter().map(|s| s.0).sum();
    let (best, with) = scored.into_iter().next()?;
    let confidence = 0.9 * best / all;
    (confidence >= 0.5).then_some((with, confidence))
}

/// How usual it is that the character of this rank is masked: 党, 政 and 黄 far before the rest.
fn usual(rank: usize) -> f32 {
    if rank < 3 { 1.0 } else { 0.05 }
}

/// The weight of the words that cover the whole mask when `with` stands in it. Longer words are
/// rarer and say more: each character more counts twentyfold.
fn words_over(mask: &Mask, with: &str, weigh: &dyn Fn(&str) -> Option<u64>) -> f32 {
    let mut best = 0.0f32;
    for from in 0..=mask.left.len().min(3) {
        for to in 0..=mask.right.len().min(3) {
            let length = from + to + mask.span.len();
            if !(2..=4).contains(&length) || (from + to == 0 && mask.span.len() < 2) {
                continue;
            }
            let left = &mask.left[mask.left.len() - from..];
            let word: String =
                left.iter().chain(with.chars().collect::<Vec<_>>().iter()).chain(&mask.right[..to]).collect();
            if let Some(f) = weigh(&word) {
                best = best.max(f as f32 * 20f32.powi(length as i32 - 2));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str, reported: usize) {
        let mut state = State::new(input);
        step(&mut state, &());
        assert_eq!(state.text, expected);
        let reports = state.repairs.iter().filter(|r| r.kind == RepairKind::Reported).count();
        assert_eq!(reports, reported, "{input}");
    }

    #[test]
    fn guessed() {
        for (input, expected) in [
            ("位于*河流域", "位于黄河流域"),
            ("济南起步区*工委副书记", "济南起步区党工委副书记"),
            ("起步区**考察团不远万里", "起步区党政考察团不远万里"),
            ("32项支持*策即将出台", "32项支持政策即将出台"),
            ("道路管网等市*设施全面开工", "道路管网等市政设施全面开工"),
            ("*河体育中心、*河会展中心投入使用", "黄河体育中心、黄河会展中心投入使用"),
        ] {
            check(input, expected, 0);
        }
    }

    #[test]
    fn not_guessed() {
        check("(济南时报新*河记者:*敏)", "(济南时报新黄河记者:*敏)", 1);
        check("当事人王*明，男", "当事人王*明，男", 1);
        check("张*某", "张*某", 1);
    }

    #[test]
    fn no_masks() {
        for text in [
            "长5*8米，面积5 * 8 = 40，a*b，2*π",
            "身份证3701**********1234，密码******",
            "* 第一条\n*注：下同\n数据*",
            "这是*重点*，这是**重点内容**",
            "*本表不含港澳台\n***\n",
            "SELECT * FROM 表",
        ] {
            check(text, text, 0);
        }
    }
}
