//! A large collection from a small one: its articles, then perturbed copies of them.
//!
//! Copy k of an article has the id `ID-k` and a date 37 × k days later. Of its sentences one in ten is
//! dropped, one in ten changes places with the next, and one in ten comes from another article of the
//! collection; one digit in two becomes another; the names of people (two or three characters that
//! begin with a family name and stand before 表示, 指出, 强调, 介绍说 or 认为) are exchanged for those
//! of other articles. The same collection gives the same copies. So frequencies of characters and words
//! stay as they are in news, while no two articles are the same; what does not grow as it would with
//! new text is the vocabulary.

use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// An article as it comes: `id title date text`.
pub struct Original {
    pub id: String,
    pub title: String,
    pub date: String,
    pub text: String,
}

impl Original {
    fn bytes(&self) -> u64 {
        (self.title.len() + self.text.len()) as u64
    }
}

/// Files in which a made collection lies; an update of one is an update of 1 %.
pub const FILES: usize = 100;

/// Reads the `.jsonl` and `.jsonl.gz` files of a folder.
pub fn read(folder: &Path) -> Vec<Original> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let mut articles = Vec::new();
    for path in files {
        let name = path.to_string_lossy().into_owned();
        if !name.ends_with(".jsonl") && !name.ends_with(".jsonl.gz") {
            continue;
        }
        let file = std::fs::File::open(&path).expect("a file");
        let reader: Box<dyn BufRead> = match name.ends_with(".gz") {
            true => Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file))),
            false => Box::new(BufReader::new(file)),
        };
        for line in reader.lines() {
            let record: Value = serde_json::from_str(&line.expect("text")).expect("a record");
            let field = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            let id = if field("id").is_empty() { articles.len().to_string() } else { field("id") };
            articles.push(Original { id, title: field("title"), date: field("date"), text: field("text") });
        }
    }
    articles
}

/// Writes a collection of about so many bytes of titles and texts into `FILES` files in a folder, and
/// returns the bytes and the number of articles. Less than the collection holds is every n-th article.
pub fn write(originals: &[Original], bytes: u64, folder: &Path) -> (u64, usize) {
    std::fs::create_dir_all(folder).expect("a folder");
    let pool = Pool::new(originals);
    let all: u64 = originals.iter().map(Original::bytes).sum();
    let step = (all / bytes.max(1)).max(1) as usize;
    let (mut written, mut articles, mut file) = (0, 0, 0);
    let mut out = BufWriter::new(create(folder, 0));
    'copies: for copy in 0.. {
        for (i, original) in originals.iter().enumerate().step_by(step) {
            let article = if copy == 0 { original } else { &pool.copy(originals, i, copy) };
            let line = json!({
                "id": article.id, "title": article.title, "date": article.date, "text": article.text,
            });
            writeln!(out, "{line}").expect("written");
            written += article.bytes();
            articles += 1;
            if written >= bytes {
                break 'copies;
            }
            if written > bytes / FILES as u64 * (file as u64 + 1) && file + 1 < FILES {
                file += 1;
                out = BufWriter::new(create(folder, file));
            }
        }
    }
    out.flush().expect("written");
    (written, articles)
}

/// Changes the file of that number: each article's sentences turn round.
pub fn change(folder: &Path, number: usize) {
    let path = folder.join(format!("{number:03}.jsonl"));
    let mut changed = String::new();
    for line in std::fs::read_to_string(&path).expect("a file").lines() {
        let mut record: Value = serde_json::from_str(line).expect("a record");
        let mut sentences = sentences(record["text"].as_str().unwrap_or_default());
        sentences.reverse();
        record["text"] = sentences.concat().into();
        changed += &format!("{record}\n");
    }
    std::fs::write(path, changed).expect("written");
}

fn create(folder: &Path, number: usize) -> std::fs::File {
    std::fs::File::create(folder.join(format!("{number:03}.jsonl"))).expect("a file")
}

/// Pieces that end after 。！？ or a line break.
fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['。', '！', '？', '\n']).collect()
}

/// Family names that begin most names in the news.
const FAMILIES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕";
const SPEAKS: [&str; 5] = ["表示", "指出", "强调", "介绍说", "认为"];

/// Names of people that speak in a text.
fn names(text: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for verb in SPEAKS {
        for (at, _) in text.match_indices(verb) {
            let before = &text[..at];
            for length in [3, 2] {
                let start = before.char_indices().rev().nth(length - 1).map(|(i, _)| i);
                let Some(name) = start.map(|start| &before[start..]) else { continue };
                let family = name.chars().next().is_some_and(|c| FAMILIES.contains(c));
                if family && name.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) {
                    found.insert(name);
                    break;
                }
            }
        }
    }
    found
}

struct Pool {
    /// Names by their length in characters.
    names: BTreeMap<usize, Vec<String>>,
}

impl Pool {
    fn new(originals: &[Original]) -> Pool {
        let all: BTreeSet<&str> = originals.iter().flat_map(|a| names(&a.text)).collect();
        let mut names: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for name in all {
            names.entry(name.chars().count()).or_default().push(name.to_owned());
        }
        Pool { names }
    }

    fn copy(&self, originals: &[Original], i: usize, copy: u64) -> Original {
        let original = &originals[i];
        let seed = (i as u64) << 20 ^ copy;
        let mut random = Random(seed);
        let mut sentences: Vec<&str> = sentences(&original.text);
        let mut kept = Vec::with_capacity(sentences.len());
        for at in 0..sentences.len() {
            match random.below(10) {
                0 => continue,
                1 if at + 1 < sentences.len() => sentences.swap(at, at + 1),
                2 => {
                    let other = &originals[random.below(originals.len())].text;
                    let others = self::sentences(other);
                    if !others.is_empty() {
                        sentences[at] = others[random.below(others.len())];
                    }
                }
                _ => {}
            }
            kept.push(sentences[at]);
        }
        let text = self.perturb(&kept.concat(), &original.text, seed, &mut random);
        let title = self.perturb(&original.title, &original.text, seed, &mut random);
        Original {
            id: format!("{}-{copy}", original.id),
            title,
            date: later(&original.date, copy as i64 * 37),
            text,
        }
    }

    /// Exchanges the names that speak in `source`, and digits.
    fn perturb(&self, text: &str, source: &str, seed: u64, random: &mut Random) -> String {
        let mut text = text.to_owned();
        for name in names(source) {
            if let Some(others) = self.names.get(&name.chars().count()) {
                // The same name for the title and the text.
                let mut choice = Random(name.bytes().fold(seed, |h, b| h.wrapping_mul(31) + u64::from(b)));
                text = text.replace(name, &others[choice.below(others.len())]);
            }
        }
        let change = |c: char| match c {
            '0'..='9' if random.below(2) == 0 => char::from(b'0' + random.below(10) as u8),
            c => c,
        };
        text.chars().map(change).collect()
    }
}

/// The day so many days later; what is no day stays as it is.
fn later(date: &str, days: i64) -> String {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>());
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else {
        return date.to_owned();
    };
    // Howard Hinnant's civil calendar: https://howardhinnant.github.io/date_algorithms.html
    let y = if month <= 2 { year - 1 } else { year };
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let z = y * 365 + y / 4 - y / 100 + y / 400 + doy + days;
    let y = (10_000 * z + 14_780) / 3_652_425;
    let rest = |y: i64| z - (365 * y + y / 4 - y / 100 + y / 400);
    let y = if rest(y) < 0 { y - 1 } else { y };
    let mi = (100 * rest(y) + 52) / 3060;
    let (year, month) = (y + (mi + 2) / 12, (mi + 2) % 12 + 1);
    format!("{year:04}-{month:02}-{:02}", rest(y) - (mi * 306 + 5) / 10 + 1)
}

/// splitmix64.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}
