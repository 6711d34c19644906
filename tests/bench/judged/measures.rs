//! Graded judgements and the measures over them.

use std::collections::BTreeMap;

/// A query and the articles that were judged for it.
pub struct Judged {
    pub query: String,
    /// 3: what was asked for, the article to begin with; 2: about it; 1: says something of it; 0: not.
    pub grades: BTreeMap<String, u32>,
}

/// Reads lines of query, article, grade, reason; `#` begins a comment. The order of the queries stays.
pub fn read(text: &str) -> Vec<Judged> {
    let mut judged: Vec<Judged> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [query, article, grade, _reason] = columns[..] else { panic!("not four columns: {line}") };
        if judged.last().is_none_or(|last| last.query != query) {
            judged.push(Judged { query: query.to_owned(), grades: BTreeMap::new() });
        }
        let grades = &mut judged.last_mut().expect("just pushed").grades;
        let before = grades.insert(article.to_owned(), grade.parse().expect("a grade"));
        assert!(before.is_none(), "{query}: {article} is judged twice");
    }
    judged
}

/// Järvelin and Kekäläinen's normalised discounted cumulative gain, with gains of 2^grade − 1.
pub fn ndcg(order: &[String], grades: &BTreeMap<String, u32>, depth: usize) -> f64 {
    let gain = |grade: u32| f64::from((1u32 << grade) - 1);
    let sum = |gains: &mut dyn Iterator<Item = f64>| -> f64 {
        gains.take(depth).enumerate().map(|(rank, gain)| gain / (rank as f64 + 2.0).log2()).sum()
    };
    let mut best: Vec<u32> = grades.values().copied().collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let ideal = sum(&mut best.into_iter().map(gain));
    let found = sum(&mut order.iter().map(|id| gain(grades.get(id).copied().unwrap_or(0))));
    if ideal > 0.0 { found / ideal } else { 0.0 }
}

/// The share of the first `depth` that are about what was asked (grades 2 and 3), or of as many as are
/// known to be where these are fewer.
pub fn precision(order: &[String], grades: &BTreeMap<String, u32>, depth: usize) -> f64 {
    let good = |id: &&String| grades.get(*id).is_some_and(|grade| *grade >= 2);
    let known = grades.values().filter(|grade| **grade >= 2).count().min(depth);
    if known == 0 { 0.0 } else { order.iter().take(depth).filter(good).count() as f64 / known as f64 }
}
