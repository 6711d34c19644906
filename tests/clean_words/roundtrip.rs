//! Clean texts through the forward model of rewritten pages and back: what test and bench count.

#![allow(dead_code)] // each binary uses its part

use fangzhi::clean::clean_text;
use fangzhi::clean::rewritten::forward::{Rules, rewrite};
use fangzhi::clean::rewritten::simplified;
use fangzhi::text::Lexicon;

/// The annotated characters of two pages (seeds 000 and 001), with those that only a straddling
/// match shows. Reversed, they are other programs: the order of replacements matters.
pub const LISTS: [&str; 2] = [
    "區項濟業產經進設網發現點實質機強轉標領結數續優態規統驗創關據內構訓達務復學運獻堅認負責養聯謹準",
    "項濟業醫區發個產質國設學經點強動開進務實時創現術會來構達報內級計態續勢儲堅轉機過聯當優責運認長場調領準陽爭萬樹數遠購風驗營擴庫礎養財環結負隊潤畫統護標寫獻請贈",
];

/// A text as the program that annotates one of [`LISTS`] leaves it.
pub fn corrupt(text: &str, list: usize) -> String {
    rewrite(text, &Rules::of(LISTS[list % LISTS.len()]))
}

/// What folding makes the same: the width of the cut marks, which is lost, and the script.
pub fn folded(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '，' => ',',
            '；' => ';',
            '？' => '?',
            '！' => '!',
            '：' => ':',
            '著' => '着',
            _ => simplified(c),
        })
        .collect()
}

/// Edits that turn one line into the other, by characters.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a == b {
        return 0;
    }
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// What came back.
#[derive(Debug, Default)]
pub struct Figures {
    pub texts: usize,
    /// Texts that came back character for character.
    pub exact: usize,
    /// Texts that did, but for digits which the program destroyed and cleaning reported as lost.
    pub exact_but_lost: usize,
    pub characters: usize,
    pub errors: usize,
    /// Repairs of split characters by their confidence in tenths (the last: 1), and the texts that
    /// hold nothing less confident than that and came back exactly.
    pub repairs: [usize; 11],
    /// The first few lines that differ.
    pub differences: Vec<String>,
}

impl Figures {
    pub fn error_rate(&self) -> f64 {
        self.errors as f64 / self.characters.max(1) as f64
    }

    /// In a hundred.
    pub fn share(&self, texts: usize) -> f64 {
        100.0 * texts as f64 / self.texts.max(1) as f64
    }
}

/// Whether two folded texts are the same but for a `?` where a digit stood.
fn same_but_lost(wanted: &str, found: &str) -> bool {
    wanted.chars().count() == found.chars().count()
        && wanted.chars().zip(found.chars()).all(|(a, b)| a == b || b == '?' && a.is_ascii_digit())
}

/// Corrupts each text, the lists by turns, cleans it and compares.
pub fn measure<'t>(texts: impl Iterator<Item = &'t str>, lexicon: &dyn Lexicon) -> Figures {
    const SHOWN: usize = 60;
    let mut figures = Figures::default();
    for (n, text) in texts.enumerate() {
        let cleaned = clean_text(&corrupt(text, n), lexicon);
        let (wanted, found) = (folded(text), folded(&cleaned.text));
        figures.texts += 1;
        figures.exact += usize::from(wanted == found);
        figures.exact_but_lost += usize::from(same_but_lost(&wanted, &found));
        figures.characters += text.chars().count();
        for repair in cleaned.repairs.iter().filter(|r| r.rule == "split-character") {
            figures.repairs[(repair.confidence * 10.0) as usize] += 1;
        }
        for (a, b) in wanted.lines().zip(found.lines()) {
            let errors = distance(a, b);
            figures.errors += errors;
            if errors > 0 && figures.differences.len() < SHOWN {
                let at = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
                let around = |t: &str| t.chars().skip(at.saturating_sub(6)).take(16).collect::<String>();
                figures.differences.push(format!("{errors} {} ← {}", around(a), around(b)));
            }
        }
        figures.errors += wanted.lines().count().abs_diff(found.lines().count());
    }
    figures
}
