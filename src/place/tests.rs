#[path = "../../tests/facets/marked.rs"]
#[allow(clippy::duplicate_mod)] // the rooms may not know each other
mod marked;

use super::{detect, path_matches, resolve};
use marked::marked;

fn about(case: &str) -> Vec<String> {
    let (clean, given) = marked(case);
    let placings = detect(&clean, &given);
    for p in &placings {
        if let Some(span) = p.evidence.span {
            assert_eq!(&clean.text[span.range()], p.evidence.words, "{case}");
        }
        assert!((0.0..=1.0).contains(&p.evidence.confidence), "{case}: {p:?}");
    }
    let firsts = placings.iter().take_while(|p| p.about).count();
    assert!(placings[firsts..].iter().all(|p| !p.about), "about first: {case}");
    placings.into_iter().filter(|p| p.about).map(|p| p.path).collect()
}

/// `place/cases.tsv`: the article, the paths it is about joined by `|` or `-`, why.
#[test]
fn cases() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in include_str!("cases.tsv").lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [case, expected, _why] = cells.as_slice() else { panic!("three cells: {row}") };
        count += 1;
        let paths = about(case);
        let found = if paths.is_empty() { "-".to_owned() } else { paths.join("|") };
        if found != *expected {
            wrong.push(format!("{found}, expected {expected}: {case}"));
        }
    }
    assert!(count >= 190, "only {count} cases");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn mentions_are_kept_with_their_words() {
    let (clean, given) = marked(
        "[title] 起步区发展 ¶ 济南起步区考察团奔赴广州、杭州、苏州、通州、雄安考察。起步区再出发，济南起步区成形。",
    );
    let placings = detect(&clean, &given);
    let mentions: Vec<_> =
        placings.iter().filter(|p| !p.about).map(|p| (p.path.as_str(), p.evidence.words.as_str())).collect();
    for expected in [("广东省/广州市", "广州"), ("江苏省/苏州市", "苏州"), ("河北省/雄安新区", "雄安")]
    {
        assert!(mentions.contains(&expected), "{mentions:?}");
    }
    assert!(!mentions.iter().any(|m| m.1 == "通州"), "通州 is ambiguous: {mentions:?}");
}

#[test]
fn filters() {
    for (path, wanted, expected) in [
        ("山东省/济南市/槐荫区", "槐荫区", true),
        ("山东省/济南市/槐荫区", "槐荫", true),
        ("山东省/济南市/槐荫区", "槐蔭區", true),
        ("山东省/济南市/槐荫区", "济南", true),
        ("山东省/济南市/槐荫区", "濟南市", true),
        ("山东省/济南市/槐荫区", "山东", true),
        ("山东省/济南市/槐荫区", "山东省/济南市", true),
        ("山东省/济南市/槐荫区", "济南市/槐荫区", true),
        ("山东省/济南市/槐荫区", "济南/槐荫", true),
        ("山东省/济南市/槐荫区", "山东/槐荫", true),
        ("山东省/济南市/槐荫区", "青岛市/槐荫区", false),
        ("山东省/济南市/槐荫区", "市中", false),
        ("山东省/济南市", "槐荫区", false),
        ("山东省/济南市/济南新旧动能转换起步区", "起步区", true),
        ("山东省/济南市/济南新旧动能转换起步区", "濟南起步區", true),
        ("山东省/济南市/济南新旧动能转换起步区", "济南先行区", true),
        ("山东省/济南市/章丘区", "章丘市", true),
        ("山东省/济南市/章丘区", "章丘县", true),
        ("山东省/济南市/莱芜区", "莱芜市", true),
        ("山东省/济南市/钢城区", "莱芜市", true),
        ("山东省/济南市/市中区", "市中", true),
        ("四川省/乐山市/市中区", "市中区", true),
        ("四川省/乐山市/市中区", "济南市/市中区", false),
        ("吉林省/长春市", "吉林", true),
        ("吉林省/长春市", "吉林市", false),
        ("北京市/朝阳区", "朝阳", true),
        ("台湾省/台北市/大安区", "臺北", true),
        ("香港特别行政区/湾仔区", "香港", true),
        ("某某街道", "某某街道", true),
        ("某地/某某街道", "某某街道", true),
        ("某某街道", "某", false),
        ("山东省/济南市", "", false),
        ("山东省/济南市", "/", false),
        ("", "济南", false),
    ] {
        assert_eq!(path_matches(path, wanted), expected, "{wanted} of {path}");
    }
    assert_eq!(resolve("市中区").len(), 4);
    assert_eq!(resolve("高新"), Vec::<String>::new());
    assert_eq!(resolve("济南/市中"), ["山东省/济南市/市中区"]);
}

proptest::proptest! {
    #[test]
    fn any_text_is_taken(text in "[济南市中区北京路起步槐荫、，。本报1月4日讯¶ 朝阳新城a]{0,80}") {
        about(&text);
        resolve(&text);
        path_matches(&text, &text);
    }
}
