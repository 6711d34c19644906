//! Which outlet published an article, and how that is known.

use crate::article::{Clean, Evidence, Given, Zone};
use crate::text::Span;

/// What an outlet's name ends with, to tell it from other words before a dateline or a reporter.
const ENDINGS: [&str; 22] = [
    "日报",
    "晚报",
    "时报",
    "早报",
    "晨报",
    "周报",
    "商报",
    "都市报",
    "青年报",
    "导报",
    "快报",
    "周刊",
    "报",
    "网",
    "新闻社",
    "通讯社",
    "社",
    "新闻",
    "电视台",
    "客户端",
    "融媒",
    "在线",
];

/// Labels before an outlet, the surest first.
const LABELS: [&str; 9] =
    ["信息来源", "文章来源", "稿件来源", "新闻来源", "稿源", "转自", "发布机构", "发布单位", "来源"];

/// What ends an outlet's name after a label.
const STOPS: [&str; 20] = [
    "作者",
    "编辑",
    "责任编辑",
    "责编",
    "记者",
    "字体",
    "大字体",
    "字号",
    "时间",
    "日期",
    "发布时间",
    "发布日期",
    "浏览",
    "阅读",
    "点击",
    "打印",
    "分享",
    "评论",
    "通讯员",
    "【",
];

/// The longest name that is believed, in characters.
const LONGEST: usize = 24;

/// The outlet with its reason: given, after a label, before a dateline, or beside the reporter's
/// name at the end.
pub fn detect(clean: &Clean, given: &Given) -> Option<(String, Evidence)> {
    if let Some(source) = given.source.as_deref().map(str::trim).filter(|s| !s.is_empty()) {
        let evidence = Evidence { rule: "given".into(), words: String::new(), span: None, confidence: 1.0 };
        return Some((source.to_owned(), evidence));
    }
    let rules: [(Rule, &str, f32); 3] =
        [(labelled, "printed", 0.95), (dateline, "dateline", 0.85), (reporter, "source", 0.75)];
    rules.iter().find_map(|(rule, name, confidence)| {
        let (words, span) = rule(clean)?;
        let evidence = Evidence {
            rule: (*name).into(),
            words: words.clone(),
            span: Some(span),
            confidence: *confidence,
        };
        Some((words, evidence))
    })
}

type Rule = fn(&Clean) -> Option<(String, Span)>;

/// The longest line of the body that may be a label with its value, in characters.
const SHORT_LINE: usize = 60;

/// What stands between a label and its value.
const LABEL_ENDS: [char; 5] = [':', '：', '|', '】', '丨'];

/// `信息来源:济南日报`, `2024-03-15 21:02:43 来源:鲁网 大字体`. In the body only as a short line: a
/// sentence may speak of sources too.
fn labelled(clean: &Clean) -> Option<(String, Span)> {
    let lines = clean.blocks.iter().filter(|b| match b.zone {
        Zone::Byline | Zone::Navigation => true,
        // Of a character there are at most four bytes: most paragraphs are seen to be longer at once.
        Zone::Title | Zone::Body => {
            b.span.len() <= 4 * SHORT_LINE && clean.block_text(b).chars().count() <= SHORT_LINE
        }
        _ => false,
    });
    let mut best: Option<(usize, Span)> = None;
    for block in lines {
        let text = clean.block_text(block);
        if !text.contains(LABEL_ENDS) {
            continue;
        }
        for (rank, label) in LABELS.iter().enumerate() {
            let Some(at) = text.find(label) else { continue };
            if text[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
                continue;
            }
            let after = &text[at + label.len()..];
            // 水的来源, 消息来源: part of another word. 来源 without a mark after it is a word of the text.
            let value = after.trim_start_matches([' ', '\u{3000}']);
            let Some(value) = value.strip_prefix(LABEL_ENDS) else { continue };
            let value = value.trim_start_matches([' ', '\u{3000}', '"', '“', '《', '【', '[']);
            let start = text.len() - value.len();
            let len = name_len(value);
            if len > 0 && best.is_none_or(|b| rank < b.0) {
                best = Some((rank, Span::new(block.span.start() + start, block.span.start() + start + len)));
            }
            break;
        }
    }
    best.map(|(_, span)| (clean.text[span.range()].to_owned(), span))
}

/// The length of the name at the beginning of `value`: up to a space, a mark, a digit or a word
/// that begins the next item. 0 if there is none, or if it is too long for a name.
fn name_len(value: &str) -> usize {
    let mark = |c: char| {
        c.is_whitespace() || "()（）[]【】《》“”\"|,，。;；、:：<>/丨·".contains(c) || c.is_ascii_digit()
    };
    let mut len = value.find(mark).unwrap_or(value.len());
    for stop in STOPS {
        if let Some(at) = value[..len].find(stop) {
            len = at;
        }
    }
    if value[..len].chars().count() > LONGEST { 0 } else { len }
}

/// What an agency line ends with.
const SENT: [&str; 10] =
    ["日讯", "日电", "报讯", "网讯", "社讯", "网消息", "社消息", "台消息", "日消息", "报道"];

/// How many paragraphs from the top may hold the dateline.
const DATELINE_LINES: usize = 4;

/// `鲁网3月15日讯`, `新华社北京1月4日电`, `济南日报1月4日讯`: the outlet stands before the place and the
/// day. `本报讯` names none.
fn dateline(clean: &Clean) -> Option<(String, Span)> {
    let body = clean.blocks.iter().filter(|b| b.zone == Zone::Body);
    body.take(DATELINE_LINES).find_map(|block| {
        let text = clean.block_text(block);
        let line = text.trim_start_matches([' ', '\u{3000}', '　', '（', '(', '【', '[']);
        let offset = text.len() - line.len();
        let head = line.char_indices().nth(40).map_or(line, |(i, _)| &line[..i]);
        // It is told before the first clause ends.
        let head = &head[..head.find(['，', ',', '。', '；']).unwrap_or(head.len())];
        let ends = head.match_indices(['讯', '电', '息', '道']).map(|(i, c)| i + c.len());
        let head = ends.map(|end| &head[..end]).find(|head| SENT.iter().any(|w| head.ends_with(w)))?;
        let len = known_outlet(head)?;
        let start = block.span.start() + offset;
        Some((head[..len].to_owned(), Span::new(start, start + len)))
    })
}

/// The length of the outlet's name that `head` begins with. The agency's place follows its name
/// (新华社北京), a site's day does (鲁网3月15日).
fn known_outlet(head: &str) -> Option<usize> {
    if ["本报", "本网", "本台", "本刊", "本社"].iter().any(|own| head.starts_with(own)) {
        return None;
    }
    for agency in ["新华社", "中新社", "中新网", "新华网", "人民网", "央视网", "中国新闻社"]
    {
        if head.starts_with(agency) {
            return Some(agency.len());
        }
    }
    let before_day =
        head.find(|c: char| c.is_ascii_digit() || c == '讯' || c == '(' || c == '（' || c == ' ');
    let name = &head[..before_day.unwrap_or(0)];
    let name = name.strip_suffix("消息").unwrap_or(name);
    ENDINGS.iter().any(|e| name.len() > e.len() && name.ends_with(e)).then_some(name.len())
}

/// How many paragraphs from the end may name the reporter.
const REPORTER_LINES: usize = 4;

/// `(济南时报新黄河记者:王敏)` at the end: the outlet stands before 记者, and its app may stand between.
fn reporter(clean: &Clean) -> Option<(String, Span)> {
    let own = |z: Zone| z.is_body() || z == Zone::Byline;
    let tail: Vec<_> = clean.blocks.iter().rev().filter(|b| own(b.zone)).take(REPORTER_LINES).collect();
    let named = memchr::memmem::Finder::new("记者");
    tail.into_iter().find_map(|block| {
        let text = clean.block_text(block);
        named.find(text.as_bytes())?;
        text.rmatch_indices("记者").find_map(|(at, _)| {
            let open = text[..at].rfind(['(', '（', '。', '[', '【'])?;
            let start = open + text[open..].chars().next().map_or(0, char::len_utf8);
            let words = &text[start..at];
            if words.chars().count() > LONGEST || words.contains(['，', ',', '、']) {
                return None;
            }
            // 济南时报新黄河: the first ending that closes a name of two characters or more.
            let end = ENDINGS
                .iter()
                .filter_map(|e| words.find(e).filter(|i| *i >= 3).map(|i| (i, i + e.len())))
                .min_by_key(|(i, end)| (*i, std::cmp::Reverse(*end)))?
                .1;
            let name = &words[..end];
            let own = ["本报", "本网", "本台", "本社"].iter().any(|o| name.starts_with(o));
            (!own).then(|| {
                let start = block.span.start() + start;
                (name.to_owned(), Span::new(start, start + name.len()))
            })
        })
    })
}

#[cfg(test)]
#[path = "../tests/facets/marked.rs"]
#[allow(clippy::duplicate_mod)] // the rooms may not know each other
mod marked;

#[cfg(test)]
mod tests {
    use super::{detect, marked::marked};

    #[test]
    fn outlets() {
        for (case, expected) in [
            ("[byline] 信息来源:济南日报", "济南日报"),
            ("[byline] 2024-03-15 21:02:43 来源:鲁网 大字体 小字体 扫码带走", "鲁网"),
            ("[byline] 来源：大众网作者：张三", "大众网"),
            ("[byline] 来源：新华社2024-03-15", "新华社"),
            ("[navigation] 时间：2024-01-04 稿源：齐鲁晚报", "齐鲁晚报"),
            ("[byline] 来源：转载 | 信息来源：槐荫区人民政府", "槐荫区人民政府"),
            ("[title] 某事 ¶ 鲁网3月15日讯(记者 李某)3月14日", "鲁网"),
            ("新华社北京1月4日电 国务院总理", "新华社"),
            ("　　新华社济南1月4日电（记者王某）", "新华社"),
            ("济南日报1月4日讯 昨天", "济南日报"),
            ("央视网消息（新闻联播）：今天", "央视网"),
            ("本报讯 昨天", "-"),
            ("本报济南1月4日讯 昨天", "-"),
            ("实现“地上一座城、云上一座城”。(济南时报新黄河记者:王敏)", "济南时报"),
            ("据悉(本报记者 王敏)", "-"),
            ("据悉，记者从会上了解到，消息来源可靠。", "-"),
            (
                "水的来源：雨水和地下水，这里说的是一个很长的句子，它只是提到了来源这个词，并不是说文章从哪里转载过来的，所以不应该算数。",
                "-",
            ),
            ("[unrelated] 来源：别人的网", "-"),
            ("[source] 济南日报 ¶ 来源：鲁网", "济南日报"),
            ("[byline] 来源：", "-"),
            ("", "-"),
        ] {
            let (clean, given) = marked(case);
            let found = detect(&clean, &given);
            assert_eq!(found.as_ref().map_or("-", |f| f.0.as_str()), expected, "{case}");
            if let Some((name, evidence)) = found
                && let Some(span) = evidence.span
            {
                assert_eq!(&clean.text[span.range()], name, "{case}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in "[新华社济南日报记者来源:：()讯电1月日本¶ 网，a]{0,60}") {
            let (clean, given) = marked(&text);
            let _ = detect(&clean, &given);
        }
    }
}
