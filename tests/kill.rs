//! Writers that are killed, readers beside a writer, two writers at once.

#![cfg(unix)]

mod common;

use common::{World, article};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// Articles of a size that takes the program a second or more in all.
fn write_articles(world: &World, folder: &str, numbers: std::ops::Range<usize>, word: &str) {
    for n in numbers {
        let text: String = (0..12).map(|i| article(&format!("{word}第{n}号项目{i}"))).collect();
        world.write(format!("{folder}/{}/{n}.txt", n % 7), text);
    }
}

fn start(world: &World, line: &str) -> Child {
    let words: Vec<&str> = line.split(' ').collect();
    let mut command = world.command(&words);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// Runs the command and kills it after the delay. Whether it was still running.
fn kill_after(world: &World, line: &str, delay: Duration) -> bool {
    let mut child = start(world, line);
    std::thread::sleep(delay);
    let running = child.try_wait().expect("a status").is_none();
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    running
}

/// The index opens at a commit, or says that there is none.
fn opens(world: &World) {
    let check = world.sh("check");
    if check.code == Some(2) {
        assert!(check.err.contains("no index at index"), "{check:?}");
    } else {
        check.exits(0);
    }
    let count = world.sh("count 项目 --format json");
    assert!(matches!(count.code, Some(0..=2)), "{count:?}");
}

fn time(world: &World, line: &str) -> Duration {
    let before = Instant::now();
    world.sh(line).exits(0);
    before.elapsed()
}

/// What an index answers.
fn counts(world: &World, index: &str) -> Vec<(u64, u64)> {
    ["项目", "比亚迪", "特斯拉", "第7号", "9号项目3"].iter().map(|q| world.counts_in(index, q)).collect()
}

/// Delays spread over the whole run and a little more, the same in every run of the tests.
fn delays(longest: Duration, n: u32) -> impl Iterator<Item = Duration> {
    (0..n).map(move |i| longest * (i * 2 + 1) / (n * 2 - 1))
}

/// How long the killing of one kind of run may go on.
const PATIENCE: Duration = Duration::from_secs(4);

#[test]
fn killed_while_indexing() {
    let world = World::new();
    write_articles(&world, "a", 0..400, "比亚迪");
    let whole = time(&world, "index a --index whole");
    let expected = counts(&world, "whole");
    let begun = Instant::now();
    let mut killed = 0;
    for delay in delays(whole, 12) {
        killed += usize::from(kill_after(&world, "index a", delay));
        opens(&world);
        // Half of them go on from what the killed run left, half begin again.
        if killed % 2 == 0 {
            world.sh("index a").exits(0);
            assert_eq!(counts(&world, "index"), expected, "after {delay:?}");
            world.sh("check").exits(0);
            world.remove("index");
        }
        if begun.elapsed() > PATIENCE {
            break;
        }
    }
    assert!(killed > 0, "no run lasted long enough to be killed");
    world.sh("index a").exits(0);
    assert_eq!(counts(&world, "index"), expected);
    world.sh("check").exits(0);
    no_rubbish(&world);
}

/// No data folder, list or segment file is left that nothing names.
fn no_rubbish(world: &World) {
    let names = |folder: &std::path::Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries.map(|e| e.expect("a file").file_name().to_string_lossy().into_owned()).collect()
    };
    let index = names(&world.path("index"));
    let data: Vec<_> = index.iter().filter(|n| n.starts_with("data-")).collect();
    assert_eq!(data.len(), 1, "{index:?}");
    let files = names(&world.path("index").join(data[0]));
    let lists = files.iter().filter(|n| n.starts_with("files-")).count();
    let stores = files.iter().filter(|n| n.ends_with(".store")).count();
    assert!(lists == 1 && stores == 1, "{files:?}");
}

#[test]
fn killed_while_updating_or_rebuilding() {
    let world = World::new();
    write_articles(&world, "a", 0..250, "比亚迪");
    world.sh("index a").exits(0);
    let old = counts(&world, "index");
    common::copy(&world.path("index"), &world.path("kept"));
    // New, changed and removed ones.
    write_articles(&world, "a", 250..400, "比亚迪");
    write_articles(&world, "a", 0..100, "特斯拉");
    for n in 100..150 {
        world.remove(format!("a/{}/{n}.txt", n % 7));
    }
    let whole = time(&world, "index a --index whole");
    let new = counts(&world, "whole");
    assert_ne!(old, new);
    let begun = Instant::now();
    let mut killed = 0;
    for (i, delay) in delays(whole, 12).enumerate() {
        let line = if i % 2 == 0 { "index a" } else { "index --rebuild a" };
        killed += usize::from(kill_after(&world, line, delay));
        world.sh("check").exits(0);
        // All of the old or all of the new, nothing between.
        let now = counts(&world, "index");
        assert!(now == old || now == new, "{line} killed after {delay:?}: {now:?}");
        if i % 3 == 2 {
            world.sh("index a").exits(0);
            assert_eq!(counts(&world, "index"), new);
            world.sh("check").exits(0);
            world.remove("index");
            common::copy(&world.path("kept"), &world.path("index"));
        }
        if begun.elapsed() > PATIENCE {
            break;
        }
    }
    assert!(killed > 0, "no run lasted long enough to be killed");
    world.sh("index a").exits(0);
    assert_eq!(counts(&world, "index"), new);
    world.sh("check").exits(0);
    no_rubbish(&world);
}

/// The list of files that a commit names is never written over before the next commit: a program
/// killed between the two would leave an index that takes for indexed what is not.
#[test]
fn a_commit_keeps_its_list() {
    let world = World::new();
    let list = || {
        let meta = std::fs::read_to_string(world.path("index/data-1/meta.json")).expect("a file");
        let meta: serde_json::Value = serde_json::from_str(&meta).expect("JSON");
        meta["payload"].as_str().expect("a name").to_owned()
    };
    let mut last = String::new();
    for i in 0..6 {
        if i % 3 == 0 {
            world.write(format!("a/{i}.txt"), article("比亚迪"));
        }
        world.sh("index a").exits(0);
        assert_ne!(list(), last, "run {i}");
        last = list();
    }
}

#[test]
fn readers_beside_a_writer() {
    let world = World::new();
    write_articles(&world, "a", 0..60, "比亚迪");
    world.sh("index a").exits(0);
    let old = counts(&world, "index");
    write_articles(&world, "a", 60..300, "比亚迪");
    let new = {
        world.sh("index a --index whole").exits(0);
        counts(&world, "whole")
    };
    for line in ["index a", "index --rebuild a", "index --rebuild a"] {
        let mut writer = start(&world, line);
        let begun = Instant::now();
        let mut asked = 0;
        loop {
            let done = writer.try_wait().expect("a status");
            let now = world.counts_in("index", "项目");
            assert!(now == old[0] || now == new[0], "{line}: {now:?}");
            asked += 1;
            if let Some(status) = done {
                assert!(status.success());
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{line} does not end");
        }
        assert!(asked > 1, "no reader came while `{line}` wrote");
        assert_eq!(counts(&world, "index"), new);
    }
    world.sh("check").exits(0);
}

#[test]
fn two_writers() {
    let world = World::new();
    write_articles(&world, "a", 0..500, "比亚迪");
    world.write("b/1.txt", article("特斯拉"));
    let mut first = start(&world, "index a");
    let begun = Instant::now();
    while !world.path("index/data-1/meta.json").exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the first writer does not begin");
        std::thread::sleep(Duration::from_millis(2));
    }
    let second = world.sh("index b");
    let held = first.try_wait().expect("a status").is_none();
    if held {
        second.exits(2).says(&["index is being written by another process", "run the command again"]);
    }
    assert!(first.wait().expect("it ends").success());
    assert!(held, "the first writer was done too soon");
    world.sh("index b").exits(0);
    assert_eq!((world.count("比亚迪", "articles"), world.count("特斯拉", "articles")), (500, 1));
    world.sh("check").exits(0);
}
