//! How well dates and places are told, on the data under `shared/data` (see its README); where it
//! is not there, each test says so and passes. The misses go to files in the temporary folder.

use fangzhi::article::{Block, Clean, Given, Zone};
use fangzhi::text::Span;
use fangzhi::{date, place};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

fn data(name: &str) -> Option<Vec<serde_json::Value>> {
    // Beside the checkout, or further up for one that lies deeper.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let found = above.map(|folder| folder.join("shared/data").join(name)).find(|file| file.is_file());
    let Some(file) = found.and_then(|file| std::fs::File::open(file).ok()) else {
        eprintln!("skipped: {name} is not there");
        return None;
    };
    let lines = BufReader::new(flate2::read::GzDecoder::new(file)).lines();
    Some(lines.map(|l| serde_json::from_str(&l.expect("a line")).expect("a record")).collect())
}

/// The title and each line of the text as a block; the record's date and labels are left out.
fn article(record: &serde_json::Value) -> Clean {
    let mut clean = Clean::default();
    let mut push = |text: &str, zone: Zone| {
        let start = clean.text.len();
        clean.text.push_str(text);
        clean.blocks.push(Block { span: Span::new(start, clean.text.len()), zone });
        clean.text.push('\n');
    };
    push(record["title"].as_str().unwrap_or(""), Zone::Title);
    for line in record["text"].as_str().unwrap_or("").lines().filter(|l| !l.trim().is_empty()) {
        push(line, Zone::Body);
    }
    clean
}

fn report(name: &str) -> (PathBuf, std::fs::File) {
    let path = std::env::temp_dir().join(name);
    let file = std::fs::File::create(&path).expect("a file in the temporary folder");
    (path, file)
}

#[derive(Debug, Default)]
struct Score {
    given: usize,
    right: usize,
    expected: usize,
}

impl Score {
    fn add(&mut self, found: Option<&str>, expected: &str) -> bool {
        self.given += usize::from(found.is_some());
        self.expected += usize::from(!expected.is_empty());
        let right = found.is_some_and(|f| f == expected);
        self.right += usize::from(right);
        right || found.is_none() && expected.is_empty()
    }

    fn precision(&self) -> f64 {
        self.right as f64 / self.given.max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.right as f64 / self.expected.max(1) as f64
    }
}

#[test]
fn places_and_years_of_local_laws() {
    let Some(records) = data("places/local-laws.jsonl.gz") else { return };
    let (path, mut misses) = report("facets-local-laws-misses.txt");
    let (mut no_city_label, mut no_year_label) = (0, 0);
    let (mut province, mut city, mut year) = (Score::default(), Score::default(), Score::default());
    for record in &records {
        let clean = article(record);
        let text = |key: &str| record[key].as_str().unwrap_or("");
        let placings = place::detect(&clean, &Given::default());
        let about: Vec<&str> = placings.iter().filter(|p| p.about).map(|p| p.path.as_str()).collect();
        let mut parts = about.first().map(|p| p.split('/')).into_iter().flatten();
        let found_province = parts.next().map(|p| p.trim_end_matches(['省', '市']));
        // 济源市 and the districts of municipalities stand straight under their province.
        let found_city = parts.next().filter(|c| c.ends_with('市'));
        let mut right = province.add(found_province, text("province"));
        // The labels take a city from a title only where its name has the 市: 深圳经济特区…条例,
        // 开封古城保护条例 are without one.
        let stem = found_city.map_or("?", |c| c.trim_end_matches('市'));
        if text("city").is_empty() && text("title").contains(stem) {
            no_city_label += 1;
        } else {
            right &= city.add(found_city, text("city"));
        }
        let dating = date::detect(&clean, &Given::default());
        let found_year = dating.as_ref().map(|d| d.year.to_string());
        let expected_year = record["year"].as_i64().map(|y| y.to_string()).unwrap_or_default();
        // 100 labels are empty, and some name a revision that the text does not print.
        let head: String = text("text").lines().take_while(|l| !l.contains("第一条")).collect();
        let printed = !expected_year.is_empty() && head.contains(&format!("{expected_year}年"));
        if printed {
            right &= year.add(found_year.as_deref(), &expected_year);
        } else {
            no_year_label += 1;
        }
        if !right {
            let _ = writeln!(
                misses,
                "{} {} | {} {} {} | {about:?} {:?}",
                text("id"),
                text("title"),
                text("province"),
                text("city"),
                text("date"),
                dating.map(|d| (d.date(), d.evidence.words)),
            );
        }
    }
    for (name, score) in [("province", &province), ("city", &city), ("year", &year)] {
        println!("{name}: precision {:.4}, recall {:.4}, {score:?}", score.precision(), score.recall());
    }
    println!("without a usable label: {no_city_label} cities, {no_year_label} years");
    println!("misses: {}", path.display());
    assert!(province.precision() >= 0.99 && province.recall() >= 0.97, "{province:?}");
    assert!(city.precision() >= 0.97 && city.recall() >= 0.90, "{city:?}");
    assert!(year.precision() >= 0.98 && year.recall() >= 0.95, "{year:?}");
}

#[test]
fn years_of_the_news() {
    let Some(records) = data("news/news-2012-2019.jsonl.gz") else { return };
    let (path, mut misses) = report("facets-news-misses.txt");
    let (_, mut tagged) = report("facets-news-years.tsv");
    let mut score = Score::default();
    let mut by_rule: std::collections::BTreeMap<String, Score> = Default::default();
    for record in &records {
        let clean = article(record);
        let date = record["date"].as_str().unwrap_or("");
        let dating = date::detect(&clean, &Given::default());
        let found = dating.as_ref().map(|d| d.year.to_string());
        let right = score.add(found.as_deref(), &date[..4]);
        if let Some(d) = dating {
            let _ = writeln!(
                tagged,
                "{}\t{date}\t{}\t{}\t{}",
                record["id"], d.year, d.evidence.rule, d.evidence.words
            );
            by_rule.entry(d.evidence.rule.clone()).or_default().add(found.as_deref(), &date[..4]);
            if !right {
                let _ = writeln!(
                    misses,
                    "{date} {} | {} {} {}",
                    record["title"], d.year, d.evidence.rule, d.evidence.words
                );
            }
        }
    }
    println!("year: precision {:.4}, {score:?}\n{by_rule:?}\nmisses: {}", score.precision(), path.display());
    assert!(score.precision() >= 0.97, "{score:?}");
    assert!(score.given >= 400, "{score:?}");
}

/// The fifty that were read are still told so, and their verdicts are what the record's date says.
#[test]
fn years_that_were_read() {
    let rows = include_str!("facets/news-years.tsv").lines().filter(|l| !l.starts_with('#'));
    let rows: Vec<Vec<&str>> = rows.map(|l| l.split('\t').collect()).collect();
    assert_eq!(rows.len(), 50);
    let Some(records) = data("news/news-2012-2019.jsonl.gz") else { return };
    for row in rows {
        let record = records.iter().find(|r| r["id"] == row[0]).expect("an item of the collection");
        let dating = date::detect(&article(record), &Given::default()).expect(row[0]);
        assert_eq!(dating.year.to_string(), row[2], "{row:?}");
        assert_eq!(dating.evidence.rule, row[3], "{row:?}");
        assert!(
            dating.evidence.words.starts_with(row[4]) || row[4].starts_with(&dating.evidence.words),
            "{row:?}"
        );
        let verdict =
            if record["date"].as_str().is_some_and(|d| d.starts_with(row[2])) { "right" } else { "wrong" };
        assert_eq!(verdict, row[5], "{row:?}");
    }
}

/// A report of the places found in the news, to be read: there are no labels.
#[test]
fn places_of_the_news() {
    let Some(records) = data("news/news-2012-2019.jsonl.gz") else { return };
    let (path, mut out) = report("facets-news-places.txt");
    let (mut tagged, mut bytes) = (0, 0);
    let start = std::time::Instant::now();
    for record in &records {
        let clean = article(record);
        bytes += clean.text.len();
        let placings = place::detect(&clean, &Given::default());
        let about: Vec<_> = placings.iter().filter(|p| p.about).collect();
        if !about.is_empty() {
            tagged += 1;
            let said: Vec<_> = about
                .iter()
                .map(|p| {
                    format!(
                        "{} ({} {} {:.2})",
                        p.path, p.evidence.rule, p.evidence.words, p.evidence.confidence
                    )
                })
                .collect();
            let _ = writeln!(out, "{} | {}", record["title"].as_str().unwrap_or(""), said.join("; "));
        }
    }
    let rate = bytes as f64 / 1e6 / start.elapsed().as_secs_f64();
    println!("{tagged} of {} are about a place; {rate:.1} MB/s; {}", records.len(), path.display());
    assert!(tagged > records.len() / 20 && tagged < records.len() / 2);
}
