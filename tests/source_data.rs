//! Detection and decoding of real texts, where they are (see the README of `shared/data`).

use encoding_rs::{BIG5, Encoding, GB18030, UTF_16BE, UTF_16LE};
use fangzhi::source::decode;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader};

/// The text fields of a gzipped JSON Lines file; `None`, with a word, where it is not there.
fn texts(name: &str) -> Option<Vec<String>> {
    let path = format!("{}/../shared/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let Ok(file) = File::open(&path) else {
        println!("skipped: {path} is not there");
        return None;
    };
    let text = |line: std::io::Result<String>| {
        let record: serde_json::Value =
            serde_json::from_str(&line.expect("the file is whole")).expect("each line is a record");
        record["text"].as_str().expect("each record has a text").to_owned()
    };
    Some(BufReader::new(MultiGzDecoder::new(file)).lines().step_by(60).map(text).collect())
}

fn encode(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    if encoding == UTF_16LE {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == UTF_16BE {
        return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, _, lossy) = encoding.encode(text);
    (!lossy).then(|| bytes.into_owned())
}

/// Cuts the texts into pieces of `len` characters and counts those that don't come back.
fn misread(texts: &[String], len: usize, encoding: &'static Encoding) -> (usize, usize) {
    let (mut wrong, mut all) = (0, 0);
    for text in texts {
        let chars: Vec<char> = text.chars().collect();
        for piece in chars.chunks_exact(len).take(200) {
            let piece: String = piece.iter().collect();
            let Some(bytes) = encode(&piece, encoding) else { continue };
            let back = decode(&bytes).map(|d| d.text).unwrap_or_default();
            all += 1;
            if back != piece {
                wrong += 1;
                if wrong <= 3 {
                    println!("    {piece:?} -> {back:?}");
                }
            }
        }
    }
    (wrong, all)
}

#[test]
fn short_pieces_of_real_texts_come_back() {
    for (name, encodings) in [
        ("news/news-2012-2019.jsonl.gz", &[GB18030, UTF_16LE, UTF_16BE][..]),
        ("retrieval/drcd_trad/corpus.jsonl.gz", &[GB18030, BIG5, UTF_16LE][..]),
    ] {
        let Some(texts) = texts(name) else { continue };
        for &encoding in encodings {
            for (len, allowed) in [(10, 0.005), (30, 0.001), (100, 0.0002)] {
                let (wrong, all) = misread(&texts, len, encoding);
                println!("{name} {} {len} characters: {wrong} of {all} misread", encoding.name());
                assert!(wrong as f64 <= all as f64 * allowed, "{name} {} {len}", encoding.name());
            }
        }
    }
}
