//! A table of two facets crossed: rows, columns, what stands in the cells, and the sums.

use super::response::{FacetTable, FacetValue};

/// A cross table. Every cell is there, the empty ones too.
#[derive(Debug, Clone, PartialEq)]
pub struct Cross {
    pub rows: Vec<Option<FacetValue>>,
    pub columns: Vec<Option<FacetValue>>,
    /// One a row, one a column in it.
    pub cells: Vec<Vec<usize>>,
    pub row_sums: Vec<usize>,
    pub column_sums: Vec<usize>,
    pub sum: usize,
    /// Whether one article may stand in several cells, so that sums count it more than once.
    pub overlaps: bool,
}

/// What the cells count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Cells {
    #[default]
    Articles,
    /// Of the query; nothing without one.
    Occurrences,
}

impl FacetTable {
    /// The table of the first facet by the second; of one facet, a single column.
    pub fn cross(&self, cells: Cells) -> Cross {
        let value = |row: &super::response::FacetRow, n: usize| row.values.get(n).cloned().flatten();
        let count = |row: &super::response::FacetRow| match cells {
            Cells::Articles => row.articles,
            Cells::Occurrences => row.occurrences.unwrap_or(0),
        };
        let axis = |n: usize| {
            let mut sums: Vec<(Option<FacetValue>, usize)> = Vec::new();
            for row in &self.rows {
                let v = value(row, n);
                match sums.iter_mut().find(|s| s.0 == v) {
                    Some(sum) => sum.1 += count(row),
                    None => sums.push((v, count(row))),
                }
            }
            let facet = self.by.get(n).map_or("", String::as_str);
            let time = is_time(facet);
            sums.sort_by(|a, b| {
                let weight = if time { std::cmp::Ordering::Equal } else { b.1.cmp(&a.1) };
                a.0.is_none().cmp(&b.0.is_none()).then(weight).then_with(|| a.0.cmp(&b.0))
            });
            let values = sums.into_iter().map(|s| s.0).collect();
            if time { without_gaps(values) } else { values }
        };
        let (rows, columns) = (axis(0), axis(1));
        let mut table = vec![vec![0; columns.len()]; rows.len()];
        for row in &self.rows {
            let (a, b) = (value(row, 0), value(row, 1));
            if let (Some(r), Some(c)) =
                (rows.iter().position(|v| *v == a), columns.iter().position(|v| *v == b))
            {
                table[r][c] += count(row);
            }
        }
        let row_sums: Vec<usize> = table.iter().map(|r| r.iter().sum()).collect();
        let column_sums = (0..columns.len()).map(|c| table.iter().map(|r| r[c]).sum()).collect();
        let sum = row_sums.iter().sum();
        let total: usize = self.rows.iter().map(|r| r.articles).sum();
        Cross { rows, columns, cells: table, row_sums, column_sums, sum, overlaps: total > self.articles }
    }
}

/// Whether a facet's values stand in the order of time.
pub fn is_time(facet: &str) -> bool {
    matches!(facet, "year" | "month" | "date" | "mentioned-year")
}

/// More than so many years or months between two values are no gap to be shown.
const LONGEST_GAP: i64 = 120;

/// Years and months in order, with those between them that have no articles.
pub fn without_gaps(values: Vec<Option<FacetValue>>) -> Vec<Option<FacetValue>> {
    let mut all: Vec<Option<FacetValue>> = Vec::new();
    for value in values {
        if let (Some(Some(before)), Some(now)) = (all.last(), &value)
            && let (Some(a), Some(b)) = (step(before), step(now))
            && b - a <= LONGEST_GAP
        {
            let between: Vec<_> = (a + 1..b).map(|n| Some(at_step(n, before))).collect();
            all.extend(between);
        }
        all.push(value);
    }
    all
}

/// The number of a year, or of a month.
fn step(value: &FacetValue) -> Option<i64> {
    match value {
        FacetValue::Number(year) => Some(*year),
        FacetValue::Text(text) if text.len() == 7 => {
            let (year, month) = text.split_once('-')?;
            Some(year.parse::<i64>().ok()? * 12 + month.parse::<i64>().ok()? - 1)
        }
        FacetValue::Text(_) => None,
    }
}

fn at_step(n: i64, like: &FacetValue) -> FacetValue {
    match like {
        FacetValue::Number(_) => FacetValue::Number(n),
        FacetValue::Text(_) => FacetValue::Text(format!("{:04}-{:02}", n / 12, n % 12 + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::response::FacetRow;
    use super::*;

    fn row(district: &str, year: Option<i64>, articles: usize) -> FacetRow {
        let values = vec![Some(FacetValue::Text(district.into())), year.map(FacetValue::Number)];
        FacetRow { values, articles, occurrences: Some(articles * 10) }
    }

    #[test]
    fn sums_and_empty_cells() {
        let table = FacetTable {
            query: Some("x".into()),
            by: vec!["district".into(), "year".into()],
            rows: vec![row("甲", Some(2022), 3), row("乙", Some(2024), 4), row("甲", None, 2)],
            articles: 9,
            notes: Vec::new(),
        };
        let cross = table.cross(Cells::Articles);
        let year = |y| Some(FacetValue::Number(y));
        assert_eq!(cross.columns, [year(2022), year(2023), year(2024), None]);
        assert_eq!(cross.cells, [[3, 0, 0, 2], [0, 0, 4, 0]]);
        assert_eq!((cross.row_sums, cross.column_sums, cross.sum), (vec![5, 4], vec![3, 0, 4, 2], 9));
        assert!(!cross.overlaps);
        assert_eq!(table.cross(Cells::Occurrences).sum, 90);
        assert!(FacetTable { articles: 8, ..table }.cross(Cells::Articles).overlaps);
    }

    #[test]
    fn months_between() {
        let month = |m: &str| Some(FacetValue::Text(m.into()));
        let all = without_gaps(vec![month("2023-11"), month("2024-02"), None]);
        assert_eq!(all, [month("2023-11"), month("2023-12"), month("2024-01"), month("2024-02"), None]);
        let far = vec![Some(FacetValue::Number(1700)), Some(FacetValue::Number(2024))];
        assert_eq!(without_gaps(far.clone()), far);
    }
}
