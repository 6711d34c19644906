//! How well keyword queries are ordered: `cargo bench --bench judged`.
//!
//! `judged/news-keywords.tsv` holds 100 queries over a news programme's items with graded articles (ids
//! only). The order of fangzhi is measured beside that of plain BM25 over the same literal keywords.
//! `-- --pool FILE` prints, for the queries in a file, what there is to judge; `-- --misses` what stands
//! wrong in the first ten; `-- --keep` adds the run to `runs.tsv`. See README.md beside this file.

#[path = "judged/bm25.rs"]
mod bm25;
mod machine;
#[path = "judged/measures.rs"]
mod measures;

use bm25::Plain;
use fangzhi::search::{Engine, Filters, IndexOptions, Mode, Order, SearchRequest, YearFilter, update};
use measures::{Judged, ndcg, precision, read};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How many articles of an order are looked at.
const DEPTH: usize = 10;

fn main() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/news");
    let data = std::env::var_os("FANGZHI_DATA").map_or_else(|| PathBuf::from(default), PathBuf::from);
    if !data.is_dir() {
        println!(
            "no data: set FANGZHI_DATA to the folder with the news that is judged; see tests/bench/README.md"
        );
        return;
    }
    let dir = tempfile::tempdir().expect("a temporary folder");
    let index = dir.path().join("index");
    build(&data, &index);
    let engine = Engine::open(&index).expect("just built");
    let plain = Plain::read(&data);
    let args: Vec<String> = std::env::args().collect();
    if let Some(at) = args.iter().position(|arg| arg == "--pool") {
        for query in std::fs::read_to_string(&args[at + 1]).expect("the queries").lines() {
            pool(&engine, &plain, query);
        }
        return;
    }
    let judged = read(include_str!("judged/news-keywords.tsv"));
    let mut figures = machine::Figures::new();
    figures.put("judged-queries", judged.len() as f64, "queries");
    let ours = |query: &str| ours(&engine, query, Mode::Auto, &Filters::default(), Order::Relevance);
    let bm25 = |query: &str| plain.order(query);
    measure("fangzhi", &judged, &plain, &ours, &mut figures);
    measure("bm25", &judged, &plain, &bm25, &mut figures);
    figures.print();
    if args.iter().any(|arg| arg == "--misses") {
        for one in &judged {
            misses(one, &ours(&one.query), &plain.order(&one.query));
        }
    }
    if args.iter().any(|arg| arg == "--keep") {
        figures.keep(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/runs.tsv")));
    }
}

fn build(data: &Path, index: &Path) {
    let options = IndexOptions {
        paths: vec![data.to_owned()],
        index: index.to_owned(),
        metadata: None,
        places: None,
        rebuild: true,
        threads: std::thread::available_parallelism().map_or(1, |n| n.get()),
        memory: 256 << 20,
    };
    let report = update(&options, &mut std::io::empty(), &|_| {}).expect("an index");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

/// The first articles of fangzhi's order; of an article with several passages, its first counts.
fn ours(engine: &Engine, query: &str, mode: Mode, filters: &Filters, order: Order) -> Vec<String> {
    for limit in [50, 500, 0] {
        let request = SearchRequest {
            query: query.to_owned(),
            filters: filters.clone(),
            mode,
            order,
            limit,
            ..SearchRequest::default()
        };
        let hits = engine.search(&request).expect("an answer").hits;
        let all = limit == 0 || hits.len() < limit;
        let mut articles: Vec<String> = Vec::new();
        for hit in hits {
            if !articles.contains(&hit.about.article) {
                articles.push(hit.about.article);
            }
        }
        if all || articles.len() >= DEPTH {
            articles.truncate(DEPTH);
            return articles;
        }
    }
    Vec::new()
}

fn measure(
    name: &str,
    judged: &[Judged],
    plain: &Plain,
    order: &dyn Fn(&str) -> Vec<String>,
    figures: &mut machine::Figures,
) {
    let mut rows = Vec::new();
    let (mut unjudged, mut looked, mut repeated) = (0, 0, 0);
    let cpu = machine::cpu_seconds();
    let orders: Vec<Vec<String>> = judged.iter().map(|one| order(&one.query)).collect();
    let cpu = (machine::cpu_seconds() - cpu) * 1e3 / judged.len().max(1) as f64;
    for (one, found) in judged.iter().zip(orders) {
        unjudged += found.iter().filter(|id| !one.grades.contains_key(*id)).count();
        looked += found.len();
        repeated += plain.repeated(&found);
        rows.push((ndcg(&found, &one.grades, DEPTH), precision(&found, &one.grades, 5)));
    }
    type Row<'a> = (usize, &'a Judged, &'a (f64, f64));
    type Belongs = dyn Fn(&Row) -> bool;
    let groups: [(&str, &Belongs); 6] = [
        ("", &|_| true),
        ("-even", &|row| row.0 % 2 == 0),
        ("-odd", &|row| row.0 % 2 == 1),
        ("-year", &|row| year(&row.1.query).is_some()),
        ("-one-word", &|row| !row.1.query.contains(' ')),
        ("-words", &|row| row.1.query.contains(' ') && year(&row.1.query).is_none()),
    ];
    for (which, belongs) in groups {
        let all = judged.iter().zip(&rows).enumerate().map(|(line, (one, row))| (line, one, row));
        let chosen: Vec<&(f64, f64)> = all.filter(|row| belongs(row)).map(|row| row.2).collect();
        let mean = |value: fn(&(f64, f64)) -> f64| {
            100.0 * chosen.iter().map(|row| value(row)).sum::<f64>() / chosen.len().max(1) as f64
        };
        let n = chosen.len();
        figures.put(
            &format!("{name}-ndcg10{which}"),
            mean(|row| row.0),
            &format!("nDCG@10 in hundredths, {n} queries"),
        );
        figures.put(&format!("{name}-p5{which}"), mean(|row| row.1), "% of the first five that are of use");
    }
    figures.put(&format!("{name}-cpu"), cpu, "CPU ms a query");
    figures.put(
        &format!("{name}-repeated"),
        repeated as f64,
        &format!("of {looked} say what one before them in the ten says"),
    );
    figures.put(&format!("{name}-unjudged"), unjudged as f64, &format!("of {looked} not judged: count 0"));
}

/// The year that a query names.
fn year(query: &str) -> Option<i64> {
    let years = query.split(' ').filter(|word| word.len() == 4).filter_map(|word| word.parse().ok());
    years.into_iter().find(|year| (1900..2100).contains(year))
}

/// What is to be judged: the first of our order, of plain BM25, of best match, the newest, and, where a
/// year is in the query, the first of the rest of it among that year's articles.
fn pool(engine: &Engine, plain: &Plain, query: &str) {
    let all = Filters::default();
    let mut orders = vec![
        ("ours", ours(engine, query, Mode::Auto, &all, Order::Relevance), 10),
        ("bm25", plain.order(query), 10),
        ("best", ours(engine, query, Mode::Best, &all, Order::Relevance), 6),
        ("date", ours(engine, query, Mode::Keyword, &all, Order::DateDescending), 2),
    ];
    if let Some(year) = year(query) {
        let filters = Filters { years: vec![YearFilter::Range(year, year)], ..Filters::default() };
        let rest: Vec<&str> = query.split(' ').filter(|word| *word != year.to_string()).collect();
        orders.push(("year", ours(engine, &rest.join(" "), Mode::Auto, &filters, Order::Relevance), 10));
    }
    let mut ids: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut sequence: Vec<&str> = Vec::new();
    for (name, order, depth) in &orders {
        for (rank, id) in order.iter().take(*depth).enumerate() {
            if !sequence.contains(&id.as_str()) {
                sequence.push(id);
            }
            ids.entry(id).or_default().push(format!("{name}{}", rank + 1));
        }
    }
    println!("## {query}");
    for id in sequence {
        println!("{id}\t{}\t{}", plain.describe(id, query), ids[id].join(","));
    }
}

/// The first ten of both orders with their grades.
fn misses(one: &Judged, ours: &[String], bm25: &[String]) {
    let grades = |order: &[String]| -> String {
        let grade = |id: &String| one.grades.get(id).map_or("-".into(), |grade| grade.to_string());
        order.iter().map(grade).collect()
    };
    let score = |order: &[String]| ndcg(order, &one.grades, DEPTH);
    println!(
        "{:.3} {:.3}\t{}\tours {}\tbm25 {}",
        score(ours),
        score(bm25),
        one.query,
        grades(ours),
        grades(bm25)
    );
}
