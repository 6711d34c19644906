//! HTML: tags away, entities decoded, what the elements say of zones kept. A first, sound
//! version: a tokenizer after the HTML standard's states that matter for text, no tree.

use super::entities::reference;
use super::state::State;
use crate::article::Zone;
use crate::text::{Rewriter, Span};

/// Elements whose content is no text.
const HIDDEN: [&str; 8] = ["script", "style", "noscript", "template", "svg", "iframe", "select", "textarea"];

/// Elements that end a line before and after them.
const BLOCKS: [&str; 43] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "button",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "label",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "table",
    "title",
    "tr",
    "ul",
    "video",
];

/// The zone that an element's name gives its content.
fn zone_of(name: &str) -> Option<Zone> {
    match name {
        "title" | "h1" => Some(Zone::Title),
        "nav" | "header" | "footer" | "aside" | "button" | "form" => Some(Zone::Navigation),
        "figcaption" => Some(Zone::Body),
        _ => None,
    }
}

/// A tag: its lower-case name, whether it closes, and where it ends.
struct Tag {
    name: String,
    closes: bool,
    end: usize,
}

/// The step: the page's text, one line a block element, with offsets into the page.
pub(super) fn step(state: &mut State<'_>) {
    let page = state.text.clone();
    let mut rw = Rewriter::new(&page);
    let mut open: Vec<(&'static str, usize, Zone)> = Vec::new();
    let mut zones = Vec::new();
    let mut at = 0;
    let mut space = true; // white space, or a line's beginning, was written last
    while let Some(found) = memchr::memchr2(b'<', b'&', &page.as_bytes()[at..]) {
        let start = at + found;
        text(&page, &mut rw, start, &mut space);
        if page.as_bytes()[start] == b'&' {
            at = start + 1;
            if let Some((len, c)) = reference(&page[start..]) {
                at = start + len;
                let blank = c.is_whitespace();
                let mut buffer = [0u8; 4];
                let with: &str = if blank { " " } else { c.encode_utf8(&mut buffer) };
                rw.replace_to(at, if blank && space { "" } else { with });
                space = blank;
            } else {
                rw.keep_to(at);
                space = false;
            }
        } else if let Some(end) = comment(&page, start) {
            rw.replace_to(end, "");
            at = end;
        } else if let Some(tag) = tag(&page, start) {
            at = tag.end;
            if !tag.closes && HIDDEN.contains(&tag.name.as_str()) {
                at = close_of(&page, tag.end, &tag.name);
            }
            let breaks = BLOCKS.contains(&tag.name.as_str());
            let with = if breaks {
                "\n"
            } else if tag.name == "td" || tag.name == "th" {
                "\t"
            } else {
                ""
            };
            rw.replace_to(at, with);
            space |= !with.is_empty();
            note_zone(&tag, start, &mut open, &mut zones);
        } else {
            at = start + 1;
            rw.keep_to(at);
            space = false;
        }
    }
    text(&page, &mut rw, page.len(), &mut space);
    for (_, from, zone) in open {
        zones.push((Span::new(from, page.len()), zone));
    }
    // Inner elements win over the ones around them, which start earlier.
    zones.sort_by_key(|(span, _)| span.start());
    state.marked_zones = flatten(&zones);
    let (plain, map) = rw.finish();
    state.replace(plain, &map);
}

/// Keeps text up to `end`, runs of white space as one space.
fn text(page: &str, rw: &mut Rewriter<'_>, end: usize, space: &mut bool) {
    let from = rw.position();
    let Some(stretch) = page.get(from..end) else { return };
    let mut at = from;
    for (i, c) in stretch.char_indices() {
        let here = from + i;
        if c.is_ascii_whitespace() {
            rw.keep_to(here);
            if *space || c != ' ' {
                rw.replace_to(here + 1, if *space { "" } else { " " });
            }
            *space = true;
        } else {
            *space = false;
        }
        at = here + c.len_utf8();
    }
    rw.keep_to(at);
}

/// The end of a comment, a declaration or a processing instruction at `start`.
fn comment(page: &str, start: usize) -> Option<usize> {
    let rest = &page[start..];
    let (skip, close) = if rest.starts_with("<!--") {
        (4, "-->")
    } else if rest.starts_with("<!") || rest.starts_with("<?") {
        (2, ">")
    } else {
        return None;
    };
    let end = memchr::memmem::find(&rest.as_bytes()[skip..], close.as_bytes());
    Some(end.map_or(page.len(), |e| start + skip + e + close.len()))
}

/// The tag at `start`; `None` where `<` begins none, as in `a < b`.
fn tag(page: &str, start: usize) -> Option<Tag> {
    let bytes = page.as_bytes();
    let closes = bytes.get(start + 1) == Some(&b'/');
    let from = start + 1 + usize::from(closes);
    let length =
        bytes.get(from..)?.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').take(32).count();
    if length == 0 || !bytes[from].is_ascii_alphabetic() {
        return None;
    }
    let name = page[from..from + length].to_ascii_lowercase();
    let mut at = from + length;
    while let Some(found) = memchr::memchr3(b'>', b'"', b'\'', &bytes[at..]) {
        let here = at + found;
        if bytes[here] == b'>' {
            return Some(Tag { name, closes, end: here + 1 });
        }
        // A quoted value may hold `>`. One that never ends holds nothing.
        match memchr::memchr2(bytes[here], b'\n', &bytes[here + 1..]) {
            Some(close) => at = here + 1 + close + 1,
            None => break,
        }
    }
    Some(Tag { name, closes, end: page.len() })
}

/// Where the content of a hidden element ends, its closing tag included.
fn close_of(page: &str, from: usize, name: &str) -> usize {
    let bytes = page.as_bytes();
    let mut at = from;
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        let start = at + found;
        let rest = &bytes[start + 1..];
        let closes = rest.first() == Some(&b'/')
            && rest.get(1..1 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
        if closes {
            return memchr::memchr(b'>', rest).map_or(page.len(), |e| start + 1 + e + 1);
        }
        at = start + 1;
    }
    page.len()
}

fn note_zone(
    tag: &Tag,
    start: usize,
    open: &mut Vec<(&'static str, usize, Zone)>,
    zones: &mut Vec<(Span, Zone)>,
) {
    /// Deeper nesting than any page has; bounds the search for the opening tag.
    const DEEPEST: usize = 64;
    const NAMES: [&str; 9] =
        ["title", "h1", "nav", "header", "footer", "aside", "button", "form", "figcaption"];
    let Some(name) = NAMES.into_iter().find(|n| *n == tag.name) else { return };
    if !tag.closes {
        if let Some(zone) = zone_of(name)
            && open.len() < DEEPEST
        {
            open.push((name, start, zone));
        }
    } else if let Some(n) = open.iter().rposition(|o| o.0 == name) {
        let (_, from, zone) = open.remove(n);
        zones.push((Span::new(from, tag.end), zone));
    }
}

/// Nested stretches as a list without overlaps: the innermost at each place.
fn flatten(zones: &[(Span, Zone)]) -> Vec<(Span, Zone)> {
    let mut flat: Vec<(Span, Zone)> = Vec::new();
    let mut stack: Vec<(usize, Zone)> = Vec::new();
    let mut at = 0;
    let mut put = |from: usize, to: usize, zone: Zone| {
        if to > from {
            flat.push((Span::new(from, to), zone));
        }
    };
    for &(span, zone) in zones {
        while let Some(&(end, outer)) = stack.last()
            && end <= span.start()
        {
            put(at, end, outer);
            at = at.max(end);
            stack.pop();
        }
        if let Some(&(_, outer)) = stack.last() {
            put(at, span.start(), outer);
        }
        at = span.start();
        // An `h1` in a `header` is the title; a link list in it is not the text.
        stack.push((span.end(), zone));
    }
    while let Some((end, outer)) = stack.pop() {
        put(at, end, outer);
        at = at.max(end);
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Markup};
    use crate::clean::clean;

    fn check(html: &str, expected: &[(&str, Zone)]) {
        let article = Article { text: html.to_owned(), markup: Markup::Html, ..Article::default() };
        let clean = clean(&article, &());
        let found: Vec<_> = clean.blocks.iter().map(|b| (clean.block_text(b), b.zone)).collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn elements_and_zones() {
        check(
            "<!DOCTYPE html><html><head><title>起步区 &amp; 黄河</title><style>p>a{}</style></head>\
             <body><nav><a href='/'>首页</a></nav><!-- <p>无</p> --><p>比亚<b>迪</b>年产&nbsp;30GW，\n在济南。</p>\
             <script>if (a<b) {'</p>'}</script><footer>某某网</footer></body></html>",
            &[
                ("起步区 & 黄河", Zone::Title),
                ("首页", Zone::Navigation),
                ("比亚迪年产 30GW， 在济南。", Zone::Body),
                ("某某网", Zone::Navigation),
            ],
        );
        check(
            "<header><h1>五年规划的标题</h1><a>登录</a></header><p>正文</p>",
            &[("五年规划的标题", Zone::Title), ("登录", Zone::Navigation), ("正文", Zone::Body)],
        );
    }

    #[test]
    fn broken_pages() {
        check("a < b, 3<5 &foo;", &[("a < b, 3<5 &foo;", Zone::Body)]);
        check("<p title='a>b'>一<br>二<p", &[("一", Zone::Body), ("二", Zone::Body)]);
        check("<script>没有结尾", &[]);
        check("<!-- 没有结尾", &[]);
        check("<p title=\"没有结尾>一", &[]);
        check("", &[]);
    }

    #[test]
    fn offsets_point_into_the_page() {
        let html = "<p>比亚<b>迪</b>&amp;济南</p>";
        let article = Article { text: html.to_owned(), markup: Markup::Html, ..Article::default() };
        let clean = clean(&article, &());
        for (words, raw) in [("比亚迪", "比亚<b>迪"), ("济南", "济南"), ("&", "&amp;")] {
            let at = clean.text.find(words).expect("kept");
            let span = clean.map.map(Span::new(at, at + words.len()));
            assert_eq!(&html[span.range()], raw);
        }
    }
}
