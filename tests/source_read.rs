//! Files of every kind, whole and broken, through discovery and reading.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use fangzhi::article::{Article, Markup};
use fangzhi::source::{Metadata, Problem, discover, read_file, read_stdin};
use fangzhi::text::Span;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::ProptestConfig;
use std::fs;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    if encoding == UTF_16LE {
        return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    }
    if encoding == UTF_16BE {
        return text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    }
    encoding.encode(text).0.into_owned()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}

/// Writes one file into a new folder, and reads that folder.
fn read(name: &str, bytes: &[u8]) -> Vec<Result<Article, Problem>> {
    let dir = tempfile::tempdir().expect("a folder for the test");
    fs::write(dir.path().join(name), bytes).expect("a file for the test");
    read_folder(dir.path())
}

fn read_folder(folder: &Path) -> Vec<Result<Article, Problem>> {
    let found = discover(&[folder.to_owned()], &[]);
    let (metadata, problems) = Metadata::gather(None, &found.metadata);
    let mut items: Vec<_> = found.problems.into_iter().chain(problems).map(Err).collect();
    for file in &found.files {
        let flow = read_file(file, &metadata, &mut |item| {
            items.push(item);
            ControlFlow::Continue(())
        });
        assert_eq!(flow, ControlFlow::Continue(()));
    }
    items
}

/// One line an item: `1:text` for a record, `!line: reason` for a problem.
fn lines(items: &[Result<Article, Problem>]) -> Vec<String> {
    items
        .iter()
        .map(|item| match item {
            Ok(article) => format!("{}:{}", article.record.unwrap_or(0), article.text),
            Err(problem) => format!("!{}: {}", problem.line.unwrap_or(0), problem.reason),
        })
        .collect()
}

fn check(name: &str, bytes: &[u8], expected: &[&str]) {
    assert_eq!(lines(&read(name, bytes)), expected, "{name}");
}

#[test]
fn json_lines() {
    check("a.jsonl", b"", &[]);
    check("a.jsonl", b"{\"text\":\"a\"}\n\n  \n{\"text\":\"b\"}", &["1:a", "4:b"]);
    check("a.ndjson", b"\xEF\xBB\xBF{\"text\":\"a\"}\r\n{\"text\":\"b\"}\r\n", &["1:a", "2:b"]);
    check(
        "a.jsonl",
        b"{\"text\":\"a\"}\n{\"text\":\n{\"title\":\"b\"}\n[1]\n{\"text\":\"c\"}\n",
        &[
            "1:a",
            "!2: not valid JSON: EOF while parsing a value (column 8)",
            "!3: no field \"text\" (or \"content\")",
            "!4: a record must be an object {…}, this is an array",
            "5:c",
        ],
    );
    check(
        "a.jsonl",
        b"[\n",
        &["!1: a JSON array begins here, not a record: give the file a name that ends in .json"],
    );
    check("a.jsonl", b"{\"text\":\"a\\u6d4e\\n\\ud83d\\ude00\"}", &["1:a济\n😀"]);
}

#[test]
fn records_in_every_encoding() {
    let jsonl = "{\"text\":\"濟南市新舊動能轉換起步區\",\"district\":\"槐蔭區\"}\n{\"text\":\"黃河北岸\"}\n";
    let csv = "text,district\n濟南市新舊動能轉換起步區,槐蔭區\n\"黃河\n北岸\",市中區;歷下區\n";
    for encoding in [UTF_8, GB18030, BIG5, UTF_16LE, UTF_16BE] {
        let items = read("a.jsonl", &encode(jsonl, encoding));
        assert_eq!(lines(&items), ["1:濟南市新舊動能轉換起步區", "2:黃河北岸"], "{}", encoding.name());
        let article = items[0].as_ref().expect("an article");
        assert_eq!(article.given.districts, ["槐蔭區"]);
        assert_eq!(article.encoding, encoding.name());
        assert!(article.source_map.is_identity());
        let items = read("a.csv", &encode(csv, encoding));
        assert_eq!(lines(&items), ["1:濟南市新舊動能轉換起步區", "2:黃河\n北岸"], "{}", encoding.name());
        let article = items[1].as_ref().expect("an article");
        assert_eq!(article.given.districts, ["市中區", "歷下區"]);
        assert_eq!(article.encoding, encoding.name());
    }
    // The encoding shows only after more ASCII than is looked at.
    let ascii = "{\"text\":\"only ASCII\"}\n".repeat(5000);
    let late = [ascii.as_bytes(), &encode(jsonl, GB18030)].concat();
    let items = read("late.jsonl", &late);
    assert_eq!(lines(&items)[5000..], ["5001:濟南市新舊動能轉換起步區", "5002:黃河北岸"]);
}

#[test]
fn tables() {
    check("a.csv", b"", &[]);
    check("a.csv", b"text\n", &[]);
    check("a.csv", b"\xEF\xBB\xBFtext,year\r\na,2024\r\n\r\nb,\r\n", &["1:a", "2:b"]);
    check("a.tsv", b"id\tcontent\n7\ta,b\n", &["1:a,b"]);
    check(
        "a.csv",
        b"text,year\na,2024\nb,c,d\n\"e\nf\",x\ng,2024\n",
        &[
            "1:a",
            "!3: the row has 3 cells, the header 2: left out (is a quotation mark not closed, or a delimiter not quoted?)",
            "3:e\nf",
            "!4: \"year\" must be a year from 1000 to 2999, not \"x\": kept as it stands",
            "4:g",
        ],
    );
    check(
        "a.csv",
        b"Text,year\na,2024\n",
        &["!1: no column \"text\" (or \"content\") in the header; it has: Text, year"],
    );
}

#[test]
fn whole_files() {
    check("a.json", b"[{\"text\":\"a\"},{\"content\":\"b\"}]", &["1:a", "2:b"]);
    check("a.txt", b"", &["0:"]);
    check("a.txt", b"\x89PNG\r\n\x1A\n", &["!0: not a text file (looks like a PNG image)"]);
    check(
        "a.jsonl",
        b"PK\x03\x04",
        &["!0: not a text file (looks like a zip archive or an Office document)"],
    );
    let page = "<html><meta charset=gb2312><p>济南起步区</p></html>";
    for (name, markup) in [("a.html", Markup::Html), ("a.md", Markup::Markdown), ("a.txt", Markup::Plain)] {
        let bytes = encode(page, GB18030);
        for (name, stored) in [(name.to_owned(), bytes.clone()), (format!("{name}.gz"), gzip(&bytes))] {
            let items = read(&name, &stored);
            let article = items[0].as_ref().expect("an article");
            assert_eq!((article.markup, article.text.as_str()), (markup, page));
            assert_eq!((article.record, article.encoding.as_str()), (None, "gb18030"));
            assert!(article.path.ends_with(&format!("/{name}")));
            let at = page.find("起步区").expect("it stands there");
            let raw = article.source_map.map(Span::new(at, at + "起步区".len()));
            assert_eq!(bytes[raw.range()], encode("起步区", GB18030), "{name}");
        }
    }
}

#[test]
fn broken_archives_keep_what_came_before() {
    // Incompressible enough that the cut falls within the records.
    let record = |n: u64| format!("{{\"text\":\"{:x}\"}}\n", n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let jsonl: String = (0..20_000).map(record).collect();
    let whole = gzip(jsonl.as_bytes());
    for cut in [whole.len() / 10, whole.len() / 2, whole.len() - 4] {
        let items = read("a.jsonl.gz", &whole[..cut]);
        let (last, before) = items.split_last().expect("something came");
        assert!(before.iter().all(Result::is_ok) && before.len() > cut / 30, "{} of {cut}", before.len());
        let problem = last.as_ref().expect_err("the end is missing");
        assert!(problem.reason.starts_with("the compressed data breaks off here"), "{problem}");
    }
    let rows = gzip(format!("text\n{}", jsonl.replace(['{', '}', '"'], "")).as_bytes());
    let items = read("a.csv.gz", &rows[..rows.len() / 2]);
    assert!(items.len() > 5000 && items.iter().filter(|item| item.is_err()).count() == 1);

    let whole = gzip("济南起步区。".repeat(10_000).as_bytes());
    let items = read("a.txt.gz", &whole[..whole.len() / 2]);
    assert!(items.len() == 2 && items[1].is_err());
    assert!(items[0].as_ref().expect("its beginning").text.starts_with("济南起步区。济南"));

    for name in ["a.txt.gz", "a.jsonl.gz", "a.csv.gz", "a.json.gz"] {
        let items = read(name, b"no gzip at all");
        assert_eq!(
            lines(&items),
            [format!(
                "!{}: the compressed data is damaged (invalid gzip header): what came before was read",
                u64::from(name.contains("jsonl") || name.contains("csv"))
            )],
            "{name}"
        );
    }
    // Two archives one after the other are one stream.
    let two = [gzip(b"{\"text\":\"a\"}\n"), gzip(b"{\"text\":\"b\"}\n")].concat();
    check("a.jsonl.gz", &two, &["1:a", "2:b"]);
}

#[test]
fn standard_input_is_json_lines_and_may_fail_or_be_left() {
    struct Failing(&'static [u8]);
    impl Read for Failing {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::Error::other("the pipe broke")),
                n => Ok(n),
            }
        }
    }
    let mut items = Vec::new();
    let input = b"{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"te";
    let _ = read_stdin(Failing(input), &Metadata::default(), &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    assert_eq!(lines(&items), ["1:a", "2:b", "!3: the pipe broke"]);
    assert_eq!(items[0].as_ref().expect("an article").path, "-");

    let mut seen = 0;
    let flow = read_stdin(&input[..], &Metadata::default(), &mut |_| {
        seen += 1;
        ControlFlow::Break(())
    });
    assert_eq!((flow, seen), (ControlFlow::Break(()), 1));
}

proptest::proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any bytes, records or not, end in articles and problems.
    #[test]
    fn nothing_panics(
        lines in proptest::collection::vec(
            proptest::string::bytes_regex(
                r#"(?s-u:[\[\]{},:"\\\x00-\xFF]|text|"text":"a"|,|\t|\xB9\xFA|\{"text":"b"\}){0,12}"#
            ).expect("a valid expression"),
            0..6,
        ),
    ) {
        let bytes = lines.join(&b'\n');
        for name in ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.html", "a.txt"] {
            for item in read(name, &bytes) {
                match item {
                    Ok(article) => assert!(article.path.ends_with(name)),
                    Err(problem) => assert!(!problem.reason.is_empty()),
                }
            }
        }
    }
}

#[test]
fn metadata_wins_over_the_record() {
    let dir = tempfile::tempdir().expect("a folder for the test");
    fs::write(dir.path().join("a.jsonl"), r#"{"text":"a","year":2020,"title":"t"}"#).expect("written");
    fs::write(dir.path().join("metadata.toml"), "['a.jsonl']\nyear = 2022\n").expect("written");
    let items = read_folder(dir.path());
    let given = &items[0].as_ref().expect("an article").given;
    assert_eq!((given.year, given.title.as_deref()), (Some(2022), Some("t")));
}

#[test]
fn the_seeds_come_as_they_are() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let items = read_folder(&folder);
    assert_eq!(items.len(), 5);
    for item in items {
        let article = item.expect("no problems");
        assert_eq!(article.text.as_bytes(), fs::read(&article.path).expect("a seed"));
        assert!(article.source_map.is_identity() && article.replaced == 0);
        let year = article.path.contains("/003_").then_some(2022);
        assert_eq!(article.given.year, year, "{}", article.path);
    }
}
