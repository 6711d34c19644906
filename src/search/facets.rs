//! Counts by facet value, from the fast fields of the articles that count.

use super::cross::is_time;
use super::filter::district_path;
use super::find::Match;
use super::request::Level;
use super::response::{FacetCount, FacetRow, FacetTable, FacetValue, SummaryFacets};
use crate::error::{Error, Result};
use crate::index::{META_SEPARATOR, OpenIndex, PlaceValue};
use crate::place;
use rustc_hash::FxHashMap;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use tantivy::columnar::{Column, StrColumn};

/// The facets that every index has.
pub(super) const FACETS: [&str; 12] = [
    "district",
    "year",
    "month",
    "date",
    "source",
    "path",
    "article",
    "quality",
    "repair",
    "encoding",
    "mentioned-district",
    "mentioned-year",
];

/// How facet values are read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reading {
    pub level: Level,
    /// Places as they were in this year.
    pub as_of: Option<i32>,
    /// Only values that are at least so sure, in hundredths.
    pub confidence: Option<u8>,
}

/// Where a facet's values are read.
enum Values {
    District(Option<StrColumn>),
    /// Read in another way than they are told, or with the places that are merely named.
    Places {
        column: Option<StrColumn>,
        mentioned: bool,
    },
    Year(Column<i64>, Sure),
    YearsTold(Column<i64>),
    /// Days as numbers, cut to so many digits (6: the month, 8: the day).
    Day {
        from: Column<i64>,
        to: Column<i64>,
        month: bool,
        sure: Sure,
    },
    Text(Option<StrColumn>),
    /// The record's id, else its path.
    Article {
        id: Option<StrColumn>,
        path: Option<StrColumn>,
    },
    Meta {
        column: Option<StrColumn>,
        prefix: String,
    },
}

/// Whether a date is sure enough to count.
struct Sure {
    dated: Option<(Column<i64>, i64)>,
}

impl Sure {
    fn open(fast: &tantivy::fastfield::FastFieldReaders, reading: Reading) -> tantivy::Result<Sure> {
        let least = reading.confidence.map(i64::from);
        Ok(Sure {
            dated: least
                .map(|least| Ok::<_, tantivy::TantivyError>((fast.i64("dated")?, least)))
                .transpose()?,
        })
    }

    fn is(&self, document: u32) -> bool {
        self.dated.as_ref().is_none_or(|(dated, least)| dated.first(document).is_some_and(|d| d >= *least))
    }
}

impl Values {
    fn open(index: &OpenIndex, segment: usize, facet: &str, reading: Reading) -> Result<Values> {
        let fast = index.searcher.segment_readers()[segment].fast_fields();
        let values = || -> tantivy::Result<Values> {
            Ok(match facet {
                "district" if reading.as_of.or(reading.confidence.map(i32::from)).is_none() => {
                    Values::District(fast.str("district")?)
                }
                "district" | "mentioned-district" => {
                    Values::Places { column: fast.str("place")?, mentioned: facet != "district" }
                }
                "mentioned-year" => Values::YearsTold(fast.i64("told")?),
                "year" => Values::Year(fast.i64("year")?, Sure::open(fast, reading)?),
                "month" | "date" => {
                    let sure = Sure::open(fast, reading)?;
                    Values::Day {
                        from: fast.i64("from")?,
                        to: fast.i64("to")?,
                        month: facet == "month",
                        sure,
                    }
                }
                "source" | "path" => Values::Text(fast.str(facet)?),
                "article" => Values::Article { id: fast.str("id")?, path: fast.str("path")? },
                "quality" | "repair" | "encoding" => {
                    Values::Meta { column: fast.str("quality")?, prefix: format!("{facet}{META_SEPARATOR}") }
                }
                key => Values::Meta { column: fast.str("meta")?, prefix: format!("{key}{META_SEPARATOR}") },
            })
        };
        values().map_err(crate::index::unreadable)
    }

    /// What stands in the columns of a document, on which alone its values depend.
    fn columns(&self, document: u32, into: &mut Vec<i64>) {
        let mut ords = |column: &Option<StrColumn>| {
            let before = into.len();
            into.extend(column.iter().flat_map(|c| c.term_ords(document)).map(|ord| ord as i64));
            into.len() > before
        };
        match self {
            Values::District(column)
            | Values::Text(column)
            | Values::Places { column, .. }
            | Values::Meta { column, .. } => {
                ords(column);
            }
            Values::Article { id, path } => {
                if !ords(id) && ords(path) {
                    // Told apart from the same numbers of ids.
                    into.push(-1);
                }
            }
            Values::YearsTold(column) => into.extend(column.values_for_doc(document)),
            Values::Year(_, sure) | Values::Day { sure, .. } if !sure.is(document) => {}
            Values::Year(column, _) => into.extend(column.first(document)),
            Values::Day { from, to, .. } => {
                into.extend(from.first(document).into_iter().chain(to.first(document)))
            }
        }
    }

    /// The values of a document, each once; `None` alone when it has none.
    fn of(&self, document: u32, index: &OpenIndex, reading: Reading) -> Vec<Option<FacetValue>> {
        let texts = |column: &Option<StrColumn>, each: &dyn Fn(&str) -> Option<String>| {
            let Some(column) = column else { return Vec::new() };
            let mut text = String::new();
            let mut values = BTreeSet::new();
            for ord in column.term_ords(document) {
                text.clear();
                if column.ord_to_str(ord, &mut text).is_ok_and(|found| found)
                    && let Some(value) = each(&text)
                {
                    values.insert(value);
                }
            }
            values.into_iter().map(|v| Some(FacetValue::Text(v))).collect()
        };
        let plain = |text: &str| Some(text.to_owned());
        let mut values: Vec<Option<FacetValue>> = match self {
            Values::District(column) => texts(column, &|encoded| Some(district_path(encoded))),
            Values::Places { column, mentioned } => texts(column, &|text| {
                let place = PlaceValue::decode(text)?;
                let counts = (*mentioned || place.about)
                    && reading.confidence.is_none_or(|least| place.confidence >= least);
                let named = Some(place.named).filter(|n| !n.is_empty());
                counts.then(|| match reading.as_of {
                    Some(year) => place::as_of(&index.places, place.path, named, year),
                    None => place.path.to_owned(),
                })
            }),
            Values::YearsTold(column) => {
                let years: BTreeSet<i64> = column.values_for_doc(document).collect();
                years.into_iter().map(|y| Some(FacetValue::Number(y))).collect()
            }
            Values::Year(_, sure) | Values::Day { sure, .. } if !sure.is(document) => Vec::new(),
            Values::Year(column, _) => {
                column.first(document).map(FacetValue::Number).into_iter().map(Some).collect()
            }
            Values::Day { from, to, month, .. } => match (from.first(document), to.first(document)) {
                (Some(a), Some(_)) if *month => {
                    let same = to.first(document).is_some_and(|b| a / 100 == b / 100);
                    let value = format!("{:04}-{:02}", a / 10_000, a / 100 % 100);
                    same.then_some(Some(FacetValue::Text(value))).into_iter().collect()
                }
                (Some(a), Some(b)) if a == b => {
                    let value = format!("{:04}-{:02}-{:02}", a / 10_000, a / 100 % 100, a % 100);
                    vec![Some(FacetValue::Text(value))]
                }
                _ => Vec::new(),
            },
            Values::Text(column) => texts(column, &plain),
            Values::Article { id, path } => match texts(id, &plain) {
                ids if ids.is_empty() => texts(path, &plain),
                ids => ids,
            },
            Values::Meta { column, prefix } => {
                texts(column, &|text| text.strip_prefix(prefix.as_str()).map(str::to_owned))
            }
        };
        if let Values::District(_) | Values::Places { .. } = self
            && reading.level != Level::Told
        {
            let told = values.iter().flatten().flat_map(|v| at_level(&v.to_string(), reading.level));
            let told: BTreeSet<String> = told.collect();
            values = told.into_iter().map(|v| Some(FacetValue::Text(v))).collect();
        }
        if values.is_empty() {
            values.push(None);
        }
        values
    }
}

/// The paths that a place counts as, at a level.
fn at_level(path: &str, level: Level) -> Vec<String> {
    let ends: Vec<usize> = path.match_indices('/').map(|(i, _)| i).chain([path.len()]).collect();
    // 北京市 and 香港 are province and city in one.
    let whole = ["北京市", "天津市", "上海市", "重庆市"].contains(&&path[..ends[0]])
        || path.starts_with("香港")
        || path.starts_with("澳门");
    let depth = match level {
        Level::Province => 1,
        Level::City => 2 - usize::from(whole),
        Level::District => 3 - usize::from(whole),
        Level::Told => ends.len(),
        Level::All => return ends.iter().map(|end| path[..*end].to_owned()).collect(),
    };
    vec![path[..ends[depth.min(ends.len()) - 1]].to_owned()]
}

/// The values met so far, by number.
#[derive(Default)]
struct Numbered {
    values: Vec<Option<FacetValue>>,
    numbers: BTreeMap<Option<FacetValue>, u32>,
}

impl Numbered {
    fn number(&mut self, value: Option<FacetValue>) -> u32 {
        let next = self.values.len() as u32;
        match self.numbers.entry(value) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                self.values.push(entry.key().clone());
                *entry.insert(next)
            }
        }
    }
}

/// A facet of a segment, with the values of what stood in its columns so far: most documents have
/// there what another had, and to read a value takes a thousand times as long as to look it up.
struct Remembered {
    values: Values,
    known: FxHashMap<Box<[i64]>, Box<[u32]>>,
    columns: Vec<i64>,
}

impl Remembered {
    /// The numbers of a document's values.
    fn of(&mut self, document: u32, index: &OpenIndex, reading: Reading, numbered: &mut Numbered) -> &[u32] {
        self.columns.clear();
        self.values.columns(document, &mut self.columns);
        if !self.known.contains_key(self.columns.as_slice()) {
            let values = self.values.of(document, index, reading);
            let numbers = values.into_iter().map(|value| numbered.number(value)).collect();
            self.known.insert(self.columns.as_slice().into(), numbers);
        }
        &self.known[self.columns.as_slice()]
    }
}

/// Articles and, where they are counted, occurrences.
type Tally = (usize, Option<usize>);

/// Counts documents (with their occurrences) by one or more facets.
///
/// # Errors
/// When a facet is neither one of [`FACETS`] nor a metadata key of the index.
pub(super) fn table(
    index: &OpenIndex,
    by: &[String],
    reading: Reading,
    documents: impl Iterator<Item = ((usize, u32), Option<usize>)>,
) -> Result<FacetTable> {
    check(index, by)?;
    let open = |segment: usize| -> Result<Vec<Remembered>> {
        let facet = |facet: &String| {
            let values = Values::open(index, segment, facet, reading)?;
            Ok(Remembered { values, known: FxHashMap::default(), columns: Vec::new() })
        };
        by.iter().map(facet).collect()
    };
    let mut segments = (0..index.literal.len()).map(open).collect::<Result<Vec<_>>>()?;
    let mut numbered: Vec<Numbered> = by.iter().map(|_| Numbered::default()).collect();
    let mut counts: FxHashMap<Vec<u32>, Tally> = FxHashMap::default();
    let mut articles = 0;
    let mut count = |key: &[u32], occurrences: Option<usize>| {
        let tally = match counts.get_mut(key) {
            Some(tally) => tally,
            None => counts.entry(key.to_vec()).or_insert((0, occurrences.map(|_| 0))),
        };
        tally.0 += 1;
        tally.1 = tally.1.zip(occurrences).map(|(a, b)| a + b);
    };
    let (mut combinations, mut longer) = (Vec::new(), Vec::new());
    for ((segment, document), occurrences) in documents {
        articles += 1;
        let (last, others) = segments[segment].split_last_mut().expect("there is a facet to count by");
        // Combinations of values, one after another.
        combinations.clear();
        for (i, facet) in others.iter_mut().enumerate() {
            let values = facet.of(document, index, reading, &mut numbered[i]);
            longer.clear();
            if i == 0 {
                longer.extend_from_slice(values);
            }
            for combination in combinations.chunks(i.max(1)) {
                values.iter().for_each(|&value| longer.extend(combination.iter().chain([&value])));
            }
            std::mem::swap(&mut combinations, &mut longer);
        }
        let values = last.of(document, index, reading, &mut numbered[others.len()]);
        if others.is_empty() {
            values.iter().for_each(|value| count(std::slice::from_ref(value), occurrences));
        }
        for combination in combinations.chunks(others.len().max(1)) {
            for &value in values {
                longer.clear();
                longer.extend(combination.iter().chain([&value]));
                count(&longer, occurrences);
            }
        }
    }
    let value = |(i, &number): (usize, &u32)| numbered[i].values[number as usize].clone();
    let mut rows: Vec<FacetRow> = counts
        .iter()
        .map(|(key, &(articles, occurrences))| FacetRow {
            values: key.iter().enumerate().map(value).collect(),
            articles,
            occurrences,
        })
        .collect();
    // Time runs forward; everything else is listed by weight. Unknown comes last.
    let time = by.first().is_some_and(|facet| is_time(facet));
    let tree = reading.level == Level::All && by.first().is_some_and(|facet| facet.ends_with("district"));
    rows.sort_by(|a, b| {
        let unknown = |row: &FacetRow| row.values.first().is_some_and(Option::is_none);
        let weight = if time || tree { std::cmp::Ordering::Equal } else { b.articles.cmp(&a.articles) };
        unknown(a).cmp(&unknown(b)).then(weight).then_with(|| a.values.cmp(&b.values))
    });
    Ok(FacetTable { query: None, by: by.to_vec(), rows, articles, notes: Vec::new() })
}

fn check(index: &OpenIndex, by: &[String]) -> Result<()> {
    for (i, facet) in by.iter().enumerate() {
        if by[..i].contains(facet) {
            return Err(Error::Usage(format!("--by names `{facet}` twice")));
        }
        if FACETS.contains(&facet.as_str()) {
            continue;
        }
        let keys = metadata_keys(index)?;
        if !keys.contains(facet) {
            let keys: Vec<_> = keys.into_iter().collect();
            let more = if keys.is_empty() { String::new() } else { format!(", {}", keys.join(", ")) };
            return Err(Error::Usage(format!(
                "there is no facet `{facet}`; this index has {}{more}",
                FACETS.join(", ")
            )));
        }
    }
    Ok(())
}

/// The metadata keys that any article has.
pub(super) fn metadata_keys(index: &OpenIndex) -> Result<BTreeSet<String>> {
    let mut keys = BTreeSet::new();
    for reader in index.searcher.segment_readers() {
        let error = |e: String| crate::index::unreadable(e);
        let Some(column) = reader.fast_fields().str("meta").map_err(|e| error(e.to_string()))? else {
            continue;
        };
        let mut terms = column.dictionary().stream().map_err(|e| error(e.to_string()))?;
        while terms.advance() {
            if let Some((key, _)) =
                std::str::from_utf8(terms.key()).ok().and_then(|t| t.split_once(META_SEPARATOR))
            {
                keys.insert(key.to_owned());
            }
        }
    }
    Ok(keys)
}

/// District and year of the articles found, for a summary.
pub(super) fn summary<'a>(
    index: &OpenIndex,
    matches: impl Iterator<Item = &'a Match>,
) -> Result<SummaryFacets> {
    documents_summary(index, matches.map(|m| (m.segment(), m.document)))
}

/// As [`summary`], of documents.
pub(super) fn documents_summary(
    index: &OpenIndex,
    documents: impl Iterator<Item = (usize, u32)>,
) -> Result<SummaryFacets> {
    let mut districts: BTreeMap<Option<String>, usize> = BTreeMap::new();
    let mut years: BTreeMap<Option<i64>, usize> = BTreeMap::new();
    let mut documents: Vec<_> = documents.collect();
    documents.sort_unstable();
    for group in documents.chunk_by(|a, b| a.0 == b.0) {
        let segment = group[0].0;
        let Values::District(district) = Values::open(index, segment, "district", Reading::default())? else {
            continue;
        };
        let Values::Year(year, _) = Values::open(index, segment, "year", Reading::default())? else {
            continue;
        };
        let terms = district.as_ref().map_or(0, |d| d.num_terms());
        let mut by_ord = vec![0usize; terms];
        for &(_, document) in group {
            *years.entry(year.first(document)).or_default() += 1;
            let mut any = false;
            for ord in district.iter().flat_map(|d| d.term_ords(document)) {
                by_ord[ord as usize] += 1;
                any = true;
            }
            if !any {
                *districts.entry(None).or_default() += 1;
            }
        }
        let Some(column) = &district else { continue };
        let found: Vec<u64> = (0..terms as u64).filter(|&ord| by_ord[ord as usize] > 0).collect();
        let mut ords = found.iter();
        // All at once: each question of its own would unpack a block of the dictionary.
        let read = column.dictionary().sorted_ords_to_term_cb(&found, |encoded| {
            if let Some(&ord) = ords.next() {
                let path = district_path(&String::from_utf8_lossy(encoded));
                *districts.entry(Some(path)).or_default() += by_ord[ord as usize];
            }
        });
        read.map_err(crate::index::unreadable)?;
    }
    Ok(SummaryFacets { district: counts(districts, true), year: counts(years, false) })
}

fn counts<T: Ord>(counted: BTreeMap<Option<T>, usize>, by_weight: bool) -> Vec<FacetCount<T>> {
    let mut counts: Vec<_> =
        counted.into_iter().map(|(value, articles)| FacetCount { value, articles }).collect();
    counts.sort_by(|a, b| {
        let weight = if by_weight { b.articles.cmp(&a.articles) } else { std::cmp::Ordering::Equal };
        a.value.is_none().cmp(&b.value.is_none()).then(weight).then_with(|| a.value.cmp(&b.value))
    });
    counts
}
