//! GBK, two bytes a character: what rewriting programs saw of a page.

use std::sync::LazyLock;

/// The ASCII range ends here; `0x80` stands alone in GBK (`€`), `0xFF` is no byte of it.
const FIRST_LEAD: u8 = 0x81;
const LAST_LEAD: u8 = 0xFE;

/// Whether `b` can begin a two-byte character.
pub(super) fn is_lead(b: u8) -> bool {
    (FIRST_LEAD..=LAST_LEAD).contains(&b)
}

/// Whether `b` can end a two-byte character: letters and some ASCII marks too.
pub(super) fn is_trail(b: u8) -> bool {
    matches!(b, 0x40..=0x7E | 0x80..=0xFE)
}

/// Both directions, as dense tables: 24,066 codes, made from encoding_rs on first use.
struct Tables {
    to_char: Vec<Option<char>>,
    from_char: Vec<u16>,
}

fn index(lead: u8, trail: u8) -> usize {
    usize::from(lead - FIRST_LEAD) * 256 + usize::from(trail)
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut to_char = vec![None; 126 * 256];
    let mut from_char = vec![0u16; 0x1_0000];
    for lead in FIRST_LEAD..=LAST_LEAD {
        for trail in (0x40..=0xFE).filter(|&b| is_trail(b)) {
            let bytes = [lead, trail];
            let (text, malformed) = encoding_rs::GBK.decode_without_bom_handling(&bytes);
            let mut chars = text.chars();
            if let (false, Some(c), None) = (malformed, chars.next(), chars.next())
                && let Some(slot) = from_char.get_mut(c as usize)
            {
                to_char[index(lead, trail)] = Some(c);
                if *slot == 0 {
                    *slot = u16::from_be_bytes(bytes);
                }
            }
        }
    }
    Tables { to_char, from_char }
});

/// The character of a two-byte code; user-defined codes give private-use characters, as
/// GB18030 has them. `None` where GBK defines nothing.
pub(super) fn decode(lead: u8, trail: u8) -> Option<char> {
    if is_lead(lead) { TABLES.to_char[index(lead, trail)] } else { None }
}

/// The two-byte code of a character; `None` for ASCII and what GBK lacks.
pub(in crate::clean) fn encode(c: char) -> Option<[u8; 2]> {
    match TABLES.from_char.get(c as usize) {
        None | Some(0) => None,
        Some(code) => Some(code.to_be_bytes()),
    }
}

/// Whether a code belongs to GB 2312, which has the Simplified characters in use and none of
/// the Traditional forms they replaced.
pub(super) fn in_gb2312([lead, trail]: [u8; 2]) -> bool {
    matches!(lead, 0xA1..=0xF7) && trail >= 0xA1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_issue() {
        for (c, code) in [('。', [0xA1, 0xA3]), ('現', [0xAC, 0x46]), ('個', [0x82, 0x80])] {
            assert_eq!(encode(c), Some(code));
            assert_eq!(decode(code[0], code[1]), Some(c));
        }
        assert_eq!(encode('a'), None);
        assert_eq!(encode('😀'), None);
        assert!(in_gb2312([0xD4, 0xD8]) && !in_gb2312([0x9D, 0xFA]));
    }

    #[test]
    fn user_defined_codes_are_private_use() {
        assert_eq!(encode('\u{E1FD}'), Some([0xAF, 0xC8]));
        assert_eq!(decode(0xAF, 0xC8), Some('\u{E1FD}'));
    }
}
