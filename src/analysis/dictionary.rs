//! jieba's default dictionary as a double array that is used as it lies in the program: nothing
//! is parsed, and a page of it is read when a word there is first looked for.
//!
//! `words.bin` is made by `compile_words.py`, which says its format. The double array is that of
//! Aoe, *An efficient digital search algorithm by using a double-array structure*, IEEE TSE 1989.

use crate::text::Lexicon;
use std::sync::OnceLock;

static BYTES: &[u8] = include_bytes!("words.bin");

const HEADER: usize = 4 + 4 + 4 + 8;

/// A place in the trie, with what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    at: u32,
    /// Base, check, frequency; 0 for no place.
    word: u64,
}

impl Node {
    /// Where every word begins.
    pub const ROOT: Node = Node { at: 0, word: 1 << PRESENT };

    /// No place: no word goes on so.
    pub const NONE: Node = Node { at: 0, word: 0 };

    /// Whether it is a place.
    #[inline]
    pub fn is_some(self) -> bool {
        self.word != 0
    }

    fn base(self) -> u32 {
        self.word as u32 & MASK
    }

    /// Which place it is; 0 is the root's.
    pub fn place(self) -> u32 {
        self.at
    }

    /// Which of the frequencies the word has that ends here.
    fn frequency(self) -> Option<usize> {
        ((self.word >> FREQUENCY) as usize & 0x3fff).checked_sub(1)
    }
}

/// Where the parts of a node begin, in bits; the base begins at 0. A base or check has 21.
const CHECK: u32 = 21;
const FREQUENCY: u32 = 42;
const MASK: u32 = (1 << 21) - 1;
/// Set in every node that was found: one without base, check and frequency would look like none.
const PRESENT: u32 = 63;

/// The dictionary with what is made of it at the first use (0.1 ms).
pub struct Dictionary {
    nodes: &'static [u8],
    /// The id of each unit; 0 when no word has it.
    ids: Box<[u16; 1 << 16]>,
    frequencies: Vec<u32>,
    /// Of each frequency: the logarithm of its share.
    shares: Vec<f64>,
    /// Of each id, the place of that unit alone, and the logarithm of its share if it is a word.
    ones: Vec<(Node, Option<f64>)>,
    /// The logarithm of 1 in all.
    pub least: f64,
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dictionary")
    }
}

fn number(at: usize) -> u32 {
    u32::from_le_bytes(BYTES[at..at + 4].try_into().expect("four bytes"))
}

impl Dictionary {
    /// The dictionary of this program.
    pub fn get() -> &'static Dictionary {
        static DICTIONARY: OnceLock<Dictionary> = OnceLock::new();
        DICTIONARY.get_or_init(Dictionary::open)
    }

    fn open() -> Dictionary {
        let (characters, frequencies, nodes) = (number(0) as usize, number(4) as usize, number(8) as usize);
        let total = f64::from(number(12)) + f64::from(number(16)) * 4_294_967_296.0;
        let mut ids = Box::new([0; 1 << 16]);
        for i in 0..characters {
            let at = HEADER + i * 2;
            ids[u16::from_le_bytes([BYTES[at], BYTES[at + 1]]) as usize] = i as u16 + 1;
        }
        let at = HEADER + characters * 2;
        let frequencies: Vec<u32> = (0..frequencies).map(|i| number(at + i * 4)).collect();
        let at = at + frequencies.len() * 4;
        // As jieba computes it, to the last bit.
        let shares = frequencies.iter().map(|f| f64::from(*f).ln() - total.ln()).collect();
        let nodes = &BYTES[at..at + nodes * 8];
        let mut dictionary =
            Dictionary { nodes, ids, frequencies, shares, ones: Vec::new(), least: 0.0 - total.ln() };
        dictionary.ones = (0..=characters as u16)
            .map(|id| dictionary.child(Node::ROOT, id))
            .map(|one| (one, dictionary.share(one)))
            .collect();
        dictionary
    }

    /// The id of a unit; 0 when no word has it.
    #[inline]
    pub fn id(&self, unit: u16) -> u16 {
        self.ids[unit as usize]
    }

    /// The node below another by a unit's id.
    #[inline]
    pub fn child(&self, node: Node, id: u16) -> Node {
        let at = node.base() + u32::from(id);
        let place = at as usize * 8;
        let word = match self.nodes.get(place..place + 8) {
            Some(bytes) => u64::from_le_bytes(bytes.try_into().expect("eight bytes")),
            None => return Node::NONE,
        };
        let is_child = id != 0 && node.is_some() && (word >> CHECK) as u32 & MASK == node.at;
        Node { at, word: if is_child { word | 1 << PRESENT } else { 0 } }
    }

    /// The node of a unit alone, by its id.
    #[inline]
    pub fn one(&self, id: u16) -> Node {
        self.ones[id as usize].0
    }

    /// The logarithm of the share of a unit's word, by its id, if it is one.
    #[inline]
    pub fn share_of_one(&self, id: u16) -> Option<f64> {
        self.ones[id as usize].1
    }

    /// Whether a word ends at a node, and if so the logarithm of its share of all words.
    #[inline]
    pub fn share(&self, node: Node) -> Option<f64> {
        node.frequency().map(|n| self.shares[n])
    }

    /// Whether some units are a word.
    pub fn has(&self, units: &[u16]) -> bool {
        self.find(units.iter().copied()).frequency().is_some()
    }

    /// The place of a sequence of units; [`Node::NONE`] when no word begins with it.
    pub fn find(&self, mut units: impl Iterator<Item = u16>) -> Node {
        // Ends where no word goes on.
        let step = |node, unit| Some(self.child(node, self.id(unit))).filter(|node| node.is_some());
        units.try_fold(Node::ROOT, step).unwrap_or(Node::NONE)
    }
}

/// The dictionary as a word list.
#[derive(Debug, Default, Clone, Copy)]
pub struct Words;

impl Lexicon for Words {
    fn frequency(&self, word: &str) -> Option<u64> {
        let dictionary = Dictionary::get();
        dictionary.find(word.encode_utf16()).frequency().map(|n| dictionary.frequencies[n].into())
    }
}

/// The dictionary's version, for the index manifest.
pub fn dictionary_version() -> &'static str {
    "jieba-rs 0.11 default, no HMM"
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy_jieba::jieba_rs::Jieba;

    #[test]
    fn it_holds_jiebas_words() {
        let jieba = Jieba::new();
        let all: Vec<char> = ('\u{4e00}'..'\u{9fff}').step_by(7).collect();
        let pairs = all.iter().flat_map(|a| "人大国中一学子".chars().map(move |b| format!("{a}{b}")));
        let mut words = 0;
        for word in pairs.chain(["中华人民共和国", "比亚迪", "t恤", "", "中华人民共"].map(String::from))
        {
            let units: Vec<u16> = word.encode_utf16().collect();
            assert_eq!(Dictionary::get().has(&units), jieba.has_word(&word), "{word}");
            words += usize::from(jieba.has_word(&word));
        }
        assert!(words > 200, "{words}");
    }

    #[test]
    fn common_words_are_more_frequent() {
        assert!(Words.frequency("日常") > Words.frequency("日昌"));
        assert_eq!(Words.frequency("的"), Some(318_825));
        assert_eq!(Words.frequency("嗽价"), None);
        assert_eq!(Words.frequency(""), None);
    }
}
