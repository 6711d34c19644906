//! What was repaired, the text as it stands and the repaired one side by side.

use super::term::{Style, columns, pad_right, width};
use fangzhi::article::{Repair, RepairKind};
use fangzhi::search::Record;
use fangzhi::text::Span;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What a stretch of a line is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark {
    Plain,
    /// Replaced, or put in its place.
    Repaired,
    /// Guessed, or what the guess stands for.
    Guessed,
    /// Reported, and left as it stands.
    Left,
}

fn mark(repair: &Repair) -> Mark {
    match repair.kind {
        RepairKind::Repaired => Mark::Repaired,
        RepairKind::Restored => Mark::Guessed,
        RepairKind::Reported => Mark::Left,
        RepairKind::Script => Mark::Plain,
    }
}

/// Each line in which something was repaired or reported, and how often each rule was applied.
pub fn repairs(out: &mut impl Write, record: &Record, style: Style) -> io::Result<()> {
    let decoded = record.decoded_text();
    let clean = &record.clean;
    let all = Span::new(0, decoded.len());
    let (whole, local): (Vec<&Repair>, Vec<&Repair>) =
        clean.repairs.iter().partition(|r| r.kind == RepairKind::Script && r.span == all);
    let side = (width().saturating_sub("1234  ".len() + " │ ".len()) / 2).clamp(20, 80);
    let (mut from, mut number, mut counted) = (0, 1, 0);
    let mut next = 0;
    for line in clean.text.split_inclusive('\n') {
        let kept = line.trim_end_matches('\n');
        let span = Span::new(from, from + kept.len());
        from += line.len();
        // What was dropped at the line's end belongs to it: up to where the next line begins.
        let raw = clean.map.map(span);
        let end = if from < clean.text.len() {
            clean.map.map(Span::new(from, from)).start()
        } else {
            decoded.len()
        };
        let raw = Span::new(raw.start(), end.max(raw.end()));
        let first = next;
        while local
            .get(next)
            .is_some_and(|r| r.span.start() < raw.end() || next == first && r.span.end() <= raw.end())
        {
            next += 1;
        }
        let here = &local[first..next];
        if here.is_empty() {
            continue;
        }
        number += decoded[counted..raw.start()].matches('\n').count();
        counted = raw.start();
        let left = marked(&decoded[raw.range()], |at| {
            let at = raw.start() + at;
            here.iter().find(|r| r.span.start() <= at && at < r.span.end()).map_or(Mark::Plain, |r| mark(r))
        });
        let right = marked(kept, |at| {
            let c = kept[at..].chars().next().map_or(1, char::len_utf8);
            let place = clean.map.map(Span::new(span.start() + at, span.start() + at + c));
            here.iter().find(|r| r.span.overlaps(place)).map_or(Mark::Plain, |r| mark(r))
        });
        let shown = |text| if style.color { text } else { bracketed(text) };
        let (left, right) = (rows(&shown(left), side), rows(&shown(right), side));
        for n in 0..left.len().max(right.len()) {
            let label = if n == 0 { format!("{number:>4}") } else { " ".repeat(4) };
            let empty = Vec::new();
            let cell = |rows: &[Vec<(Mark, String)>], new: bool| {
                let row = rows.get(n).unwrap_or(&empty).clone();
                let plain: String = row.iter().map(|(_, text)| text.as_str()).collect();
                let pad = " ".repeat(side.saturating_sub(columns(&plain)));
                row.iter().map(|(mark, text)| paint(style, *mark, text, new)).collect::<String>() + &pad
            };
            let line = format!("{}  {} │ {}", style.faint(&label), cell(&left, false), cell(&right, true));
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    summary(out, &whole, &local, style)
}

fn summary(out: &mut impl Write, whole: &[&Repair], local: &[&Repair], style: Style) -> io::Result<()> {
    let mut rules: BTreeMap<(&str, &str), (usize, f32)> = BTreeMap::new();
    for r in local {
        let kind = match r.kind {
            RepairKind::Repaired | RepairKind::Script => "repaired",
            RepairKind::Restored => "guessed",
            RepairKind::Reported => "left as it stands",
        };
        let entry = rules.entry((kind, &r.rule)).or_insert((0, 1.0));
        entry.0 += 1;
        entry.1 = entry.1.min(r.confidence);
    }
    if !local.is_empty() {
        writeln!(out)?;
    }
    for r in whole {
        writeln!(out, "{}  throughout", pad_right(&r.rule, 16))?;
    }
    for ((kind, rule), (count, least)) in rules {
        let sure = if kind == "left as it stands" || least >= 1.0 {
            String::new()
        } else {
            format!(", confidence {least:.2} or more")
        };
        writeln!(out, "{}  {count} {kind}{sure}", pad_right(rule, 16))?;
    }
    let all = whole.len() + local.len();
    writeln!(out, "{}", style.faint(&format!("{all} repairs and reports; --format json has each of them")))
}

fn paint(style: Style, mark: Mark, text: &str, new: bool) -> String {
    let text = style.safe(text);
    match mark {
        Mark::Plain => text,
        Mark::Repaired if new => style.good(&text),
        Mark::Guessed if new => style.guessed(&text),
        _ => style.bad(&text),
    }
}

/// A text in stretches of one mark. Line breaks are shown.
fn marked(text: &str, mark: impl Fn(usize) -> Mark) -> Vec<(Mark, String)> {
    let mut found: Vec<(Mark, String)> = Vec::new();
    let text = text.trim_end_matches(['\n', '\r']);
    for (at, c) in text.char_indices() {
        let c = match c {
            '\n' => '↵',
            '\t' | '\r' => ' ',
            c => c,
        };
        let mark = mark(at);
        match found.last_mut() {
            Some((last, text)) if *last == mark => text.push(c),
            _ => found.push((mark, c.to_string())),
        }
    }
    found
}

/// What colour can't show.
fn bracketed(stretches: Vec<(Mark, String)>) -> Vec<(Mark, String)> {
    let show = |(mark, text)| match mark {
        Mark::Plain => (mark, text),
        _ => (mark, format!("【{text}】")),
    };
    stretches.into_iter().map(show).collect()
}

/// Broken into rows of so many columns.
fn rows(stretches: &[(Mark, String)], side: usize) -> Vec<Vec<(Mark, String)>> {
    let mut rows = vec![Vec::new()];
    let mut used = 0;
    for (mark, text) in stretches {
        let mut piece = String::new();
        for c in text.chars() {
            let wide = columns(c.encode_utf8(&mut [0; 4]));
            if used + wide > side {
                push(&mut rows, *mark, std::mem::take(&mut piece));
                rows.push(Vec::new());
                used = 0;
            }
            piece.push(c);
            used += wide;
        }
        push(&mut rows, *mark, piece);
    }
    rows
}

fn push(rows: &mut [Vec<(Mark, String)>], mark: Mark, piece: String) {
    if let Some(row) = rows.last_mut().filter(|_| !piece.is_empty()) {
        row.push((mark, piece));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_break_at_columns() {
        let stretches = [(Mark::Plain, "比亚".to_owned()), (Mark::Repaired, "迪BYD".to_owned())];
        let shown: Vec<String> =
            rows(&stretches, 5).iter().map(|r| r.iter().map(|x| x.1.as_str()).collect()).collect();
        assert_eq!(shown, ["比亚", "迪BYD"]);
    }

    #[test]
    fn stretches_of_one_mark() {
        let marks = marked("a\nb", |at| if at == 2 { Mark::Left } else { Mark::Plain });
        assert_eq!(marks, [(Mark::Plain, "a↵".to_owned()), (Mark::Left, "b".to_owned())]);
    }
}
