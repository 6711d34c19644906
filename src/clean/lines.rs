//! Hard-wrapped lines: joined where the paragraph goes on, so that 比亚 + line break + 迪 is one
//! word again.

use super::state::{Edit, Note, State};
use crate::article::RepairKind;
use crate::text::Span;

const JOINED: Note = Note { rule: "joined-line", kind: RepairKind::Repaired, confidence: 0.95 };

/// Wrapped text is set this wide, in columns (a Han character has two). Narrower lines are
/// menus, poems and headlines.
const NARROWEST: usize = 36;
const WIDEST: usize = 132;
/// A line is full when it falls short by no more than a character and a mark that may not
/// begin the next line.
const SLACK: usize = 3;
/// So many full lines, at least, make a wrapped text.
const FEWEST: usize = 3;
/// One line of so many may be wider than that.
const FEW_WIDE: usize = 20;

struct Line {
    /// In the present text, without the line break and the white space before it.
    span: Span,
    /// The first byte that is no white space.
    text_start: usize,
    columns: usize,
}

/// The step: joins lines if line lengths pile up at one width and break off in mid-sentence.
pub(super) fn step(state: &mut State<'_>) {
    let text = &state.text;
    let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    // Lines of hundreds of bytes on average are paragraphs.
    if breaks < FEWEST || text.len() / breaks > WIDEST * 3 || has_wide_lines(text, breaks + 1) {
        return;
    }
    let lines = measure(text);
    let Some(width) = wrap_width(text, &lines) else { return };
    let marked = lines.iter().any(|l| l.span.is_empty() || l.text_start > l.span.start());
    let mut edits = Vec::new();
    for pair in lines.windows(2) {
        let (line, next) = (&pair[0], &pair[1]);
        let full = is_full(line, width);
        let indented = next.text_start > next.span.start();
        let (one, other) = (body(text, line), body(text, next));
        let ended = ends_sentence(one) && !marked;
        if full && !indented && !ended && !is_ruled(one) && !is_ruled(other) && !is_item(other) {
            let spaced = one.ends_with(|c: char| c.is_ascii_alphanumeric() || c == ',')
                && other.starts_with(|c: char| c.is_ascii_alphanumeric());
            edits.push(Edit {
                span: Span::new(line.span.end(), next.span.start()),
                with: if spaced { " ".to_owned() } else { String::new() },
                note: Some(JOINED),
            });
        }
    }
    state.apply(edits);
}

/// Whether so many of the text's `lines` are wider than any wrapped one, by their bytes alone,
/// that [`wrap_width`] would find none. A column takes two bytes at most.
fn has_wide_lines(text: &str, lines: usize) -> bool {
    let mut start = 0;
    let wide = |end: usize| {
        let line = &text[std::mem::replace(&mut start, end + 1)..end];
        line.len() > 2 * WIDEST && line.trim_end().len() > 2 * WIDEST
    };
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    ends.map(wide).filter(|&wide| wide).nth(lines / FEW_WIDE).is_some()
}

fn body<'t>(text: &'t str, line: &Line) -> &'t str {
    &text[line.text_start.min(line.span.end())..line.span.end()]
}

fn is_full(line: &Line, width: usize) -> bool {
    line.columns <= width && line.columns + SLACK >= width
}

fn measure(text: &str) -> Vec<Line> {
    let mut start = 0;
    text.split('\n')
        .map(|line| {
            let kept = line.trim_end();
            let indent = kept.len() - kept.trim_start().len();
            let found = Line {
                span: Span::new(start, start + kept.len()),
                text_start: start + indent,
                columns: kept.bytes().map(|b| usize::from(b < 0x80) + 2 * usize::from(b >= 0xC0)).sum(),
            };
            start += line.len() + 1;
            found
        })
        .collect()
}

/// The width the text was wrapped at, on the evidence of all its lines.
fn wrap_width(text: &str, lines: &[Line]) -> Option<usize> {
    let mut at_width = [0usize; WIDEST + 1];
    let (mut written, mut wider) = (0usize, 0usize);
    for line in lines.iter().filter(|l| !l.span.is_empty()) {
        written += 1;
        match at_width.get_mut(line.columns) {
            Some(count) => *count += 1,
            None => wider += 1,
        }
    }
    let near = |w: usize| at_width[w - SLACK..=w].iter().sum::<usize>();
    let width = (NARROWEST..=WIDEST).max_by_key(|&w| (near(w), w))?;
    // The pile ends at its widest line, not at the end of the window.
    let width = (width - SLACK..=width).rev().find(|&w| at_width[w] > 0)?;
    let full = near(width);
    wider += at_width[width + 1..].iter().sum::<usize>();
    if full < FEWEST || full * 2 < written || wider * FEW_WIDE > written {
        return None;
    }
    // Wrapped prose breaks off in mid-sentence and has marks inside its lines. Tables, lists of
    // headlines and verse do not.
    let (mut open, mut marks) = (0usize, 0usize);
    for line in lines.iter().filter(|l| is_full(l, width)) {
        let body = body(text, line);
        open += usize::from(!ends_sentence(body) && !is_ruled(body));
        marks += usize::from(body.contains(['，', '。', '、', ',', '；', '：']));
    }
    (open * 10 >= full * 6 && marks * 10 >= full * 6).then_some(width)
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['”', '’', '」', '』', '）', ')', '"'])
        .ends_with(['。', '！', '？', '!', '?', '；', '：', ':', '…', '.'])
}

/// Rows of a table: columns set apart by tabs, bars or several spaces.
fn is_ruled(line: &str) -> bool {
    line.contains(['\t', '|', '│', '┃']) || line.contains("   ") || line.contains("\u{3000}\u{3000}")
}

/// Items of a list: `1.`, `一、`, `（二）`, `•`, `-`.
fn is_item(line: &str) -> bool {
    let mut chars = line.chars();
    match chars.next() {
        None => true,
        Some('•' | '·' | '●' | '■' | '◆' | '-' | '*' | '+' | '#' | '>' | '①'..='⑳') => true,
        Some('（' | '(') => {
            let head: String = chars.take(4).collect();
            head.find(['）', ')']).is_some_and(|end| is_number(&head[..end]))
        }
        Some(first) => {
            let head: String = [first].into_iter().chain(chars.take(3)).collect();
            head.find(['、', '.', '．', ')']).is_some_and(|end| end > 0 && is_number(&head[..end]))
        }
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        let mut state = State::new(input);
        step(&mut state);
        assert_eq!(state.text, expected);
    }

    const PROSE: &str = "围绕四大主导产业，济南全力推动相关领域续建和新开工项目建设。比如，比亚迪、吉利新能源整车项目建成投产，弗迪动力电池项目二期顺利通线，一批行业领先企业落户济南，支撑制造业高质量发展的新动能持续壮大，城市交通更加四通八达。";

    fn wrap(text: &str, columns: usize, between: &str) -> String {
        let mut out = String::new();
        let mut used = 0;
        for c in text.chars() {
            let w = if c.is_ascii() { 1 } else { 2 };
            if used + w > columns {
                out.push_str(between);
                used = 0;
            }
            out.push(c);
            used += w;
        }
        out
    }

    #[test]
    fn wrapped_prose_at_any_width() {
        for columns in [36, 41, 60, 76, 80] {
            let wrapped = wrap(PROSE, columns, "\n");
            if wrapped.lines().count() > FEWEST + 1 {
                check(&wrapped, PROSE);
            }
        }
    }

    #[test]
    fn paragraphs_stay_apart() {
        let (one, other) = (wrap(PROSE, 60, "\n"), wrap(PROSE, 60, " \n"));
        check(&format!("标题在此\n\n{one}\n\n{other}"), &format!("标题在此\n\n{PROSE}\n\n{PROSE}"));
        let indented = format!("\u{3000}\u{3000}{PROSE}");
        let (one, other) = (wrap(&indented, 60, "\n"), wrap(&indented, 60, " \n"));
        check(&format!("{one}\n{other}"), &format!("{indented}\n{indented}"));
    }

    #[test]
    fn what_must_not_be_joined() {
        let rows = "比亚迪，整车\t三十万辆\t四百二十三亿元\n国电投，氢能\t二十万套\t四百二十三亿元\n爱旭，太阳能\t一百万片\t四百二十三亿元\n弗迪，电池项\t一百万片\t四百二十三亿元\n";
        let poem = "好雨知时节，当春乃发生。随风潜入夜，\n润物细无声。野径云俱黑，江船火独明。\n晓看红湿处，花重锦官城。国破山河在，\n城春草木深。感时花溅泪，恨别鸟惊心。\n";
        let menu = "首页\n新闻\n专题\n视频\n图片\n评论\n";
        let headlines = "我国第三批住村工作组进驻乡村开展帮扶\n二十国集团外长会议今天在德国波恩召开\n中外媒体记者团赴井冈山采访红色旅游区\n国家综合性消防救援队伍比武在绍兴举行\n";
        for text in [rows, poem, menu, headlines, "", "\n\n\n\n"] {
            check(text, text);
        }
        let items = wrap(PROSE, 60, "\n1、");
        check(&items, &items);
    }
}
