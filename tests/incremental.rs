//! Bringing an index up to date: after any change of the files, it answers like one built anew.

mod common;

use common::{World, article};
use proptest::prelude::*;

/// What an index answers: names of its articles, facets, occurrences in context.
fn answers(world: &World, index: &str) -> Vec<String> {
    let mut all = Vec::new();
    for line in [
        "facets --by article,path,year --format jsonl",
        "facets --by district,source --format jsonl",
        "kwic 比亚迪 --format jsonl",
        "kwic 特斯拉 --format jsonl --zone all",
        "kwic 有关 --format csv",
        "search 比亚迪 -n 0 --format csv",
        "count 项目 --format json",
    ] {
        let words: Vec<&str> = line.split(' ').chain(["--index", index]).collect();
        let ran = world.run(&words);
        assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
        all.push(ran.out);
    }
    all
}

/// The index is whole, and answers as one made anew of the same paths.
#[track_caller]
fn same_as_new(world: &World, paths: &[&str]) {
    world.sh("check").exits(0);
    let fresh = world.path("fresh");
    if fresh.exists() {
        std::fs::remove_dir_all(&fresh).expect("it is there");
    }
    let new: Vec<&str> = ["index", "--index", "fresh"].into_iter().chain(paths.iter().copied()).collect();
    let built = world.run(&new);
    assert!(matches!(built.code, Some(0 | 2)), "{built:?}");
    for (updated, new) in answers(world, "index").iter().zip(answers(world, "fresh")) {
        assert_eq!(*updated, new);
    }
}

#[test]
fn new_changed_and_removed_files() {
    let world = World::new();
    world.write("a/1.txt", article("比亚迪"));
    world.write("a/2.txt", article("特斯拉"));
    world.sh("index a").exits(0).says(&["2 articles read, 2 files new"]);
    // Change, what is said.
    let steps: [(&dyn Fn(), &str); 9] = [
        (&|| {}, "0 articles read, 2 files unchanged"),
        (&|| world.write("a/3.txt", article("比亚迪")), "1 article read, 1 file new, 2 files unchanged"),
        (
            &|| world.write("a/1.txt", article("蔚来汽车")),
            "1 article read, 1 file changed, 2 files unchanged",
        ),
        // The same size.
        (&|| world.write("a/2.txt", article("比亚迪")), "1 article read, 1 file changed, 2 files unchanged"),
        (&|| world.remove("a/3.txt"), "0 articles read, 1 file removed, 2 files unchanged"),
        (
            &|| world.write("a/metadata.toml", "[\"1.txt\"]\nyear = 2021\ndistrict = \"槐荫区\"\n"),
            "1 article read, 1 file changed, 1 file unchanged",
        ),
        (
            &|| world.write("a/metadata.toml", "[\"1.txt\"]\nyear = 2020\n"),
            "1 article read, 1 file changed, 1 file unchanged",
        ),
        (&|| world.remove("a/metadata.toml"), "1 article read, 1 file changed, 1 file unchanged"),
        (&|| world.remove("a/1.txt"), "0 articles read, 1 file removed, 1 file unchanged"),
    ];
    for (change, says) in steps {
        change();
        world.sh("index a").exits(0).says(&[says]);
        same_as_new(&world, &["a"]);
    }
    world.remove("a/2.txt");
    world.sh("index a").exits(0).says(&["1 file removed"]);
    world.sh("count 项目").exits(1);
    same_as_new(&world, &["a"]);
}

#[test]
fn one_folder_under_several_names() {
    let world = World::new();
    world.write("a/1.txt", article("比亚迪"));
    world.write("b/2.txt", article("比亚迪"));
    let absolute = world.path("a").to_string_lossy().into_owned();
    for (paths, count) in [
        (&["a"][..], 1),
        (&["./a"], 1),
        (&["a/"], 1),
        (&["a", "./a", "a/1.txt"], 1),
        (&[&absolute], 1),
        (&["a"], 1),
        (&["b"], 2),
        (&["b/../a"], 2),
        (&["a"], 2),
        (&["."], 2),
    ] {
        let words: Vec<&str> = ["index"].iter().chain(paths).copied().collect();
        world.run(&words).exits(0);
        assert_eq!(world.count("比亚迪", "articles"), count, "{paths:?}");
        world.sh("check").exits(0);
    }
    // Two folders in turn: neither takes the other's away, and each sees its own changes.
    world.write("b/2.txt", article("特斯拉"));
    world.sh("index a").exits(0);
    assert_eq!(world.count("比亚迪", "articles"), 2);
    world.sh("index b").exits(0);
    assert_eq!(world.count("比亚迪", "articles"), 1);
    world.remove("b/2.txt");
    world.sh("index b").exits(0);
    same_as_new(&world, &["a"]);
}

#[test]
fn renamed_folders() {
    let world = World::new();
    world.write("a/1.txt", article("比亚迪"));
    world.write("a/deep/2.txt", article("比亚迪"));
    world.sh("index a").exits(0);
    world.rename("a/deep", "a/low");
    world.sh("index a").exits(0);
    same_as_new(&world, &["a"]);
    // The whole folder: its articles are not doubled.
    world.rename("a", "b");
    world.sh("index b").exits(0);
    same_as_new(&world, &["b"]);
    // A folder that is gone is an error, and its articles go with it.
    world.remove("b");
    world.sh("index b").exits(2).says(&["b: no such file or folder"]);
    assert_eq!(world.count("比亚迪", "articles"), 0);
    world.sh("check").exits(0);
}

#[test]
fn rebuilding() {
    let world = World::new();
    world.write("a/1.txt", article("比亚迪"));
    world.write("b/2.txt", article("比亚迪"));
    world.sh("index a b").exits(0);
    world.sh("index --rebuild b").exits(0);
    same_as_new(&world, &["b"]);
    world.sh("index --rebuild").exits(2).says(&["seeds"]);
    world.sh("index --rebuild nowhere").exits(2).says(&["nowhere"]);
    assert_eq!(world.count("比亚迪", "articles"), 1, "what was there is there still");
}

#[test]
fn records_from_standard_input() {
    let world = World::new();
    let feed = |lines: &str| world.feed(&["index", "-"], lines.as_bytes());
    let record = |id: &str, word: &str| {
        serde_json::json!({ "id": id, "text": article(word), "n": 1 }).to_string() + "\n"
    };
    feed(&(record("x", "比亚迪") + &record("y", "比亚迪"))).exits(0);
    assert_eq!(world.count("比亚迪", "articles"), 2);
    // The same ids replace, others are added.
    feed(&(record("x", "特斯拉") + &record("z", "特斯拉"))).exits(0);
    assert_eq!((world.count("比亚迪", "articles"), world.count("特斯拉", "articles")), (1, 2));
    // In one stream the later of two counts, whichever thread had it.
    for _ in 0..5 {
        let many: String = (0..200).map(|i| record("w", &format!("第{i}辆车"))).collect();
        feed(&many).exits(0);
        assert_eq!(world.count("辆车", "articles"), 1);
        assert_eq!(world.count("第199辆车", "articles"), 1);
    }
    // Without ids they take their places by number, and it is said.
    let nameless = |word: &str| serde_json::json!({ "text": article(word) }).to_string() + "\n";
    let ran = feed(&(nameless("蔚来") + &nameless("理想汽车"))).exits(0);
    ran.says(&["2 records from standard input have no `id`"]);
    feed(&nameless("小鹏")).exits(0);
    let count = |query: &str| world.count(query, "articles");
    assert_eq!((count("蔚来"), count("理想汽车"), count("小鹏")), (0, 1, 1));
    world.sh("check").exits(0);
    world.run(&["show", "x"]).exits(0).prints(&["特斯拉"]);
    world.run(&["show", "-:2"]).exits(0).prints(&["理想汽车"]);
    // A folder beside them leaves them alone.
    world.write("a/1.txt", article("比亚迪"));
    world.sh("index a").exits(0);
    world.sh("index a").exits(0).says(&["unchanged"]);
    assert_eq!((count("比亚迪"), count("特斯拉")), (2, 2));
    feed("not JSON\n").exits(2).says(&["-:1: not valid JSON"]);
    assert_eq!((count("比亚迪"), count("特斯拉")), (2, 2));
}

#[test]
fn one_id_in_two_files() {
    let world = World::new();
    let record = |id: &str| serde_json::json!({ "id": id, "text": article("比亚迪") }).to_string();
    let names = || -> Vec<String> {
        let lines = world.sh("kwic 比亚迪 --format jsonl").exits(0).lines();
        let name = |l: &serde_json::Value| l["article"].as_str().map(str::to_owned);
        let mut names: Vec<String> = lines.iter().filter_map(name).collect();
        names.sort();
        names
    };
    world.write("a/1.jsonl", record("x"));
    world.write("a/2.jsonl", record("y"));
    world.sh("index a").exits(0);
    assert_eq!(names(), ["x", "y"]);
    world.write("a/2.jsonl", record("x") + "\n" + &record("z"));
    world.sh("index a").exits(0);
    assert_eq!(names(), ["a/1.jsonl#x", "a/2.jsonl#x", "z"]);
    for (name, articles) in [("a/1.jsonl#x", 1), ("x", 2), ("z", 1), ("a/2.jsonl", 2)] {
        let ran = world.run(&["show", name, "--format", "jsonl"]).exits(0);
        assert_eq!(ran.lines().len(), articles, "{name}");
    }
    same_as_new(&world, &["a"]);
    world.remove("a/1.jsonl");
    world.sh("index a").exits(0);
    assert_eq!(names(), ["x", "z"]);
}

#[test]
fn one_id_twice_in_one_file() {
    let world = World::new();
    let record = |word: &str| serde_json::json!({ "id": "x", "text": article(word) }).to_string();
    world.write("a/1.jsonl", record("比亚迪") + "\n" + &record("特斯拉"));
    world.sh("index a").exits(0);
    for (word, name) in [("比亚迪", "a/1.jsonl#x:1"), ("特斯拉", "a/1.jsonl#x:2")] {
        let hits = world.run(&["kwic", word, "--format", "jsonl"]).exits(0).lines();
        assert_eq!(hits[0]["article"], name);
        let shown = world.run(&["show", name]).exits(0);
        assert!(shown.out.contains(word), "{shown:?}");
    }
}

/// Records that nothing tells apart but their place come in the order of the file, however many
/// threads raced to index them.
#[test]
fn equal_records_keep_their_order() {
    let world = World::new();
    let record = serde_json::json!({ "text": article("比亚迪") }).to_string() + "\n";
    world.write("a.jsonl", record.repeat(300));
    let expected: Vec<String> = (1..=300).map(|n| format!("a.jsonl:{n}")).collect();
    for threads in ["1", "4"] {
        world.run(&["index", "a.jsonl", "--rebuild", "--threads", threads]).exits(0);
        let lines = world.sh("search 比亚迪 -n 0 --format jsonl").exits(0).lines();
        let mut names: Vec<&str> = lines.iter().filter_map(|l| l["article"].as_str()).collect();
        names.dedup();
        assert_eq!(names[..300], expected);
    }
}

/// One change of the files below `a`.
#[derive(Debug, Clone)]
enum Edit {
    Write(u8, u8),
    Records(u8, Vec<u8>),
    Remove(u8),
    Metadata(u8, Option<u16>),
    RenameFolder(u8),
    Update,
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => (0u8..6, 0u8..3).prop_map(|(file, word)| Edit::Write(file, word)),
        2 => (0u8..3, prop::collection::vec(0u8..5, 0..4)).prop_map(|(file, ids)| Edit::Records(file, ids)),
        2 => (0u8..6).prop_map(Edit::Remove),
        1 => (0u8..6, prop::option::of(2000u16..2025)).prop_map(|(file, year)| Edit::Metadata(file, year)),
        1 => (0u8..2).prop_map(Edit::RenameFolder),
        3 => Just(Edit::Update),
    ]
}

fn apply(world: &World, edit: &Edit) {
    let word = |n: u8| ["比亚迪", "特斯拉", "蔚来汽车"][n as usize % 3];
    let text = |file: u8| format!("a/{}/{file}.txt", file % 2);
    let remove = |name: String| {
        if world.path(&name).exists() {
            world.remove(name);
        }
    };
    match edit {
        Edit::Write(file, n) => world.write(text(*file), article(word(*n))),
        Edit::Records(file, ids) => {
            let record =
                |id: &u8| serde_json::json!({ "id": id, "text": article(word(*id)) }).to_string() + "\n";
            world.write(format!("a/{file}.jsonl"), ids.iter().map(record).collect::<String>());
        }
        Edit::Remove(file) => {
            remove(text(*file));
            remove(format!("a/{file}.jsonl"));
        }
        Edit::Metadata(file, Some(year)) => {
            world.write("a/metadata.toml", format!("[\"{file}.txt\"]\nyear = {year}\n"));
        }
        Edit::Metadata(_, None) => remove("a/metadata.toml".into()),
        Edit::RenameFolder(n) => {
            let (from, to) = (format!("a/{n}"), format!("a/moved{n}"));
            if world.path(&from).exists() && !world.path(&to).exists() {
                world.rename(&from, &to);
            }
        }
        Edit::Update => drop(world.sh("index a").exits(0)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_edits(edits in prop::collection::vec(edit(), 1..14)) {
        let world = World::new();
        world.write("a/first.txt", article("比亚迪"));
        for edit in &edits {
            apply(&world, edit);
        }
        world.sh("index a").exits(0);
        same_as_new(&world, &["a"]);
    }
}

/// What could not be read is not forgotten when it is not read again.
#[test]
fn old_problems_are_recalled() {
    let world = World::new();
    world.write("a.jsonl", "{\"text\": \"比亚迪在济南建厂。\"}\nno record\n");
    world.sh("index a.jsonl").exits(2).says(&["a.jsonl:2", "1 problem"]);
    world.sh("index a.jsonl").exits(0).says(&["1 of the unchanged files could not be read in full"]);
    world.write("a.jsonl", "{\"text\": \"比亚迪在济南建厂。\"}\n");
    let mended = world.sh("index a.jsonl").exits(0).says(&["1 file changed"]);
    assert!(!mended.err.contains("in full"), "{}", mended.err);
}
