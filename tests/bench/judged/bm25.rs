//! Plain BM25 (k1 1.2, b 0.75) over the literal keywords of a query, read from the source files.

use fangzhi::source::{Metadata, discover, read_file};
use fangzhi::text::fold::search_form;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;

struct Read {
    id: String,
    date: String,
    title: String,
    text: String,
    /// Title and text in search form.
    form: String,
    length: f64,
}

/// The collection in memory.
pub struct Plain {
    articles: Vec<Read>,
    average: f64,
}

fn folded(text: &str) -> String {
    let mut form = String::new();
    search_form(text, &mut form);
    form
}

impl Plain {
    pub fn read(folder: &Path) -> Plain {
        let mut articles = Vec::new();
        for file in &discover(&[folder.to_owned()], &[]).files {
            let _ = read_file(file, &Metadata::default(), &mut |article| {
                let article = article.expect("a sound record");
                let title = article.given.title.unwrap_or_default();
                let form = folded(&format!("{title}\n{}", article.text));
                articles.push(Read {
                    id: article.given.id.unwrap_or_default(),
                    date: article.given.date.unwrap_or_default(),
                    length: form.chars().count() as f64,
                    title,
                    text: article.text,
                    form,
                });
                ControlFlow::Continue(())
            });
        }
        let average = articles.iter().map(|a| a.length).sum::<f64>() / articles.len().max(1) as f64;
        Plain { articles, average }
    }

    /// The ids of the first ten that hold all keywords, or any where none holds all.
    pub fn order(&self, query: &str) -> Vec<String> {
        let keywords: Vec<String> = query.split(' ').map(folded).collect();
        let counts: Vec<Vec<f64>> = self
            .articles
            .iter()
            .map(|a| keywords.iter().map(|k| a.form.matches(k.as_str()).count() as f64).collect())
            .collect();
        let n = self.articles.len() as f64;
        let idf = |k: usize| {
            let df = counts.iter().filter(|c| c[k] > 0.0).count() as f64;
            (1.0 + (n - df + 0.5) / (df + 0.5)).ln()
        };
        let idfs: Vec<f64> = (0..keywords.len()).map(idf).collect();
        let all = counts.iter().any(|c| c.iter().all(|tf| *tf > 0.0));
        let mut scored: Vec<(f64, &str)> = Vec::new();
        for (article, counts) in self.articles.iter().zip(&counts) {
            let holds =
                if all { counts.iter().all(|tf| *tf > 0.0) } else { counts.iter().any(|tf| *tf > 0.0) };
            if holds {
                let norm = 1.2 * (0.25 + 0.75 * article.length / self.average);
                let score = counts.iter().zip(&idfs).map(|(tf, idf)| idf * tf * 2.2 / (tf + norm)).sum();
                scored.push((score, &article.id));
            }
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        scored.into_iter().take(10).map(|(_, id)| id.to_owned()).collect()
    }

    /// How many of these articles say little that none before them says: four in five of their
    /// stretches of eight characters stand in one of those.
    pub fn repeated(&self, ids: &[String]) -> usize {
        let stretches = |id: &String| -> HashSet<String> {
            let text = self.articles.iter().find(|a| a.id == *id).map_or("", |a| &a.text);
            let chars: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
            chars.windows(8).map(|w| w.iter().collect()).collect()
        };
        let all: Vec<HashSet<String>> = ids.iter().map(stretches).collect();
        let again = |(i, one): (usize, &HashSet<String>)| {
            all[..i].iter().any(|before| 5 * one.intersection(before).count() > 4 * one.len())
        };
        all.iter().enumerate().filter(|(i, one)| again((*i, one))).count()
    }

    /// What a judge reads: day, length, how often each keyword stands there, title, the text around
    /// where they first stand.
    pub fn describe(&self, id: &str, query: &str) -> String {
        let Some(a) = self.articles.iter().find(|a| a.id == id) else { return "not there".into() };
        let counts: Vec<String> =
            query.split(' ').map(|k| a.form.matches(&folded(k)).count().to_string()).collect();
        let text: Vec<char> = a.text.chars().filter(|c| !c.is_whitespace()).collect();
        let flat: String = text.iter().collect();
        let at = query.split(' ').filter(|k| k.parse::<u32>().is_err()).find_map(|k| flat.find(k));
        let at = at.map_or(0, |at| flat[..at].chars().count().saturating_sub(30));
        let around: String = text.iter().skip(at).take(90).collect();
        format!("{}\t{}\t{}\t{}\t{around}", a.date, a.length, counts.join("+"), a.title)
    }
}
