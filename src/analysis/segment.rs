//! Words, as jieba cuts them.

use super::dictionary::{Dictionary, Node};
use rustc_hash::FxHashMap;
use tantivy::tokenizer::{TokenStream, Tokenizer};
use tantivy_jieba::JiebaTokenizer;

/// Cuts text into words with jieba's default dictionary, without its hidden Markov model: a
/// character sequence that is no word stays single characters, so no boundary is invented inside
/// a name that the dictionary does not know.
///
/// The way through the words is jieba's (the most probable one, each word taken as independent),
/// on the compiled dictionary; text with characters beyond the Basic Multilingual Plane goes
/// to jieba itself, which parses its own (0.15 s, once a process).
#[derive(Clone)]
pub struct Segmenter {
    dictionary: &'static Dictionary,
    jieba: JiebaTokenizer,
    /// Of each place, the best way from there to the end.
    route: Vec<Way>,
    /// Of each unit its id in the dictionary, and a 0.
    ids: Vec<u16>,
    /// Of each place, where two units lead in the dictionary.
    pairs: Vec<Node>,
    /// For each long word met, by its place in the dictionary, a bit for each place at which
    /// shorter words meet inside it.
    seams: FxHashMap<u32, u64>,
}

/// A way through words.
#[derive(Debug, Clone, Copy, Default)]
struct Way {
    /// The logarithm of its probability.
    probability: f64,
    /// Where its first word ends, and what place it has in the dictionary (0: none).
    end: u32,
    word: u32,
}

impl std::fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Segmenter")
    }
}

/// Words of fewer characters have no words inside that tile them; those of more are no words.
const LONG: std::ops::Range<usize> = 4..64;

/// jieba's class of characters that words are made of.
fn is_block(unit: u16) -> bool {
    match unit {
        0x4e00..=0x9fff | 0x3400..=0x4dbf | 0xf900..=0xfaff => true,
        _ => u8::try_from(unit).is_ok_and(|b| b.is_ascii_alphanumeric() || b"+#&._%-".contains(&b)),
    }
}

fn is_alphanumeric(unit: u16) -> bool {
    u8::try_from(unit).is_ok_and(|b| b.is_ascii_alphanumeric())
}

impl Segmenter {
    #[allow(clippy::new_without_default)] // not a value: it holds what it has learnt
    pub fn new() -> Self {
        let mut jieba = JiebaTokenizer::with_hmm(false);
        jieba.set_search_mode(false);
        Segmenter {
            dictionary: Dictionary::get(),
            jieba,
            route: Vec::new(),
            ids: Vec::new(),
            pairs: Vec::new(),
            seams: FxHashMap::default(),
        }
    }

    /// Calls `each` with the places, in units, at which a word begins or ends, and with those
    /// inside a word at which shorter words meet: `黄河|流域`. They come in no order. `text` and
    /// `units` are the same.
    pub fn edges(&mut self, text: &str, units: &[u16], mut each: impl FnMut(usize)) {
        each(0);
        if units.iter().any(|u| (0xd800..0xe000).contains(u)) {
            return self.jiebas_edges(text, units, &mut each);
        }
        let mut at = 0;
        while at < units.len() {
            if !is_block(units[at]) {
                at += 1;
                each(at);
                continue;
            }
            let length = units[at..].iter().position(|u| !is_block(*u)).unwrap_or(units.len() - at);
            self.block(&units[at..at + length], at, &mut each);
            at += length;
        }
    }

    /// The edges of a block, which begins at `origin`.
    fn block(&mut self, units: &[u16], origin: usize, each: &mut impl FnMut(usize)) {
        self.find_route(units);
        let mut at = 0;
        while at < units.len() {
            let Way { word, end, .. } = self.route[at];
            let mut end = end as usize;
            if end == at + 1 && is_alphanumeric(units[at]) {
                // A run of single letters and digits is one word.
                while end < units.len()
                    && self.route[end].end as usize == end + 1
                    && is_alphanumeric(units[end])
                {
                    end += 1;
                }
            } else if LONG.contains(&(end - at)) {
                let mut seams = self.seams_of(word, &units[at..end]);
                while seams != 0 {
                    each(origin + at + seams.trailing_zeros() as usize);
                    seams &= seams - 1;
                }
            }
            at = end;
            each(origin + at);
        }
    }

    /// Finds the most probable way through the words of a block: of equal ones, the longer word.
    fn find_route(&mut self, units: &[u16]) {
        let dictionary = self.dictionary;
        self.ids.clear();
        self.ids.extend(units.iter().map(|&unit| dictionary.id(unit)));
        self.ids.push(0);
        // The first steps of all ways down, before any of them is looked at: so the processor waits
        // for many places of the dictionary at once.
        self.pairs.clear();
        self.pairs.extend(self.ids.windows(2).map(|ids| dictionary.child(dictionary.one(ids[0]), ids[1])));
        self.route.clear();
        self.route.resize(units.len() + 1, Way::default());
        for at in (0..units.len()).rev() {
            let alone = dictionary.share_of_one(self.ids[at]);
            let mut best = Way {
                probability: alone.unwrap_or(f64::NEG_INFINITY) + self.route[at + 1].probability,
                end: at as u32 + 1,
                word: 0,
            };
            let mut node = self.pairs[at];
            let mut end = at + 2;
            while node.is_some() {
                if let Some(share) = dictionary.share(node) {
                    let probability = share + self.route[end].probability;
                    if probability >= best.probability {
                        best = Way { probability, end: end as u32, word: node.place() };
                    }
                }
                node = self.ids.get(end).map_or(Node::NONE, |&id| dictionary.child(node, id));
                end += 1;
            }
            // No word begins here: one unit is taken for the rarest word.
            if best.probability == f64::NEG_INFINITY {
                best.probability = dictionary.least + self.route[at + 1].probability;
            }
            self.route[at] = best;
        }
    }

    /// The seams of a word that has this place in the dictionary.
    fn seams_of(&mut self, place: u32, word: &[u16]) -> u64 {
        let dictionary = self.dictionary;
        *self.seams.entry(place).or_insert_with(|| seams(word.len(), &inner_words(word, dictionary)))
    }

    fn jiebas_edges(&mut self, text: &str, units: &[u16], each: &mut impl FnMut(usize)) {
        // Where each character begins, in units.
        let mut places = Vec::with_capacity(units.len());
        let mut at = 0;
        for c in text.chars() {
            places.push(at);
            at += c.len_utf16();
        }
        places.push(at);
        let mut jieba = self.jieba.clone();
        let mut stream = jieba.token_stream(text);
        while stream.advance() {
            let token = stream.token();
            let (start, end) = (places[token.position], places[token.position + token.position_length]);
            each(start);
            each(end);
            if LONG.contains(&(end - start)) && !is_alphanumeric(units[start]) {
                let word = &units[start..end];
                let mut seams = seams(word.len(), &inner_words(word, self.dictionary));
                while seams != 0 {
                    each(start + seams.trailing_zeros() as usize);
                    seams &= seams - 1;
                }
            }
        }
    }
}

/// The words of two and three characters inside a word: those that jieba's search mode gives
/// before the word itself.
fn inner_words(word: &[u16], dictionary: &Dictionary) -> Vec<(usize, usize)> {
    let of_length = |n: usize| {
        (0..(word.len() + 1).saturating_sub(n))
            .map(move |at| (at, at + n))
            .filter(|&(a, b)| dictionary.has(&word[a..b]))
    };
    of_length(2).chain(of_length(3).filter(|_| word.len() > 3)).collect()
}

/// Where the words `inner` inside a word of `last` characters meet, whichever of the best ways to
/// tile it with words is taken. The best ways need the fewest pieces: `中华|人民|共和国`. Single
/// characters are no pieces (`比亚|迪` would make a word of half a name), so words of three
/// characters stay whole. A bit for each.
fn seams(last: usize, inner: &[(usize, usize)]) -> u64 {
    let pieces = |from: usize| -> Vec<(usize, u32)> {
        inner.iter().filter(|(f, _)| *f == from).map(|(_, to)| (*to, 1u32)).collect()
    };
    let steps: Vec<Vec<(usize, u32)>> = (0..last).map(pieces).collect();
    // The cost of the best way from the start to each edge, and from each edge to the end.
    let mut forward = vec![u32::MAX; last + 1];
    forward[0] = 0;
    for from in 0..last {
        for &(to, cost) in &steps[from] {
            forward[to] = forward[to].min(forward[from].saturating_add(cost));
        }
    }
    let mut backward = vec![u32::MAX; last + 1];
    backward[last] = 0;
    for from in (0..last).rev() {
        for &(to, cost) in &steps[from] {
            backward[from] = backward[from].min(backward[to].saturating_add(cost));
        }
    }
    let best = forward[last];
    if best == u32::MAX {
        return 0;
    }
    // An edge is a seam unless some best way has a piece that runs over it.
    let over = |edge: usize| {
        (0..edge).any(|from| {
            steps[from].iter().any(|&(to, cost)| {
                to > edge && forward[from].saturating_add(cost).saturating_add(backward[to]) == best
            })
        })
    };
    (1..last).filter(|&edge| !over(edge)).fold(0, |seams, edge| seams | 1 << edge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn edges(text: &str) -> BTreeSet<usize> {
        let mut edges = BTreeSet::new();
        let units: Vec<u16> = text.encode_utf16().collect();
        Segmenter::new().edges(text, &units, |at| {
            edges.insert(at);
        });
        edges
    }

    fn check(text: &str, expected: &str) {
        let edges = edges(text);
        let (mut shown, mut at) = (String::new(), 0);
        for c in text.chars() {
            if edges.contains(&at) {
                shown.push('|');
            }
            shown.push(c);
            at += c.len_utf16();
        }
        assert_eq!(shown, expected);
        assert_eq!(edges.last(), Some(&at));
    }

    #[test]
    fn words_meet_inside_words() {
        check("", "");
        check("黄河流域", "|黄河|流域");
        check("城市中心", "|城市|中心");
        check("中华人民共和国", "|中华|人民|共和国");
        check("比亚迪在BYD", "|比亚迪|在|BYD");
        check("a  b", "|a| | |b");
        check("30GW，开工\u{3000}——。", "|30GW|，|开工|\u{3000}|—|—|。");
        check("𠮷野家与中华人民共和国", "|𠮷|野|家|与|中华|人民|共和国");
    }

    /// Where jieba itself sees words begin and end, the seams inside long ones left out.
    fn jiebas(text: &str) -> BTreeSet<usize> {
        let mut tokenizer = JiebaTokenizer::with_hmm(false);
        tokenizer.set_search_mode(false);
        let mut stream = tokenizer.token_stream(text);
        let mut edges = BTreeSet::from([0]);
        while stream.advance() {
            edges.extend([stream.token().position, stream.token().position + stream.token().position_length]);
        }
        edges
    }

    /// The same by the compiled dictionary.
    fn ours(text: &str) -> BTreeSet<usize> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut segmenter = Segmenter::new();
        // Every long word is known to have no seams.
        let mut edges = BTreeSet::from([0]);
        let all: Vec<usize> = (0..=units.len()).collect();
        for (a, &start) in all.iter().enumerate() {
            for &end in all[a..].iter().filter(|e| LONG.contains(&(*e - start))) {
                let node = segmenter.dictionary.find(units[start..end].iter().copied());
                segmenter.seams.insert(node.place(), 0);
            }
        }
        segmenter.edges(text, &units, |at| {
            edges.insert(at);
        });
        edges
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]
        #[test]
        fn words_are_jiebas(text in "[的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严 abz019.%+，。]{0,40}") {
            prop_assert_eq!(ours(&text), jiebas(&text));
        }
    }

    #[test]
    fn words_of_real_text_are_jiebas() {
        for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds")).expect("the seeds") {
            let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
            let text = String::from_utf8_lossy(&bytes);
            for line in text.lines().filter(|line| line.chars().all(|c| c <= '\u{ffff}')) {
                assert_eq!(ours(line), jiebas(line), "{line}");
            }
        }
    }
}
