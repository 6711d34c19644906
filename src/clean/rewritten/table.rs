//! Traditional characters: their Simplified forms and their readings.

use super::gbk;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Made by `table.py` from OpenCC (Apache-2.0) and pypinyin (MIT); the script says how.
static SOURCE: &str = include_str!("traditional.txt");

/// What the table says of one Traditional character.
#[derive(Debug)]
pub(super) struct Entry {
    /// The Simplified forms, the usual one first. May begin with the character itself.
    pub simplified: Vec<char>,
    readings: Vec<&'static str>,
}

/// The parsed table; a third of a millisecond, and only pages that look rewritten pay it.
pub(super) struct Table {
    entries: HashMap<char, Entry>,
    usual: HashMap<char, char>,
    syllables: HashSet<&'static str>,
    by_trail: Vec<Vec<[u8; 2]>>,
    by_lead: Vec<Vec<[u8; 2]>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::parse);

/// The table, parsed on first use.
pub(super) fn table() -> &'static Table {
    &TABLE
}

/// Marks that stand in running text and are no cut marks.
const PUNCTUATION: &str = "。、“”‘’《》〈〉「」『』【】（）…—·～％℃○〇";

impl Table {
    fn parse() -> Table {
        let mut table = Table {
            entries: HashMap::new(),
            usual: HashMap::new(),
            syllables: HashSet::new(),
            by_trail: vec![Vec::new(); 256],
            by_lead: vec![Vec::new(); 256],
        };
        for line in SOURCE.lines() {
            let mut fields = line.split(' ');
            let (Some(traditional), Some(forms), Some(readings)) =
                (fields.next().and_then(|f| f.chars().next()), fields.next(), fields.next())
            else {
                continue;
            };
            let mut simplified = Vec::new();
            let mut usual = false;
            for form in forms.chars() {
                if form == '=' {
                    usual = true;
                    continue;
                }
                simplified.push(form);
                if usual {
                    table.usual.insert(form, traditional);
                    usual = false;
                }
            }
            let readings: Vec<_> = readings.split(',').filter(|r| *r != "-").collect();
            table.syllables.extend(readings.iter().copied());
            table.entries.insert(traditional, Entry { simplified, readings });
        }
        table.list_plausible();
        table
    }

    /// Lists the codes a lost byte may have belonged to: what stands in a page after every
    /// character was made Traditional. That is punctuation, the Traditional forms of GB 2312's
    /// characters, and those characters of GB 2312 that Big5 has too, since the others would have been converted.
    fn list_plausible(&mut self) {
        let in_big5 = big5_characters();
        let mut codes: Vec<[u8; 2]> = PUNCTUATION.chars().filter_map(gbk::encode).collect();
        for lead in 0x81..=0xFEu8 {
            for trail in 0x40..=0xFEu8 {
                let Some(c) = gbk::decode(lead, trail) else { continue };
                let han = ('\u{4E00}'..='\u{9FFF}').contains(&c);
                let common = gbk::in_gb2312([lead, trail]) && in_big5.contains(&c);
                let form =
                    self.is_traditional(c) && gbk::encode(self.simplified(c)).is_some_and(gbk::in_gb2312);
                if han && (common || form || c == '着') {
                    codes.push([lead, trail]);
                }
            }
        }
        for code in codes {
            self.by_lead[usize::from(code[0])].push(code);
            self.by_trail[usize::from(code[1])].push(code);
        }
    }

    /// What is known of a Traditional character.
    pub fn entry(&self, c: char) -> Option<&Entry> {
        self.entries.get(&c)
    }

    /// Whether `c` is a Traditional form that GB 2312 lacks: the kind that gets annotated.
    pub fn is_traditional(&self, c: char) -> bool {
        self.entries.get(&c).is_some_and(|e| e.simplified[0] != c)
            && gbk::encode(c).is_some_and(|code| !gbk::in_gb2312(code))
    }

    /// Whether `reading`, tones marked, is a reading of the Traditional character `c`.
    pub fn reads(&self, c: char, reading: &str) -> bool {
        self.entries.get(&c).is_some_and(|e| e.readings.contains(&reading))
    }

    /// The first reading of a Traditional character.
    pub fn reading(&self, c: char) -> Option<&'static str> {
        self.entries.get(&c).and_then(|e| e.readings.first().copied())
    }

    /// Whether `word` is the reading of any Traditional character.
    pub fn is_syllable(&self, word: &str) -> bool {
        self.syllables.contains(word)
    }

    /// The usual Simplified form, or the character itself.
    pub fn simplified(&self, c: char) -> char {
        self.entries.get(&c).map_or(c, |e| e.simplified[0])
    }

    /// The usual Traditional form, or the character itself.
    pub fn traditional(&self, c: char) -> char {
        self.usual.get(&c).copied().unwrap_or(c)
    }

    /// The plausible codes with this lead byte.
    pub fn with_lead(&self, lead: u8) -> &[[u8; 2]] {
        &self.by_lead[usize::from(lead)]
    }

    /// The plausible codes with this trail byte.
    pub fn with_trail(&self, trail: u8) -> &[[u8; 2]] {
        &self.by_trail[usize::from(trail)]
    }
}

/// The characters of Big5 without its extensions. By decoding all codes once: the encoder, which is
/// made small and not quick, would search its tables for each character.
fn big5_characters() -> HashSet<char> {
    let codes = (0xA1..=0xFE_u8).flat_map(|lead| (0x40..=0xFE_u8).map(move |trail| [lead, trail]));
    codes
        .filter_map(|code| {
            let text = encoding_rs::BIG5.decode_without_bom_handling_and_without_replacement(&code)?;
            text.chars().next().filter(|_| text.chars().count() == 1)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_readings() {
        let t = table();
        for (traditional, simplified, reading) in
            [('濟', '济', "jì"), ('們', '们', "men"), ('麼', '么', "me"), ('項', '项', "xiàng")]
        {
            assert_eq!(t.simplified(traditional), simplified);
            assert_eq!(t.traditional(simplified), traditional);
            assert!(t.reads(traditional, reading), "{traditional} {reading}");
            assert!(t.is_traditional(traditional));
        }
        assert!(!t.reads('濟', "xiàng") && !t.is_traditional('南') && !t.is_traditional('济'));
    }

    #[test]
    fn plausible_codes() {
        let t = table();
        let find = |code: [u8; 2]| t.with_lead(code[0]).contains(&code);
        for (c, expected) in [('常', true), ('。', true), ('準', true), ('经', false), ('顒', false)] {
            let code = gbk::encode(c).expect("in GBK");
            assert_eq!(find(code), expected, "{c}");
            assert_eq!(t.with_trail(code[1]).contains(&code), expected, "{c}");
        }
    }
}
