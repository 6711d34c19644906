//! The terms of a question: what is looked for, and what it weighs.

use crate::query::Query;
use crate::text::fold::is_han;

/// A term of the query.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    /// In search form; never empty, never a punctuation mark.
    pub units: Vec<u16>,
    /// Articles that hold it are found; other terms only add to their score.
    pub finds: bool,
    /// Above 0; what it counts for before its rarity.
    pub weight: f32,
}

/// Words that bind others together and stand in any text, in search form. Alone they are no
/// terms; a pair with one of them (`南是`) often straddles two words and weighs [`BOUND`].
const FUNCTION: &str = "的了在是和与及或而之于以为其这那有不也就都被把对从到个们吧啊多少请问";

/// Characters of question words: what a question asks with is not what the answer says. They
/// also stand in names (`何曼`, `几内亚`), so a pair with one of them still finds.
const QUESTION: &str = "哪谁几何怎么什甚吗呢";

/// Characters that hardly ever belong to a word with a neighbour (`南的`, `的新`): no pair.
const PARTICLES: &str = "的了吗呢吧";

/// Question and function words of two characters: no terms, nor are their characters; a pair
/// that begins or ends inside one (`里生` in `在哪里生产`) weighs [`ASKED`].
const WORDS: [&str; 24] = [
    "什么", "哪里", "哪些", "哪个", "哪儿", "哪年", "哪种", "哪位", "怎么", "怎样", "如何", "为何", "多少",
    "几个", "是谁", "是否", "有何", "以及", "还是", "因为", "所以", "可以", "我们", "他们",
];

/// The weight of a pair with a function character.
const BOUND: f32 = 0.5;

/// The weight of a pair with a character of a question word or with a part of a word of the list.
const ASKED: f32 = 0.2;

/// Cuts a query into terms, each once, without a dictionary: pairs of neighbouring Han characters
/// and the single ones, and runs of letters or digits whole.
///
/// Empty only for a query of nothing but punctuation marks.
pub(super) fn terms(query: &Query) -> Vec<Term> {
    let mut all: Vec<Term> = Vec::new();
    let mut add = |chars: &[char], finds: bool, weight: f32| {
        let units: Vec<u16> = chars.iter().collect::<String>().encode_utf16().collect();
        match all.iter_mut().find(|t| t.units == units) {
            Some(term) => {
                term.finds |= finds;
                term.weight = term.weight.max(weight);
            }
            None => all.push(Term { units, finds, weight }),
        }
    };
    for literal in query.literals() {
        let chars: Vec<char> = literal.folded().chars().collect();
        for run in chars.chunk_by(|a, b| kind(*a) == kind(*b)) {
            match kind(run[0]) {
                Kind::Han => {
                    let asked = words(run);
                    let weights: Vec<f32> = (1..run.len()).map(|i| pair(run, i, &asked)).collect();
                    for (i, c) in run.iter().enumerate() {
                        let weight = if asked[i] { 0.0 } else { single(*c) };
                        // A word of one character, as `蓍` in `蓍的叶子`.
                        let alone =
                            weights[i.saturating_sub(1)..weights.len().min(i + 1)].iter().all(|w| *w == 0.0);
                        add(&[*c], alone && weight > 0.0, weight);
                    }
                    for (two, &weight) in run.windows(2).zip(&weights) {
                        add(two, weight > 0.0, weight);
                    }
                }
                Kind::Letters => add(run, true, 1.0),
                Kind::Other => {}
            }
        }
    }
    if !all.iter().any(|t| t.finds) {
        // `是谁`, `迪 熊`: what there is has to find.
        return all.into_iter().map(|t| Term { finds: true, weight: 1.0, ..t }).collect();
    }
    all.retain(|t| t.weight > 0.0);
    all
}

#[derive(PartialEq)]
enum Kind {
    Han,
    Letters,
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        c if is_han(c) => Kind::Han,
        c if c.is_alphanumeric() => Kind::Letters,
        _ => Kind::Other,
    }
}

fn single(c: char) -> f32 {
    if FUNCTION.contains(c) || QUESTION.contains(c) { 0.0 } else { 1.0 }
}

/// The weight of the pair that ends at `i`.
fn pair(run: &[char], i: usize, asked: &[bool]) -> f32 {
    let two = [run[i - 1], run[i]];
    let any = |list: &str| two.iter().any(|c| list.contains(*c));
    let nothing = |j: usize| asked[j] || single(run[j]) == 0.0;
    if (nothing(i - 1) && nothing(i)) || any(PARTICLES) {
        0.0
    } else if any(QUESTION) || asked[i - 1] || asked[i] {
        ASKED
    } else if any(FUNCTION) {
        BOUND
    } else {
        1.0
    }
}

/// Which characters belong to one of [`WORDS`].
fn words(run: &[char]) -> Vec<bool> {
    let mut within = vec![false; run.len()];
    for (i, two) in run.windows(2).enumerate() {
        if WORDS.iter().any(|word| word.chars().eq(two.iter().copied())) {
            within[i..i + 2].fill(true);
        }
    }
    within
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The terms as words: `济` a single character, `济南` a pair that finds, with its weight if
    /// that is not 1.
    fn terms_of(query: &str) -> String {
        let query = crate::query::parse(query).expect("a query");
        let shown = terms(&query).into_iter().map(|t| {
            let text = String::from_utf16_lossy(&t.units);
            let finds = if t.finds { "" } else { "-" };
            let weight = if t.weight == 1.0 { String::new() } else { t.weight.to_string() };
            format!("{finds}{text}{weight}")
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn queries_and_their_terms() {
        for (query, expected) in [
            ("比亚迪", "-比 -亚 -迪 比亚 亚迪"),
            ("比亞迪", "-比 -亚 -迪 比亚 亚迪"),
            ("BYD", "byd"),
            ("30ＧＷ电池", "30gw -电 -池 电池"),
            ("济南，在哪里？", "-济 -南 济南"),
            ("济南在哪里", "-济 -南 济南 南在0.5"),
            ("《黄河》的作者是谁？", "-黄 -河 黄河 -作 -者 作者 者是0.2"),
            ("什么是水电站", "-水 -电 -站 是水0.5 水电 电站"),
            ("几内亚有多少人口", "-内 -亚 -人 -口 几内0.2 内亚 亚有0.5 少人0.2 人口"),
            ("黄河黄河", "-黄 -河 黄河 河黄"),
            ("黄河 黄河口", "-黄 -河 黄河 -口 河口"),
            ("23街", "23 街"),
            ("蓍的叶子", "蓍 -叶 -子 叶子"),
            ("里程在哪里", "-里 -程 里程 程在0.5"),
            // Nothing else is there.
            ("迪", "迪"),
            ("迪 熊", "迪 熊"),
            ("是谁", "是 谁 是谁"),
            ("的", "的"),
            ("，。？", ""),
            ("\u{20000}\u{20001}", "-\u{20000} -\u{20001} \u{20000}\u{20001}"),
        ] {
            assert_eq!(terms_of(query), expected, "{query}");
        }
    }

    #[test]
    fn the_lists_are_folded() {
        let lists = [FUNCTION, QUESTION, PARTICLES].into_iter().chain(WORDS);
        for c in lists.flat_map(str::chars) {
            assert_eq!(crate::text::fold::fold_char(c), c, "{c}");
        }
    }
}
