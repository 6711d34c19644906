//! An index that is missing, cut short, changed, of another version, or not an index: each file
//! of it in turn. `check` notices; every command says what is wrong and what to do, or answers.

mod common;

use common::{World, article, copy};
use std::path::{Path, PathBuf};

/// A world with a small index: two segments' worth of articles, one of them deleted again.
fn world() -> World {
    let mut world = World::new();
    world.damaged = true;
    for i in 0..6 {
        world.write(format!("texts/{i}.txt"), article(if i % 2 == 0 { "比亚迪" } else { "特斯拉" }));
    }
    world.write("texts/7.jsonl", "{\"id\":\"a\",\"text\":\"黄河\",\"district\":\"槐荫区\",\"year\":2024}\n");
    world.sh("index texts").exits(0);
    world.remove("texts/5.txt");
    world.sh("index texts").exits(0);
    world
}

/// The index's files, without empty ones (locks).
fn files(world: &World) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in ["index", "index/data-1"] {
        for entry in std::fs::read_dir(world.path(folder)).expect("a folder") {
            let entry = entry.expect("a file");
            let meta = entry.metadata().expect("metadata");
            if meta.is_file() && meta.len() > 0 {
                files.push(Path::new(folder).join(entry.file_name()));
            }
        }
    }
    files.sort();
    assert!(files.len() > 8, "{files:?}");
    files
}

const COMMANDS: [&str; 7] = [
    "count 比亚迪",
    "search 比亚迪",
    "search 新能源汽车产业 --mode best",
    "kwic 特斯拉",
    "facets --by district,year,source",
    "show texts/1.txt",
    "stats",
];

/// Every command ends without a panic, with an error that says what to do if it errs.
fn none_panics(world: &World, what: &str) {
    for line in COMMANDS {
        let ran = world.sh(line);
        assert!(matches!(ran.code, Some(0..=2)), "{what}: {ran:?}");
        if ran.code == Some(2) {
            assert!(ran.err.contains("index"), "{what}: {ran:?}");
        }
    }
}

/// `check` notices, and says what to do. (Which files tantivy may take away when nothing needs
/// them any more is no part of any answer.)
fn noticed(world: &World, what: &str) {
    if what.contains(".managed.json") {
        return;
    }
    let check = world.sh("check");
    assert_eq!(check.code, Some(2), "{what}: {check:?}");
    assert!(check.err.contains("--rebuild") || check.out.contains("--rebuild"), "{what}: {check:?}");
}

fn restore(world: &World) {
    world.remove("index");
    copy(&world.path("whole"), &world.path("index"));
}

#[test]
fn cut_short() {
    let world = world();
    copy(&world.path("index"), &world.path("whole"));
    for name in files(&world) {
        let whole = std::fs::read(world.path(&name)).expect("a file");
        for length in [0, 1, whole.len() / 2, whole.len() - 1] {
            let what = format!("{} cut to {length} of {}", name.display(), whole.len());
            world.write(&name, &whole[..length]);
            noticed(&world, &what);
            none_panics(&world, &what);
        }
        world.write(&name, &whole);
    }
    world.sh("check").exits(0);
}

#[test]
fn a_byte_changed() {
    let world = world();
    copy(&world.path("index"), &world.path("whole"));
    for name in files(&world) {
        let whole = std::fs::read(world.path(&name)).expect("a file");
        let places = [0, whole.len() / 3, whole.len() / 2, whole.len() - 2];
        for (i, at) in places.into_iter().enumerate() {
            let what = format!("byte {at} of {} in {}", whole.len(), name.display());
            let mut bytes = whole.clone();
            bytes[at] ^= [0x01, 0x80, 0x10, 0xff][i];
            world.write(&name, &bytes);
            noticed(&world, &what);
            none_panics(&world, &what);
        }
        world.write(&name, &whole);
    }
}

#[test]
fn a_file_removed() {
    let world = world();
    copy(&world.path("index"), &world.path("whole"));
    for name in files(&world) {
        world.remove(&name);
        let what = format!("{} removed", name.display());
        if name.ends_with("manifest.json") {
            world.sh("check").exits(2).says(&["no index at index", "fangzhi index FOLDER"]);
        } else if !name.ends_with(".managed.json") {
            noticed(&world, &what);
            // Bringing it up to date says so too, or leaves it as damaged as it was.
            if world.sh("index texts").code != Some(2) {
                noticed(&world, &what);
            }
        }
        none_panics(&world, &what);
        world.sh("index --rebuild texts").exits(0);
        world.sh("check").exits(0);
        assert_eq!(world.count("比亚迪", "occurrences"), 3, "{what}");
        restore(&world);
    }
}

#[test]
fn not_an_index() {
    let world = world();
    std::fs::create_dir(world.path("empty")).expect("a folder");
    for (index, says) in [
        ("nowhere", &["no index at nowhere", "fangzhi index FOLDER --index nowhere"][..]),
        ("empty", &["no index at empty", "fangzhi index FOLDER --index empty"]),
        ("texts/0.txt", &["texts/0.txt is a file, not an index folder", "--index"]),
        ("texts/0.txt/x", &["texts/0.txt/x", "--index"]),
        ("", &["index"]),
    ] {
        for command in ["count", "search", "kwic", "verify", "explain", "show"] {
            world.run(&[command, "比亚迪", "--index", index]).exits(2).says(says);
        }
        for command in ["facets", "stats", "check"] {
            world.run(&[command, "--index", index]).exits(2).says(says);
        }
    }
    world.run(&["index", "texts", "--index", "texts/0.txt"]).exits(2).says(&["texts/0.txt is a file"]);
    // The data folder lost.
    std::fs::remove_dir_all(world.path("index/data-1")).expect("it was there");
    noticed(&world, "no data");
    none_panics(&world, "no data");
    world.sh("index texts").exits(2).says(&["--rebuild"]);
    world.sh("index texts --rebuild").exits(0);
    assert_eq!(world.count("比亚迪", "articles"), 3);
    // A folder of something else.
    world.write("other/manifest.json", "{\"name\": \"web app\"}");
    world.sh("count 比亚迪 --index other").exits(2).says(&["other/manifest.json", "not fangzhi's"]);
    world.sh("index texts --index other").exits(2).says(&["not fangzhi's"]);
}

#[test]
fn another_version() {
    let world = world();
    let manifest = std::fs::read_to_string(world.path("index/manifest.json")).expect("a file");
    let json: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    for key in ["schema", "literal", "fold", "dictionary"] {
        let mut other = json.clone();
        other[key] = match &json[key] {
            serde_json::Value::String(_) => "another".into(),
            number => (number.as_u64().expect("a number") + 1).into(),
        };
        world.write("index/manifest.json", other.to_string());
        let says = ["was made by", "fangzhi index --rebuild --index index"];
        world.sh("count 比亚迪").exits(2).says(&says);
        world.sh("check").exits(2).says(&says);
        world.sh("index texts").exits(2).says(&says);
    }
    world.sh("index texts --rebuild").exits(0);
    world.sh("check").exits(0);
    // A manifest that points outside is not followed.
    let mut other = json;
    other["data"] = "../texts".into();
    world.write("index/manifest.json", other.to_string());
    world.sh("count 比亚迪").exits(2).says(&["outside"]);
}
