//! From the bytes of a file to its text, with the way back to the bytes.

use super::convert::{Converted, MAX_BYTES, convert_parts};
use super::detect::{declared_charset, detect, magic};
use super::mixed::stretches;
use crate::text::OffsetMap;

/// A decoded file: nothing changed but the encoding.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Without the byte order mark.
    pub text: String,
    /// From byte ranges of `text` to byte ranges of the file.
    pub map: OffsetMap,
    /// By its WHATWG name: `UTF-8`, `gb18030`, `Big5`, `UTF-16LE`, `UTF-16BE`; rarely another.
    pub encoding: &'static str,
    /// The others, where the file changes its encoding from one line to the next.
    pub also: Vec<&'static str>,
    /// How many malformed sequences were replaced by U+FFFD.
    pub replaced: u32,
}

impl Decoded {
    /// All encodings that were used: `gb18030`, or `gb18030+UTF-8` of a file that changes.
    pub fn encodings(&self) -> String {
        let mut names = self.encoding.to_owned();
        for name in &self.also {
            names.push('+');
            names.push_str(name);
        }
        names
    }
}

/// Why bytes can't be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// They begin as another kind of file does.
    #[error("not a text file (looks like {0})")]
    Magic(&'static str),
    /// Most of what they would decode to can't be read.
    #[error("not a text file (looks like binary data)")]
    Binary,
    /// Positions in a text are 32 bits wide.
    #[error("larger than 4 GiB: split it into smaller files")]
    TooLarge,
}

/// Decodes a file of text, whatever Chinese encoding it is in.
///
/// A byte order mark decides; else valid UTF-8 is UTF-8; else the likeliest of GB18030, Big5,
/// UTF-16 and damaged UTF-8 by the characters each would give. Linear in the bytes.
///
/// # Errors
/// [`NotText`] says why the bytes are no text.
///
/// ```
/// let decoded = fangzhi::source::decode(b"\xD6\xD0\xB9\xFA\xB8\xF7\xB5\xD8").unwrap();
/// assert_eq!((decoded.text.as_str(), decoded.encoding), ("中国各地", "gb18030"));
/// ```
pub fn decode(bytes: &[u8]) -> Result<Decoded, NotText> {
    decode_as(bytes, detect(bytes, None))
}

/// Decodes an HTML page: as [`decode`], and what the page says of its encoding counts too.
///
/// # Errors
/// As [`decode`].
pub fn decode_html(bytes: &[u8]) -> Result<Decoded, NotText> {
    decode_as(bytes, detect(bytes, declared_charset(bytes)))
}

fn decode_as(
    bytes: &[u8],
    (encoding, start): (&'static encoding_rs::Encoding, usize),
) -> Result<Decoded, NotText> {
    if let Some(what) = magic(bytes) {
        return Err(NotText::Magic(what));
    }
    let parts = stretches(bytes, start, encoding);
    let (encoding, also) = names(&parts, start);
    let Converted { text, map, replaced } = convert_parts(bytes, start, &parts).ok_or(NotText::TooLarge)?;
    if text.len() > MAX_BYTES {
        return Err(NotText::TooLarge);
    }
    if unreadable(&text, replaced) {
        return Err(NotText::Binary);
    }
    Ok(Decoded { text, map, encoding, also, replaced })
}

/// The name of the encoding that most bytes are in, and those of the others.
fn names(
    parts: &[(usize, &'static encoding_rs::Encoding)],
    start: usize,
) -> (&'static str, Vec<&'static str>) {
    let mut shares: Vec<(usize, &'static str)> = Vec::new();
    let mut from = start;
    for &(end, encoding) in parts {
        match shares.iter_mut().find(|(_, name)| *name == encoding.name()) {
            Some(share) => share.0 += end - from,
            None => shares.push((end - from, encoding.name())),
        }
        from = end;
    }
    shares.sort_by_key(|&(bytes, name)| (std::cmp::Reverse(bytes), name));
    let mut names = shares.into_iter().map(|(_, name)| name);
    (names.next().unwrap_or("UTF-8"), names.collect())
}

/// Whether more than a tenth of the characters are control characters or malformed: random
/// bytes have 12 % of the former alone, a damaged article a few of either.
fn unreadable(text: &str, replaced: u32) -> bool {
    let controls = text.bytes().filter(|&b| b < 0x20 && CONTROLS >> b & 1 == 1 || b == 0x7F).count();
    let junk = controls + replaced as usize;
    if junk == 0 {
        return false;
    }
    let characters = text.chars().count();
    // One bad byte in a text of five characters is not yet a reason.
    junk > 2 && junk * 10 > characters || junk == characters
}

/// One bit for each control character below the space that is none of a text: all but tab,
/// line feed, vertical tab, form feed, carriage return and escape.
const CONTROLS: u32 = !(1 << 9 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13 | 1 << 27);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
    use proptest::prelude::*;

    const SIMPLIFIED: &str = "黄河在山东省境内全长628公里,济南起步区位于黄河北岸。\r\n\
        比亚迪(BYD)新能源汽车零部件项目2022年8月投产,年产值超过100亿元;“十四五”期间,\
        全市引进高端项目30个。\n記者 李秀娟 报道\n";
    const TRADITIONAL: &str = "濟南市新舊動能轉換起步區位於黃河北岸,總投資超過一百億元。\r\n\
        二○二四年以來,項目建設取得明顯成效,綠色智慧宜居新城區加快成形起勢。臺灣的軟體公司\
        也參加了觀摩活動,與會人員對各區縣的重點項目進行評價。\n";
    const LINES: [&str; 8] = [
        "济南起步区开工仪式。",
        "黄河流域生态保护好",
        "今天天气很好出门走走",
        "国务院总理出席会议",
        "濟南市重大項目觀摩",
        "總統府發言人昨天說",
        "台北市政府今日公告",
        "學生們都在圖書館裡",
    ];

    pub(super) fn encode(text: &str, encoding: &'static Encoding, bom: bool) -> Vec<u8> {
        let text = if bom { format!("\u{FEFF}{text}") } else { text.to_owned() };
        if encoding == UTF_16LE {
            text.encode_utf16().flat_map(u16::to_le_bytes).collect()
        } else if encoding == UTF_16BE {
            text.encode_utf16().flat_map(u16::to_be_bytes).collect()
        } else {
            encoding.encode(&text).0.into_owned()
        }
    }

    /// The text comes back, and each of its characters leads to the bytes that encode it.
    fn check(text: &str, encoding: &'static Encoding, bom: bool) {
        let bytes = encode(text, encoding, bom);
        let decoded = decode(&bytes).unwrap();
        let case = format!("{} bom={bom} {text:.30}", encoding.name());
        assert_eq!(decoded.encoding, encoding.name(), "{case}");
        assert_eq!(decoded.text, text, "{case}");
        assert_eq!(decoded.replaced, 0, "{case}");
        for (i, c) in text.char_indices() {
            let span = decoded.map.map(Span::new(i, i + c.len_utf8()));
            assert_eq!(bytes[span.range()], encode(&c.to_string(), encoding, false), "{case} {i}");
        }
    }

    #[test]
    fn each_encoding_with_and_without_mark_short_and_long() {
        for bom in [false, true] {
            for encoding in [UTF_8, UTF_16LE, UTF_16BE, GB18030] {
                for text in [SIMPLIFIED, TRADITIONAL].iter().chain(&LINES) {
                    check(text, encoding, bom);
                    check(&text.repeat(500), encoding, bom);
                }
            }
        }
        for text in [TRADITIONAL].iter().chain(&LINES[4..]) {
            check(&text.replace("(", "（"), BIG5, false);
        }
    }

    #[test]
    fn cut_in_the_midst_of_a_character() {
        for text in [SIMPLIFIED, TRADITIONAL, LINES[0], LINES[5]] {
            for encoding in [UTF_8, UTF_16LE, UTF_16BE, GB18030, BIG5] {
                if encoding == BIG5 && encoding.encode(text).2 {
                    continue;
                }
                // A Han character is the last: one byte less leaves half of it.
                let whole = encode(text.trim_end_matches(['\n', '。']), encoding, false);
                let decoded = decode(&whole[..whole.len() - 1]).unwrap();
                assert_eq!(decoded.encoding, encoding.name(), "{text}");
                assert_eq!(decoded.replaced, 1, "{} {text}", encoding.name());
                assert!(decoded.text.ends_with('\u{FFFD}'));
            }
        }
    }

    #[test]
    fn one_bad_byte_changes_nothing_else() {
        for encoding in [UTF_8, GB18030] {
            let mut bytes = encode(SIMPLIFIED, encoding, false);
            let at = bytes.iter().position(|&b| b == b'\n').unwrap();
            bytes.insert(at, 0xFF);
            let decoded = decode(&bytes).unwrap();
            assert_eq!(decoded.encoding, encoding.name());
            assert_eq!(decoded.text, SIMPLIFIED.replacen('\n', "\u{FFFD}\n", 1));
            assert_eq!(decoded.replaced, 1);
        }
    }

    #[test]
    fn plain_and_damaged_texts_stay_what_they_are() {
        let cases: [(&[u8], &str); 9] = [
            (b"", "UTF-8"),
            (b"plain ASCII, 2024-03-15\n", "UTF-8"),
            ("café, naïve".as_bytes(), "UTF-8"),
            ("日??己嗽u價 \u{E1FD} ?顒悠陂g \u{FFFD}".as_bytes(), "UTF-8"),
            (b"one NUL \0 in a text of many more characters than that, so it stays", "UTF-8"),
            (b"\xE6\xB5\x8E\xE5\x8D", "UTF-8"), // 济南, its last byte lost
            (b"\xB9\xFA", "gb18030"),           // 国
            (b"ab\xB9\xFA", "gb18030"),
            (b"h\0e\0l\0l\0o\0 \0w\0o\0r\0l\0d\0", "UTF-16LE"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(decode(bytes).unwrap().encoding, expected, "{bytes:?}");
        }
    }

    #[test]
    fn much_ascii_before_the_text_decides_nothing() {
        for encoding in [UTF_8, GB18030] {
            let mut page = b"<script>/* \xA9 */".to_vec();
            page.extend(b"var a = [1, 2, 3];\n".repeat(3000));
            page.extend(encode(SIMPLIFIED, encoding, false));
            let decoded = decode(&page).unwrap();
            assert_eq!(decoded.encoding, encoding.name());
            assert!(decoded.text.ends_with(SIMPLIFIED));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_text_or_none(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(decoded) = decode(&bytes) {
                let all = decoded.map.map(Span::new(0, decoded.text.len()));
                prop_assert!(all.end() <= bytes.len());
                let marks = decoded.text.matches(char::REPLACEMENT_CHARACTER).count();
                prop_assert!(marks >= decoded.replaced as usize);
            }
        }
    }

    #[test]
    fn another_encoding_only_when_clearly_so() {
        let french = "Les élèves ont été reçus à l'école ; « très déçus », ils protestèrent. ".repeat(4);
        let (bytes, ..) = WINDOWS_1252.encode(&french);
        assert_eq!(decode(&bytes).unwrap().text, french);
        let japanese = "この区は黄河の北にあります。ことしはたくさんの企業がここにきました。".repeat(3);
        let (bytes, ..) = encoding_rs::SHIFT_JIS.encode(&japanese);
        assert_eq!(decode(&bytes).unwrap().text, japanese);
        // Few and rare characters: still Chinese.
        for text in ["© 2024 版权所有", "“禚”“亓”“鄌郚”", "①②③④⑤", "★★★★★"]
        {
            let (bytes, ..) = GB18030.encode(text);
            assert_eq!(decode(&bytes).unwrap().encoding, "gb18030", "{text}");
        }
    }

    #[test]
    fn pages_say_what_they_are_in_and_may_be_wrong() {
        let page = |charset: &str, text: &str| {
            format!("<html><head><meta charset=\"{charset}\"><title>{text}</title></head></html>")
        };
        let (big5, ..) = BIG5.encode("黃河");
        let mut bytes = page("big5", "").into_bytes();
        bytes.extend_from_slice(&big5);
        assert_eq!(decode_html(&bytes).unwrap().encoding, "Big5");
        let text = page("gb2312", SIMPLIFIED);
        assert_eq!(decode_html(text.as_bytes()).unwrap().text, text);
        let bytes = encode(&page("utf-8", SIMPLIFIED), GB18030, false);
        assert_eq!(decode_html(&bytes).unwrap().encoding, "gb18030");
    }

    #[test]
    fn no_text() {
        let noise: Vec<u8> = (0u32..4000).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let cases: [(&[u8], &str); 7] = [
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", "not a text file (looks like a PNG image)"),
            (b"%PDF-1.7\n", "not a text file (looks like a PDF document)"),
            (b"PK\x03\x04\x14\0", "not a text file (looks like a zip archive or an Office document)"),
            (b"\x7FELF\x02\x01", "not a text file (looks like a program)"),
            (&noise, "not a text file (looks like binary data)"),
            (&[0; 64], "not a text file (looks like binary data)"),
            (&[1, 2, 0, 0, 3, 4, 0, 0, 1, 0], "not a text file (looks like binary data)"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(decode(bytes).unwrap_err().to_string(), expected, "{:?}", &bytes[..6]);
        }
    }
}
