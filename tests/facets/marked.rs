// Included by unit tests: an article from one line of a case table.
//
// `¶` ends a paragraph. A paragraph opens with its zone in brackets (`[title]`, `[byline]`, …),
// or with a key of what is given (`[source]`, `[district]`, `[date]`, `[year]`, `[url]`,
// `[given-title]`, `[declared]`), which is then no part of the text; without brackets it is body.

use crate::article::{Block, Clean, Given, Zone};
use crate::text::Span;

pub fn marked(case: &str) -> (Clean, Given) {
    let mut clean = Clean::default();
    let mut given = Given::default();
    for paragraph in case.split('¶') {
        let paragraph = paragraph.trim_matches(' ');
        let (mark, text) = match paragraph.strip_prefix('[').and_then(|p| p.split_once(']')) {
            Some((mark, text)) => (mark, text.trim_start_matches(' ')),
            None => ("body", paragraph),
        };
        let zone = match mark {
            "title" => Zone::Title,
            "body" => Zone::Body,
            "caption" => Zone::Caption,
            "byline" => Zone::Byline,
            "navigation" => Zone::Navigation,
            "advertisement" => Zone::Advertisement,
            "unrelated" => Zone::Unrelated,
            "source" => {
                given.source = Some(text.to_owned());
                continue;
            }
            "district" => {
                given.districts.push(text.to_owned());
                continue;
            }
            "date" => {
                given.date = Some(text.to_owned());
                continue;
            }
            "year" => {
                given.year = Some(text.parse().expect("a year"));
                continue;
            }
            "url" => {
                given.url = Some(text.to_owned());
                continue;
            }
            "declared" => {
                clean.declared = Some(text.to_owned());
                continue;
            }
            "given-title" => {
                given.title = Some(text.to_owned());
                continue;
            }
            other => panic!("no such mark: {other}"),
        };
        let start = clean.text.len();
        clean.text.push_str(text);
        clean.blocks.push(Block { span: Span::new(start, clean.text.len()), zone });
        clean.text.push('\n');
    }
    (clean, given)
}
