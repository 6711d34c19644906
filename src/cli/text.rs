//! Text for reading.

use super::term::{Style, pad_left, pad_right};
use fangzhi::search::*;
use std::io::{self, Write};

/// `1 article`, `2 articles`.
fn plural(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// Hits with their articles' names, then a line that sums up.
pub fn search(out: &mut impl Write, response: &Response, style: Style, all: usize) -> io::Result<()> {
    for hit in &response.hits {
        let title = hit.about.title.as_deref().unwrap_or(&hit.about.article);
        writeln!(out, "{:>2}  {}", hit.rank, style.title(&style.safe(title)))?;
        let mut about = Vec::new();
        about.push(match (&hit.about.date, hit.about.year) {
            (Some(date), _) => date.clone(),
            (None, Some(year)) => year.to_string(),
            (None, None) => "no date".to_owned(),
        });
        if !hit.about.districts.is_empty() {
            about.push(hit.about.districts.join("; "));
        }
        about.extend(hit.about.source.clone());
        about.push(match hit.line {
            Some(line) => format!("{}:{line}", hit.about.path),
            None => hit.about.path.clone(),
        });
        if hit.about.article != hit.about.path {
            about.push(hit.about.article.clone());
        }
        if !matches!(hit.zone, "body" | "title") {
            about.push(format!("({})", hit.zone));
        }
        writeln!(out, "    {}", style.faint(&style.safe(&about.join(" · "))))?;
        writeln!(out, "    {}\n", highlighted(hit, style))?;
    }
    let s = &response.summary;
    let shown = if s.returned > 0 { format!("; showing {}", s.returned) } else { String::new() };
    match s.mode {
        _ if s.articles + s.restored_articles == 0 => {
            writeln!(out, "nothing found in {}", plural(all, "article"))?;
        }
        "best" => writeln!(out, "best match: {} of {all} articles hold a part of it{shown}", s.articles)?,
        _ => {
            write!(
                out,
                "{} of {all} articles, {}, {}{shown}",
                s.articles,
                plural(s.passages.unwrap_or(0), "passage"),
                plural(s.occurrences.unwrap_or(0), "occurrence")
            )?;
            writeln!(out, "{}", restored(s.restored, s.restored_articles))?;
        }
    }
    Ok(())
}

fn restored(occurrences: usize, articles: usize) -> String {
    match (occurrences, articles) {
        (0, _) => String::new(),
        (n, 0) => format!(" (and {n} guessed)"),
        (n, a) => format!(" (and {n} guessed, {} by a guess alone)", plural(a, "article")),
    }
}

/// A passage with its hits marked.
fn highlighted(hit: &Hit, style: Style) -> String {
    let chars: Vec<char> = hit.text.chars().collect();
    let part = |from: usize, to: usize| style.safe(&chars[from..to].iter().collect::<String>());
    let mut text = String::new();
    let mut at = 0;
    for h in &hit.highlights {
        text += &part(at, h.start);
        let word = part(h.start, h.end);
        text += &if h.kind == Kind::Restored { style.guess(&word) } else { style.hit(&word) };
        at = h.end;
    }
    text + &part(at, chars.len())
}

pub fn count(out: &mut impl Write, count: &Count, batch: bool) -> io::Result<()> {
    if batch {
        write!(out, "{}: ", count.query)?;
    }
    let guessed = restored(count.restored, count.restored_articles);
    let c = count;
    let (articles, passages) = (plural(c.articles, "article"), plural(c.passages, "passage"));
    writeln!(out, "{articles}, {passages}, {}{guessed}", plural(c.occurrences, "occurrence"))
}

/// Lines aligned at the hit.
pub fn kwic(out: &mut impl Write, lines: &[KwicLine], width: usize, style: Style) -> io::Result<()> {
    let left = width * 2;
    for line in lines {
        let hit = style.safe(&line.hit);
        let hit = if line.kind == Kind::Restored { style.guess(&hit) } else { style.hit(&hit) };
        let place = match line.line {
            Some(n) => format!("{}:{n}", line.about.article),
            None => line.about.article.clone(),
        };
        writeln!(
            out,
            "{}{hit}{}  {}",
            pad_left(&style.safe(&line.left), left),
            pad_right(&style.safe(&line.right), left),
            style.faint(&style.safe(&place))
        )?;
    }
    Ok(())
}

pub fn verify(out: &mut impl Write, v: &Verification, style: Style) -> io::Result<()> {
    for d in &v.differences {
        writeln!(out, "{}: missed {}, extra {}", style.bad(&style.safe(&d.article)), d.missed, d.extra)?;
    }
    let verdict = format!("missed {}, extra {}", v.missed, v.extra);
    let verdict = if v.missed + v.extra == 0 { style.good(&verdict) } else { style.bad(&verdict) };
    writeln!(
        out,
        "scanned {} articles: {} hold the query, {} occurrences; {verdict}",
        v.scanned, v.articles, v.occurrences
    )
}

pub fn explain(out: &mut impl Write, e: &Explanation, style: Style) -> io::Result<()> {
    writeln!(out, "{}", style.title(&format!("query     {}", style.safe(&e.parsed))))?;
    for k in &e.keywords {
        writeln!(out, "keyword   {}", style.safe(&k.text))?;
        writeln!(out, "  folded  {}", style.safe(&k.folded))?;
        if !k.also.is_empty() {
            writeln!(out, "  same    {}", k.also)?;
        }
        let grams: Vec<String> = k.grams.iter().map(|(gram, n)| format!("{gram} {n}")).collect();
        writeln!(out, "  grams   {}  (articles that hold each)", style.safe(&grams.join(", ")))?;
        writeln!(out, "  read    {} articles, in which it was looked for", k.candidates)?;
        writeln!(
            out,
            "  found   {} articles, {} occurrences, {} of them as words",
            k.articles, k.occurrences, k.words
        )?;
    }
    match e.mode {
        "best" => writeln!(out, "answer    no article holds it all; search falls back to best match"),
        _ => writeln!(out, "answer    {} articles hold it all", e.articles),
    }
}

pub fn stats(out: &mut impl Write, s: &Stats) -> io::Result<()> {
    let years: Vec<String> = s
        .years
        .iter()
        .map(|(year, n)| match year {
            Some(year) => format!("{year}: {n}"),
            None => format!("unknown: {n}"),
        })
        .collect();
    let per_char = s.bytes as f64 / (s.page_characters.max(1) as f64 * 3.0);
    writeln!(out, "index       {}", s.index)?;
    writeln!(
        out,
        "articles    {} in {} files ({} with problems)",
        s.articles, s.files, s.files_with_problems
    )?;
    writeln!(out, "characters  {} in titles and bodies, {} on the pages", s.characters, s.page_characters)?;
    writeln!(out, "repaired    {} articles", s.repaired_articles)?;
    writeln!(out, "on disk     {} bytes in {} segments ({per_char:.2} × the text)", s.bytes, s.segments)?;
    writeln!(out, "years       {}", years.join(", "))?;
    writeln!(out, "districts   {}", s.districts)?;
    writeln!(
        out,
        "metadata    {}",
        if s.metadata_keys.is_empty() { "none".into() } else { s.metadata_keys.join(", ") }
    )?;
    writeln!(out, "made by     {}; {}", s.program, s.dictionary)
}

pub fn check(out: &mut impl Write, c: &Check, style: Style) -> io::Result<()> {
    for problem in &c.problems {
        writeln!(out, "{}", style.bad(&style.safe(problem)))?;
    }
    match c.problems.len() {
        0 => writeln!(out, "{}: {} articles, whole", c.index, c.articles),
        n => writeln!(
            out,
            "{}: {} articles, {n} problems; build it anew with fangzhi index --rebuild",
            c.index, c.articles
        ),
    }
}

/// An article's clean text, with what is known of it.
pub fn article(out: &mut impl Write, record: &Record, style: Style) -> io::Result<()> {
    if let Some(title) = &record.outside_title {
        writeln!(out, "{}\n", style.title(&style.safe(title)))?;
    }
    writeln!(out, "{}", style.safe(record.clean.text.trim_end()))
}
