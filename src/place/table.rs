//! The compiled lists as they lie in the program: `gazetteer.bin`, read in place.
//!
//! `compile_gazetteer.py`, which makes it, tells what stands where.

const BIN: &[u8] = include_bytes!("gazetteer.bin");

/// The version of the layout that is read here.
const VERSION: u32 = 1;

const fn header(n: usize) -> usize {
    u32_at(4 * n) as usize
}

const fn u16_at(at: usize) -> u16 {
    u16::from_le_bytes([BIN[at], BIN[at + 1]])
}

const fn u32_at(at: usize) -> u32 {
    u32::from_le_bytes([BIN[at], BIN[at + 1], BIN[at + 2], BIN[at + 3]])
}

pub const UNITS: usize = header(1);
pub const NAMES: usize = header(2);
const SENSES: usize = header(3);
const CELLS: usize = header(4);
const TEXT: usize = header(5);

const CHARS_LEN: usize = 0x10000;
/// How many bits of a hash `starts` is looked up by.
const START_BITS: u32 = 18;
const STARTS_LEN: usize = (1 << START_BITS) / 8;

const CHARS_AT: usize = 64;
const STARTS_AT: usize = CHARS_AT + 2 * CHARS_LEN;
const CELLS_AT: usize = STARTS_AT + STARTS_LEN;
const FIRST_AT: usize = CELLS_AT + 8 * CELLS;
const FLAGS_AT: usize = FIRST_AT + 2 * (NAMES + 1);
const SENSES_AT: usize = FLAGS_AT + NAMES;
const UNITS_AT: usize = SENSES_AT + 6 * SENSES;
const TEXT_AT: usize = UNITS_AT + 8 * UNITS;

const _: () = assert!(header(0) == VERSION as usize, "run compile_gazetteer.py");
const _: () = assert!(BIN.len() == TEXT_AT + TEXT, "run compile_gazetteer.py");

static STARTS: [u8; STARTS_LEN] = {
    let mut starts = [0; STARTS_LEN];
    let mut i = 0;
    while i < STARTS_LEN {
        starts[i] = BIN[STARTS_AT + i];
        i += 1;
    }
    starts
};

/// The number of a character among those of the names, which all that fold to it share; 0 where
/// no name has it.
#[inline]
pub fn char_number(c: char) -> u16 {
    u16::try_from(u32::from(c)).map_or(0, |code| u16_at(CHARS_AT + 2 * usize::from(code)))
}

/// What the first of two characters, its three bytes of UTF-8 as a number, adds to their hash.
#[inline]
pub fn first_hash(character: u32) -> u32 {
    character.wrapping_mul(0x9E37_79B1)
}

/// Whether a name may begin with two characters, the first of which has this hash.
#[inline]
pub fn may_start(first: u32, second: u32) -> bool {
    let bit = first.wrapping_add(second.wrapping_mul(0x85EB_CA6B)) >> (32 - START_BITS);
    STARTS[bit as usize / 8] >> (bit % 8) & 1 != 0
}

/// The cell reached from `cell` over the character of this number.
#[inline]
pub fn step(cell: usize, number: u16) -> Option<usize> {
    let base = u32_at(CELLS_AT + 8 * cell) as usize;
    let next = base + usize::from(number);
    (number > 0 && base > 0 && next < CELLS && u16_at(CELLS_AT + 8 * next + 4) == number).then_some(next)
}

/// The name that ends at a cell.
#[inline]
pub fn name_at(cell: usize) -> Option<usize> {
    usize::from(u16_at(CELLS_AT + 8 * cell + 6)).checked_sub(1)
}

/// Where the senses of a name stand.
pub fn sense_range(name: usize) -> std::ops::Range<usize> {
    let at = FIRST_AT + 2 * name;
    usize::from(u16_at(at))..usize::from(u16_at(at + 2))
}

/// 1: no place, 2: neither province nor city, 4: ends with its rank.
pub fn flags(name: usize) -> u8 {
    BIN[FLAGS_AT + name]
}

/// The unit, the last year (0: none is known), and the place of the kind among the kinds.
pub fn sense(n: usize) -> (u16, u16, u8) {
    let at = SENSES_AT + 6 * n;
    (u16_at(at), u16_at(at + 2), BIN[at + 4])
}

/// The number of the unit that holds this one; `u16::MAX` for a province.
#[inline]
pub fn parent(unit: usize) -> u16 {
    u16_at(UNITS_AT + 8 * unit)
}

/// 1 for a province, 2 for a city, 3 for all below.
#[inline]
pub fn level(unit: usize) -> u8 {
    BIN[UNITS_AT + 8 * unit + 2]
}

/// The official name.
pub fn unit_name(unit: usize) -> &'static str {
    let at = UNITS_AT + 8 * unit;
    let start = TEXT_AT + u32_at(at + 4) as usize;
    std::str::from_utf8(&BIN[start..start + usize::from(BIN[at + 3])]).unwrap_or("")
}
