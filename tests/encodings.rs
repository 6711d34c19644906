//! One article in every encoding gives the same hits, and the bytes that each hit names are the
//! query, in the encoding of its file.

mod common;

use common::World;
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use fangzhi::text::fold::fold_char;

const SIMPLIFIED: &str = "济南起步区重点项目建设取得新进展\n\n\
    今天上午，记者从济南市有关部门获悉，比亚迪汽车零部件生产基地已经正式开工建设，年产能达到30GW。\n\
    有关负责人表示，这一项目对当地经济社会发展有着重要意义，各项工作正在有序推进，济南的汽车产业将迎来新的发展。\n";

const TRADITIONAL: &str = "濟南起步區重點項目建設取得新進展\n\n\
    今天上午，記者從濟南市有關部門獲悉，比亞迪汽車零部件生產基地已經正式開工建設，年產能達到30GW。\n\
    有關負責人表示，這一項目對當地經濟社會發展有著重要意義，各項工作正在有序推進，濟南的汽車產業將迎來新的發展。\n";

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let bytes = |u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() };
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy, "the text can be written in {}", encoding.name());
    bytes.into_owned()
}

#[test]
fn the_same_hits_in_every_encoding() {
    let world = World::new();
    let with_mark = |text: &str| [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let crlf = SIMPLIFIED.replace('\n', "\r\n");
    let files: [(&str, Vec<u8>, &'static Encoding); 11] = [
        ("utf8", SIMPLIFIED.into(), UTF_8),
        ("utf8-bom", with_mark(SIMPLIFIED), UTF_8),
        ("utf8-crlf", crlf.clone().into(), UTF_8),
        ("gb18030", encode(SIMPLIFIED, GB18030), GB18030),
        ("gb18030-crlf", encode(&crlf, GB18030), GB18030),
        ("gb18030-traditional", encode(TRADITIONAL, GB18030), GB18030),
        ("big5", encode(TRADITIONAL, BIG5), BIG5),
        ("utf8-traditional", TRADITIONAL.into(), UTF_8),
        ("utf16le", utf16(SIMPLIFIED, false), UTF_16LE),
        ("utf16be", utf16(SIMPLIFIED, true), UTF_16BE),
        ("utf16le-traditional", utf16(TRADITIONAL, false), UTF_16LE),
    ];
    for (name, bytes, _) in &files {
        world.write(format!("texts/{name}.txt"), bytes);
    }
    world.sh("index texts").exits(0);
    world.sh("check").exits(0);
    for (query, each) in
        [("比亚迪", 1), ("比亞迪", 1), ("济南", 3), ("30gw", 1), ("W", 1), ("新进展", 1), ("，", 6)]
    {
        let folded: String = query.chars().map(fold_char).collect();
        let ran = world.run(&["kwic", query, "--format", "jsonl"]).exits(0);
        let lines = ran.lines();
        for (name, bytes, encoding) in &files {
            let path = format!("texts/{name}.txt");
            let hits: Vec<_> = lines.iter().filter(|l| l["path"] == path.as_str()).collect();
            assert_eq!(hits.len(), each, "{query} in {name}");
            for hit in hits {
                let at = |key: &str| hit[key].as_u64().expect("in the text") as usize;
                let raw = &bytes[at("raw_start")..at("raw_end")];
                let (text, bad) = encoding.decode_without_bom_handling(raw);
                let text: String = text.chars().map(fold_char).collect();
                assert!(!bad && text == folded, "{query} in {name}: {text}");
                assert_eq!(hit["kind"], "exact", "{query} in {name}");
            }
        }
        // `search` names the same bytes.
        let searched = world.run(&["search", query, "-n", "0", "--format", "jsonl"]).exits(0).lines();
        let highlights = searched.iter().filter_map(|l| l["highlights"].as_array()).flatten();
        assert_eq!(highlights.count(), each * files.len(), "{query}");
        world.run(&["verify", query]).exits(0);
    }
    // As it is written, the scripts are two.
    assert_eq!(world.run(&["count", "濟南", "--as-written", "--format", "json"]).json()["articles"], 4);
    assert_eq!(world.run(&["count", "济南", "--as-written", "--format", "json"]).json()["articles"], 7);
}

#[test]
fn what_is_malformed_is_said_and_can_be_left_out() {
    let world = World::new();
    let mut damaged = encode(SIMPLIFIED, GB18030);
    damaged.insert(40, 0xff);
    let mixed = [SIMPLIFIED.as_bytes(), &encode(SIMPLIFIED, GB18030), SIMPLIFIED.as_bytes()].concat();
    world.write("texts/damaged.txt", &damaged);
    world.write("texts/mixed.txt", &mixed);
    let said = world.run(&["index", "texts"]).exits(0).err.clone();
    assert!(
        said.contains("texts/damaged.txt: read as gb18030, in which one sequence of bytes is malformed"),
        "{said}"
    );
    let facets = world.run(&["facets", "--by", "encoding", "--format", "csv"]).exits(0).out.clone();
    assert!(facets.contains("UTF-8+gb18030,1") && facets.contains("gb18030,1"), "{facets}");
    let left = world.run(&["count", "济南", "--without", "lost", "--format", "json"]).json();
    // Three titles; the long paragraphs that stand there three times count once.
    assert_eq!((&left["articles"], &left["occurrences"]), (&1.into(), &5.into()));
}
