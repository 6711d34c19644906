//! Which encoding the bytes of a Chinese text are in, and whether they are a text at all.

use super::frequent::{SIMPLIFIED, TRADITIONAL};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, DecoderResult, Encoding, GB18030, GBK, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, X_USER_DEFINED,
};
use std::sync::OnceLock;

/// How many bytes are looked at.
const SAMPLE: usize = 8 << 10;

/// How many stretches of so many bytes the ones to look at are chosen from.
const WINDOWS: usize = 256;

/// What a malformed sequence costs: as unlikely as one character in 500 million.
const MALFORMED: f32 = -20.0;

/// The byte order marks, and how long each is.
const MARKS: [(&[u8], &Encoding); 4] = [
    (b"\xEF\xBB\xBF", UTF_8),
    (b"\xFF\xFE", UTF_16LE),
    (b"\xFE\xFF", UTF_16BE),
    (b"\x84\x31\x95\x33", GB18030),
];

/// How files begin that are no text.
const MAGIC: [(&[u8], &str); 24] = [
    (b"\xFF\xFE\0\0", "UTF-32 text: convert it to UTF-8"),
    (b"\0\0\xFE\xFF", "UTF-32 text: convert it to UTF-8"),
    (b"\x89PNG\r\n\x1A\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an Office document"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x7FELF", "a program"),
    (b"MZ\x90\0", "a Windows program"),
    (b"\xCF\xFA\xED\xFE", "a program"),
    (b"\x1F\x8B\x08", "gzip data: give it a name that ends in .gz"),
    (b"BZh9", "a bzip2 archive"),
    (b"\xFD7zXZ\0", "an xz archive"),
    (b"\x28\xB5\x2F\xFD", "zstd data"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"ID3\x03", "an MP3 file"),
    (b"OggS\0", "an Ogg file"),
    (b"PAR1", "a Parquet file"),
];

/// What a file begins like, when that is no text: "a PNG image".
pub(super) fn magic(bytes: &[u8]) -> Option<&'static str> {
    MAGIC.iter().find(|(start, _)| bytes.starts_with(start)).map(|&(_, what)| what)
}

/// The encoding and the length of the byte order mark. In this order: the mark; valid UTF-8;
/// then whichever encoding makes `bytes` the likeliest Chinese text.
///
/// `declared` is what a page says of itself; it counts for much but not for everything, since
/// pages are saved in another encoding than they name.
pub(super) fn detect(bytes: &[u8], declared: Option<&'static Encoding>) -> (&'static Encoding, usize) {
    for (mark, encoding) in MARKS {
        if bytes.starts_with(mark) {
            return (encoding, mark.len());
        }
    }
    // A short text in UTF-16 may be valid UTF-8, but for control characters: ASCII letters
    // have every second byte 0, and the full stop `。` is 02 30.
    if std::str::from_utf8(bytes).is_ok() && !bytes.iter().any(|&b| b < 0x09) {
        return (UTF_8, 0);
    }
    (likeliest(sample(bytes), declared), 0)
}

/// The part that decides: of the first [`WINDOWS`], the one with the fewest ASCII bytes, since
/// a page may have much script and a stray `©` before its text.
fn sample(bytes: &[u8]) -> &[u8] {
    let fewest = |best: (usize, usize), (i, window): (usize, &[u8])| {
        let ascii = SAMPLE - window.iter().filter(|b| !b.is_ascii()).count();
        if ascii < best.0 { (ascii, i * SAMPLE) } else { best }
    };
    let (_, window) = bytes.chunks(SAMPLE).take(WINDOWS).enumerate().fold((usize::MAX, 0), fewest);
    // No second byte of a character is below 0x30: beside such a byte a character begins. An
    // even start keeps UTF-16 in step.
    let clean = |&at: &usize| at == 0 || bytes[at] < 0x30 || bytes[at - 1] < 0x30;
    let last = bytes.len().min(window + 1024);
    let start = (window..last).step_by(2).find(clean).unwrap_or(window);
    &bytes[start..bytes.len().min(start + SAMPLE)]
}

/// How far the best reading must be ahead of the next, in nats, and what its mean character
/// must reach (Chinese text has −7), to stand without a second opinion.
const CLEAR: (f32, f32) = (12.0, -8.5);

fn likeliest(sample: &[u8], declared: Option<&'static Encoding>) -> &'static Encoding {
    let mut readings: Vec<_> =
        [UTF_8, GB18030, BIG5, UTF_16LE, UTF_16BE].map(|e| Reading::new(sample, e)).into();
    if let Some(declared) = declared {
        favour(&mut readings, sample, declared, 20.0);
    }
    let (best, ahead) = best_of(&readings);
    if ahead >= CLEAR.0 && best.mean >= CLEAR.1 {
        return best.encoding;
    }
    // It knows more encodings and languages, but takes ten times as long.
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    favour(&mut readings, sample, if guess == GBK { GB18030 } else { guess }, 2.0);
    best_of(&readings).0.encoding
}

/// What `sample` would be in one encoding.
#[derive(Debug, Clone, Copy)]
struct Reading {
    encoding: &'static Encoding,
    /// The logarithm of its probability, and the head start of its encoding, in nats.
    score: f32,
    /// The mean logarithm of a character's probability.
    mean: f32,
}

impl Reading {
    /// Almost any bytes are well-formed UTF-16, and any bytes at all windows-1252: these must
    /// also read well in themselves. Others than Chinese encodings must be clearly so.
    fn new(sample: &[u8], encoding: &'static Encoding) -> Self {
        let (head_start, floor) = if encoding == UTF_8 || encoding == GB18030 {
            (0.0, f32::MIN)
        } else if encoding == BIG5 {
            (-2.0, f32::MIN)
        } else if encoding == UTF_16LE || encoding == UTF_16BE {
            (-10.0, -10.0)
        } else {
            (-20.0, -9.0)
        };
        let (sum, n) = likelihood(sample, encoding);
        let mean = sum / n.max(1.0);
        let score = if mean >= floor { sum + head_start } else { f32::MIN };
        Reading { encoding, score, mean }
    }
}

/// Adds `bonus` to the score of `encoding`, which may not have been read yet.
fn favour(readings: &mut Vec<Reading>, sample: &[u8], encoding: &'static Encoding, bonus: f32) {
    if !readings.iter().any(|reading| reading.encoding == encoding) {
        readings.push(Reading::new(sample, encoding));
    }
    for reading in readings.iter_mut().filter(|reading| reading.encoding == encoding) {
        reading.score += bonus;
    }
}

/// The best reading, the first of equals, and how far it is ahead of the next.
fn best_of(readings: &[Reading]) -> (Reading, f32) {
    let mut best = readings[0];
    let mut next = f32::MIN;
    for &reading in &readings[1..] {
        if reading.score > best.score {
            next = best.score;
            best = reading;
        } else {
            next = next.max(reading.score);
        }
    }
    (best, best.score - next)
}

/// The natural logarithm of the probability of `bytes` as Chinese text in `encoding`, each
/// character by itself, and the number of characters. All candidates read the same bytes, so
/// the sums compare.
pub(super) fn likelihood(bytes: &[u8], encoding: &'static Encoding) -> (f32, f32) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() * 3 + 16);
    let (mut read, mut malformed) = (0, 0.0);
    loop {
        // Not the last piece: a character that the sample cuts in two is no fault.
        let (result, n) = decoder.decode_to_string_without_replacement(&bytes[read..], &mut text, false);
        read += n;
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => text.reserve(bytes.len().max(64)),
            DecoderResult::Malformed(..) => malformed += 1.0,
        }
    }
    let costs = costs();
    let sum: f32 = text.chars().map(|c| costs.get(c as usize).map_or(-2200.0, |&cost| f32::from(cost))).sum();
    (sum / f32::from(SCALE) + malformed * MALFORMED, text.chars().count() as f32 + malformed)
}

const SCALE: i16 = 100;

/// The logarithm of each character's probability, in hundredths of nats, for the basic plane.
/// Blocks are rough shares; the frequent Han characters follow 0.1 / (rank + 10), which fits
/// the counts they were taken from within a factor of two.
fn costs() -> &'static [i16] {
    static COSTS: OnceLock<Vec<i16>> = OnceLock::new();
    COSTS.get_or_init(|| {
        let mut costs = vec![-1600; 1 << 16];
        for (range, cost) in BLOCKS {
            costs[usize::from(range.0)..=usize::from(range.1)].fill(cost);
        }
        for c in " ,.:;()/<>=\"-，。、；：！？“”‘’（）《》—…·　".chars() {
            costs[c as usize] = -550;
        }
        costs[usize::from(b' ')] = -400;
        for c in ['，', '。', '、'] {
            costs[c as usize] = -400;
        }
        for table in [TRADITIONAL, SIMPLIFIED] {
            for (rank, c) in table.chars().enumerate() {
                let cost = ((0.1 / (rank as f32 + 10.0)).ln() * f32::from(SCALE)) as i16;
                costs[c as usize] = costs[c as usize].max(cost);
            }
        }
        costs
    })
}

/// First and last character of a block, and what one of its characters costs.
const BLOCKS: [((u16, u16), i16); 20] = [
    ((0x0000, 0x001F), -2000),
    ((0x0009, 0x000A), -400),
    ((0x000D, 0x000D), -400),
    ((0x0020, 0x007E), -600),
    ((0x0030, 0x0039), -450),
    ((0x0061, 0x007A), -450),
    ((0x007F, 0x009F), -2000),
    ((0x00A0, 0x017F), -900),
    ((0x0180, 0x024F), -1500),
    ((0x0370, 0x03FF), -900),
    ((0x0400, 0x045F), -600),
    ((0x2000, 0x206F), -900),
    ((0x2100, 0x27BF), -900),
    ((0x3000, 0x303F), -800),
    ((0x3040, 0x30FF), -600),
    ((0x4E00, 0x9FFF), -1200),
    ((0xAC00, 0xD7A3), -1100),
    ((0xE000, 0xF8FF), -1900),
    ((0xFF00, 0xFF5E), -700),
    ((0xFF10, 0xFF5A), -900),
];

/// The encoding that a page names: `<meta charset=gb2312>`, `content="text/html;
/// charset=big5"`, `<?xml encoding="…"?>`, in its first 4,096 bytes.
pub(super) fn declared_charset(page: &[u8]) -> Option<&'static Encoding> {
    let head = page[..page.len().min(4096)].to_ascii_lowercase();
    for name in [&b"charset"[..], b"encoding"] {
        for at in memchr::memmem::find_iter(&head, name) {
            let rest = head[at + name.len()..].trim_ascii_start();
            let Some(rest) = rest.strip_prefix(b"=") else { continue };
            let rest = rest.trim_ascii_start();
            let rest =
                rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest).trim_ascii_start();
            let end = rest
                .iter()
                .position(|b| !b.is_ascii_alphanumeric() && !b"-_:.".contains(b))
                .unwrap_or(rest.len());
            match Encoding::for_label(&rest[..end]) {
                Some(encoding) if encoding == GBK => return Some(GB18030),
                // In UTF-16 the name could not have been read; the other two are no encodings
                // of text. ISO-2022-JP has states that a stretch can't begin in the midst of.
                Some(e) if [UTF_16LE, UTF_16BE, REPLACEMENT, X_USER_DEFINED].contains(&e) => {}
                Some(e) if e == encoding_rs::ISO_2022_JP => {}
                Some(encoding) => return Some(encoding),
                None => {}
            }
        }
    }
    None
}
