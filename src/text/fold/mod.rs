//! Which characters are the same to a searcher.
//!
//! Folding puts one character for each class of characters that mean the same: Traditional and
//! Simplified, regional and Japanese forms, full and half width, capital and small. It merges
//! rather than converts (`乾`, `幹` and `榦` are all `干`), one character to one character, so it
//! keeps positions, and a phrase that matches in one script matches in all of them.
//!
//! [`search_form()`] is what is indexed and compared: a whole text, folded, its spaces settled.
//!
//! The rules, in the order of `generate.py`, which makes the table, with what each contributes:
//!
//! | rule | characters | from | example |
//! |---|---|---|---|
//! | width, space | 241 | Unicode `<wide>`, `<narrow>`, category Zs | `Ａ`, `ｶ`, `￥`, U+3000 |
//! | compat, radical | 1,264 | Unicode singletons, equivalent ideographs | `\u{F9DC}` = `隆`, `⻓` = `长` |
//! | case | 1,427 | Unicode's simple folding, without `ß`, `İ` | `Д` = `д` |
//! | simplified | 3,222 | OpenCC TSCharacters, the first candidate | `後` = `后`, `髮` = `发` |
//! | analogy | 923 | OpenCC, inferred forms outside the basic block | `𫗦` = `餔` |
//! | forced | 30 | what OpenCC leaves to its phrases | `著` = `着`, `瞭` = `了` |
//! | regional | 9 | OpenCC TWVariants, HKVariants | `衞` = `卫` |
//! | japanese | 237 | OpenCC JPShinjitai, less its false friends | `図` = `图`, not `芸` = `艺` |
//! | variant | 293 | the First List of Processed Variants, Kangxi forms | `畧` = `略` |
//!
//! Not merged, because both are everyday Simplified characters and a count of one must not
//! count the other: `画`/`划` (計畫), `覆`/`复` (答覆), `像`/`象`, `沈`/`沉`, `炼`/`链` (項鍊). Those are for
//! aliases in the query. Nor are superscripts, circled numbers and the styles of quotation marks.
//!
//! Measured: of 7,017 Taiwanese questions (161,509 characters) and what OpenCC's phrases make of
//! them in Simplified, 23 characters fold differently, 21 of them the `畫` of `計畫`; in 54 MB of
//! Simplified news the rules from `simplified` on change about 2,000 characters, 1,782 of them `著`.

mod search_form;

pub use search_form::{search_form, search_form_mapped};

/// Raised when a rule of folding or of [`search_form()`] changes: an index made with another
/// version must be rebuilt.
pub const TABLE_VERSION: u32 = 1;

/// Little-endian `u16` numbers, laid out as `generate.py` says.
const BYTES: &[u8] = include_bytes!("table.bin");
const INDEX_LEN: usize = word(0) as usize;
const CELLS_LEN: usize = word(1) as usize * PAGE;
const PAGE: usize = 64;

/// The page of each 64 characters; page 0 folds nothing.
static INDEX: [u16; INDEX_LEN] = {
    let mut index = [0; INDEX_LEN];
    let mut i = 0;
    while i < INDEX_LEN {
        index[i] = word(3 + i);
        i += 1;
    }
    index
};

/// What to exclusive-or a character's code with to get its target's: 0 where it stays. No
/// branch in the look-up then depends on the script, which in Traditional text would be
/// guessed wrong at every third character.
static CELLS: [u32; CELLS_LEN] = {
    let mut cells = [0; CELLS_LEN];
    let mut i = 0;
    while i < INDEX_LEN {
        let page = word(3 + i) as usize;
        let mut k = 0;
        while page > 0 && k < PAGE {
            let target = target(word(3 + INDEX_LEN + page * PAGE + k));
            if target > 0 {
                cells[page * PAGE + k] = (i * PAGE + k) as u32 ^ target;
            }
            k += 1;
        }
        i += 1;
    }
    cells
};

const fn word(i: usize) -> u16 {
    u16::from_le_bytes([BYTES[2 * i], BYTES[2 * i + 1]])
}

/// The code a cell of the file stands for; 0: none. A surrogate, which is no character, is the
/// place of a target beyond U+FFFF.
const fn target(cell: u16) -> u32 {
    if cell < 0xD800 || cell > 0xDFFF {
        return cell as u32;
    }
    let at = 3 + INDEX_LEN + CELLS_LEN + 2 * (cell as usize - 0xD800);
    word(at) as u32 | (word(at + 1) as u32) << 16
}

/// FNV-1a of the table's bytes, as `generate.py` prints it.
const CHECKSUM: u32 = {
    let mut sum = 0x811C_9DC5_u32;
    let mut i = 0;
    while i < BYTES.len() {
        sum = (sum ^ BYTES[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    sum
};

/// A checksum of the fold table, for the index's manifest.
pub fn table_checksum() -> u32 {
    CHECKSUM
}

/// The character that stands for `c` and for all that are the same to a searcher.
///
/// Folding twice changes nothing more. Takes about a nanosecond.
///
/// ```
/// use fangzhi::text::fold::fold_char;
/// let folded: String = "比亞迪ＢＹＤ".chars().map(fold_char).collect();
/// assert_eq!(folded, "比亚迪byd");
/// ```
#[inline]
pub fn fold_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let code = c as usize;
    let Some(&page) = INDEX.get(code / PAGE) else { return c };
    let folded = c as u32 ^ CELLS[page as usize * PAGE + code % PAGE];
    // Never anything but a character: the tests try every one.
    char::from_u32(folded).unwrap_or(c)
}

/// Whether `c` is a Chinese character: an ideograph of any block, a compatibility ideograph,
/// `〇` or `々`. Radicals on their own are not, nor are kana, hangul and punctuation.
#[inline]
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}'      // URO
        | '\u{3400}'..='\u{4DBF}'    // Extension A
        | '々' | '〇'
        | '\u{F900}'..='\u{FAFF}'    // compatibility ideographs
        // The planes for ideographs, whole: Unicode adds an extension there every few years.
        | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn fold(text: &str) -> String {
        text.chars().map(fold_char).collect()
    }

    fn every_char() -> impl Iterator<Item = char> {
        '\0'..=char::MAX
    }

    #[test]
    fn same_to_a_searcher() {
        // Every character of a word is the first one's class.
        let classes = [
            "干乾幹榦",
            "后後後",
            "里裡裏裏",
            "发發髮髪発",
            "台臺檯颱枱",
            "只隻衹祇",
            "着著着著",
            "么麼麽",
            "于於",
            "面麵麪麺",
            "钟鐘鍾锺",
            "历曆歷歴暦",
            "复復複",
            "系係繫繋",
            "云雲",
            "余餘馀",
            "征徵",
            "了瞭",
            "借藉",
            "它牠",
            "你妳",
            "汇匯彙滙",
            "卫衛衞",
            "众眾衆",
            "为為爲",
            "户戶戸",
            "吴吳呉",
            "产產産",
            "国國囯圀",
            "图圖図",
            "气氣気",
            "泽澤沢",
            "龙龍竜⻰⿓",
            "长長⻓⻑⾧",
            "风風⻛",
            "见見⻅⾒見",
            "青靑",
            "概槪",
            "丰豐豊",
            "并並併竝",
            "aAａＡ",
            "1１",
            "μµΜ",
            "σςΣ",
            "яЯ",
            "カｶ",
            "¥￥",
            "%％",
            "餔𫗦",
            " \u{A0}\u{3000}\u{2003}\u{202F}",
            "kKＫ\u{212A}",
        ];
        for class in classes {
            let folded: Vec<char> = class.chars().map(fold_char).collect();
            assert!(folded.iter().all(|&c| c == folded[0]), "{class} folds to {folded:?}");
        }
    }

    #[test]
    fn different_to_a_searcher() {
        for pair in [
            "芸艺", "浜滨", "欠缺", "弁辨", "糸丝", "缶罐", "虫蛊", "复覆", "画划", "像象", "沈沉", "炼链",
            "坏坯", "呆待", "连联", "未末", "己已", "ßs", "İi", "²2", "①1", "“「", "\"“", "·・", "黄簧",
            "巨拒", "镕熔", "叠迭", "薰熏", "幺么", "㈱株", "Ⅱ2", "℃c", "か゛",
        ] {
            let folded: Vec<char> = pair.chars().map(fold_char).collect();
            assert_ne!(folded[0], folded[1], "{pair}");
        }
    }

    #[test]
    fn traditional_news_reads_as_simplified() {
        for (traditional, simplified) in [
            ("濟南市深化新舊動能轉換", "济南市深化新旧动能转换"),
            ("乾淨的頭髮沾著麵粉", "干净的头发沾着面粉"),
            ("瞭解後來發生了什麼", "了解后来发生了什么"),
            ("憑藉臺灣的颱風", "凭借台湾的台风"),
            ("彷彿只有一隻鐘錶", "仿佛只有一只钟表"),
            ("電池組件廠房、機電工程", "电池组件厂房、机电工程"),
            ("ＢＹＤ　３０ＧＷ！", "byd 30gw!"),
        ] {
            assert_eq!(fold(traditional), simplified);
        }
    }

    #[test]
    fn folding_twice_changes_nothing_more() {
        for c in every_char() {
            assert_eq!(fold_char(fold_char(c)), fold_char(c), "{c} U+{:04X}", c as u32);
        }
    }

    #[test]
    fn the_table_is_the_list_beside_it() {
        let mut list = HashMap::new();
        for line in include_str!("fold.tsv").lines().filter(|line| !line.starts_with('#')) {
            let mut codes = line.split('\t').map(|code| u32::from_str_radix(code, 16).ok());
            let mut next = || codes.next().flatten().and_then(char::from_u32).unwrap();
            list.insert(next(), next());
        }
        assert!(list.len() > 7_000);
        for c in every_char() {
            let expected = *list.get(&c).unwrap_or(&c);
            assert_eq!(fold_char(c), expected, "{c} U+{:04X}", c as u32);
        }
    }

    #[test]
    fn every_capital_with_a_simple_small_letter_folds_to_it() {
        for c in every_char() {
            let mut lower = c.to_lowercase();
            if let (Some(small), None) = (lower.next(), lower.next())
                && "LatinGreekCyrillic".contains(script(c))
            {
                assert_eq!(fold_char(c), fold_char(small), "{c}");
            }
        }
    }

    /// The script of the letters that the standard library's case tables agree on with ours.
    fn script(c: char) -> &'static str {
        match c {
            'A'..='z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => "Latin",
            '\u{370}'..='\u{3FF}' => "Greek",
            '\u{400}'..='\u{52F}' => "Cyrillic",
            _ => "none",
        }
    }

    #[test]
    fn han() {
        for c in "一龥鿿㐀䶿豈\u{FAFF}〇々𠀀𪛖𫠝𬺡𮯠丽𰀀𱍊".chars() {
            assert!(is_han(c), "{c} U+{:04X}", c as u32);
        }
        for c in "aＡ1，。 \u{3000}か゛한⻓⿓〆☆😀\n".chars() {
            assert!(!is_han(c), "{c} U+{:04X}", c as u32);
        }
    }

    #[test]
    fn the_checksum_is_of_these_bytes() {
        assert_eq!(
            table_checksum(),
            0x62c8_6ee4,
            "table.bin changed: raise TABLE_VERSION, put the new sum here"
        );
    }
}
