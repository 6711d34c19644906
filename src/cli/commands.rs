//! The commands that ask the index.

use super::args::*;
use super::batch::{each, engine};
use super::output::{Out, Outcome};
use super::term::{Style, note};
use super::{csv, facets, json, svg, text};
use fangzhi::search::{Cells, Concordance, Count, FacetTable, Level, Response, SearchRequest};

fn out(format: Format, batch: bool) -> Out {
    if format == Format::Text && !batch { Out::paged() } else { Out::plain() }
}

fn notes(query: &str, notes: &[String], batch: bool) {
    for text in notes {
        if batch { note(&format!("{query}: {text}")) } else { note(text) }
    }
}

pub fn search(cli: &Cli, args: &SearchArgs) -> anyhow::Result<Outcome> {
    let engine = engine(cli)?;
    let batch = args.queries.batch.is_some();
    let style = Style::new(cli);
    let format = args.format.format;
    let mut out = out(format, batch);
    let mut table = csv::Table::new(format);
    let mut all = json::Array::new(batch && format == Format::Json);
    let outcome = each(&args.queries, |query| {
        let request = SearchRequest {
            query: query.to_owned(),
            filters: args.filters.filters(),
            mode: args.mode.into(),
            order: args.sort.into(),
            limit: args.limit,
            offset: args.offset,
        };
        let response: Response = engine.search(&request)?;
        match format {
            Format::Text => text::search(&mut out, &response, style, engine.articles())?,
            Format::Json => all.put(&mut out, &response)?,
            Format::Jsonl => {
                for hit in &response.hits {
                    json::line(&mut out, hit)?;
                }
                json::line(&mut out, &response.summary)?;
            }
            Format::Csv | Format::Tsv => table.hits(&mut out, &response.hits)?,
        }
        notes(query, &response.summary.notes, batch);
        Ok(Outcome::found(response.summary.articles + response.summary.restored_articles > 0))
    })?;
    all.end(&mut out)?;
    out.finish()?;
    Ok(outcome)
}

pub fn count(cli: &Cli, args: &CountArgs) -> anyhow::Result<Outcome> {
    let engine = engine(cli)?;
    let filters = args.filters.filters();
    let batch = args.queries.batch.is_some();
    let format = args.format.format;
    let mut out = out(format, batch);
    let mut table = csv::Table::new(format);
    let mut all = json::Array::new(batch && format == Format::Json);
    let outcome = each(&args.queries, |query| {
        let count: Count = engine.count(query, &filters)?;
        match format {
            Format::Text => text::count(&mut out, &count, batch)?,
            Format::Json => all.put(&mut out, &count)?,
            Format::Jsonl => json::line(&mut out, &count)?,
            Format::Csv | Format::Tsv => table.count(&mut out, &count)?,
        }
        notes(query, &count.notes, batch);
        Ok(Outcome::found(count.articles + count.restored_articles > 0))
    })?;
    all.end(&mut out)?;
    out.finish()?;
    Ok(outcome)
}

pub fn facets(cli: &Cli, args: &FacetsArgs) -> anyhow::Result<Outcome> {
    let engine = engine(cli)?;
    let by: Vec<String> = args.by.iter().map(|facet| facet.trim().to_owned()).collect();
    let level = args.level.into();
    let table: FacetTable = engine.facets_at(args.query.as_deref(), &by, level, &args.filters.filters())?;
    let style = Style::new(cli);
    let cells = args.cells.into();
    anyhow::ensure!(!args.cross || by.len() == 2, "--cross needs two facets: --by district,year");
    anyhow::ensure!(
        cells == Cells::Articles || args.query.is_some(),
        "--cells occurrences needs a QUERY whose occurrences are counted"
    );
    // A level in two rows of a list is a tree; its sums would count an article at each level.
    let crossed = by.len() == 2 && (args.cross || level != Level::All);
    let mut out = if args.format == FacetFormat::Text { Out::paged() } else { Out::plain() };
    match args.format {
        FacetFormat::Text if crossed => facets::cross(&mut out, &table, cells, style)?,
        FacetFormat::Text => facets::list(&mut out, &table, style)?,
        FacetFormat::Svg => svg::facets(&mut out, &table, cells)?,
        FacetFormat::Json => json::Array::new(false).put(&mut out, &json::facet_table(&table))?,
        FacetFormat::Jsonl => {
            for row in json::facet_rows(&table) {
                json::line(&mut out, &row)?;
            }
            json::line(&mut out, &json::facet_summary(&table))?;
        }
        FacetFormat::Csv | FacetFormat::Tsv => {
            let format = if args.format == FacetFormat::Csv { Format::Csv } else { Format::Tsv };
            let mut sheet = csv::Table::new(format);
            match args.cross {
                true => sheet.cross(&mut out, &facets::cross_rows(&table, cells, Style::plain()))?,
                false => sheet.facets(&mut out, &table)?,
            }
        }
    }
    out.finish()?;
    notes("", &table.notes, false);
    Ok(Outcome::found(table.articles > 0))
}

pub fn kwic(cli: &Cli, args: &KwicArgs) -> anyhow::Result<Outcome> {
    use fangzhi::search::KwicOrder;
    let engine = engine(cli)?;
    let filters = args.filters.filters();
    let sort = match args.sort {
        KwicSort::Left => KwicOrder::Left,
        KwicSort::Right => KwicOrder::Right,
        KwicSort::Position => KwicOrder::Position,
        KwicSort::Date => KwicOrder::Date,
    };
    let batch = args.queries.batch.is_some();
    let format = args.format.format;
    let mut out = out(format, batch);
    let mut table = csv::Table::new(format);
    let mut all = json::Array::new(batch && format == Format::Json);
    let style = Style::new(cli);
    let outcome = each(&args.queries, |query| {
        let mut answer: Concordance = engine.kwic(query, &filters, args.width as usize, sort)?;
        let total = answer.lines.len();
        if let Some(limit) = args.limit.filter(|n| *n > 0) {
            answer.lines.truncate(limit);
        }
        match format {
            Format::Text => text::kwic(&mut out, &answer.lines, args.width as usize, style)?,
            Format::Json => all.put(&mut out, &json::concordance(query, &answer, total))?,
            Format::Jsonl => {
                for line in &answer.lines {
                    json::line(&mut out, line)?;
                }
                json::line(&mut out, &json::concordance_summary(query, &answer, total))?;
            }
            Format::Csv | Format::Tsv => table.kwic(&mut out, &answer.lines)?,
        }
        notes(query, &answer.notes, batch);
        Ok(Outcome::found(total > 0))
    })?;
    all.end(&mut out)?;
    out.finish()?;
    Ok(outcome)
}

pub fn verify(cli: &Cli, args: &QueryArgs) -> anyhow::Result<Outcome> {
    let engine = engine(cli)?;
    let answer = engine.verify(&args.query, &args.filters.filters())?;
    let mut out = Out::plain();
    match args.format.format {
        Format::Json | Format::Jsonl => json::line(&mut out, &answer)?,
        Format::Csv | Format::Tsv => csv::Table::new(args.format.format).verify(&mut out, &answer)?,
        Format::Text => text::verify(&mut out, &answer, Style::new(cli))?,
    }
    out.finish()?;
    Ok(Outcome::found(answer.missed + answer.extra == 0))
}

pub fn explain(cli: &Cli, args: &QueryArgs) -> anyhow::Result<Outcome> {
    let engine = engine(cli)?;
    let answer = engine.explain(&args.query, &args.filters.filters())?;
    let mut out = Out::plain();
    match args.format.format {
        Format::Text => text::explain(&mut out, &answer, Style::new(cli))?,
        Format::Json | Format::Jsonl => json::line(&mut out, &answer)?,
        Format::Csv | Format::Tsv => return Err(no_table("explain")),
    }
    out.finish()?;
    Ok(Outcome::found(answer.articles > 0))
}

pub fn stats(cli: &Cli, args: &FormatArgs) -> anyhow::Result<Outcome> {
    let engine = engine(cli)?;
    let answer = engine.stats()?;
    let mut out = Out::plain();
    match args.format {
        Format::Text => text::stats(&mut out, &answer)?,
        Format::Json | Format::Jsonl => json::line(&mut out, &answer)?,
        Format::Csv | Format::Tsv => return Err(no_table("stats")),
    }
    out.finish()?;
    Ok(Outcome::found(answer.articles > 0))
}

pub fn check(cli: &Cli, args: &FormatArgs) -> anyhow::Result<Outcome> {
    let engine = engine(cli)?;
    let answer = engine.check()?;
    let mut out = Out::plain();
    match args.format {
        Format::Text => text::check(&mut out, &answer, Style::new(cli))?,
        Format::Json | Format::Jsonl => json::line(&mut out, &answer)?,
        Format::Csv | Format::Tsv => return Err(no_table("check")),
    }
    out.finish()?;
    Ok(if answer.problems.is_empty() { Outcome::Found } else { Outcome::Incomplete })
}

fn no_table(command: &str) -> anyhow::Error {
    anyhow::anyhow!("{command} prints no table; use --format text or json")
}
