//! From bytes of a known encoding to text, with the exact way back.

use crate::text::{MapBuilder, OffsetMap};
use encoding_rs::{BIG5, DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// Positions in a text are 32 bits wide (see [`crate::text::Span`]).
pub(super) const MAX_BYTES: usize = u32::MAX as usize;

/// How much text is decoded at once, in bytes.
const CHUNK: usize = 16 << 10;

/// A decoded text.
#[derive(Debug)]
pub(super) struct Converted {
    pub text: String,
    /// From byte ranges of the text to byte ranges of the input.
    pub map: OffsetMap,
    /// Malformed sequences, each now one U+FFFD.
    pub replaced: u32,
}

/// Decodes `bytes[start..]`; `start` is the length of the byte order mark. `None` if input or
/// text is longer than [`MAX_BYTES`].
///
/// The text equals what the WHATWG decoders give: one U+FFFD for each malformed sequence, and
/// a byte that can't continue a sequence starts the next one.
pub(super) fn convert(bytes: &[u8], start: usize, encoding: &'static Encoding) -> Option<Converted> {
    convert_parts(bytes, start, &[(bytes.len(), encoding)])
}

/// The same of a text whose parts, one after the other up to the given ends, have each its encoding.
pub(super) fn convert_parts(
    bytes: &[u8],
    start: usize,
    parts: &[(usize, &'static Encoding)],
) -> Option<Converted> {
    if bytes.len() > MAX_BYTES {
        return None;
    }
    let mut out = Output { text: String::new(), map: MapBuilder::default(), at: start, replaced: 0 };
    for &(end, encoding) in parts {
        let part = &bytes[..end];
        let done = if encoding == UTF_8 {
            utf8(part, &mut out)
        } else if encoding == UTF_16LE {
            utf16(part, u16::from_le_bytes, &mut out)
        } else if encoding == UTF_16BE {
            utf16(part, u16::from_be_bytes, &mut out)
        } else {
            stretches(part, encoding, &mut out)
        };
        if !done {
            return None;
        }
    }
    Some(Converted { text: out.text, map: out.map.finish(), replaced: out.replaced })
}

/// The text so far. Everything before `at` in the input is accounted for in the map.
struct Output {
    text: String,
    map: MapBuilder,
    at: usize,
    replaced: u32,
}

impl Output {
    /// Maps the next output character, `len` bytes, to the next `width` bytes of the input.
    fn unit(&mut self, len: usize, width: usize) {
        self.map.push(len as u32, self.at as u32, (self.at + width) as u32);
        self.at += width;
    }

    /// Maps the next `len` bytes of the output to as many of the input.
    fn copied(&mut self, len: usize) {
        self.map.push_copy(len as u32, self.at as u32);
        self.at += len;
    }

    /// Writes a U+FFFD for a malformed sequence of `width` bytes.
    fn replace(&mut self, width: usize) {
        self.text.push(char::REPLACEMENT_CHARACTER);
        self.unit(char::REPLACEMENT_CHARACTER.len_utf8(), width);
        self.replaced = self.replaced.saturating_add(1);
    }

    fn fits(&self) -> bool {
        self.text.len() <= MAX_BYTES
    }
}

fn utf8(bytes: &[u8], out: &mut Output) -> bool {
    let rest = &bytes[out.at..];
    out.text.reserve(rest.len());
    if let Ok(valid) = std::str::from_utf8(rest) {
        out.text.push_str(valid);
        out.copied(valid.len());
        return true;
    }
    for chunk in rest.utf8_chunks() {
        out.text.push_str(chunk.valid());
        out.copied(chunk.valid().len());
        if !chunk.invalid().is_empty() {
            out.replace(chunk.invalid().len());
        }
        if !out.fits() {
            return false;
        }
    }
    true
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, out: &mut Output) -> bool {
    let rest = &bytes[out.at..];
    out.text.reserve(rest.len() + rest.len() / 2);
    let pairs = rest.chunks_exact(2);
    let mut odd = pairs.remainder().len();
    // `chunks_exact(2)` yields slices of two bytes.
    for decoded in char::decode_utf16(pairs.map(|pair| unit([pair[0], pair[1]]))) {
        match decoded {
            Ok(c) => {
                out.text.push(c);
                out.unit(c.len_utf8(), c.len_utf16() * 2);
            }
            // The first half of a surrogate pair and half of its second: one sequence.
            Err(e) if e.unpaired_surrogate() < 0xDC00 && out.at + 2 + odd == bytes.len() => {
                out.replace(2 + odd);
                odd = 0;
            }
            Err(_) => out.replace(2),
        }
        if !out.fits() {
            return false;
        }
    }
    if odd > 0 {
        out.replace(odd);
    }
    out.fits()
}

/// Decodes in well-formed stretches: `encoding_rs` stops at each malformed sequence and says
/// how long it is, and after it a new decoder starts. Within a well-formed stretch, the bytes
/// alone say how many of them made each character.
fn stretches(bytes: &[u8], encoding: &'static Encoding, out: &mut Output) -> bool {
    let mut read = out.at;
    // `encoding_rs` clears all that a string has room for at each call, which a string as
    // large as the file makes quadratic in the malformed sequences.
    let mut buffer = "\0".repeat(CHUNK);
    while read < bytes.len() {
        let from = out.text.len();
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let malformed = loop {
            let (result, n, written) =
                decoder.decode_to_str_without_replacement(&bytes[read..], &mut buffer, true);
            read += n;
            out.text.push_str(&buffer[..written]);
            match result {
                DecoderResult::InputEmpty => break None,
                DecoderResult::OutputFull if !out.fits() => return false,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, after) => {
                    // The `after` bytes were read too far; they belong to what follows.
                    read -= usize::from(after);
                    break Some(usize::from(bad));
                }
            }
        };
        let good = read - malformed.unwrap_or(0);
        if encoding == GB18030 || encoding == GBK {
            walk(&bytes[..good], from, false, out);
        } else if encoding == BIG5 {
            walk(&bytes[..good], from, true, out);
        } else {
            feed(&bytes[..good], from, encoding, out);
        }
        if let Some(bad) = malformed {
            out.replace(bad);
        }
        if !out.fits() {
            return false;
        }
    }
    true
}

/// How many bytes the character at the start of `bytes` takes in well-formed GB18030; the
/// first is not ASCII. A lone 0x80 is the euro sign of Microsoft's code page 936.
fn gb18030_width(bytes: &[u8]) -> usize {
    match bytes {
        [0x80, ..] => 1,
        [_, 0x30..=0x39, ..] => 4,
        _ => 2,
    }
}

/// Walks over a well-formed stretch and the text made from it (from byte `from` on) in step.
fn walk(bytes: &[u8], from: usize, big5: bool, out: &mut Output) {
    let text = std::mem::take(&mut out.text);
    let mut chars = text[from..].chars();
    while out.at < bytes.len() {
        let rest = &bytes[out.at..];
        let ascii = rest.iter().take_while(|b| b.is_ascii()).count();
        if ascii > 0 {
            out.copied(ascii);
            chars = chars.as_str()[ascii..].chars();
        } else {
            let mut len = chars.next().map_or(0, char::len_utf8);
            let mut width = 2;
            if !big5 {
                width = gb18030_width(rest);
            } else if let [0x88, 0x62 | 0x64 | 0xA3 | 0xA5, ..] = rest {
                // Four codes stand for a letter and a combining mark.
                len += chars.next().map_or(0, char::len_utf8);
            }
            out.unit(len, width.min(rest.len()));
        }
    }
    out.text = text;
}

/// The same for any other encoding: a decoder is fed byte by byte to see what each character
/// consumed.
fn feed(bytes: &[u8], from: usize, encoding: &'static Encoding, out: &mut Output) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = [0u8; 16];
    let mut width = 0;
    let mut left = out.text.len() - from;
    for i in out.at..bytes.len() {
        let (_, _, len) =
            decoder.decode_to_utf8_without_replacement(&bytes[i..=i], &mut buffer, i + 1 == bytes.len());
        width += 1;
        if len > 0 {
            out.unit(len.min(left), width);
            left -= len.min(left);
            width = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;
    use encoding_rs::{EUC_KR, SHIFT_JIS, WINDOWS_1252};
    use proptest::prelude::*;

    const ALL: [&Encoding; 8] = [UTF_8, UTF_16LE, UTF_16BE, GB18030, BIG5, SHIFT_JIS, EUC_KR, WINDOWS_1252];

    /// `c` in `encoding`; `encoding_rs` has no UTF-16 encoder.
    fn encode(c: char, encoding: &'static Encoding) -> Option<Vec<u8>> {
        let mut units = [0; 2];
        if encoding == UTF_16LE {
            return Some(c.encode_utf16(&mut units).iter().flat_map(|u| u.to_le_bytes()).collect());
        }
        if encoding == UTF_16BE {
            return Some(c.encode_utf16(&mut units).iter().flat_map(|u| u.to_be_bytes()).collect());
        }
        let text = c.to_string();
        let (bytes, _, lossy) = encoding.encode(&text);
        (!lossy).then(|| bytes.into_owned())
    }

    fn any_char() -> impl Strategy<Value = char> {
        prop_oneof![
            4 => prop::char::range('\u{4E00}', '\u{9FFF}'),
            2 => prop::char::range(' ', '~'),
            1 => prop::char::range('\u{3000}', '\u{30FF}'),
            1 => Just('\n'),
            1 => any::<char>(),
        ]
    }

    proptest! {
        #[test]
        fn each_character_leads_back_to_its_bytes(
            text in prop::collection::vec(any_char(), 0..40),
            which in 0..ALL.len(),
        ) {
            let encoding = ALL[which];
            let (mut bytes, mut units) = (Vec::new(), Vec::new());
            for c in text {
                // Some codes decode to another character than was encoded: not ours to judge.
                let Some(code) = encode(c, encoding) else { continue };
                if convert(&code, 0, encoding).unwrap().text != c.to_string() { continue }
                units.push((c, Span::new(bytes.len(), bytes.len() + code.len())));
                bytes.extend(code);
            }
            let converted = convert(&bytes, 0, encoding).unwrap();
            prop_assert_eq!(&converted.text, &units.iter().map(|u| u.0).collect::<String>());
            prop_assert_eq!(converted.replaced, 0);
            let mut at = 0;
            for (c, span) in units {
                let end = at + c.len_utf8();
                prop_assert_eq!(converted.map.map(Span::new(at, end)), span);
                at = end;
            }
        }

        #[test]
        fn any_bytes_as_the_standard_says(
            bytes in prop::collection::vec(
                prop_oneof![any::<u8>(), 0x30u8..0x3A, 0x81u8..0x90, 0xA1u8..0xC0], 0..60),
            which in 0..ALL.len(),
        ) {
            let encoding = ALL[which];
            let converted = convert(&bytes, 0, encoding).unwrap();
            let (expected, _) = encoding.decode_without_bom_handling(&bytes);
            prop_assert_eq!(&converted.text, &expected);
            // The spans of the characters tile the input.
            let mut at = 0;
            let mut before = Span::new(0, 0);
            for c in converted.text.chars() {
                let span = converted.map.map(Span::new(at, at + c.len_utf8()));
                prop_assert!(span == before || span.start() == before.end());
                before = span;
                at += c.len_utf8();
            }
            prop_assert_eq!(before.end(), bytes.len());
        }
    }

    #[test]
    fn malformed_sequences_keep_their_bytes() {
        // GB18030: 项 with its trail byte lost before a line break, a four-byte code cut short.
        let bytes = b"\xCF\n\xC4\xBF\x81\x30\x81A\xFF";
        let converted = convert(bytes, 0, GB18030).unwrap();
        assert_eq!(converted.text, "\u{FFFD}\n目\u{FFFD}0丄\u{FFFD}");
        assert_eq!(converted.replaced, 3);
        let spans: Vec<_> = converted
            .text
            .char_indices()
            .map(|(i, c)| converted.map.map(Span::new(i, i + c.len_utf8())).range())
            .collect();
        assert_eq!(spans, [0..1, 1..2, 2..4, 4..5, 5..6, 6..8, 8..9]);
    }

    #[test]
    fn half_a_pair_and_an_odd_byte_are_one_sequence() {
        let converted = convert(b"\x2D\x4E\x3D\xD8\x00", 0, UTF_16LE).unwrap();
        assert_eq!((converted.text.as_str(), converted.replaced), ("中\u{FFFD}", 1));
        assert_eq!(converted.map.map(Span::new(3, 6)), Span::new(2, 5));
    }

    #[test]
    fn big5_double_codes_are_one_unit() {
        let converted = convert(b"a\x88\x62b", 0, BIG5).unwrap();
        assert_eq!(converted.text, "a\u{CA}\u{304}b");
        assert_eq!(converted.map.map(Span::new(1, 5)), Span::new(1, 3));
        assert_eq!(converted.map.map(Span::new(5, 6)), Span::new(3, 4));
    }
}
