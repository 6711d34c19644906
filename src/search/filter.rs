//! Which articles pass the filters: decided by fast fields, segment by segment.

use super::request::{Filters, YearFilter};
use crate::error::{Error, Result};
use crate::index::{MARKS, META_SEPARATOR, OpenIndex, PlaceValue};
use crate::{place, text};
use globset::GlobBuilder;
use std::collections::BTreeSet;
use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::Facet;

/// The filters, made ready for each segment of one index.
#[derive(Debug)]
pub(super) struct Filter {
    segments: Vec<SegmentFilter>,
}

/// For each filter in use, which values of the segment's column pass.
#[derive(Default)]
struct SegmentFilter {
    names: Vec<(Option<StrColumn>, Vec<bool>)>,
    /// Of which no value may be there.
    without: Option<(Option<StrColumn>, Vec<bool>)>,
    years: Option<(Column<i64>, Vec<YearFilter>)>,
    days: Option<Days>,
    /// How sure the dates are, and how sure they must be.
    sure: Option<(Column<i64>, i64)>,
    deleted: Option<tantivy::fastfield::AliveBitSet>,
}

/// First and last possible day of each article, and the ranges asked for.
struct Days {
    from: Column<i64>,
    to: Column<i64>,
    ranges: Vec<(i64, i64)>,
}

impl std::fmt::Debug for SegmentFilter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SegmentFilter")
    }
}

impl Filter {
    /// Reads the filters. A value that no article has is noted: it is more often a slip than
    /// a wish for nothing.
    ///
    /// # Errors
    /// When a glob pattern can't be read or the index is damaged.
    pub fn new(index: &OpenIndex, filters: &Filters, notes: &mut Vec<String>) -> Result<Filter> {
        let globs = filters
            .paths
            .iter()
            .map(|pattern| {
                let glob = GlobBuilder::new(pattern.strip_prefix("./").unwrap_or(pattern)).build();
                glob.map(|g| g.compile_matcher())
                    .map_err(|e| Error::Usage(format!("--path `{pattern}` is no glob pattern: {}", e.kind())))
            })
            .collect::<Result<Vec<_>>>()?;
        let sources: Vec<String> = filters.sources.iter().map(|s| form(s)).collect();
        known_qualities(index, filters)?;
        let mut seen = vec![false; filters.districts.len() + sources.len() + globs.len()];
        let (in_districts, rest) = seen.split_at_mut(filters.districts.len());
        let (in_sources, in_globs) = rest.split_at_mut(sources.len());
        let mut segments = Vec::new();
        for reader in index.searcher.segment_readers() {
            let fast = reader.fast_fields();
            let error = |e: tantivy::TantivyError| crate::index::unreadable(e);
            let mut segment = SegmentFilter { deleted: reader.alive_bitset().cloned(), ..Default::default() };
            if !filters.districts.is_empty() {
                let g = &index.places;
                let told = filters.as_of.is_none() && filters.confidence.is_none();
                let column = fast.str(if told { "district" } else { "place" }).map_err(error)?;
                let passing = if told {
                    passing(&column, |encoded| {
                        let path = district_path(encoded);
                        any(in_districts, &filters.districts, |wanted| {
                            place::path_matches_in(g, &path, wanted)
                        })
                    })?
                } else {
                    passing(&column, |encoded| {
                        let Some(value) = PlaceValue::decode(encoded) else { return false };
                        let sure = filters.confidence.is_none_or(|least| value.confidence >= least);
                        let named = Some(value.named).filter(|n| !n.is_empty());
                        value.about
                            && sure
                            && any(in_districts, &filters.districts, |wanted| match filters.as_of {
                                Some(year) => place::matches_as_of(g, value.path, named, wanted, year),
                                None => place::path_matches_in(g, value.path, wanted),
                            })
                    })?
                };
                segment.names.push((column, passing));
            }
            if !sources.is_empty() {
                let column = fast.str("source").map_err(error)?;
                let passing = passing(&column, |name| {
                    let name = form(name);
                    any(in_sources, &sources, |wanted| name == *wanted)
                })?;
                segment.names.push((column, passing));
            }
            if !globs.is_empty() {
                let column = fast.str("path").map_err(error)?;
                let passing = passing(&column, |path| any(in_globs, &globs, |glob| glob.is_match(path)))?;
                segment.names.push((column, passing));
            }
            let among = |wanted: &[String], column: &Option<StrColumn>| {
                passing(column, |term| quality_value(term).is_some_and(|v| wanted.iter().any(|w| w == v)))
            };
            if !filters.quality.is_empty() {
                let column = fast.str("quality").map_err(error)?;
                let passing = among(&filters.quality, &column)?;
                segment.names.push((column, passing));
            }
            if !filters.without.is_empty() {
                let column = fast.str("quality").map_err(error)?;
                let barred = among(&filters.without, &column)?;
                segment.without = Some((column, barred));
            }
            if let Some(least) = filters.confidence {
                segment.sure = Some((fast.i64("dated").map_err(error)?, least.into()));
            }
            if !filters.years.is_empty() {
                segment.years = Some((fast.i64("year").map_err(error)?, filters.years.clone()));
            }
            if !filters.dates.is_empty() {
                let (from, to) = (fast.i64("from").map_err(error)?, fast.i64("to").map_err(error)?);
                segment.days = Some(Days { from, to, ranges: filters.dates.clone() });
            }
            segments.push(segment);
        }
        if filters.as_of.is_none() {
            notes.extend(filters.districts.iter().filter_map(|d| place::remark(&index.places, d)));
        }
        let note = |option: &str, names: &[String], seen: &[bool], notes: &mut Vec<String>| {
            for (name, _) in names.iter().zip(seen).filter(|(_, seen)| !**seen) {
                notes.push(format!("{option} {name}: no article has it"));
            }
        };
        note("--district", &filters.districts, in_districts, notes);
        note("--source", &filters.sources, in_sources, notes);
        note("--path", &filters.paths, in_globs, notes);
        Ok(Filter { segments })
    }

    /// Whether a document is there (not deleted) and passes.
    pub fn accepts(&self, segment: usize, document: u32) -> bool {
        let filter = &self.segments[segment];
        if filter.deleted.as_ref().is_some_and(|alive| alive.is_deleted(document)) {
            return false;
        }
        let sure = filter
            .sure
            .as_ref()
            .is_none_or(|(dated, least)| dated.first(document).is_some_and(|d| d >= *least));
        let named = filter.names.iter().all(|(column, passing)| {
            let Some(column) = column else { return false };
            column.term_ords(document).any(|ord| passing[ord as usize])
        });
        let barred = filter.without.as_ref().is_some_and(|(column, barred)| {
            column.as_ref().is_some_and(|c| c.term_ords(document).any(|ord| barred[ord as usize]))
        });
        named
            && !barred
            && filter.years.as_ref().is_none_or(|(column, years)| {
                let year = column.first(document).filter(|_| sure);
                years.iter().any(|wanted| match (wanted, year) {
                    (YearFilter::Range(a, b), Some(year)) => (*a..=*b).contains(&year),
                    (YearFilter::Unknown, None) => true,
                    _ => false,
                })
            })
            && filter.days.as_ref().is_none_or(|days| {
                // An article of which only the year is known passes when the whole year does.
                match (days.from.first(document), days.to.first(document)) {
                    (Some(from), Some(to)) if sure => {
                        let to = if to % 100 == 31 { last_day(to) } else { to };
                        days.ranges.iter().any(|(a, b)| *a <= from && to <= *b)
                    }
                    _ => false,
                }
            })
    }
}

/// A mark of quality or a rule of repair, of a term of the column that holds them.
fn quality_value(term: &str) -> Option<&str> {
    let (facet, value) = term.split_once(META_SEPARATOR)?;
    (facet != "encoding").then_some(value)
}

/// Says which marks and rules there are when another is asked for: a slip here would leave in what
/// should be left out.
fn known_qualities(index: &OpenIndex, filters: &Filters) -> Result<()> {
    let asked = || filters.quality.iter().chain(&filters.without);
    if asked().all(|value| MARKS.contains(&value.as_str())) {
        return Ok(());
    }
    let mut known: BTreeSet<String> = MARKS.iter().map(|mark| (*mark).to_owned()).collect();
    for reader in index.searcher.segment_readers() {
        let column = reader.fast_fields().str("quality").map_err(crate::index::unreadable)?;
        passing(&column, |term| quality_value(term).is_some_and(|value| known.insert(value.to_owned())))?;
    }
    match asked().find(|value| !known.contains(*value)) {
        None => Ok(()),
        Some(value) => Err(Error::Usage(format!(
            "`{value}` is no mark of quality; an article can be {}, or have a repair that this index has: {}",
            MARKS.join(", "),
            known.iter().filter(|v| !MARKS.contains(&v.as_str())).cloned().collect::<Vec<_>>().join(", ")
        ))),
    }
}

/// The last day of a month that may be written as its 31st.
fn last_day(day: i64) -> i64 {
    let (year, month) = (day / 10_000, day / 100 % 100);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    };
    day - day % 100 + days
}

/// How names are compared.
fn form(name: &str) -> String {
    text::fold::search_form_mapped(name).0
}

/// A facet column's term as a path of names.
pub(super) fn district_path(encoded: &str) -> String {
    match Facet::from_encoded(encoded.as_bytes().to_vec()) {
        Ok(facet) => facet.to_path().join("/"),
        Err(_) => String::new(),
    }
}

/// Whether any wanted value matches; marks all that do.
fn any<T>(seen: &mut [bool], wanted: &[T], matches: impl Fn(&T) -> bool) -> bool {
    let mut found = false;
    for (seen, value) in seen.iter_mut().zip(wanted) {
        if matches(value) {
            *seen = true;
            found = true;
        }
    }
    found
}

/// For each term of a column, whether it passes.
fn passing(column: &Option<StrColumn>, mut pass: impl FnMut(&str) -> bool) -> Result<Vec<bool>> {
    let Some(column) = column else { return Ok(Vec::new()) };
    let mut passing = Vec::with_capacity(column.num_terms());
    let mut terms = column.dictionary().stream().map_err(crate::index::unreadable)?;
    while terms.advance() {
        passing.push(std::str::from_utf8(terms.key()).is_ok_and(&mut pass));
    }
    Ok(passing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_their_last_day() {
        assert_eq!(last_day(20240231), 20240229);
        assert_eq!(last_day(20230231), 20230228);
        assert_eq!(last_day(20240631), 20240630);
        assert_eq!(last_day(20241231), 20241231);
    }
}
