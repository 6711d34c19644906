//! A file that changes its encoding in the middle: pages pasted together by a script that looked
//! at none of them.

use super::detect::likelihood;
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8};

/// How much likelier a line must be in another encoding than in that of the file, in nats: a
/// damaged character must not change it.
const AHEAD: f32 = 12.0;

/// Where each stretch of lines ends and which encoding it is in; the last ends with the file.
/// `main` is the encoding of the whole, or of most of it.
///
/// Only lines that can't be what they should are looked at: those that are no UTF-8 in a file
/// of UTF-8, those that are UTF-8 in a file of anything else.
pub(super) fn stretches(
    bytes: &[u8],
    start: usize,
    main: &'static Encoding,
) -> Vec<(usize, &'static Encoding)> {
    let whole = vec![(bytes.len(), main)];
    let others: &[&'static Encoding] = if main == UTF_8 {
        &[GB18030, BIG5]
    } else if main == GB18030 || main == BIG5 {
        &[UTF_8]
    } else {
        return whole;
    };
    if main == UTF_8 && std::str::from_utf8(&bytes[start..]).is_ok() {
        return whole;
    }
    let mut found: Vec<(usize, &'static Encoding)> = Vec::new();
    let mut at = start;
    for line in bytes[start..].split_inclusive(|&b| b == b'\n') {
        at += line.len();
        let plain = line.is_ascii();
        let suspicious = !plain && std::str::from_utf8(line).is_ok() != (main == UTF_8);
        let encoding = if suspicious { best(line, main, others) } else { main };
        match found.last_mut() {
            // ASCII is the same in all of them.
            Some(last) if plain || last.1 == encoding => last.0 = at,
            _ => found.push((at, encoding)),
        }
    }
    if found.is_empty() { whole } else { found }
}

fn best(line: &[u8], main: &'static Encoding, others: &[&'static Encoding]) -> &'static Encoding {
    let mut best = (likelihood(line, main).0 + AHEAD, main);
    for &other in others {
        let score = likelihood(line, other).0;
        if score > best.0 {
            best = (score, other);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::super::decode;
    use super::*;
    use crate::text::Span;

    const PARTS: [&str; 3] = [
        "黄河在山东省境内全长628公里，济南起步区位于黄河北岸。\n",
        "比亚迪新能源汽车零部件项目2022年8月投产，年产值超过100亿元。\n",
        "plain ASCII, 2024\n",
    ];

    fn check(parts: &[(&str, &'static Encoding)], encodings: &str) {
        let (mut bytes, mut text, mut spans) = (Vec::new(), String::new(), Vec::new());
        for (part, encoding) in parts {
            let (code, _, lossy) = encoding.encode(part);
            assert!(!lossy, "{part}");
            spans.push((text.len()..text.len() + part.len(), bytes.len()..bytes.len() + code.len()));
            bytes.extend_from_slice(&code);
            text.push_str(part);
        }
        let decoded = decode(&bytes).expect("a text");
        assert_eq!((decoded.text.as_str(), decoded.encodings().as_str()), (text.as_str(), encodings));
        assert_eq!(decoded.replaced, 0);
        for (part, raw) in spans {
            assert_eq!(decoded.map.map(Span::new(part.start, part.end)).range(), raw);
        }
    }

    #[test]
    fn changes_in_the_middle() {
        check(&[(PARTS[0], UTF_8), (PARTS[1], GB18030), (PARTS[0], UTF_8)], "UTF-8+gb18030");
        check(
            &[(PARTS[1], GB18030), (PARTS[1], GB18030), (PARTS[2], UTF_8), (PARTS[0], UTF_8)],
            "gb18030+UTF-8",
        );
        check(
            &[("濟南市重大項目觀摩活動，與會人員進行評價。\n", BIG5), (PARTS[0], UTF_8), (PARTS[1], UTF_8)],
            "UTF-8+Big5",
        );
    }

    #[test]
    fn one_encoding_stays_one() {
        check(&[(PARTS[0], GB18030), (PARTS[2], UTF_8)], "gb18030");
        check(&[(PARTS[0], UTF_8), (PARTS[1], UTF_8)], "UTF-8");
        let mut damaged = PARTS[0].as_bytes().to_vec();
        damaged.remove(4);
        damaged.extend(PARTS[1].as_bytes());
        let decoded = decode(&damaged).expect("a text");
        assert_eq!((decoded.encodings().as_str(), decoded.replaced), ("UTF-8", 1));
    }
}
