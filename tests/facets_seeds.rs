//! Date, district and outlet of the seeds that need little repair, zoned here by hand: the table at
//! the end of NOISE. The other two stand, shortened, in the case tables of `place` and `date`.

use fangzhi::article::{Block, Clean, Given, Zone};
use fangzhi::text::Span;
use fangzhi::{date, outlet, place};

/// The text of a seed with the zone of each line; `zone` gets the line's number (from 1) and text.
fn seed(name: &str, zone: impl Fn(usize, &str) -> Zone) -> Clean {
    let path = format!("{}/seeds/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a seed of this repository");
    let mut blocks = Vec::new();
    let mut start = 0;
    for (i, line) in text.split('\n').enumerate() {
        if !line.trim().is_empty() {
            blocks.push(Block { span: Span::new(start, start + line.len()), zone: zone(i + 1, line) });
        }
        start += line.len() + 1;
    }
    Clean { text, blocks, ..Clean::default() }
}

fn about(clean: &Clean) -> Vec<String> {
    let placings = place::detect(clean, &Given::default());
    placings.into_iter().filter(|p| p.about).map(|p| p.path).collect()
}

#[test]
fn the_whole_city_in_early_2024() {
    let clean = seed("002_0377eb9e3577284e.txt", |line, text| match line {
        1 => Zone::Title,
        _ if text.starts_with('#') || text.starts_with("  • ") || text.contains("考研") => {
            Zone::Unrelated
        }
        _ => Zone::Body,
    });
    assert_eq!(about(&clean), ["山东省/济南市"]);
    let dating = date::detect(&clean, &Given::default()).expect("a year");
    assert_eq!((dating.year, dating.month, dating.day), (2024, None, None));
    assert_eq!(dating.evidence.rule, "inferred");
    assert!(dating.evidence.confidence < 0.7);
    assert_eq!(outlet::detect(&clean, &Given::default()), None);
}

#[test]
fn lost_digits_give_no_date() {
    let clean = seed("003_2eeaad20f77cb63a.txt", |line, text| match line {
        1..=8 => Zone::Navigation,
        9 => Zone::Title,
        10..=12 => Zone::Navigation,
        _ if text.starts_with("分享") || text == "TOP" || text.starts_with("发新话题") => {
            Zone::Navigation
        }
        _ => Zone::Body,
    });
    assert_eq!(about(&clean), ["山东省/济南市/济南新旧动能转换起步区"]);
    assert_eq!(date::detect(&clean, &Given::default()), None);
    let given = Given { year: Some(2022), ..Given::default() };
    let dating = date::detect(&clean, &given).expect("the given year");
    assert_eq!((dating.year, dating.evidence.rule.as_str()), (2022, "given"));
    let outlet = outlet::detect(&clean, &Given::default()).expect("an outlet");
    assert_eq!(outlet.0, "济南时报");
}

#[test]
fn printed_beside_the_source() {
    let clean = seed("004_892a0c932a36f5c1.txt", |line, text| match line {
        3 => Zone::Title,
        _ if text.starts_with("首页") || text.starts_with("打印") => Zone::Navigation,
        _ if text.contains("来源:") || text.starts_with("责任编辑") => Zone::Byline,
        _ => Zone::Body,
    });
    assert_eq!(about(&clean), ["山东省/济南市/济南新旧动能转换起步区"]);
    let dating = date::detect(&clean, &Given::default()).expect("a date");
    assert_eq!(dating.date().as_deref(), Some("2024-03-15"));
    assert_eq!(dating.evidence.words, "2024-03-15");
    assert_eq!(outlet::detect(&clean, &Given::default()).expect("an outlet").0, "鲁网");
}
