#[path = "../../tests/facets/marked.rs"]
#[allow(clippy::duplicate_mod)] // the rooms may not know each other
mod marked;

use super::detect;
use marked::marked;

/// `date/cases.tsv`: the article, what is expected (`2024-03-15`, `2024-03`, `2024`, `-`), the
/// rule that says it, why.
#[test]
fn cases() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in include_str!("cases.tsv").lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [case, expected, rule, _why] = cells.as_slice() else { panic!("four cells: {row}") };
        count += 1;
        let (clean, given) = marked(case);
        let found = detect(&clean, &given);
        let date = found.as_ref().map_or("-".to_owned(), |d| {
            let part = |p: Option<u8>| p.map_or(String::new(), |p| format!("-{p:02}"));
            format!("{}{}{}", d.year, part(d.month), part(d.day))
        });
        let by = found.as_ref().map_or("-", |d| d.evidence.rule.as_str());
        if (date.as_str(), by) != (expected, rule) {
            wrong.push(format!("{date} {by}, expected {expected} {rule}: {case}"));
        }
        if let Some(d) = found {
            let words =
                d.evidence.span.map_or(d.evidence.words.clone(), |s| clean.text[s.range()].to_owned());
            assert_eq!(words, d.evidence.words, "{case}");
            assert!(d.evidence.confidence == 1.0 || d.evidence.rule != "given", "{case}");
            assert!(d.evidence.confidence < 0.7 || d.evidence.rule != "inferred", "{case}");
            assert!(d.day.is_none() || d.month.is_some(), "{case}");
        }
    }
    assert!(count >= 60, "only {count} cases");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

proptest::proptest! {
    #[test]
    fn any_text_is_taken(text in "[0-9年月日今刚过去的周年本报讯号〔〕发布时间：¶，。 新中国成立]{0,60}") {
        let (clean, given) = marked(&text);
        let _ = detect(&clean, &given);
    }
}
