//! Clean texts, put through the forward model of rewritten pages and then cleaned, come back.

mod clean_words;

use clean_words::{Dictionary, news};
use fangzhi::clean::clean_text;
use fangzhi::clean::rewritten::forward::{Rules, rewrite};
use fangzhi::clean::rewritten::simplified;
use std::collections::BTreeMap;

/// The annotated characters of two pages (seeds 000 and 001), with those that only a straddling
/// match shows. Reversed, they are other programs: the order of replacements matters.
const LISTS: [&str; 2] = [
    "區項濟業產經進設網發現點實質機強轉標領結數續優態規統驗創關據內構訓達務復學運獻堅認負責養聯謹準",
    "項濟業醫區發個產質國設學經點強動開進務實時創現術會來構達報內級計態續勢儲堅轉機過聯當優責運認長場調領準陽爭萬樹數遠購風驗營擴庫礎養財環結負隊潤畫統護標寫獻請贈",
];

/// Our own paragraphs: news-like, with what news has (numbers, Latin, quotations, questions).
const SAMPLE: &str = include_str!("clean_words/sample.txt");

/// What folding makes the same: the width of the cut marks, which is lost, and the script.
fn folded(text: &str) -> String {
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
fn distance(a: &str, b: &str) -> usize {
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

#[derive(Debug, Default)]
struct Figures {
    texts: usize,
    exact: usize,
    characters: usize,
    errors: usize,
}

impl Figures {
    fn error_rate(&self) -> f64 {
        self.errors as f64 / self.characters.max(1) as f64
    }
}

fn measure(texts: &[String], lexicon: &Dictionary, show: usize) -> Figures {
    let mut figures = Figures::default();
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    for (n, text) in texts.iter().enumerate() {
        let rules = Rules::of(LISTS[n % 2]);
        let rewritten = rewrite(text, &rules);
        let cleaned = clean_text(&rewritten, lexicon);
        let (wanted, found) = (folded(text), folded(&cleaned.text));
        figures.texts += 1;
        figures.exact += usize::from(wanted == found);
        figures.characters += text.chars().count();
        for (row, (a, b)) in wanted.lines().zip(found.lines()).enumerate() {
            let errors = distance(a, b);
            figures.errors += errors;
            if errors > 0 {
                let at = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
                let around = |t: &str| t.chars().skip(at.saturating_sub(5)).take(14).collect::<String>();
                let raw = rewritten.lines().nth(row).unwrap_or_default();
                let wide = a.chars().skip(at.saturating_sub(5)).take(2).collect::<String>();
                let from = raw.chars().map(simplified).collect::<String>();
                let from = from.find(&wide).map_or("", |p| &from[p..]);
                let from: String = from.chars().take(30).collect();
                *shown.entry(format!("{errors:03} {} ← {}   {from}", around(a), around(b))).or_default() += 1;
            }
        }
        figures.errors += wanted.lines().count().abs_diff(found.lines().count());
    }
    for (what, count) in shown.iter().take(show) {
        println!("  {count} × {what}");
    }
    figures
}

#[test]
fn own_paragraphs_come_back() {
    let lexicon = Dictionary::load();
    let paragraphs: Vec<&str> = SAMPLE.split("\n\n").map(str::trim).collect();
    assert!(paragraphs.len() >= 24, "{}", paragraphs.len());
    // Articles of three paragraphs: in fewer characters the program's work need not show.
    let texts: Vec<String> = paragraphs.windows(3).map(|p| p.join("\n")).collect();
    // Two programs each: a text goes through both lists.
    let twice: Vec<String> = texts.iter().flat_map(|t| [t.clone(), t.clone()]).collect();
    let figures = measure(&twice, &lexicon, 40);
    println!("own paragraphs: error rate {:.4} %, {figures:?}", 100.0 * figures.error_rate());
    assert!(figures.error_rate() < 0.002);
}

#[test]
fn news_comes_back() {
    // `ROUND_TRIP=2000 cargo test …` for more, `ROUND_TRIP_FROM=7` for others.
    let number = |name: &str| std::env::var(name).ok().and_then(|v| v.parse().ok());
    let (count, offset) = (number("ROUND_TRIP").unwrap_or(400), number("ROUND_TRIP_FROM").unwrap_or(0));
    let step = (16000 / count).max(1);
    let texts: Vec<String> = news()
        .into_iter()
        .map(|(_, text)| text)
        .filter(|t| t.chars().count() > 200)
        .skip(offset)
        .step_by(step)
        .take(count)
        .collect();
    if texts.is_empty() {
        return;
    }
    let figures = measure(&texts, &Dictionary::load(), 60);
    println!("news: error rate {:.4} %, {figures:?}", 100.0 * figures.error_rate());
    assert!(figures.error_rate() < 0.002);
}
