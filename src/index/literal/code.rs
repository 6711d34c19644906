//! A dense code for units that can be searched as it stands.
//!
//! A code word is some bytes from 224 up and one byte below: the 223 most frequent characters and
//! the paragraph break take one byte, the next 7,136 two, all others three. Byte 0 is the
//! paragraph break and stands in no other code word. (Byte-oriented codes
//! of this kind: Brisaboa, Fariña, Navarro, Paramá, *(S,C)-Dense Coding*, SPIRE 2003.) Chinese
//! text takes 1.4 bytes a character instead of two, and a sequence of units stands in a text
//! exactly where its code stands behind a byte that ends a code word.
//!
//! `frequent.txt` lists characters in search form by their frequency in news, local laws, CMRC
//! 2018 and DRCD (equal weight), then the rest of GB 2312 and ASCII. Its order is part of the
//! format.

use crate::analysis::PARAGRAPH;
use memchr::memmem::Finder;

/// Bytes from here on go on; a byte below ends a code word.
const ENDS: usize = 224;
const GOES_ON: usize = 256 - ENDS;

/// Bytes that end a code word of more than one byte.
const TAILS: usize = ENDS - 1;

/// Ranks with a code of one or two bytes.
const LISTED: usize = ENDS + GOES_ON * TAILS;

const FREQUENT: &str = include_str!("frequent.txt");

const UNLISTED: u16 = u16::MAX;

/// The units by their rank.
static UNITS: [u16; LISTED] = {
    let mut units = [0xffff; LISTED];
    units[0] = PARAGRAPH;
    let bytes = FREQUENT.as_bytes();
    let (mut at, mut rank) = (0, 1);
    while at < bytes.len() {
        let (length, first) = match bytes[at] {
            b if b < 0x80 => (1, b as u32),
            b if b < 0xe0 => (2, b as u32 & 0x1f),
            b => (3, b as u32 & 0x0f),
        };
        let mut c = first;
        let mut i = 1;
        while i < length {
            c = c << 6 | bytes[at + i] as u32 & 0x3f;
            i += 1;
        }
        units[rank] = c as u16;
        rank += 1;
        at += length;
    }
    assert!(rank == LISTED, "frequent.txt holds as many characters as there are codes");
    units
};

/// The rank of each unit, or [`UNLISTED`].
static RANKS: [u16; 1 << 16] = {
    let mut ranks = [UNLISTED; 1 << 16];
    let mut rank = 0;
    while rank < LISTED {
        assert!(ranks[UNITS[rank] as usize] == UNLISTED, "frequent.txt holds a character once");
        ranks[UNITS[rank] as usize] = rank as u16;
        rank += 1;
    }
    ranks
};

/// A unit as the grams know it, below 8,192: the rank of a listed one; the others share what is
/// left. The paragraph break is 0.
pub type Symbol = u16;

/// Bits of a symbol.
pub const SYMBOL_BITS: u32 = 13;

/// The symbol of a unit.
pub fn symbol(unit: u16) -> Symbol {
    match RANKS[unit as usize] {
        UNLISTED => LISTED as u16 + unit % ((1 << SYMBOL_BITS) - LISTED as u16),
        rank => rank,
    }
}

/// Whether a unit is a mark: neither a letter nor a digit of any script, as far as the common ones go.
const fn is_mark(unit: u16) -> bool {
    match unit {
        0x30..=0x39 | 0x41..=0x5a | 0x61..=0x7a | 0xaa | 0xb5 | 0xba => false,
        0..=0xbf | 0xd7 | 0xf7 => true,
        0x3005..=0x3007 => false,
        0x2000..=0x206f | 0x2190..=0x23ff | 0x2500..=0x27bf | 0x3000..=0x3020 | 0xfe30..=0xfe6f => true,
        _ => false,
    }
}

/// The listed symbols that are marks.
static MARKS: [bool; 1 << SYMBOL_BITS] = {
    let mut marks = [false; 1 << SYMBOL_BITS];
    let mut rank = 0;
    while rank < LISTED {
        marks[rank] = is_mark(UNITS[rank]);
        rank += 1;
    }
    marks
};

/// Whether a symbol stands in pairs. Marks do not: a sixth of all pairs would hold one, and hardly
/// a keyword does. The paragraph break is a mark.
#[inline]
pub fn is_paired(symbol: Symbol) -> bool {
    !MARKS[symbol as usize & ((1 << SYMBOL_BITS) - 1)]
}

/// Whether no other unit has this unit's symbol.
pub fn is_listed(unit: u16) -> bool {
    RANKS[unit as usize] != UNLISTED
}

/// Appends the code of some units.
pub fn encode(units: &[u16], out: &mut Vec<u8>) {
    out.reserve(units.len() * 2);
    for &unit in units {
        let rank = RANKS[unit as usize] as usize;
        if rank < ENDS {
            out.push(rank as u8);
        } else if rank < LISTED {
            let rank = rank - ENDS;
            out.extend([(ENDS + rank / TAILS) as u8, (1 + rank % TAILS) as u8]);
        } else {
            let unit = unit as usize;
            out.extend([
                (ENDS + (unit >> 12)) as u8,
                (ENDS + (unit >> 7 & 31)) as u8,
                (1 + (unit & 127)) as u8,
            ]);
        }
    }
}

/// Appends the units of a code; what is no code word ends it.
pub fn decode(code: &[u8], out: &mut Vec<u16>) {
    out.reserve(code.len());
    let mut bytes = code.iter().map(|b| *b as usize);
    while let Some(first) = bytes.next() {
        if first < ENDS {
            out.push(UNITS[first]);
            continue;
        }
        let Some(second) = bytes.next() else { return };
        if second < ENDS {
            let Some(tail) = second.checked_sub(1) else { return };
            out.push(UNITS[ENDS + (first - ENDS) * TAILS + tail]);
            continue;
        }
        let Some(third) = bytes.next().and_then(|third| third.checked_sub(1)).filter(|t| *t < 128) else {
            return;
        };
        out.push((((first - ENDS) & 15) << 12 | (second - ENDS) << 7 | third) as u16);
    }
}

/// Appends the symbols of a code's units, as [`decode`] gives them.
pub fn decode_symbols(code: &[u8], out: &mut Vec<Symbol>) {
    out.reserve(code.len());
    let mut bytes = code.iter().map(|b| *b as usize);
    while let Some(first) = bytes.next() {
        if first < ENDS {
            out.push(first as Symbol);
            continue;
        }
        let Some(second) = bytes.next() else { return };
        if second < ENDS {
            let Some(tail) = second.checked_sub(1) else { return };
            out.push((ENDS + (first - ENDS) * TAILS + tail) as Symbol);
            continue;
        }
        let Some(third) = bytes.next().and_then(|third| third.checked_sub(1)).filter(|t| *t < 128) else {
            return;
        };
        out.push(symbol((((first - ENDS) & 15) << 12 | (second - ENDS) << 7 | third) as u16));
    }
}

/// How many units a code has.
pub fn count(code: &[u8]) -> usize {
    // In chunks of bytes that a byte can count, which the compiler turns into vector code.
    let ends = |chunk: &[u8]| chunk.iter().map(|b| (*b < ENDS as u8) as u8).sum::<u8>() as usize;
    code.chunks(192).map(ends).sum()
}

/// The code of the paragraph break.
pub const BREAK: u8 = 0;

/// A sequence of units, ready to be looked for in code.
#[derive(Debug, Clone)]
pub struct Needle {
    finder: Finder<'static>,
    length: usize,
    units: usize,
}

impl Needle {
    /// Prepares to look for these units, at least one.
    pub fn new(units: &[u16]) -> Self {
        let mut code = Vec::new();
        encode(units, &mut code);
        Needle { length: code.len(), units: units.len(), finder: Finder::new(&code).into_owned() }
    }

    /// Units of the sequence.
    pub fn units(&self) -> usize {
        self.units
    }

    /// Bytes of its code.
    pub fn code_len(&self) -> usize {
        self.length
    }

    /// The first place at or after `from` at which the sequence stands, in bytes of the code.
    pub fn find(&self, code: &[u8], mut from: usize) -> Option<usize> {
        loop {
            let at = from + self.finder.find(code.get(from..)?)?;
            match at.checked_sub(1).map(|before| code[before] as usize) {
                // The tail of another code word.
                Some(before) if before >= ENDS => from = at + 1,
                _ => return Some(at),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn coded(units: &[u16]) -> Vec<u8> {
        let mut code = Vec::new();
        encode(units, &mut code);
        code
    }

    #[test]
    fn frequent_characters_are_short() {
        for (text, length) in [("\n", 1), ("的", 1), ("3", 1), ("比亚迪", 5), ("囧", 2), ("龘", 3), ("𠮷", 6)]
        {
            let units: Vec<u16> = text.encode_utf16().collect();
            assert_eq!(coded(&units).len(), length, "{text}");
        }
        assert_eq!(coded(&[PARAGRAPH]), [BREAK]);
    }

    #[test]
    fn every_unit_comes_back() {
        let units: Vec<u16> = (0..=u16::MAX).collect();
        let (code, mut back) = (coded(&units), Vec::new());
        decode(&code, &mut back);
        assert_eq!(back, units);
        assert_eq!(count(&code), units.len());
        let mut symbols = Vec::new();
        decode_symbols(&code, &mut symbols);
        assert_eq!(symbols, units.iter().map(|u| symbol(*u)).collect::<Vec<_>>());
        for unit in units {
            assert!(symbol(unit) < 1 << SYMBOL_BITS);
            assert_eq!(symbol(unit) == 0, unit == PARAGRAPH);
        }
    }

    proptest! {
        #[test]
        fn a_needle_is_found_where_it_stands(
            text in "[的比亚囧龘\u{20000}\u{20001}a\n]{0,60}",
            needle in "[的比亚囧龘\u{20000}\u{20001}a]{1,3}",
        ) {
            let (text, needle): (Vec<u16>, Vec<u16>) = (text.encode_utf16().collect(), needle.encode_utf16().collect());
            let code = coded(&text);
            let prepared = Needle::new(&needle);
            let mut found = Vec::new();
            let mut from = 0;
            while let Some(at) = prepared.find(&code, from) {
                found.push(count(&code[..at]));
                from = at + 1;
            }
            let expected: Vec<usize> = (0..text.len()).filter(|&i| text[i..].starts_with(&needle)).collect();
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn no_bytes_make_it_panic(code in prop::collection::vec(any::<u8>(), 0..60)) {
            let (mut units, mut symbols) = (Vec::new(), Vec::new());
            decode(&code, &mut units);
            decode_symbols(&code, &mut symbols);
            prop_assert_eq!(symbols, units.into_iter().map(symbol).collect::<Vec<_>>());
        }
    }
}
