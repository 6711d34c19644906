//! The collection held in memory, folded, and scanned.

use fangzhi::source::{Metadata, discover, read_file};
use fangzhi::text::fold::search_form;
use std::ops::ControlFlow;
use std::path::Path;

fn folded(text: &str) -> String {
    let mut form = String::new();
    search_form(text, &mut form);
    form
}

pub struct Collection {
    /// Title and text in search form, a line a paragraph.
    pub articles: Vec<String>,
    /// Of titles and texts, in UTF-8.
    pub bytes: usize,
}

impl Collection {
    pub fn read(folder: &Path) -> Collection {
        let mut collection = Collection { articles: Vec::new(), bytes: 0 };
        let found = discover(&[folder.to_owned()], &[]);
        for file in &found.files {
            let _ = read_file(file, &Metadata::default(), &mut |article| {
                let article = article.expect("a sound record");
                let title = article.given.title.unwrap_or_default();
                collection.bytes += title.len() + article.text.len();
                // A title that stands in the text as a line of its own is not counted twice.
                let repeated = article.text.lines().any(|line| folded(line) == folded(&title));
                let title = if repeated { String::new() } else { title + "\n" };
                let form = folded(&(title + &article.text));
                collection.articles.push(form);
                ControlFlow::Continue(())
            });
        }
        collection
    }

    /// Random stretches of Han text of one length: the same ones for the same collection.
    pub fn pieces(&self, length: usize, n: usize) -> Vec<String> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ length as u64;
        let mut random = move |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below.max(1) as u64) as usize
        };
        let mut pieces = Vec::new();
        while pieces.len() < n {
            let article: Vec<char> = self.articles[random(self.articles.len())].chars().collect();
            let from = random(article.len());
            let piece = &article[from..(from + length).min(article.len())];
            if piece.len() == length && piece.iter().all(|c| fangzhi::text::fold::is_han(*c)) {
                pieces.push(piece.iter().collect());
            }
        }
        pieces
    }

    /// Articles that hold a literal, and how often it stands in them.
    pub fn scan(&self, literal: &str) -> (usize, usize) {
        let form = folded(literal);
        let counts = self.articles.iter().map(|article| article.matches(&form).count());
        counts.fold((0, 0), |(articles, all), n| (articles + (n > 0) as usize, all + n))
    }
}
