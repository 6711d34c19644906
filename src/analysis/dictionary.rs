//! jieba's default dictionary as a double array that is used as it lies in the program: nothing
//! is parsed, and a page of it is read when a word there is first looked for.
//!
//! `words.bin` is made by `compile_words.py`, which says its format. The double array is that of
//! Aoe, *An efficient digital search algorithm by using a double-array structure*, IEEE TSE 1989.

use crate::text::Lexicon;
use std::sync::OnceLock;

static BYTES: &[u8] = include_bytes!("words.bin");

const HEADER: usize = 4 + 4 + 4 + 8;

/// A place in the trie. 0 is the root.
pub type Node = usize;

/// The dictionary with what is made of it at the first use (0.1 ms).
pub struct Dictionary {
    nodes: &'static [u8],
    /// The id of each unit; 0 when no word has it.
    ids: Box<[u16; 1 << 16]>,
    frequencies: Vec<u32>,
    /// Of each frequency: the logarithm of its share.
    shares: Vec<f64>,
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
        Dictionary { nodes: &BYTES[at..at + nodes * 8], ids, frequencies, shares, least: 0.0 - total.ln() }
    }

    #[inline]
    fn node(&self, at: usize) -> u64 {
        match self.nodes.get(at * 8..at * 8 + 8) {
            Some(bytes) => u64::from_le_bytes(bytes.try_into().expect("eight bytes")),
            // Behind the last node: nobody's child.
            None => u64::MAX,
        }
    }

    /// The node below another by a unit.
    #[inline]
    pub fn child(&self, node: Node, unit: u16) -> Option<Node> {
        const MASK: u64 = (1 << 21) - 1;
        let id = self.ids[unit as usize];
        let child = (self.node(node) & MASK) as usize + id as usize;
        (id != 0 && self.node(child) >> 21 & MASK == node as u64).then_some(child)
    }

    fn place(&self, node: Node) -> Option<usize> {
        ((self.node(node) >> 42) as usize & 0x3fff).checked_sub(1)
    }

    /// Whether a word ends at a node, and if so the logarithm of its share of all words.
    #[inline]
    pub fn share(&self, node: Node) -> Option<f64> {
        self.place(node).map(|place| self.shares[place])
    }

    /// Whether some units are a word.
    pub fn has(&self, units: &[u16]) -> bool {
        self.find(units).is_some_and(|node| self.place(node).is_some())
    }

    fn find(&self, units: &[u16]) -> Option<Node> {
        units.iter().try_fold(0, |node, &unit| self.child(node, unit))
    }
}

/// The dictionary as a word list.
#[derive(Debug, Default, Clone, Copy)]
pub struct Words;

impl Lexicon for Words {
    fn frequency(&self, word: &str) -> Option<u64> {
        let dictionary = Dictionary::get();
        let node = word.encode_utf16().try_fold(0, |node, unit| dictionary.child(node, unit))?;
        dictionary.place(node).map(|place| dictionary.frequencies[place].into())
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
