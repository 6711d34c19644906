//! The text as it is searched: folded, with its white space settled.

use super::{fold_char, is_han};
use crate::text::{MapBuilder, OffsetMap};

/// Appends the search form of `text` to `out`.
///
/// Every character is folded. White space between two Han characters is dropped, any other run
/// of it becomes one space. `\n` ends a paragraph and stays; paragraphs are trimmed and empty
/// ones vanish, so `\n` never stands first, last or twice. The search form of a search form is
/// itself, and a match of a query's search form that holds no `\n` lies in one paragraph.
///
/// ```
/// let mut form = String::new();
/// fangzhi::text::fold::search_form(" 比 亞迪\u{3000}BYD \n\n 濟南 ", &mut form);
/// assert_eq!(form, "比亚迪 byd\n济南");
/// ```
pub fn search_form(text: &str, out: &mut String) {
    out.reserve(text.len());
    walk(text, out);
}

/// The same search form with the map from it back to `text`: each character leads to the bytes
/// of the one character it came from, never to dropped space; a space or line break leads to
/// the first space, or line break, of its run.
///
/// Where nothing was dropped and all folds keep their length in bytes, as in most text in
/// either script, the map is the identity; only ranges on character boundaries are meant.
pub fn search_form_mapped(text: &str) -> (String, OffsetMap) {
    let mut out = Mapped { text: String::with_capacity(text.len()), map: MapBuilder::default() };
    walk(text, &mut out);
    (out.text, out.map.finish())
}

/// What the search form is written to. Positions are bytes of the source text.
trait Sink {
    /// Bytes from `at` on, as they stand.
    fn copy(&mut self, slice: &str, at: usize);
    /// `c`, for the source character of `len` bytes at `at`.
    fn put(&mut self, c: char, at: usize, len: usize);
}

impl Sink for String {
    fn copy(&mut self, slice: &str, _at: usize) {
        self.push_str(slice);
    }

    fn put(&mut self, c: char, _at: usize, _len: usize) {
        self.push(c);
    }
}

struct Mapped {
    text: String,
    map: MapBuilder,
}

impl Sink for Mapped {
    fn copy(&mut self, slice: &str, at: usize) {
        self.text.push_str(slice);
        self.map.push_copy(slice.len() as u32, at as u32);
    }

    fn put(&mut self, c: char, at: usize, len: usize) {
        self.text.push(c);
        if c.len_utf8() == len {
            // As good as a copy for ranges of whole characters, and it keeps the map of a
            // Traditional text from having a run for every other character.
            self.map.push_copy(len as u32, at as u32);
        } else {
            self.map.push(c.len_utf8() as u32, at as u32, (at + len) as u32);
        }
    }
}

/// A run of white space that may or may not come to stand in the output.
struct Gap {
    /// Its first character.
    at: usize,
    len: usize,
    /// Its first line break.
    line_break: Option<usize>,
}

fn walk(text: &str, out: &mut impl Sink) {
    // What lies between `kept` and the present place stays as it is and waits to be copied.
    let mut kept = 0;
    let mut gap: Option<Gap> = None;
    // The last character written; `None` at the start, where white space is dropped.
    let mut last: Option<char> = None;
    for (at, c) in text.char_indices() {
        let folded = fold_char(c);
        let len = c.len_utf8();
        if is_space(folded) {
            let gap = gap.get_or_insert_with(|| {
                out.copy(&text[kept..at], kept);
                Gap { at, len, line_break: None }
            });
            if c == '\n' && gap.line_break.is_none() {
                gap.line_break = Some(at);
            }
            continue;
        }
        if let Some(gap) = gap.take() {
            match (last, gap.line_break) {
                (None, _) => {}
                (Some(_), Some(line_break)) => out.put('\n', line_break, 1),
                (Some(before), None) if is_han(before) && is_han(folded) => {}
                (Some(_), None) => out.put(' ', gap.at, gap.len),
            }
            kept = at;
        }
        if folded != c {
            out.copy(&text[kept..at], kept);
            out.put(folded, at, len);
            kept = at + len;
        }
        last = Some(folded);
    }
    if gap.is_none() {
        out.copy(&text[kept..], kept);
    }
}

/// White space among folded characters: all the spaces of category Zs are `' '` by then.
#[inline]
fn is_space(folded: char) -> bool {
    folded <= '\u{2029}' && matches!(folded, '\t'..='\r' | ' ' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use proptest::prelude::*;

    fn form(text: &str) -> String {
        let mut out = String::new();
        search_form(text, &mut out);
        out
    }

    #[test]
    fn cases() {
        for (text, expected) in [
            ("", ""),
            (" ", ""),
            ("\n", ""),
            ("\u{3000}\u{3000}\n \r\n\t", ""),
            ("比亚迪", "比亚迪"),
            ("比亞迪", "比亚迪"),
            ("比 亚\u{3000}迪", "比亚迪"),
            ("比 \t\u{A0} 亚迪", "比亚迪"),
            ("　　抓項目就是抓發展", "抓项目就是抓发展"),
            ("起步区 ", "起步区"),
            ("BYD  比亚迪", "byd 比亚迪"),
            ("比亚迪 BYD", "比亚迪 byd"),
            ("比亚迪BYD", "比亚迪byd"),
            ("a \u{3000} b", "a b"),
            ("a\tb", "a b"),
            ("2024 年 3 月", "2024 年 3 月"),
            ("３０ＧＷ", "30gw"),
            ("总投资 31.41 亿元", "总投资 31.41 亿元"),
            ("提质增效 赋能经济", "提质增效赋能经济"),
            ("来源： 鲁网", "来源: 鲁网"),
            ("好。 再", "好。 再"),
            ("甲\n乙", "甲\n乙"),
            ("甲\r\n乙", "甲\n乙"),
            ("甲 \n\n \u{3000}乙\n", "甲\n乙"),
            ("\n甲\n", "甲"),
            ("甲\u{85}乙", "甲乙"),
            ("a\u{2028}b\u{2029}c", "a b c"),
            ("a\u{0B}\u{0C}b", "a b"),
            ("人 々", "人々"),
            ("二〇 二四", "二〇二四"),
            ("𠮷 野", "𠮷野"),
            ("か な", "か な"),
            ("한 국", "한 국"),
            ("豈 有", "岂有"),
            ("⻓ 期", "长期"),
            ("a", "a"),
            ("A", "a"),
            ("\0", "\0"),
            ("a\u{200B}b", "a\u{200B}b"),
            ("😀 济南", "😀 济南"),
        ] {
            assert_eq!(form(text), expected, "{text:?}");
            assert_eq!(search_form_mapped(text).0, expected, "{text:?}, mapped");
        }
    }

    #[test]
    fn it_appends() {
        let mut out = String::from("甲");
        search_form(" 乙 ", &mut out);
        assert_eq!(out, "甲乙");
    }

    #[test]
    fn a_match_leads_to_its_own_bytes() {
        for (text, query, expected) in [
            ("在比 亞\u{3000}迪工作", "比亚迪", "比 亞\u{3000}迪"),
            ("第 一ＢＹＤ　车", "byd", "ＢＹＤ"),
            ("第 一ＢＹＤ　车", "d 车", "Ｄ　车"),
            ("甲 \r\n 乙 丙", "乙丙", "乙 丙"),
            ("\u{3000}乙", "乙", "乙"),
            ("餔𫗦了", "了", "了"),
            ("a \t\n b", "a", "a"),
        ] {
            let (form, map) = search_form_mapped(text);
            let at = form.find(query).unwrap();
            let span = map.map(Span::new(at, at + query.len()));
            assert_eq!(&text[span.range()], expected, "{text:?} {query}");
        }
    }

    #[test]
    fn most_text_has_the_identity_map() {
        assert!(search_form_mapped("济南起步区\n30GW").1.is_identity());
        assert!(search_form_mapped("濟南起步區\n30GW").1.is_identity());
        assert!(!search_form_mapped("济 南").1.is_identity());
    }

    /// Texts with the characters that matter close together.
    fn texts() -> impl Strategy<Value = String> {
        let chars = prop_oneof![
            prop::sample::select(
                "济濟南長⻓a1Ａ１ 　\t\r\n\n\u{A0}，。か々〇𠮷𫗦豈Ⱥẞ\u{2028}".chars().collect::<Vec<_>>()
            ),
            any::<char>(),
        ];
        prop::collection::vec(chars, 0..40).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn mapped_or_not_the_text_is_the_same(text in texts()) {
            prop_assert_eq!(search_form_mapped(&text).0, form(&text));
        }

        #[test]
        fn the_form_of_a_form_is_itself(text in texts()) {
            let once = form(&text);
            prop_assert_eq!(form(&once), once);
        }

        #[test]
        fn paragraphs_are_independent(a in texts(), b in texts()) {
            let parts: Vec<String> = [form(&a), form(&b)].into_iter().filter(|p| !p.is_empty()).collect();
            prop_assert_eq!(form(&format!("{a}\n{b}")), parts.join("\n"));
        }

        #[test]
        fn line_breaks_never_double_or_stand_outside(text in texts()) {
            let form = form(&text);
            prop_assert!(form.split('\n').all(|p| form.is_empty() || !p.is_empty() && p == p.trim()));
        }

        #[test]
        fn every_character_leads_back_to_one_that_folds_to_it(text in texts()) {
            let (form, map) = search_form_mapped(&text);
            let mut end = 0;
            for (at, c) in form.char_indices() {
                let span = map.map(Span::new(at, at + c.len_utf8()));
                prop_assert!(span.start() >= end, "{at}: goes back");
                end = span.end();
                let mut from = text[span.range()].chars();
                let (Some(source), None) = (from.next(), from.next()) else {
                    return Err(TestCaseError::fail(format!("{at}: not one character")));
                };
                let folded = fold_char(source);
                prop_assert!(folded == c || c == ' ' && is_space(folded), "{source} is not {c}");
            }
        }

        #[test]
        fn nothing_but_white_space_is_lost(text in texts()) {
            let dense = |s: &str| s.chars().map(fold_char).filter(|&c| !is_space(c)).collect::<String>();
            prop_assert_eq!(dense(&form(&text)), dense(&text));
        }
    }
}
