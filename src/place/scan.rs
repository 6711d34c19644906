//! Finds the names of places in a text, and leaves those alone that are part of something longer.

use super::gazetteer::Gazetteer;
use super::{streets, table};
use crate::text::Span;
use crate::text::fold::fold_char;

/// A name that stands in the text and may mean a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// In the text that was scanned.
    pub span: Span,
    /// The name's number in the gazetteer.
    pub name: usize,
    /// Whether the hit before this one touches it, or stands before a colon: 济南市 and 槐荫区 in
    /// 济南市槐荫区 and in 济南市：槐荫区.
    pub joined: bool,
    /// How many places are named in one row with this one: 3 for each of 广州、杭州、苏州.
    pub row: usize,
}

/// The names in `text`, from left to right; of two that overlap the one that begins first, of
/// two that begin together the longer.
pub fn scan(g: &Gazetteer, text: &str) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut word_end = 0; // end of the last word that is no place: names inside it are none either
    let mut at = 0;
    while let Some(start) = next_start(g, text, at) {
        at = start;
        let step = text[at..].chars().next().map_or(1, char::len_utf8);
        let Some((name, len)) = g.longest(&text[at..]) else {
            at += step;
            continue;
        };
        let (name, len) = city_before_its_district(g, text, at, len).unwrap_or((name, len));
        let end = at + len;
        // 越南|投资 has no 南投; 广西北|海市, which a dictionary may have, has 北海市.
        if end <= word_end || at < word_end && !g.is_ranked(name) {
            at += step;
        } else if g.is_word(name) || part_of_longer(g, text, Span::new(at, end), name) {
            word_end = end;
            at += step;
        } else {
            hits.push(Hit { span: Span::new(at, end), name, joined: false, row: 1 });
            at = end;
        }
    }
    add_streets(g, text, &mut hits);
    for i in 1..hits.len() {
        let between = &text[hits[i - 1].span.end()..hits[i].span.start()];
        hits[i].joined = CHAIN_MARKS.contains(&between);
    }
    mark_rows(text, &mut hits);
    hits
}

/// Puts the streets among the hits. A street that begins inside another name is none; names inside a street's
/// are part of it.
fn add_streets(g: &Gazetteer, text: &str, hits: &mut Vec<Hit>) {
    for (span, street) in streets::scan(text) {
        let from = hits.partition_point(|h| h.span.end() <= span.start());
        let to = hits.partition_point(|h| h.span.start() < span.end());
        let cut = hits[from..to].iter().any(|h| h.span.start() < span.start() || h.span.end() > span.end());
        if !cut {
            hits.splice(from..to, [Hit { span, name: g.street(street), joined: false, row: 1 }]);
        }
    }
}

/// Where from `at` on a name may begin, by the bytes of its first two characters: all that most
/// of a text is looked at for. All characters of names have three bytes.
#[inline]
fn next_start(g: &Gazetteer, text: &str, at: usize) -> Option<usize> {
    if g.own.is_some() {
        let own = text[at..].char_indices().find(|(_, c)| g.may_start_own(*c)).map(|(i, _)| at + i);
        let compiled = next_compiled(text, at);
        return match (own, compiled) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    next_compiled(text, at)
}

#[inline]
fn next_compiled(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = at;
    let mut before = None;
    while let Some(&[lead, b, c]) = bytes.get(at..at + 3) {
        if (0xE2..=0xEF).contains(&lead) {
            let character = u32::from_le_bytes([lead, b, c, 0]);
            if before.is_some_and(|first| table::may_start(first, character)) {
                return Some(at - 3);
            }
            before = Some(table::first_hash(character));
            at += 3;
        } else {
            before = None;
            at += match lead {
                ..0x80 => 1,
                0x80..0xE0 => 2,
                0xE0..0xF0 => 3,
                _ => 4,
            };
        }
    }
    None
}

/// The text in the characters of the gazetteer's names, byte for byte as long.
pub fn simplified(text: &str) -> String {
    text.chars().map(simplified_char).collect()
}

/// A Traditional character or variant as names have it. Width and letter case, which change a
/// text's length and matter to no name, are left. Of what folding merges, 乾 (乾县, 乾安县) is in
/// names and is kept.
pub fn simplified_char(c: char) -> char {
    let folded = if c < '\u{2E80}' || c == '乾' { c } else { fold_char(c) };
    if folded.len_utf8() == c.len_utf8() { folded } else { c }
}

/// What may stand between a place and the one that holds it.
const CHAIN_MARKS: [&str; 5] = ["", "：", ":", "·", " "];

/// Of 乐山市中区 the 市 belongs to the district: the city's short name and its length, where the text
/// reads so and the city has that district.
fn city_before_its_district(g: &Gazetteer, text: &str, at: usize, len: usize) -> Option<(usize, usize)> {
    let short = text[at..at + len].strip_suffix('市')?;
    let next = at + short.len();
    let (district, district_len) = g.longest(&text[next..])?;
    let city = g.name(short)?;
    let district_name = &text[next..next + district_len];
    let cities = g.senses(city);
    let held = || g.senses(district).any(|d| cities.clone().any(|c| g.holds(c.unit, d.unit)));
    (district_name.starts_with('市') && district_name.ends_with(['区', '區']) && held())
        .then_some((city, short.len()))
}

/// What follows a name and makes a street of it, and what follows these and takes that back:
/// 北京路 is a street, 北京路网 is not.
const STREETS: [(&str, &str); 10] = [
    ("路", "过网况演段径线费桥灯面程透政"),
    ("大道", ""),
    ("大街", ""),
    ("街", "道头"),
    ("巷", ""),
    ("胡同", ""),
    ("道", "路德教理歉具别观"),
    ("东路", ""),
    ("西路", ""),
    ("中路", ""),
];

/// What follows a name without rank and makes something else of it: 鼓楼街道, 济南舰, 德州扑克.
const OTHERS: [&str; 26] = [
    "街道", "北路", "南路", "镇", "乡", "村", "社区", "小区", "舰", "号", "牌", "籍", "话", "菜", "装",
    "大厦", "酒店", "宾馆", "饭店", "广场", "花园", "公园", "扑克", "大桥", "门", "寺",
];

/// What follows the short name of a county and makes a mountain or a lake of it: 东平湖, 鲇鱼山.
const FEATURES: [&str; 16] =
    ["湖", "山", "河", "江", "岛", "岭", "峰", "谷", "泉", "峡", "桥", "水库", "关", "湾", "洞", "林场"];

/// What may stand before 市中区, 市南区, 市北区 and belong to the 市: 城市中区, 全市北区.
const CITIES_OF: &str = "城都超股上门夜早闹省全该各县地级我";

/// What the words that make something else of a name begin with: after most names none of them
/// stands, and that is seen at once.
fn may_make_longer(next: char) -> bool {
    matches!(
        next,
        '路' | '大'
            | '街'
            | '巷'
            | '胡'
            | '道'
            | '东'
            | '西'
            | '中'
            | '北'
            | '南'
            | '镇'
            | '乡'
            | '村'
            | '社'
            | '小'
            | '舰'
            | '号'
            | '牌'
            | '籍'
            | '话'
            | '菜'
            | '装'
            | '酒'
            | '宾'
            | '饭'
            | '广'
            | '花'
            | '公'
            | '扑'
            | '门'
            | '寺'
            | '湖'
            | '山'
            | '河'
            | '江'
            | '岛'
            | '岭'
            | '峰'
            | '谷'
            | '泉'
            | '峡'
            | '桥'
            | '水'
            | '关'
            | '湾'
            | '洞'
            | '林'
    )
}

/// How many characters after a name may make something longer of it.
const LONGEST_REST: usize = 4;

/// Whether the name of this number, which stands at `span`, is part of something longer that is
/// no place or another one.
fn part_of_longer(g: &Gazetteer, text: &str, span: Span, name: usize) -> bool {
    let (before, after) = (&text[..span.start()], &text[span.end()..]);
    let of_city = || before.chars().next_back().is_some_and(|c| CITIES_OF.contains(simplified_char(c)));
    if text[span.range()].starts_with('市') && of_city() {
        return true;
    }
    if !after.chars().next().is_some_and(|c| may_make_longer(simplified_char(c))) {
        return false;
    }
    let after: String = after.chars().take(LONGEST_REST).map(simplified_char).collect();
    let street = STREETS.iter().any(|(street, unless)| {
        after
            .strip_prefix(street)
            .is_some_and(|rest| !rest.chars().next().is_some_and(|c| unless.contains(c)))
    });
    let ranked = g.is_ranked(name);
    let other = !ranked && OTHERS.iter().any(|o| after.starts_with(o));
    let feature = !ranked && g.is_minor(name) && FEATURES.iter().any(|f| after.starts_with(f));
    street || other || feature
}

/// Marks runs of names with nothing but a mark or a joining word between them. A chain such as
/// 济南市槐荫区 is one member.
fn mark_rows(text: &str, hits: &mut [Hit]) {
    let mut start = 0;
    while start < hits.len() {
        let (mut end, mut members) = (start + 1, 1);
        while end < hits.len() {
            let between = &text[hits[end - 1].span.end()..hits[end].span.start()];
            match between {
                between if CHAIN_MARKS.contains(&between) => {}
                "、" | "," | "，" | "和" | "与" | "與" | "及" | "以及" | "/" | "－" | "—" | "-" => {
                    members += 1
                }
                _ => break,
            }
            end += 1;
        }
        for hit in &mut hits[start..end] {
            hit.row = members;
        }
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> String {
        let found: Vec<_> = scan(Gazetteer::get(), text).iter().map(|h| &text[h.span.range()]).collect();
        found.join(" ")
    }

    #[test]
    fn a_name_inside_something_longer_is_none() {
        for (text, expected) in [
            ("济南市槐荫区", "济南市 槐荫区"),
            ("济南的北京路和上海大街", "济南"),
            ("北京路网优化", "北京"),
            ("孙中山穿中山装", ""),
            ("城市中区分", ""),
            ("济南市市中区", "济南市 市中区"),
            ("乐山市中区、济南市中心", "乐山 市中区 济南市"),
            ("广安门医院济南医院", "济南"),
            ("越南投资、西南投入", ""),
            ("北海道的雪", ""),
            ("朝阳街道办", "朝阳街道"),
            ("济南的某某街道和朝阳街", "济南"),
            ("南京市长江大桥", "南京市"),
            ("德州扑克", ""),
            ("", ""),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn what_makes_a_name_longer_is_looked_for() {
        let words = STREETS.iter().map(|s| s.0).chain(OTHERS).chain(FEATURES);
        assert!(words.filter_map(|w| w.chars().next()).all(may_make_longer));
    }

    #[test]
    fn rows_and_chains() {
        let hits = scan(Gazetteer::get(), "赴广州、杭州、苏州市虎丘区和雄安等地，到济南");
        let rows: Vec<_> = hits.iter().map(|h| h.row).collect();
        assert_eq!(rows, [4, 4, 4, 4, 4, 1]);
        assert!(hits[3].joined && !hits[2].joined);
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_ordered_spans_on_characters(text in "[济南市中区北京路、槐荫a 起步高新\n]{0,40}") {
            let hits = scan(Gazetteer::get(), &text);
            let mut last = 0;
            for h in &hits {
                proptest::prop_assert!(h.span.start() >= last && !h.span.is_empty());
                proptest::prop_assert!(text.get(h.span.range()).is_some());
                last = h.span.end();
            }
        }
    }
}
