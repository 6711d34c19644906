//! What the tests of cleaning share: jieba's dictionary as the word list, and the data folders.

#![allow(dead_code)] // each test binary uses its part

use fangzhi::text::Lexicon;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// jieba's dictionary, as the program uses it.
pub struct Dictionary {
    jieba: jieba_rs::Jieba,
    known: Mutex<HashMap<String, u64>>,
}

impl Dictionary {
    pub fn load() -> Dictionary {
        Dictionary { jieba: jieba_rs::Jieba::new(), known: Mutex::default() }
    }
}

impl Lexicon for Dictionary {
    fn frequency(&self, word: &str) -> Option<u64> {
        if !self.jieba.has_word(word) {
            return None;
        }
        let mut known = self.known.lock().expect("no test panics while it holds the lock");
        if let Some(&frequency) = known.get(word) {
            return Some(frequency);
        }
        let frequency = self.jieba.suggest_freq(word) as u64;
        known.insert(word.to_owned(), frequency);
        Some(frequency)
    }
}

/// `name` in the package, or beside it in `../shared` (or in the folder that `FANGZHI_SHARED`
/// names); `None`, with a word, where it is in none.
pub fn folder(name: &str) -> Option<PathBuf> {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("FANGZHI_SHARED").map_or_else(|| package.join("../shared"), PathBuf::from);
    let found = [package.join(name), shared.join(name)].into_iter().find(|p| p.is_dir());
    if found.is_none() {
        eprintln!("no {name} here: nothing was tested with it");
    }
    found
}

/// The texts of the news corpus, with the titles, or none where it is not there.
pub fn news() -> Vec<(String, String)> {
    let Some(folder) = folder("data/news") else { return Vec::new() };
    let field = |record: &serde_json::Value, key: &str| record[key].as_str().unwrap_or_default().to_owned();
    let records = records(&folder.join("news-2012-2019.jsonl.gz"));
    records.iter().map(|r| (field(r, "title"), field(r, "text"))).collect()
}

/// The records of a compressed JSON Lines file.
pub fn records(path: &Path) -> Vec<serde_json::Value> {
    let file = std::fs::File::open(path).expect("readable");
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    lines.map(|line| serde_json::from_str(&line.expect("readable")).expect("valid JSON")).collect()
}
