//! Cleaning is total: any text comes back with a sound map and sound blocks, in linear time.

use fangzhi::article::{Article, Markup};
use fangzhi::clean::{clean, clean_text};
use fangzhi::text::Span;
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Pieces that steps look for, so that chance puts them together.
const PIECES: [&str; 40] = [
    "濟(jì)",
    "項(xiàng)",
    "經(jīng)",
    "發(fā)",
    "業(yè)",
    "?zèng)Q",
    "?qǐng)",
    "?,",
    "?;",
    "??",
    "F(xiàn)",
    "日??己嗽u",
    "\u{E1FD}",
    "€",
    "*河",
    "**",
    "*",
    "5*8",
    "项目个,",
    "自年6月",
    "&nbsp;",
    "&#20013;",
    "&",
    "\n",
    "\r\n",
    "\u{200B}",
    "\u{A0}",
    "\u{3000}",
    "首页 > 新闻",
    "分享",
    "热门推荐",
    "【",
    "】",
    "<p>",
    "</p>",
    "<script>",
    "<!--",
    "<title>",
    "比亚迪在济南投资建设项目，年产三十万辆。",
    "。",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned),
        1 => ".{0,6}",
        1 => "[一-龥]{1,8}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn sound(text in text(), markup in prop::sample::select(vec![Markup::Plain, Markup::Markdown, Markup::Html])) {
        let article = Article { text, markup, ..Article::default() };
        let found = clean(&article, &());
        let (mut start, mut end) = (0, 0);
        for (i, c) in found.text.char_indices() {
            let raw = found.map.map(Span::new(i, i + c.len_utf8()));
            prop_assert!(article.text.get(raw.range()).is_some(), "{raw:?} is no range of the text");
            prop_assert!(raw.start() >= start && raw.end() >= end, "{raw:?} after {start}..{end}");
            (start, end) = (raw.start(), raw.end());
        }
        for repair in &found.repairs {
            prop_assert_eq!(article.text.get(repair.span.range()).is_some(), true);
            prop_assert!((0.0..=1.0).contains(&repair.confidence));
        }
        let mut last = 0;
        for block in &found.blocks {
            prop_assert!(block.span.start() >= last);
            last = block.span.end();
            let text = found.text.get(block.span.range()).unwrap_or("\n");
            prop_assert!(!text.trim().is_empty() && !text.contains('\n'));
        }
        let shown: String = found.blocks.iter().map(|b| found.block_text(b)).collect();
        let bare = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        prop_assert_eq!(bare(&shown), bare(&found.text), "every character but white space is in a block");
    }
}

/// The time that cleaning `text` takes, the best of two.
fn time(text: &str, markup: Markup) -> Duration {
    let article = Article { text: text.to_owned(), markup, ..Article::default() };
    (0..2)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(clean(&article, &()));
            start.elapsed()
        })
        .min()
        .unwrap_or_default()
}

#[test]
fn no_repetition_is_slow() {
    const PAGE: &str = "濟(jì)南項(xiàng)目經(jīng)濟(jì)發(fā)展，建設(shè)產(chǎn)業(yè)區(qū)。\n";
    let _ = clean_text(PAGE, &()); // tables are made once
    for (unit, markup) in [
        ("?,", Markup::Plain),
        ("(jì)", Markup::Plain),
        ("*", Markup::Plain),
        ("*河", Markup::Plain),
        ("?zèng)", Markup::Plain),
        ("日??己嗽u", Markup::Plain),
        ("?;顒悠陂", Markup::Plain),
        ("&amp;", Markup::Plain),
        ("项目个,", Markup::Plain),
        ("热门推荐\n", Markup::Plain),
        ("收藏\n一\n", Markup::Plain),
        ("<", Markup::Html),
        ("<p ", Markup::Html),
        ("<a '", Markup::Html),
        ("<script>", Markup::Html),
        ("<!--", Markup::Html),
        ("<nav>", Markup::Html),
        ("<title></nav>", Markup::Html),
    ] {
        for head in ["", PAGE, "分享\n\n正文在此，一句话。\n\n"] {
            let make = |bytes: usize| format!("{head}{}", unit.repeat(bytes / unit.len()));
            let (small, large) = (time(&make(16_000), markup), time(&make(128_000), markup));
            println!("{unit:?} after {} bytes: {small:?}, {large:?}", head.len());
            // Eight times the text; a quadratic step takes sixty-four times as long.
            assert!(
                large < small * 24 + Duration::from_millis(150),
                "{unit:?} after {head:?}: {small:?} then {large:?}"
            );
        }
    }
}
