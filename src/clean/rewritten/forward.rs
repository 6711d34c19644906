//! The forward model: what a rewriting program does to a page.
//!
//! It works on the GBK bytes without looking at character boundaries. A repair is believed only
//! when this model, run on its result, gives back what stands in the file; and the model is the
//! generator of the round-trip test.

use super::gbk;
use super::table::table;
use std::collections::HashMap;

/// The full-width marks at which the text is cut, with what is printed for them.
pub(super) const CUTS: [([u8; 2], char); 5] =
    [([0xA3, 0xAC], ','), ([0xA3, 0xBB], ';'), ([0xA3, 0xBF], '?'), ([0xA3, 0xA1], '!'), ([0xA3, 0xBA], ':')];

/// What is printed for a cut mark, if the code is one.
pub(super) fn cut_mark(code: [u8; 2]) -> Option<char> {
    CUTS.iter().find(|(c, _)| *c == code).map(|&(_, mark)| mark)
}

/// The readings that a program puts after certain codes, in the order of its replacements.
#[derive(Debug, Default, Clone)]
pub struct Rules {
    /// Code → place in the order, and the reading.
    list: HashMap<[u8; 2], (usize, String)>,
}

impl Rules {
    /// Rules for these Traditional characters, each with its first reading, in their order.
    pub fn of(characters: &str) -> Rules {
        let mut rules = Rules::default();
        for c in characters.chars() {
            if let (Some(code), Some(reading)) = (gbk::encode(c), table().reading(c)) {
                rules.add(code, reading);
            }
        }
        rules
    }

    pub(super) fn add(&mut self, code: [u8; 2], reading: &str) {
        let order = self.list.len();
        self.list.entry(code).or_insert_with(|| (order, reading.to_owned()));
    }

    pub(super) fn holds(&self, code: [u8; 2]) -> bool {
        self.list.contains_key(&code)
    }

    /// The reading put after each byte. The replacements run one after the other over the whole
    /// text, so a pair is found only while nothing was put between its bytes.
    fn marks(&self, bytes: &[u8]) -> Vec<Option<&str>> {
        let mut marks = vec![None; bytes.len()];
        let mut found: Vec<(usize, usize, &str)> = bytes
            .windows(2)
            .enumerate()
            .filter_map(|(i, pair)| {
                let (order, reading) = self.list.get(&[pair[0], pair[1]])?;
                Some((*order, i, reading.as_str()))
            })
            .collect();
        found.sort_unstable();
        for (_, i, reading) in found {
            if marks[i].is_none() {
                marks[i + 1] = Some(reading);
            }
        }
        marks
    }
}

/// Rewrites a Simplified text as such a program does: each character to its Traditional form,
/// readings put in, the text cut at full-width marks, the pieces decoded again. Characters that
/// GBK lacks are kept and end a run.
pub fn rewrite(simplified: &str, rules: &Rules) -> String {
    let mut output = String::with_capacity(simplified.len() * 2);
    let mut bytes = Vec::new();
    let flush = |bytes: &mut Vec<u8>, output: &mut String| {
        let marks = rules.marks(bytes);
        decode(bytes, &marks, output);
        bytes.clear();
    };
    for c in simplified.chars() {
        let c = table().traditional(c);
        match gbk::encode(c) {
            Some(code) => bytes.extend(code),
            None if c.is_ascii() && c != '\n' => bytes.push(c as u8),
            None => {
                flush(&mut bytes, &mut output);
                output.push(c);
            }
        }
    }
    flush(&mut bytes, &mut output);
    output
}

/// Cuts bytes, with a reading after some of them, at the full-width marks and decodes the
/// pieces: a lead byte whose trail byte is gone is printed `?` and eats the ASCII byte after it.
pub(super) fn decode(bytes: &[u8], marks: &[Option<&str>], output: &mut String) {
    let mark_after = |i: usize| marks.get(i).copied().flatten();
    let mut lead: Option<u8> = None;
    let mut i = 0;
    while i < bytes.len() {
        let b = bytes[i];
        if let Some(&next) = bytes.get(i + 1)
            && mark_after(i).is_none()
            && let Some(mark) = cut_mark([b, next])
        {
            if lead.take().is_some() {
                output.push('?');
            }
            output.push(mark);
            i += 1;
        } else if let Some(first) = lead.take() {
            match gbk::decode(first, b) {
                Some(c) if gbk::is_trail(b) => output.push(c),
                _ => output.push('?'),
            }
        } else if gbk::is_lead(b) {
            lead = Some(b);
        } else if b < 0x80 {
            output.push(char::from(b));
        } else {
            output.push(if b == 0x80 { '€' } else { '?' });
        }
        if let Some(reading) = mark_after(i) {
            output.push(if lead.take().is_some() { '?' } else { '(' });
            output.push_str(reading);
            output.push(')');
        }
        i += 1;
    }
    if lead.is_some() {
        output.push('?');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rules: &str, simplified: &str, expected: &str) {
        assert_eq!(rewrite(simplified, &Rules::of(rules)), expected);
    }

    #[test]
    fn what_stands_in_the_file() {
        check("濟", "济南", "濟(jì)南");
        check("現", "进行。现场观摩后", "進行?,F(xiàn)場觀摩後");
        check("", "起势。活动期间", "起勢?;顒悠陂g");
        check("", "日常考核评价", "日??己嗽u價");
        check("報請", "日报", "日?qǐng)?bào)");
        check("請報", "日报", "日?qǐng)?");
        check("贈", "快速决策", "快速?zèng)Q策");
        check("數謹", "布局数字", "布局?jǐn)?shù)字");
        check("準項", "链式项目", "鏈?zhǔn)巾?xiàng)目");
        check("準發", "链式集群发展", "鏈?zhǔn)郊\u{E1FD}喊l(fā)展");
        check("機潤", "策划机制", "策劃?rùn)C(jī)制");
    }

    #[test]
    fn what_no_rule_touches_stays_but_for_its_script() {
        check("", "长江 30GW, a?", "長江 30GW, a?");
        check("", "😀比亚迪", "😀比亞迪");
        check("項", "", "");
    }
}
