//! The day of publication that an HTML page declares for machines: `<meta name="publishdate" content="…">`
//! in its head, or `"datePublished"` of its schema.org description.

/// What the elements are called, the surest first, in small letters.
const NAMES: [&str; 12] = [
    "article:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "publish_date",
    "publishtime",
    "publish_time",
    "pubtime",
    "firstpublishtime",
    "dc.date.issued",
    "dc.date",
    "weibo:article:create_at",
];

/// How much of a page is looked at, in bytes: heads are shorter.
const HEAD: usize = 1 << 16;

/// The value as it stands there.
pub(super) fn day(page: &str) -> Option<String> {
    let head = &page[..page.floor_char_boundary(HEAD)];
    // Byte for byte as long, so that places are the same.
    let lower = head.to_ascii_lowercase();
    let elements = lower.match_indices("<meta").map(|(at, _)| {
        let end = lower[at..].find('>').map_or(lower.len(), |e| at + e);
        (at, end)
    });
    let declared = elements.filter_map(|(at, end)| {
        let name = ["name", "property", "itemprop", "http-equiv"]
            .iter()
            .find_map(|key| attribute(&lower[at..end], key))?;
        let rank = NAMES.iter().position(|n| *n == &lower[at..end][name.0..name.1])?;
        let (from, to) = attribute(&lower[at..end], "content")?;
        Some((rank, head[at..end][from..to].trim().to_owned()))
    });
    let first = declared.filter(|(_, value)| !value.is_empty()).min_by_key(|(rank, _)| *rank);
    first.map(|(_, value)| value).or_else(|| described(head))
}

/// Where the value of an attribute stands in a tag.
fn attribute(tag: &str, key: &str) -> Option<(usize, usize)> {
    tag.match_indices(key).find_map(|(at, _)| {
        if !tag[..at].ends_with(|c: char| c.is_ascii_whitespace() || c == '"' || c == '\'') {
            return None;
        }
        let value = tag[at + key.len()..].trim_start().strip_prefix('=')?.trim_start();
        let from = tag.len() - value.len();
        match value.chars().next()? {
            quote @ ('"' | '\'') => Some((from + 1, from + 1 + value[1..].find(quote)?)),
            _ => Some((from, from + value.find([' ', '/', '\n', '\t']).unwrap_or(value.len()))),
        }
    })
}

/// `"datePublished": "2024-03-15T21:02:43+08:00"`
fn described(head: &str) -> Option<String> {
    let key = "\"datePublished\"";
    let after = &head[head.find(key)? + key.len()..];
    let value = after.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    Some(value[..value.find('"')?].to_owned()).filter(|v| !v.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_days() {
        for (page, expected) in [
            ("<meta name=\"publishdate\" content=\"2024-03-15 21:02\">", Some("2024-03-15 21:02")),
            ("<META content='2024-03-15' NAME='PubDate' />", Some("2024-03-15")),
            ("<meta property=article:published_time content=2024-03-15T21:02>", Some("2024-03-15T21:02")),
            (
                "<meta name=\"pubdate\" content=\"2020-01-01\"><meta property=\"article:published_time\" content=\"2024-03-15\">",
                Some("2024-03-15"),
            ),
            (
                "<script type='application/ld+json'>{\"datePublished\": \"2024-03-15\"}</script>",
                Some("2024-03-15"),
            ),
            ("<meta name=\"description\" content=\"2024-03-15\">", None),
            ("<meta name=\"publishdate\" content=\"\">", None),
            ("<meta name=\"publishdate", None),
            ("<meta", None),
            ("济南 <p>2024-03-15", None),
        ] {
            assert_eq!(day(page).as_deref(), expected, "{page}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_page_is_taken(page in "[<>metanmcontp =\"'济/:0-9-]{0,80}") {
            let _ = day(&page);
            let _ = day(&format!("<meta name=pubdate {page}"));
        }
    }
}
