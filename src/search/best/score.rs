//! What an article is worth to a query.
//!
//! BM25 over the terms in title and body; the best stretch of a sentence's length; the title.
//! The weights were chosen on half of the questions of two judged sets (CMRC 2018, DRCD) and
//! checked on the other half; `tests/bench/retrieval.rs` measures them again.

use super::places::{Place, Terms, Window, best_window, worth};
use crate::analysis::PARAGRAPH;
use crate::query::Query;
use crate::search::rank::{CLOSENESS, saturate};

/// How long a stretch may be in which terms count as close, in units: a long sentence.
const LONGEST: u32 = 40;

/// What a term in the title adds, as a share of its weight.
const TITLE: f32 = 0.1;

/// What the title's terms add when the whole title stands in the query, as a share of their
/// weight: a question that names `松平康忠` asks for the article of that name.
const NAMED: f32 = 0.2;

/// A query ready to score articles.
#[derive(Debug)]
pub(super) struct Scorer {
    pub terms: Terms,
    /// Of each term: what it counts for by its rarity; 0 if no article holds it.
    pub weights: Vec<f32>,
    /// The average length of a body in units.
    pub average: f32,
    /// The query's literals in search form.
    literals: Vec<Vec<u16>>,
}

impl Scorer {
    pub fn new(query: &Query, terms: Terms, weights: Vec<f32>, average: f32) -> Scorer {
        let literals = query.literals().iter().map(|l| l.folded().encode_utf16().collect()).collect();
        Scorer { terms, weights, average, literals }
    }

    /// What an article of a length in units would score, in which each term stands once;
    /// `weight` is the sum over its terms.
    pub fn at_least(&self, weight: f32, length: f32) -> f32 {
        weight * saturate(1.0, length, self.average)
    }

    /// Scores an article by all `places` of the terms in its text; `None` when no term that
    /// finds articles is there. `title` is the first part of `units`.
    pub fn score(&self, units: &[u16], title: &[u16], places: &[Place]) -> Option<f32> {
        let mut counts = vec![0u32; self.weights.len()];
        places.iter().for_each(|p| counts[p.term as usize] += 1);
        if !self.terms.all.iter().zip(&counts).any(|(term, &n)| term.finds && n > 0) {
            return None;
        }
        let length = units.len() as f32;
        let terms = self.weights.iter().zip(&counts);
        let bm25: f32 = terms.map(|(w, &n)| w * saturate(n as f32, length, self.average)).sum();
        let window = self.window(places)?;
        Some(bm25 + CLOSENESS * window.worth + self.title(title, places))
    }

    /// The best stretch for some of an article's places, ordered by their start.
    pub fn window(&self, places: &[Place]) -> Option<Window> {
        best_window(places, &self.weights, LONGEST)
    }

    fn title(&self, title: &[u16], places: &[Place]) -> f32 {
        let within = |end: usize| worth(places.iter().filter(|p| p.end as usize <= end), &self.weights);
        let mut score = TITLE * within(title.len());
        let name = name(title);
        if !name.is_empty() && self.literals.iter().any(|l| l.windows(name.len()).any(|w| w == name)) {
            score += NAMED * within(name.len());
        }
        score
    }
}

/// A title without what only tells it from others of the same name: `雅芳河 (汉普郡)`.
fn name(title: &[u16]) -> &[u16] {
    let end = title.iter().position(|u| [b'(' as u16, PARAGRAPH].contains(u)).unwrap_or(title.len());
    title[..end].strip_suffix(&[b' ' as u16]).unwrap_or(&title[..end])
}

#[cfg(test)]
mod tests {
    use super::super::terms::terms;
    use super::*;

    /// The score of an article whose terms all weigh 1.
    fn score(query: &str, title: &str, body: &str) -> f32 {
        let query = crate::query::parse(query).expect("a query");
        let terms = Terms::new(terms(&query));
        let weights = vec![1.0; terms.all.len()];
        let scorer = Scorer::new(&query, terms, weights, 20.0);
        let units: Vec<u16> = format!("{title}\n{body}").encode_utf16().collect();
        let mut places = Vec::new();
        scorer.terms.places(&units, &[], &mut places);
        let title = &units[..title.encode_utf16().count()];
        scorer.score(&units, title, &places).unwrap_or(0.0)
    }

    #[test]
    fn the_better_article_comes_first() {
        let far = "。".repeat(50);
        for (query, better, worse) in [
            // Both of two beat one twice.
            ("黄河大桥", ("甲", "黄河上有大桥"), ("甲", "黄河流入黄河")),
            // Close beats far.
            ("黄河大桥", ("甲", &*format!("黄河大桥{far}")), ("甲", &*format!("黄河{far}大桥"))),
            // The title says what an article is about.
            ("黄河在哪里入海", ("黄河", "它流向东方入海"), ("它流", "黄河向东方入海")),
            ("黄河在哪里入海", ("黄河 (河流)", "入海"), ("黄河号 (船)", "入海")),
            // Short beats long.
            ("黄河大桥", ("甲", "黄河大桥"), ("甲", &*format!("黄河大桥{far}"))),
        ] {
            let (a, b) = (score(query, better.0, better.1), score(query, worse.0, worse.1));
            assert!(a > b, "{query}: {better:?} {a} {worse:?} {b}");
        }
    }

    #[test]
    fn single_characters_alone_are_nothing() {
        assert_eq!(score("黄河", "甲", "河水黄"), 0.0);
        assert!(score("黄河", "甲", "黄河") > 0.0);
    }

    #[test]
    fn names() {
        for (title, expected) in
            [("雅芳河 (汉普郡)", "雅芳河"), ("黄河", "黄河"), ("(一)", ""), ("", ""), ("上\n下", "上")]
        {
            let units: Vec<u16> = title.encode_utf16().collect();
            assert_eq!(String::from_utf16_lossy(name(&units)), expected);
        }
    }
}
