//! Bad input: files, queries, streams. Each is met with a message that names what is wrong and an
//! exit code, never with a panic (which [`common::World::run`] looks for), and the rest is done.

mod common;

use common::{Ran, World, article, is_root, permit};
use std::ffi::OsStr;

/// A folder with one good article, and an index of it.
fn one_article() -> World {
    let world = World::new();
    world.write("texts/good.txt", article("比亚迪"));
    world.sh("index texts").exits(0);
    world
}

#[test]
fn files_that_are_no_articles() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde".as_slice();
    // Name, bytes, whether it is a problem that is named (else an article without a hit).
    for (name, bytes, problem) in [
        ("png.txt", png, true),
        ("nul.txt", b"abc\0\0\0\0\0\0def\0\0\0\0\x01\x02\x03\0\0", true),
        ("empty.txt", b"", false),
        ("spaces.txt", " \n\t \u{3000}\n  ".as_bytes(), false),
        ("bom.txt", b"\xef\xbb\xbf", false),
        ("odd.txt", b"\xff\xfe\x41", true),
        ("line.txt", &[b'a'; 300_000], false),
        ("not.jsonl", b"this is no JSON\n", true),
        ("half.jsonl", b"{\"text\": \"abc\"}\n{\"text\": \"de", true),
        ("array.jsonl", b"[1, 2]\n", true),
        ("empty.jsonl", b"", false),
        ("broken.json", b"[{\"text\": \"abc\"}, {", true),
        ("notext.csv", b"a,b\n1,2\n", true),
        ("not.txt.gz", b"no gzip at all", true),
        ("cut.txt.gz", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 0x4c], true),
        ("new\nline.txt", "换行".as_bytes(), false),
        ("bell\u{7}\u{1b}[31m.txt", "控制".as_bytes(), false),
        ("'quote\" $x `.txt", "引号".as_bytes(), false),
        ("-n.txt", "横线".as_bytes(), false),
    ] {
        let world = World::new();
        world.write("texts/good.txt", article("比亚迪"));
        world.write(format!("texts/{name}"), bytes);
        let ran = world.sh("index texts");
        if problem {
            ran.exits(2).says(&[&format!("texts/{name}"), "1 problem"]);
        } else {
            ran.exits(0);
        }
        assert_eq!(world.count("比亚迪", "occurrences"), 1, "{name:?}");
        world.sh("check").exits(0);
        // Control characters in names do not reach the terminal by messages.
        let again = world.sh("index texts");
        assert!(!again.err.contains('\u{1b}'), "{again:?}");
        // `clean` reads it without an index, or says why not.
        let cleaned = world.run(&["clean", &format!("texts/{name}")]);
        assert!(matches!(cleaned.code, Some(0 | 2)), "{cleaned:?}");
    }
}

#[test]
fn a_folder_named_like_an_article() {
    let world = World::new();
    world.write("texts/x.txt/inside.txt", article("比亚迪"));
    world.write("texts/metadata.toml/odd.txt", article("特斯拉"));
    world.sh("index texts").exits(0);
    assert_eq!(world.count("比亚迪", "articles"), 1);
    world.run(&["clean", "texts/x.txt"]).exits(2).says(&["texts/x.txt"]);
}

#[test]
fn a_folder_without_articles() {
    let world = World::new();
    std::fs::create_dir(world.path("texts")).expect("a folder");
    world.sh("index texts").exits(0).says(&["no articles were found", ".jsonl"]);
    for line in ["search 比亚迪", "count 比亚迪", "facets", "kwic 比亚迪", "stats", "explain 比亚迪"]
    {
        world.sh(line).exits(1);
    }
    world.sh("check").exits(0).prints(&["0 articles"]);
    world.sh("verify 比亚迪").exits(0);
    world.sh("show 比亚迪").exits(2).says(&["no article"]);
    // And the first article in it.
    world.write("texts/a.txt", article("比亚迪"));
    world.sh("index texts").exits(0);
    assert_eq!(world.count("比亚迪", "articles"), 1);
}

#[cfg(unix)]
#[test]
fn links_pipes_and_names_that_are_no_text() {
    use std::os::unix::{ffi::OsStrExt, fs::symlink};
    let world = World::new();
    world.write("texts/good.txt", article("比亚迪"));
    symlink("nowhere", world.path("texts/broken.txt")).expect("a link");
    symlink("..", world.path("texts/loop")).expect("a link");
    symlink("self", world.path("texts/self")).expect("a link");
    symlink("good.txt", world.path("texts/twice.txt")).expect("a link");
    std::fs::write(world.path("texts").join(OsStr::from_bytes(b"\xb9\xfa.txt")), "x").expect("a file");
    let fifo = std::process::Command::new("mkfifo").arg(world.path("texts/pipe.txt")).status();
    assert!(fifo.is_ok_and(|s| s.success()), "mkfifo is there");
    world.sh("index texts").exits(2).says(&["texts/broken.txt", "not valid UTF-8", "rename it"]);
    assert_eq!(world.count("比亚迪", "articles"), 1);
    world.sh("check").exits(0);
    // A pipe that is named is read like a file, here to its end.
    let ran = world.script("printf '%s' 特斯拉已经建成投产了 > texts/pipe.txt & \"$F\" clean texts/pipe.txt");
    ran.exits(0).prints(&["特斯拉"]);
    for args in [
        &[OsStr::new("count"), OsStr::from_bytes(b"\xb9\xfa")][..],
        &[OsStr::new("search"), OsStr::new("x"), OsStr::new("--path"), OsStr::from_bytes(b"\xb9")],
    ] {
        world.run(args).exits(2).says(&["UTF-8"]);
    }
    world.run(&[OsStr::new("index"), OsStr::from_bytes(b"\xb9\xfa")]).exits(2);
    world
        .run(&[OsStr::new("count"), OsStr::new("x"), OsStr::new("--index"), OsStr::from_bytes(b"\xb9")])
        .exits(2);
}

#[test]
fn queries() {
    let world = one_article();
    // The system lets no argument be longer than 128 KiB; longer queries come by `--batch`.
    let long = "b".repeat(100_000);
    let words = "比亚 ".repeat(14_000);
    let quotes = "\"".repeat(100_000);
    // Query, the exit code of `count`, what is said.
    for (query, code, says) in [
        ("", 2, "empty"),
        ("   ", 2, "empty"),
        ("\u{3000}", 2, "empty"),
        ("\t\n\r", 2, "empty"),
        ("\"\"", 2, "empty"),
        ("“”", 2, "empty"),
        ("\"", 1, ""),
        ("\u{1}\u{2}", 2, "empty"),
        ("\u{7f}", 2, "empty"),
        ("\u{feff}", 1, ""),
        ("\u{200b}", 1, ""),
        ("\u{1b}[31m", 1, ""),
        ("🀄", 1, ""),
        ("𠮷", 1, ""),
        ("e\u{301}", 1, ""),
        ("-", 1, ""),
        ("--", 1, ""),
        ("*", 1, ""),
        ("\\", 1, ""),
        ("(((", 1, ""),
        ("比亚迪", 0, ""),
        (" 比亚迪\n", 0, ""),
        (&long, 2, "100000 characters"),
        (&quotes, 2, ""),
        (&words, 2, "shorten"),
    ] {
        for command in ["count", "search", "kwic", "facets", "verify", "explain"] {
            let ran = world.run(&[command, "--", query]);
            match command {
                // What is not found falls back to best match, or is compared and found equal.
                "search" | "verify" if code == 1 => assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}"),
                _ => drop(ran.exits(code).says(&[says])),
            }
        }
    }
    // A hyphen before a keyword is no option.
    world.run(&["count", "-比亚迪"]).exits(1);
    world.run(&["kwic", "--比亚迪"]).exits(1);
}

#[test]
fn filters() {
    let world = one_article();
    for (filter, code, says) in [
        (["--year", "0"], 2, "no year"),
        (["--year", "99999999999999999999"], 2, "no year"),
        (["--year", ""], 2, "no year"),
        (["--year", "1000"], 1, ""),
        (["--date", "yesterday"], 2, "no range of days"),
        (["--date", "2024-02-30"], 1, ""),
        (["--date", "2024-01-01...2024-02-01"], 2, "no range of days"),
        (["--district", ""], 1, "no article has it"),
        (["--district", "火星区"], 1, "火星区: no article has it"),
        (["--district", "///"], 1, "no article has it"),
        (["--district", "\u{1b}[31m"], 1, "no article has it"),
        (["--source", ""], 1, "no article has it"),
        (["--path", "["], 2, "no glob pattern"),
        (["--path", ""], 1, "no article has it"),
        (["--path", "**"], 0, ""),
        (["--zone", "title"], 2, "[possible values: body, all]"),
        (["--format", ""], 2, "[possible values:"),
    ] {
        for command in ["search", "count", "kwic", "facets"] {
            let ran = world.run(&[command, "比亚迪", filter[0], filter[1]]);
            let ran = ran.exits(code).says(&[says]);
            assert!(!ran.err.contains('\u{1b}'), "{ran:?}");
        }
    }
    for (line, code) in [
        ("search 比亚迪 -n 18446744073709551615", 0),
        ("search 比亚迪 -n 18446744073709551616", 2),
        ("search 比亚迪 --offset 18446744073709551615", 0),
        ("search 比亚迪 -n 18446744073709551615 --offset 18446744073709551615", 0),
        ("search 比亚迪 -n -1", 2),
        ("search 比亚迪 -n 0", 0),
        ("kwic 比亚迪 --width 10000", 0),
        ("kwic 比亚迪 --width 4294967296", 2),
        ("kwic 比亚迪 -n 0", 0),
        ("facets --by ,", 2),
        ("facets --by district,year,month,date,source,path,article", 0),
        ("facets --by path,path", 2),
        ("index texts --threads 0", 2),
        ("index texts --memory 1", 2),
        ("index texts --threads 256", 0),
    ] {
        world.sh(line).exits(code);
    }
}

#[test]
fn batches() {
    let world = one_article();
    let queries = |ran: &Ran| -> Vec<String> {
        ran.lines().iter().map(|l| l["query"].as_str().expect("a query").to_owned()).collect()
    };
    // Bytes of the file, exit code, the queries answered.
    for (bytes, code, expected) in [
        ("比亚迪\n特斯拉\n".as_bytes(), 0, &["比亚迪", "特斯拉"][..]),
        ("比亚迪\r\n特斯拉\r\n".as_bytes(), 0, &["比亚迪", "特斯拉"]),
        ("\u{feff}比亚迪".as_bytes(), 0, &["比亚迪"]),
        ("\n\n \n\u{3000}\n比亚迪\n\n".as_bytes(), 0, &["比亚迪"]),
        ("特斯拉\n".as_bytes(), 1, &["特斯拉"]),
        (b"", 1, &[]),
        ("\"\"\n比亚迪\n".as_bytes(), 2, &["比亚迪"]),
        // GB18030 bytes are no query that could be answered: said, with the line.
        (b"\xb1\xc8\xd1\xc7\xb5\xcf\n\xe6\xaf\x94\xe4\xba\x9a\n", 2, &["比亚"]),
    ] {
        world.write("queries", bytes);
        let ran = world.sh("count --batch queries --format jsonl").exits(code);
        assert_eq!(queries(&ran), expected, "{ran:?}");
        if code == 2 {
            ran.says(&["queries:1: "]);
        }
        let args = ["kwic", "--batch", "-", "--format", "jsonl"];
        world.feed(&args, bytes).exits(code);
    }
    // A line that is too long is named, the others are answered.
    world.write("queries", format!("比亚迪\n{}\n亚迪\n", "长".repeat(200_000)));
    let ran = world.sh("search --batch queries --format jsonl").exits(2).says(&["queries:2: ", "200000"]);
    assert_eq!(ran.lines().iter().filter(|l| l["type"] == "summary").count(), 2);
    // Many queries, in order.
    let many: Vec<String> = (0..3000).map(|i| format!("比亚迪{i}")).collect();
    let ran =
        world.feed(&["count", "--batch", "-", "--format", "jsonl"], many.join("\n").as_bytes()).exits(1);
    assert_eq!(queries(&ran), many);
    world.sh("count --batch nothing").exits(2).says(&["nothing: "]);
    world.sh("count --batch texts").exits(2).says(&["texts: "]);
}

#[test]
fn streams() {
    let world = one_article();
    // More than a pipe holds.
    for i in 0..400 {
        world.write(format!("many/{i}.txt"), article("比亚迪"));
    }
    world.sh("index many --index large").exits(0);
    // Script, exit code.
    for (script, code) in [
        ("\"$F\" search 比亚迪 <&-", 0),
        ("\"$F\" search 比亚迪 >&-", 0),
        ("\"$F\" search 比亚迪 2>&-", 0),
        ("\"$F\" search 没有 <&- >&- 2>&-", 1),
        ("\"$F\" count '' 2>&-", 2),
        ("\"$F\" index - <&- --index new", 0),
        ("\"$F\" count --batch - <&-", 1),
        ("\"$F\" clean - <&-", 0),
        ("\"$F\" index texts 2>/dev/full", 0),
        ("\"$F\" count '' 2>/dev/full", 2),
        // A disk that is full is an error.
        ("\"$F\" search 比亚迪 >/dev/full", 2),
        ("\"$F\" facets --by path --format json >/dev/full", 2),
        ("\"$F\" completions bash >/dev/full", 2),
        // A reader that has enough is none.
        ("set -o pipefail; \"$F\" search 比亚迪 -n 0 --index large | head -1", 0),
        ("set -o pipefail; \"$F\" search 比亚迪 -n 0 --index large --format jsonl | head -1", 0),
        ("set -o pipefail; \"$F\" search 比亚迪 -n 0 --index large --format json | head -1", 0),
        ("set -o pipefail; \"$F\" search 比亚迪 -n 0 --index large --format csv | head -1", 0),
        ("set -o pipefail; \"$F\" kwic 比亚迪 --index large --format tsv | head -1", 0),
        ("set -o pipefail; \"$F\" kwic 比亚迪 --index large | head -1", 0),
        ("set -o pipefail; \"$F\" kwic 比亚迪 --index large --format json | head -1", 0),
        (
            "set -o pipefail; for i in {1..50}; do echo 比亚迪; done | \"$F\" kwic --batch - --index large | head -1",
            0,
        ),
        ("set -o pipefail; \"$F\" facets --by article,path,date --index large --format json | head -1", 0),
        ("set -o pipefail; \"$F\" facets --by article --index large --format csv | head -1", 0),
        ("set -o pipefail; \"$F\" facets --by article --index large | head -1", 0),
        ("set -o pipefail; \"$F\" man | head -1", 0),
        ("set -o pipefail; cat many/*.txt many/*.txt | \"$F\" clean - | head -1", 0),
        ("set -o pipefail; \"$F\" clean many/*.txt --format jsonl | head -1", 0),
        ("set -o pipefail; { \"$F\" index many nothing{1..2000} 2>&1; true; } | head -1", 0),
    ] {
        world.script(script).exits(code);
    }
    world.script("\"$F\" search 比亚迪 >/dev/full").says(&["No space left"]);
    // Text that is piped is not coloured unless it is asked for.
    let escape = |ran: Ran| ran.out.contains("\u{1b}[");
    assert!(!escape(world.sh("search 比亚迪")));
    assert!(escape(world.sh("search 比亚迪 --color always")));
    assert!(!escape(world.sh("search 比亚迪 --color never")));
    assert!(!escape(world.script("NO_COLOR=1 \"$F\" search 比亚迪")));
    assert!(!escape(world.script("NO_COLOR= \"$F\" search 比亚迪")));
    for format in ["json", "jsonl", "csv", "tsv"] {
        assert!(!escape(world.run(&["search", "比亚迪", "--color", "always", "--format", format])));
    }
}

#[test]
fn what_may_not_be_read_or_written() {
    if is_root() {
        println!("skipped: permissions do not bind root");
        return;
    }
    let world = one_article();
    world.write("texts/secret.txt", article("特斯拉"));
    world.write("texts/folder/a.txt", article("蔚来"));
    world.sh("index texts").exits(0);
    // A file that can't be read any more keeps what was read of it.
    permit(&world.path("texts/secret.txt"), 0o000);
    permit(&world.path("texts/folder"), 0o000);
    world.sh("index texts").exits(2).says(&["texts/folder", "ermission denied"]);
    assert_eq!((world.count("特斯拉", "articles"), world.count("蔚来", "articles")), (1, 1));
    permit(&world.path("texts/folder"), 0o755);
    // A new one is named, and read as soon as it can be.
    world.write("texts/new.txt", article("理想"));
    permit(&world.path("texts/new.txt"), 0o000);
    world.sh("index texts").exits(2).says(&["texts/new.txt", "ermission denied"]);
    permit(&world.path("texts/new.txt"), 0o644);
    world.sh("index texts").exits(0);
    assert_eq!(world.count("理想", "articles"), 1);
    // An index on a disk that can't be written answers.
    let frozen = ["index", "index/data-1"];
    frozen.iter().for_each(|folder| permit(&world.path(folder), 0o555));
    for lock in ["index/lock", "index/data-1/.tantivy-meta.lock"] {
        if world.path(lock).exists() {
            permit(&world.path(lock), 0o444);
        }
    }
    world.sh("count 比亚迪").exits(0).prints(&["1 article"]);
    world.sh("check").exits(0);
    world.write("texts/later.txt", article("小鹏"));
    world.sh("index texts").exits(2).says(&["index", "ermission denied"]).never_says("another process");
    permit(&world.path("index"), 0o000);
    world.sh("count 比亚迪").exits(2).says(&["index", "ermission denied"]);
    frozen.iter().for_each(|folder| permit(&world.path(folder), 0o755));
}

#[test]
fn metadata_files() {
    let world = one_article();
    world.write("broken.toml", "[\"good.txt\"\nyear = 2024");
    world.write("wrong.toml", "[\"good.txt\"]\nyear = \"last year\"\ndate = 7\ncolour = \"red\"\n");
    world.write("nobody.toml", "[\"nothing.txt\"]\nyear = 2024\n");
    world.write("latin.toml", b"[\"good.txt\"]\ntitle = \"\xe9\"\n");
    for (file, code, says) in [
        ("nothing.toml", 2, "nothing.toml"),
        ("texts", 2, "texts"),
        ("broken.toml", 2, "broken.toml"),
        ("wrong.toml", 2, "wrong.toml"),
        ("latin.toml", 2, "latin.toml"),
        ("nobody.toml", 0, "nothing.txt"),
    ] {
        world.run(&["index", "texts", "--meta", file]).exits(code).says(&[says]);
        assert_eq!(world.count("比亚迪", "articles"), 1, "{file}");
        world.sh("check").exits(0);
    }
    // One that is broken in the folder stops nothing.
    world.write("texts/metadata.toml", "= = =");
    world.write("texts/new.txt", article("特斯拉"));
    world.sh("index texts").exits(2).says(&["texts/metadata.toml"]);
    assert_eq!(world.count("特斯拉", "articles"), 1);
}

/// With no index but a folder `seeds` beside it, a question builds the index first.
#[test]
fn the_first_question() {
    let world = World::with_seeds();
    let says = ["no index at index yet: building it from seeds", "5 articles read"];
    world.sh("count 比亚迪").exits(0).says(&says).prints(&["4 articles"]);
    world.sh("count 比亚迪").exits(0).never_says("building");
    world.sh("count 比亚迪 --index other/index").exits(2).says(&["no index at other/index"]);
    // Broken is not missing: nothing is built over it.
    world.write("index/manifest.json", "{");
    world.sh("count 比亚迪").exits(2).says(&["index/manifest.json", "--rebuild"]).never_says("building");
    // Several at once: each answers rightly, or says that another is at it.
    world.remove("index");
    let line = "for i in 1 2 3 4; do \"$F\" count 比亚迪 >$i.out 2>$i.err & done; wait";
    world.script(line).exits(0);
    let read = |name: String| std::fs::read_to_string(world.path(name)).expect("a file");
    for i in 1..=4 {
        let (out, err) = (read(format!("{i}.out")), read(format!("{i}.err")));
        let refused = err.contains("being written by another process");
        assert!(out.starts_with("4 articles") || out.is_empty() && refused, "{out}{err}");
    }
    world.sh("count 比亚迪").exits(0).prints(&["4 articles"]);
}
