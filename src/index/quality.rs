//! How far an article's text can be trusted: what was wrong with it, what was done about it, and
//! how much of the page is the article.

use super::record::Record;
use super::schema::META_SEPARATOR;
use crate::article::RepairKind;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The marks an article can have, `--quality` and `facets --by quality` name them.
pub const MARKS: [&str; 5] = ["clean", "repaired", "guessed", "lost", "thin"];

/// What is known of an article's text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quality {
    /// Of [`MARKS`]: `clean` (nothing was wrong), `repaired` (undone, with proof), `guessed`
    /// (characters that were masked or eaten), `lost` (something is gone and was left so), `thin`
    /// (less than half of the page is the article).
    pub marks: Vec<&'static str>,
    pub encoding: String,
    /// Malformed sequences in the file.
    pub replaced: u32,
    /// How often each rule was applied or reported something.
    pub repairs: BTreeMap<String, usize>,
    /// Characters that were guessed.
    pub guessed: usize,
    /// How much of the page is title and body, from 0 to 1.
    pub body: f32,
}

impl Quality {
    /// That of an article.
    pub fn of(record: &Record) -> Quality {
        let mut repairs: BTreeMap<String, usize> = BTreeMap::new();
        let (mut repaired, mut guessed, mut lost) = (false, 0, record.replaced > 0);
        for repair in &record.clean.repairs {
            *repairs.entry(repair.rule.clone()).or_default() += 1;
            match repair.kind {
                // Another kind of space or line end is nothing wrong.
                RepairKind::Script if repair.rule != "script" => {}
                RepairKind::Repaired | RepairKind::Script => repaired = true,
                RepairKind::Restored => guessed += repair.after.chars().count(),
                RepairKind::Reported => lost = true,
            }
        }
        let (mut body, mut page) = (0, 0);
        for block in &record.clean.blocks {
            page += block.span.len();
            body += if block.zone.is_body() { block.span.len() } else { 0 };
        }
        let body = if page == 0 { 1.0 } else { body as f32 / page as f32 };
        let clean = !repaired && guessed == 0 && !lost;
        let holds = [clean, repaired, guessed > 0, lost, body < 0.5];
        let marks = MARKS.into_iter().zip(holds).filter_map(|(mark, holds)| holds.then_some(mark)).collect();
        let (encoding, replaced) = (record.encoding.clone(), record.replaced);
        Quality { marks, encoding, replaced, repairs, guessed, body }
    }

    /// What the index holds of it: facet, [`META_SEPARATOR`], value.
    pub(super) fn values(&self) -> BTreeSet<String> {
        let marks = self.marks.iter().map(|mark| format!("quality{META_SEPARATOR}{mark}"));
        let rules = self.repairs.keys().map(|rule| format!("repair{META_SEPARATOR}{rule}"));
        let encoding = format!("encoding{META_SEPARATOR}{}", self.encoding);
        marks.chain(rules).chain([encoding]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, Facets};
    use crate::clean::clean;

    fn check(text: &str, replaced: u32, marks: &[&str]) {
        let article = Article { text: text.to_owned(), replaced, ..Article::default() };
        let found = clean(&article, &());
        let quality = Quality::of(&Record::new(article, found, Facets::default()));
        assert_eq!(quality.marks, marks, "{text}");
    }

    #[test]
    fn marks() {
        const TEXT: &str = "昨天，市里召开会议，部署全年的重点工作，各区县参加。";
        check(TEXT, 0, &["clean"]);
        check("", 0, &["clean"]);
        check(TEXT, 1, &["lost"]);
        check("比\u{200B}亚迪位于*河流域", 0, &["repaired", "guessed"]);
        check("公司锟斤拷地址", 0, &["lost"]);
        check(
            &format!("首页 > 新闻 > 正文\n{TEXT}\n相关新闻\n{0}\n{0}\n{0}", TEXT.repeat(2)),
            0,
            &["clean", "thin"],
        );
    }
}
