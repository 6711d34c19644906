//! Where a paragraph may be cut.

use std::ops::Range;

/// A unit as a character; half of a surrogate pair is none.
fn character(unit: u16) -> Option<char> {
    char::from_u32(unit.into())
}

/// Ends a sentence. Marks stand in search form (`！` is `!`) or as written.
fn ends_sentence(unit: u16) -> bool {
    matches!(character(unit), Some('。' | '!' | '?' | '…' | ';' | '！' | '？' | '；'))
}

/// Belongs to the sentence that it closes.
fn closes(unit: u16) -> bool {
    matches!(
        character(unit),
        Some('”' | '’' | '」' | '』' | ')' | '）' | ']' | '】' | '》' | '〉' | '"' | '\'')
    )
}

fn ends_clause(unit: u16) -> bool {
    matches!(character(unit), Some(',' | '，' | '、' | ':' | '：'))
}

/// Cuts a paragraph into pieces of at most `longest` units that together are the paragraph: at
/// sentence ends; where a sentence is longer, at its clause marks; where a clause is longer, hard
/// (never inside a surrogate pair).
pub fn pieces(paragraph: &[u16], longest: usize) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < paragraph.len() {
        if ends_sentence(paragraph[at]) {
            let mut end = at + 1;
            while end < paragraph.len() && (ends_sentence(paragraph[end]) || closes(paragraph[end])) {
                end += 1;
            }
            cut_long(paragraph, start..end, longest, &mut pieces);
            start = end;
            at = end;
        } else {
            at += 1;
        }
    }
    cut_long(paragraph, start..paragraph.len(), longest, &mut pieces);
    pieces
}

/// Adds a sentence in as few pieces as its clauses allow.
fn cut_long(paragraph: &[u16], sentence: Range<usize>, longest: usize, pieces: &mut Vec<Range<usize>>) {
    let mut start = sentence.start;
    while sentence.end - start > longest {
        let window = &paragraph[start..start + longest];
        let mut end = match window.iter().rposition(|&u| ends_clause(u)) {
            Some(at) => start + at + 1,
            None => start + longest,
        };
        let inside_pair =
            (0xdc00..0xe000).contains(&paragraph[end]) && (0xd800..0xdc00).contains(&paragraph[end - 1]);
        if inside_pair {
            end -= 1;
        }
        pieces.push(start..end);
        start = end;
    }
    if start < sentence.end {
        pieces.push(start..sentence.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, longest: usize, expected: &[&str]) {
        let units: Vec<u16> = text.encode_utf16().collect();
        let cut: Vec<String> =
            pieces(&units, longest).into_iter().map(|p| String::from_utf16_lossy(&units[p])).collect();
        assert_eq!(cut, expected);
    }

    #[test]
    fn cuts() {
        check("", 9, &[]);
        check("开工了。投产了!", 9, &["开工了。", "投产了!"]);
        check("他说:“开工了。”大家鼓掌", 20, &["他说:“开工了。”", "大家鼓掌"]);
        check("什么?!真的……好", 9, &["什么?!", "真的……", "好"]);
        check("一二三,四五六,七八九", 8, &["一二三,四五六,", "七八九"]);
        check("一二三四五六七八九", 4, &["一二三四", "五六七八", "九"]);
        check("增长12.6%,达3.5亿", 20, &["增长12.6%,达3.5亿"]);
    }

    proptest! {
        #[test]
        fn pieces_tile_the_paragraph(text in "[甲。,a\u{20000}”]{0,200}", longest in 2usize..50) {
            let units: Vec<u16> = text.encode_utf16().collect();
            let mut at = 0;
            for piece in pieces(&units, longest) {
                prop_assert_eq!(piece.start, at);
                prop_assert!(piece.end > piece.start);
                prop_assert!(piece.end == units.len() || !(0xdc00..0xe000).contains(&units[piece.end]));
                at = piece.end;
            }
            prop_assert_eq!(at, units.len());
        }
    }
}
