//! Answers with the places as they were in an earlier year.

use super::engine::Engine;
use super::response::{About, FacetCount, SummaryFacets};
use crate::error::Result;
use crate::place;
use std::collections::BTreeMap;

impl Engine {
    /// The districts of an answer's articles as they were in `year`, by the names that the articles have for
    /// them.
    pub(super) fn as_of<'a>(&self, year: i32, about: impl Iterator<Item = &'a mut About>) -> Result<()> {
        let places = &self.index.places;
        let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for about in about.filter(|a| !a.districts.is_empty()) {
            if !known.contains_key(&about.article) {
                let records = self.articles_named(&about.article)?;
                let found = records.iter().flat_map(|r| &r.facets.places).filter(|p| p.about);
                let mut then: Vec<String> = Vec::new();
                for p in found {
                    let path = place::as_of(places, &p.path, Some(p.evidence.words.as_str()), year);
                    if !then.contains(&path) {
                        then.push(path);
                    }
                }
                known.insert(about.article.clone(), then);
            }
            about.districts.clone_from(&known[&about.article]);
        }
        Ok(())
    }

    /// The districts of a summary as they were in `year`.
    pub(super) fn summary_as_of(&self, year: i32, facets: &mut SummaryFacets) {
        let mut counts: BTreeMap<Option<String>, usize> = BTreeMap::new();
        for count in &facets.district {
            let path = count.value.as_deref().map(|p| place::as_of(&self.index.places, p, None, year));
            *counts.entry(path).or_default() += count.articles;
        }
        facets.district =
            counts.into_iter().map(|(value, articles)| FacetCount { value, articles }).collect();
        facets.district.sort_by(|a, b| {
            let weight = b.articles.cmp(&a.articles);
            a.value.is_none().cmp(&b.value.is_none()).then(weight).then_with(|| a.value.cmp(&b.value))
        });
    }
}
