//! The literal guarantee: for any texts and any query, the index answers what a plain scan of the
//! folded text finds: the same articles, the same occurrences, the same bytes of the source.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8};
use fangzhi::analysis::Words;
use fangzhi::article::{Article, Clean, Markup, RepairKind};
use fangzhi::search::{
    Engine, Filters, IndexOptions, Kind, KwicOrder, Mode, SearchRequest, ZoneFilter, update,
};
use fangzhi::source;
use fangzhi::text::Span;
use fangzhi::text::fold::{fold_char, is_han};
use proptest::prelude::*;
use std::path::Path;

/// Few characters, so that texts and queries meet: Simplified and Traditional forms, widths,
/// cases, spaces, paragraph breaks, marks that cleaning looks at, a character outside the BMP.
const ALPHABET: &str = "[比亚亞迪业業AaＡ1１。,，* \u{3000}\n?河黄黃𠮷]";

fn build(folder: &Path, index: &Path) -> Engine {
    let options = IndexOptions {
        paths: vec![folder.to_owned()],
        index: index.to_owned(),
        metadata: None,
        places: None,
        rebuild: false,
        threads: 2,
        memory: 32 << 20,
    };
    let report = update(&options, &mut std::io::empty(), &|_| {}).expect("a writable folder");
    assert_eq!(report.problems, []);
    Engine::open(index).expect("just built")
}

/// An occurrence: path, raw bytes from and to.
type Place = (String, Option<usize>, Option<usize>);

/// What a reader with a text editor would find: each paragraph folded character by character,
/// the literal looked for at each position.
fn scan(path: &str, bytes: &[u8], literal: &str, zone: ZoneFilter) -> Vec<Place> {
    let article: Article = source::article_of(path, bytes, Markup::Plain).expect("text");
    let clean: Clean = fangzhi::clean::clean(&article, &Words);
    let literal: Vec<char> = literal.chars().collect();
    let mut places = Vec::new();
    for block in clean.blocks.iter().filter(|b| zone == ZoneFilter::All || b.zone.is_body()) {
        let mut folded: Vec<(char, usize, usize)> = Vec::new();
        let mut space = None;
        for (at, c) in clean.block_text(block).char_indices() {
            let at = block.span.start() + at;
            if c.is_whitespace() {
                space.get_or_insert((at, at + c.len_utf8()));
                continue;
            }
            if let (Some((from, to)), Some(&(before, _, _))) = (space.take(), folded.last())
                && !(is_han(before) && is_han(fold_char(c)))
            {
                folded.push((' ', from, to));
            }
            folded.push((fold_char(c), at, at + c.len_utf8()));
        }
        let mut at = 0;
        while at + literal.len() <= folded.len() {
            let end = at + literal.len();
            if folded[at..end].iter().map(|f| f.0).eq(literal.iter().copied()) {
                let decoded = clean.map.map(Span::new(folded[at].1, folded[end - 1].2));
                let guessed = |r: &&fangzhi::article::Repair| r.kind == RepairKind::Restored;
                if !clean.repairs.iter().filter(guessed).any(|r| r.span.overlaps(decoded)) {
                    let raw = article.source_map.map(decoded);
                    places.push((path.to_owned(), Some(raw.start()), Some(raw.end())));
                    at = end;
                    continue;
                }
            }
            at += 1;
        }
    }
    places.sort();
    places
}

/// The folded form of a query, by the same few rules.
fn folded(query: &str) -> String {
    let parsed = fangzhi::query::parse(query).expect("a query");
    parsed.literals()[0].folded().to_owned()
}

fn check(
    texts: &[(String, &'static Encoding)],
    queries: &[String],
    zone: ZoneFilter,
) -> Result<(), TestCaseError> {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("texts");
    std::fs::create_dir(&folder).expect("a folder");
    let mut files = Vec::new();
    for (i, (text, encoding)) in texts.iter().enumerate() {
        let (bytes, used, lossy) = encoding.encode(text);
        let bytes = if lossy || used != *encoding { text.as_bytes().to_vec() } else { bytes.into_owned() };
        let path = folder.join(format!("{i}.txt"));
        std::fs::write(&path, &bytes).expect("a file");
        files.push((path.to_string_lossy().into_owned(), bytes));
    }
    let engine = build(&folder, &dir.path().join("index"));
    let filters = Filters { zone, no_restored: true, ..Filters::default() };
    for query in queries {
        let literal = folded(query);
        let mut expected: Vec<Place> =
            files.iter().flat_map(|(path, bytes)| scan(path, bytes, &literal, zone)).collect();
        expected.sort();
        let answer = engine.kwic(query, &filters, 5, KwicOrder::Position).expect("an answer");
        let mut found: Vec<Place> =
            answer.lines.iter().map(|l| (l.about.path.clone(), l.raw_start, l.raw_end)).collect();
        found.sort();
        prop_assert_eq!(&found, &expected, "{:?} in {:?}", query, texts);

        let count = engine.count(query, &filters).expect("an answer");
        prop_assert_eq!(count.occurrences, expected.len());
        let mut articles: Vec<&String> = expected.iter().map(|p| &p.0).collect();
        articles.dedup();
        prop_assert_eq!(count.articles, articles.len());

        // The program's own proof agrees, and what is called exact stands there.
        let verified = engine.verify(query, &filters).expect("an answer");
        prop_assert_eq!((verified.missed, verified.extra), (0, 0));
        prop_assert_eq!(verified.occurrences, expected.len());
        for line in answer.lines.iter().filter(|l| l.kind == Kind::Exact) {
            let (_, bytes) = files.iter().find(|f| f.0 == line.about.path).expect("one of the files");
            let raw = &bytes[line.raw_start.expect("in the text")..line.raw_end.expect("in the text")];
            let whole = source::decode(bytes).expect("text");
            let encoding = Encoding::for_label(whole.encoding.as_bytes()).expect("a known encoding");
            let (text, _) = encoding.decode_without_bom_handling(raw);
            prop_assert_eq!(text.chars().map(fold_char).collect::<String>(), literal.clone());
        }
    }
    Ok(())
}

fn text() -> impl Strategy<Value = (String, &'static Encoding)> {
    let encoding = prop_oneof![3 => Just(UTF_8), 1 => Just(GB18030), 1 => Just(BIG5)];
    (prop::string::string_regex(&format!("{ALPHABET}{{0,60}}")).expect("a pattern"), encoding)
}

fn query() -> impl Strategy<Value = String> {
    prop::string::string_regex("[比亚亞迪业業aＡ1。*河黄𠮷]{1,4}").expect("a pattern")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_index_answers_like_a_scan(
        texts in prop::collection::vec(text(), 1..6),
        queries in prop::collection::vec(query(), 1..12),
        all in any::<bool>(),
    ) {
        check(&texts, &queries, if all { ZoneFilter::All } else { ZoneFilter::Body })?;
    }

    #[test]
    fn pieces_of_the_texts_are_found(
        texts in prop::collection::vec(text(), 1..4),
        pieces in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1usize..7), 1..10),
    ) {
        let queries: Vec<String> = pieces
            .iter()
            .filter_map(|(text, at, length)| {
                let chars: Vec<char> = text.get(&texts).0.chars().collect();
                let from = at.index(chars.len().max(1));
                let piece: String = chars.iter().skip(from).take(*length).collect();
                let one_line = piece.split('\n').max_by_key(|l| l.len()).unwrap_or_default();
                let keyword: String = one_line.chars().filter(|c| !c.is_whitespace()).collect();
                (!keyword.is_empty()).then_some(keyword)
            })
            .collect();
        check(&texts, &queries, ZoneFilter::All)?;
    }
}

/// All keywords, or nothing; a phrase with a space; across jieba's words; inside ASCII.
#[test]
fn what_matches() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("texts");
    std::fs::create_dir(&folder).expect("a folder");
    let body = "城市中心的产能达到30GW，BYD 汽车在这里生产，这是一个完整的句子，足够长，可以算作正文。";
    std::fs::write(
        folder.join("a.txt"),
        format!("{body}\n第二段说的是濟南的新舊動能轉換，也是正文的一部分，也足够长了。\n"),
    )
    .expect("a file");
    let engine = build(&folder, &dir.path().join("index"));
    let filters = Filters::default();
    let count = |query: &str| engine.count(query, &filters).expect("an answer").occurrences;
    for (query, expected) in [
        ("市中", 1),
        ("YD", 1),
        ("gw", 1),
        ("0G", 1),
        ("３０ＧＷ", 1),
        ("济南的新旧", 1),
        ("\"BYD 汽车\"", 1),
        ("BYD汽车", 0),
        ("城市 动能", 2),
        ("城市 没有", 0),
        ("正文。第二段", 0),
        ("长", 2),
    ] {
        assert_eq!(count(query), expected, "{query}");
    }
    let whole = Filters { whole_word: true, ..Filters::default() };
    assert_eq!(engine.count("市中", &whole).expect("an answer").occurrences, 0);
    assert_eq!(engine.count("城市", &whole).expect("an answer").occurrences, 1);
    let written = Filters { as_written: true, ..Filters::default() };
    assert_eq!(engine.count("济南", &written).expect("an answer").occurrences, 0);
    assert_eq!(engine.count("濟南", &written).expect("an answer").occurrences, 1);
    assert_eq!(engine.count("gw", &written).expect("an answer").occurrences, 0);
    assert_eq!(engine.verify("濟南", &written).expect("an answer").missed, 0);
}

/// The same question gives the same answer, however many segments and threads there were.
#[test]
fn answers_do_not_depend_on_how_the_index_was_made() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("texts");
    std::fs::create_dir(&folder).expect("a folder");
    let text = "比亚迪在济南建厂，这一段文字完全一样，所以得分也完全一样，只有名字不同。";
    let mut outputs = Vec::new();
    for (round, threads) in [(0, 1), (1, 4)] {
        let index = dir.path().join(format!("index-{round}"));
        for part in 0..3 {
            for i in 0..20 {
                std::fs::write(folder.join(format!("{}.txt", (i * 7 + part * 20) % 60)), text)
                    .expect("a file");
            }
            let options = IndexOptions {
                paths: vec![folder.clone()],
                index: index.clone(),
                metadata: None,
                places: None,
                rebuild: false,
                threads,
                memory: 32 << 20,
            };
            update(&options, &mut std::io::empty(), &|_| {}).expect("a writable folder");
        }
        let engine = Engine::open(&index).expect("just built");
        let request =
            SearchRequest { query: "比亚迪".into(), mode: Mode::Keyword, limit: 7, ..Default::default() };
        let hits = engine.search(&request).expect("an answer").hits;
        outputs.push(hits.iter().map(|h| (h.about.path.clone(), h.score.to_bits())).collect::<Vec<_>>());
    }
    assert_eq!(outputs[0], outputs[1]);
    assert_eq!(outputs[0].len(), 7);
}
