//! What an HTML page says of itself in its `<meta>` elements: title, date, outlet, address.

use crate::article::Given;

/// Where those stand: in the head, which may hold much script before them.
const HEAD: usize = 256 << 10;

/// The names under which sites give each, the most exact first. `ArticleTitle`, `PubDate` and
/// `ContentSource` are those that the standard for government sites prescribes.
const TITLES: &[&str] = &["articletitle", "og:title", "twitter:title"];
const DATES: &[&str] = &[
    "pubdate",
    "article:published_time",
    "datepublished",
    "publishdate",
    "og:release_date",
    "weibo: article:create_at",
    "weibo:article:create_at",
];
const SOURCES: &[&str] = &["contentsource", "mediaid"];
const ADDRESSES: &[&str] = &["og:url"];

/// Fills what is not given yet.
pub(super) fn describe(page: &str, given: &mut Given) {
    let metas = metas(page);
    let first = |names: &[&str]| {
        let of = |name: &&str| metas.iter().find(|(n, _)| n == name).map(|(_, content)| content.clone());
        names.iter().find_map(of)
    };
    for (field, names) in [
        (&mut given.title, TITLES),
        (&mut given.date, DATES),
        (&mut given.source, SOURCES),
        (&mut given.url, ADDRESSES),
    ] {
        if field.is_none() {
            *field = first(names);
        }
    }
}

/// Name (or property) in lower case and content of each `<meta>` that has both.
fn metas(page: &str) -> Vec<(String, String)> {
    let head = &page.as_bytes()[..page.len().min(HEAD)];
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'<', head) {
        let rest = &head[at + 1..];
        let is_meta =
            rest.len() > 5 && rest[..4].eq_ignore_ascii_case(b"meta") && rest[4].is_ascii_whitespace();
        if let Some(tag) = page.get(at + 5..).filter(|_| is_meta) {
            let (mut name, mut content) = (None, None);
            let attributes = attributes(tag);
            // A quotation mark inside a value that was not escaped: what follows it is lost.
            if attributes.iter().any(|(key, _)| key.contains(['"', '\''])) {
                continue;
            }
            for (key, value) in attributes {
                match key.to_ascii_lowercase().as_str() {
                    "name" | "property" | "itemprop" => name = Some(value.trim().to_ascii_lowercase()),
                    "content" => content = Some(decoded(value.trim())),
                    _ => {}
                }
            }
            if let (Some(name), Some(content)) = (name, content.filter(|c| !c.is_empty())) {
                found.push((name, content));
            }
        }
    }
    found
}

/// The attributes of a tag, from behind its name to its end.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    /// More than any meta element has; bounds what a broken page costs.
    const MOST: usize = 12;
    let mut found = Vec::new();
    let mut rest = tag;
    while found.len() < MOST {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end = rest.find(|c: char| c == '=' || c == '>' || c.is_ascii_whitespace()).unwrap_or(rest.len());
        let key = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=').filter(|_| !key.is_empty()) else {
            if key.is_empty() {
                break;
            }
            continue;
        };
        let value = value.trim_start();
        let (value, behind) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => match value[1..].split_once(quote) {
                Some(parts) => parts,
                None => break,
            },
            _ => value
                .split_at(value.find(|c: char| c == '>' || c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        found.push((key, value));
        rest = behind;
    }
    found
}

/// With the references that such values have.
fn decoded(value: &str) -> String {
    let mut text = value.to_owned();
    for (name, c) in
        [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&")]
    {
        if text.contains(name) {
            text = text.replace(name, c);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_say() {
        let mut given = Given { source: Some("日报".into()), ..Given::default() };
        describe(
            "<html><head><META name=\"ArticleTitle\" content=\"会议&quot;召开&quot;\"/><meta charset=gbk>\
             <meta content='2024-03-15 21:02' name='PubDate'><meta name=ContentSource content=晚报>\
             <meta property=\"og:title\" content=\"会议_某网\"><meta name=\"keywords\" content=\"\">",
            &mut given,
        );
        assert_eq!(given.title.as_deref(), Some("会议\"召开\""));
        assert_eq!(given.date.as_deref(), Some("2024-03-15 21:02"));
        assert_eq!((given.source.as_deref(), given.url), (Some("日报"), None));
    }

    #[test]
    fn broken_pages() {
        for page in [
            "",
            "<meta",
            "<meta ",
            "<meta name",
            "<meta name=\"a",
            "<meta name=a content",
            "<meta =a>中",
            "<meta name=pubdate content=\"2024\" 03\"15\"=\"\">",
            "<meta a=\"b\"c='d",
        ] {
            let mut given = Given::default();
            describe(page, &mut given);
            assert_eq!(given, Given::default(), "{page}");
        }
    }
}
