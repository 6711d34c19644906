//! Facets as a picture: a heat map of two facets, a time line or bars of one. Plain SVG 1.1 that a browser, an
//! office program or a journal can show; fonts with Chinese characters are named, the reader's own are used.

use fangzhi::search::{Cells, Cross, FacetTable, FacetValue, is_time, without_gaps};
use std::fmt::Write as _;
use std::io::{self, Write};

const FONTS: &str = "'Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',\
                     'WenQuanYi Micro Hei','SimHei',sans-serif";
/// Of the letters.
const SIZE: f64 = 13.0;
const ROW: f64 = 22.0;
/// Rows that a picture holds; the table has them all.
const MOST_ROWS: usize = 80;

pub fn facets(out: &mut impl Write, table: &FacetTable, cells: Cells) -> io::Result<()> {
    let picture = match table.by.as_slice() {
        [_, _] => heat_map(table, cells),
        [facet] if is_time(facet) => time_line(table, cells),
        _ => bars(table, cells),
    };
    out.write_all(picture.as_bytes())
}

/// What a value is called in the picture.
fn label(value: &Option<FacetValue>) -> String {
    value.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string)
}

/// How wide a text is: a Han character is as wide as it is high, others about half.
fn width(text: &str) -> f64 {
    text.chars().map(|c| if c < '\u{2E80}' { 0.58 } else { 1.0 }).sum::<f64>() * SIZE
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // XML has no other control characters.
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

fn title(table: &FacetTable, cells: Cells) -> String {
    let what = match cells {
        Cells::Articles => "articles",
        Cells::Occurrences => "occurrences",
    };
    let by = table.by.join(" × ");
    match &table.query {
        Some(query) => format!("{query}: {what} by {by}"),
        None => format!("{what} by {by}"),
    }
}

struct Picture {
    body: String,
}

impl Picture {
    fn text(&mut self, x: f64, y: f64, anchor: &str, text: &str) {
        self.styled(x, y, anchor, "", text);
    }

    fn styled(&mut self, x: f64, y: f64, anchor: &str, style: &str, text: &str) {
        let text = escape(text);
        let _ = writeln!(
            self.body,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\"{style}>{text}</text>"
        );
    }

    /// A rectangle with what it says when pointed at.
    fn rect(&mut self, (x, y, w, h): (f64, f64, f64, f64), fill: &str, tip: &str) {
        let tip = escape(tip);
        let _ = writeln!(
            self.body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{w:.1}\" height=\"{h:.1}\" fill=\"{fill}\"><title>{tip}</title></rect>"
        );
    }

    fn finish(self, name: &str, w: f64, h: f64) -> String {
        let name = escape(name);
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w:.0}\" height=\"{h:.0}\" viewBox=\"0 0 {w:.0} {h:.0}\" \
             font-family=\"{FONTS}\" font-size=\"{SIZE}\" fill=\"#222\">\n<title>{name}</title>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
             <text x=\"12\" y=\"24\" font-size=\"16\" font-weight=\"bold\">{name}</text>\n{}</svg>\n",
            self.body
        )
    }
}

/// From white to dark blue, by the square root: small counts are told from none.
fn shade(count: usize, most: usize) -> (String, &'static str) {
    if count == 0 {
        return ("#f6f6f6".to_owned(), "#aaa");
    }
    let t = (count as f64 / most.max(1) as f64).sqrt();
    let mix = |from: f64, to: f64| (from + (to - from) * t).round() as u8;
    let fill = format!("#{:02x}{:02x}{:02x}", mix(222.0, 8.0), mix(235.0, 69.0), mix(247.0, 148.0));
    (fill, if t > 0.55 { "#fff" } else { "#222" })
}

fn heat_map(table: &FacetTable, cells: Cells) -> String {
    let cross: Cross = table.cross(cells);
    let shown = cross.rows.len().min(MOST_ROWS);
    let rows: Vec<String> = cross.rows[..shown].iter().map(label).collect();
    let columns: Vec<String> = cross.columns.iter().map(label).collect();
    let left = 24.0 + rows.iter().map(|r| width(r)).fold(60.0, f64::max);
    let most = cross.cells.iter().flatten().copied().max().unwrap_or(0);
    let digits = width(&cross.sum.to_string()) + 14.0;
    let longest = columns.iter().map(|c| width(c)).fold(0.0, f64::max);
    // Long names of columns are written upwards.
    let upright = longest > 90.0;
    let cell = if upright { digits.max(30.0) } else { digits.max(longest + 12.0) };
    let top = 44.0 + if upright { longest + 8.0 } else { SIZE + 8.0 };
    let right = left + cell * columns.len() as f64 + 8.0;
    let mut p = Picture { body: String::new() };
    for (n, name) in columns.iter().map(String::as_str).chain(["sum"]).enumerate() {
        let x = if n == columns.len() { right + digits - 8.0 } else { left + cell * (n as f64 + 0.5) };
        if n == columns.len() {
            p.text(x, top - 8.0, "end", name);
        } else if upright {
            let turn = format!(" transform=\"rotate(-90 {:.1} {:.1})\"", x + 4.0, top - 6.0);
            p.styled(x + 4.0, top - 6.0, "start", &turn, name);
        } else {
            p.text(x, top - 8.0, "middle", name);
        }
    }
    for (r, name) in rows.iter().enumerate() {
        let y = top + ROW * r as f64;
        p.text(left - 8.0, y + 15.5, "end", name);
        for (c, &count) in cross.cells[r].iter().enumerate() {
            let (fill, ink) = shade(count, most);
            let x = left + cell * c as f64;
            p.rect((x, y, cell - 1.0, ROW - 1.0), &fill, &format!("{name} · {}: {count}", columns[c]));
            p.styled(
                x + cell / 2.0 - 0.5,
                y + 15.5,
                "middle",
                &format!(" fill=\"{ink}\""),
                &count.to_string(),
            );
        }
        p.text(right + digits - 8.0, y + 15.5, "end", &cross.row_sums[r].to_string());
    }
    let mut y = top + ROW * shown as f64 + 6.0;
    p.text(left - 8.0, y + 15.5, "end", "sum");
    for (c, sum) in cross.column_sums.iter().enumerate() {
        p.text(left + cell * (c as f64 + 0.5) - 0.5, y + 15.5, "middle", &sum.to_string());
    }
    p.text(right + digits - 8.0, y + 15.5, "end", &cross.sum.to_string());
    y += ROW + 18.0;
    p.styled(12.0, y, "start", " fill=\"#666\"", &foot(table, &cross, shown));
    let name = title(table, cells);
    let w = (right + digits + 8.0)
        .max(24.0 + width(&name) * 16.0 / SIZE)
        .max(24.0 + width(&foot(table, &cross, shown)));
    p.finish(&name, w, y + 16.0)
}

fn foot(table: &FacetTable, cross: &Cross, shown: usize) -> String {
    let mut foot = format!("{} articles in all", table.articles);
    if cross.overlaps {
        foot += "; one with several values counts in each";
    }
    if shown < cross.rows.len() {
        let _ = write!(foot, "; the first {shown} of {} rows", cross.rows.len());
    }
    foot
}

/// What one facet counts, in order.
fn counts(table: &FacetTable, cells: Cells) -> Vec<(Option<FacetValue>, usize)> {
    let cross = table.cross(cells);
    cross.rows.into_iter().zip(cross.row_sums).collect()
}

fn time_line(table: &FacetTable, cells: Cells) -> String {
    let counted = counts(table, cells);
    let unknown = counted.iter().find(|c| c.0.is_none()).map_or(0, |c| c.1);
    let known: Vec<(String, usize)> =
        counted.iter().filter(|c| c.0.is_some()).map(|(v, n)| (label(v), *n)).collect();
    let most = known.iter().map(|k| k.1).max().unwrap_or(0).max(1);
    let longest = known.iter().map(|k| width(&k.0)).fold(0.0, f64::max);
    let (left, top, high) = (24.0 + width(&most.to_string()), 52.0, 220.0);
    let step = (820.0 / known.len().max(1) as f64).clamp(6.0, 72.0);
    let mut p = Picture { body: String::new() };
    for n in ticks(most) {
        let y = top + high - high * n as f64 / most as f64;
        let right = left + step * known.len() as f64;
        let _ = writeln!(
            p.body,
            "<line x1=\"{left:.1}\" y1=\"{y:.1}\" x2=\"{right:.1}\" y2=\"{y:.1}\" stroke=\"#ddd\"/>"
        );
        p.text(left - 6.0, y + 4.5, "end", &n.to_string());
    }
    // Labels that would touch are left out.
    let every = ((longest + 10.0) / step).ceil().max(1.0) as usize;
    for (n, (name, count)) in known.iter().enumerate() {
        let x = left + step * n as f64;
        let h = high * *count as f64 / most as f64;
        p.rect((x + step * 0.1, top + high - h, step * 0.8, h), "#2171b5", &format!("{name}: {count}"));
        if step >= width(&count.to_string()) {
            p.text(x + step / 2.0, top + high - h - 4.0, "middle", &count.to_string());
        }
        if n % every == 0 {
            p.text(x + step / 2.0, top + high + 18.0, "middle", name);
        }
    }
    let mut foot = format!("{} articles in all", table.articles);
    if unknown > 0 {
        let _ = write!(foot, "; {unknown} without a known {}", table.by[0]);
    }
    let y = top + high + 44.0;
    p.styled(12.0, y, "start", " fill=\"#666\"", &foot);
    let name = title(table, cells);
    let w = (left + step * known.len() as f64 + longest)
        .max(24.0 + width(&name) * 16.0 / SIZE)
        .max(24.0 + width(&foot));
    p.finish(&name, w, y + 16.0)
}

/// Round numbers up to `most`, at most five.
fn ticks(most: usize) -> Vec<usize> {
    let mut step = 1;
    while most / step > 5 {
        step = match step.to_string().as_bytes()[0] {
            b'1' => step * 2,
            b'2' => step / 2 * 5,
            _ => step * 2,
        };
    }
    (0..=most / step).map(|n| n * step).collect()
}

fn bars(table: &FacetTable, cells: Cells) -> String {
    let counted = without_gaps(table.rows.iter().map(|r| r.values[0].clone()).collect());
    let all = counts(table, cells);
    let counted: Vec<(String, usize)> = counted
        .iter()
        .map(|v| (label(v), all.iter().find(|a| a.0 == *v).map_or(0, |a| a.1)))
        .take(MOST_ROWS)
        .collect();
    let left = 24.0 + counted.iter().map(|c| width(&c.0)).fold(60.0, f64::max);
    let most = counted.iter().map(|c| c.1).max().unwrap_or(0).max(1);
    let (top, wide) = (44.0, 420.0);
    let mut p = Picture { body: String::new() };
    for (n, (name, count)) in counted.iter().enumerate() {
        let y = top + ROW * n as f64;
        p.text(left - 8.0, y + 15.5, "end", name);
        let w = wide * *count as f64 / most as f64;
        p.rect((left, y + 2.0, w, ROW - 4.0), "#2171b5", &format!("{name}: {count}"));
        p.text(left + w + 6.0, y + 15.5, "start", &count.to_string());
    }
    let y = top + ROW * counted.len() as f64 + 22.0;
    let more = all.len().saturating_sub(counted.len());
    let more = if more > 0 { format!("; {more} more rows") } else { String::new() };
    p.styled(12.0, y, "start", " fill=\"#666\"", &format!("{} articles in all{more}", table.articles));
    let name = title(table, cells);
    p.finish(&name, (left + wide + 80.0).max(24.0 + width(&name) * 16.0 / SIZE), y + 16.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fangzhi::search::FacetRow;

    fn table(by: &[&str], rows: &[(&[&str], usize)]) -> FacetTable {
        let value = |v: &str| match v {
            "" => None,
            v => Some(v.parse().map_or_else(|_| FacetValue::Text(v.into()), FacetValue::Number)),
        };
        FacetTable {
            query: Some("<比亚迪 & \"x\">".into()),
            by: by.iter().map(|b| (*b).to_owned()).collect(),
            rows: rows
                .iter()
                .map(|(v, n)| FacetRow {
                    values: v.iter().map(|v| value(v)).collect(),
                    articles: *n,
                    occurrences: Some(*n),
                })
                .collect(),
            articles: rows.iter().map(|r| r.1).sum(),
            notes: Vec::new(),
        }
    }

    fn draw(table: &FacetTable) -> String {
        let mut out = Vec::new();
        facets(&mut out, table, Cells::Articles).expect("memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn pictures_hold_every_count_and_no_raw_marks() {
        let heat = draw(&table(
            &["district", "year"],
            &[(&["山东省/济南市", "2022"], 3), (&["山东省/济南市/槐荫区", "2024"], 4), (&["", ""], 1)],
        ));
        for part in [
            "山东省/济南市/槐荫区",
            ">2023<",
            ">unknown<",
            ">sum<",
            ">8<",
            ">4<",
            "&lt;比亚迪 &amp; &quot;x&quot;&gt;",
        ] {
            assert!(heat.contains(part), "{part} in {heat}");
        }
        assert!(!heat.contains("<比亚迪"));
        let line = draw(&table(&["year"], &[(&["2020"], 5), (&["2022"], 9), (&[""], 2)]));
        for part in [">2021<", "2022: 9", "2 without a known year"] {
            assert!(line.contains(part), "{part} in {line}");
        }
        let bar = draw(&table(&["source"], &[(&["鲁网"], 5)]));
        assert!(bar.contains("鲁网: 5"), "{bar}");
        for empty in [
            draw(&table(&["year"], &[])),
            draw(&table(&["district", "year"], &[])),
            draw(&table(&["source"], &[])),
        ] {
            assert!(
                empty.starts_with("<?xml") && empty.ends_with("</svg>\n") && !empty.contains("NaN"),
                "{empty}"
            );
        }
    }

    #[test]
    fn round_ticks() {
        assert_eq!(ticks(3), [0, 1, 2, 3]);
        assert_eq!(ticks(23), [0, 5, 10, 15, 20]);
        assert_eq!(ticks(4200), [0, 1000, 2000, 3000, 4000]);
    }
}
