//! `fangzhi index --watch`: the index follows its folders, and stops when told.

#![cfg(unix)]

mod common;

use common::{World, article};
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What is waited for comes within moments; a machine under load may take this long.
const PATIENCE: Duration = Duration::from_secs(90);

/// A watching program, killed when the test fails.
struct Watching<'a> {
    world: &'a World,
    child: Option<Child>,
}

impl<'a> Watching<'a> {
    fn start(world: &'a World, line: &str) -> Watching<'a> {
        let words: Vec<&str> = line.split(' ').collect();
        let mut command = world.command(&words);
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        Watching { world, child: Some(child.expect("the program starts")) }
    }

    /// Waits until the index holds so many articles with the word.
    #[track_caller]
    fn holds(&mut self, index: &str, word: &str, articles: u64) {
        let begun = Instant::now();
        loop {
            let ran = self.world.run(&["count", word, "--format", "json", "--index", index]);
            let now = matches!(ran.code, Some(0 | 1)).then(|| ran.json()["articles"].as_u64()).flatten();
            if now == Some(articles) {
                return;
            }
            let child = self.child.as_mut().expect("it runs");
            assert!(child.try_wait().expect("a status").is_none(), "it stopped by itself: {ran:?}");
            assert!(begun.elapsed() < PATIENCE, "{word}: {now:?} articles, not {articles}: {ran:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn signal(&self, name: &str) {
        let id = self.child.as_ref().expect("it runs").id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().expect("kill is there").success());
    }

    /// Stops it, and returns what it said.
    #[track_caller]
    fn stop(mut self, signal: &str) -> String {
        self.signal(signal);
        let mut child = self.child.take().expect("it runs");
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("a status") {
                break status;
            }
            if begun.elapsed() > PATIENCE {
                child.kill().expect("it can be killed");
                panic!("it does not stop at {signal}");
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        let mut said = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
        assert_eq!(status.code(), Some(0), "{said}");
        assert!(said.trim_end().ends_with("stopped; the index at index stays as it is"), "{said}");
        said
    }
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[test]
fn files_come_change_move_and_go() {
    let world = World::new();
    world.write("a/1.txt", article("比亚迪"));
    let mut watching = Watching::start(&world, "index a --watch");
    watching.holds("index", "比亚迪", 1);
    world.write("a/2.txt", article("比亚迪"));
    watching.holds("index", "比亚迪", 2);
    // In a folder that was not there.
    world.write("a/new/deep/3.txt", article("比亚迪"));
    watching.holds("index", "比亚迪", 3);
    world.write("a/1.txt", article("特斯拉"));
    watching.holds("index", "特斯拉", 1);
    watching.holds("index", "比亚迪", 2);
    // As editors save: another file takes the name.
    world.write("a/.4.tmp", article("蔚来汽车"));
    world.rename("a/.4.tmp", "a/2.txt");
    watching.holds("index", "蔚来汽车", 1);
    world.rename("a/new", "a/old");
    world.write("a/5.txt", article("理想汽车"));
    watching.holds("index", "理想汽车", 1);
    watching.holds("index", "比亚迪", 1);
    world.remove("a/old");
    watching.holds("index", "比亚迪", 0);
    // What the folder says of its files.
    world.write("a/metadata.toml", "[\"5.txt\"]\nyear = 1999\n");
    let begun = Instant::now();
    while world.sh("count 理想汽车 --year 1999").code != Some(0) {
        assert!(begun.elapsed() < PATIENCE, "the metadata is not seen");
        std::thread::sleep(Duration::from_millis(50));
    }
    let said = watching.stop("-INT");
    for part in
        ["watching a; stop with Ctrl-C", "1 article read, 1 file new", "1 file changed", "1 file removed"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    world.sh("check").exits(0);
    // What it left is up to date.
    world.sh("index a").exits(0).says(&["0 articles read", "unchanged"]);
}

/// The index lies in the folder that it indexes: its own files are no news, and it comes to rest.
#[test]
fn its_own_index_is_no_news() {
    let world = World::new();
    world.write("1.txt", article("比亚迪"));
    let mut watching = Watching::start(&world, "index . --watch");
    watching.holds("index", "比亚迪", 1);
    world.write("2.txt", article("比亚迪"));
    watching.holds("index", "比亚迪", 2);
    std::thread::sleep(Duration::from_secs(2));
    let said = watching.stop("-TERM");
    assert_eq!(said.matches("up to date").count(), 2, "{said}");
}

#[test]
fn a_folder_that_is_made_anew_and_a_file_by_name() {
    let world = World::new();
    world.write("a/1.txt", article("比亚迪"));
    world.write("b/one.txt", article("特斯拉"));
    world.write("b/other.txt", article("特斯拉"));
    let mut watching = Watching::start(&world, "index a b/one.txt --watch");
    watching.holds("index", "比亚迪", 1);
    watching.holds("index", "特斯拉", 1);
    world.write("b/one.txt", article("蔚来汽车"));
    watching.holds("index", "蔚来汽车", 1);
    world.remove("a");
    watching.holds("index", "比亚迪", 0);
    world.write("a/1.txt", article("比亚迪"));
    watching.holds("index", "比亚迪", 1);
    world.write("a/2.txt", article("比亚迪"));
    watching.holds("index", "比亚迪", 2);
    watching.stop("-INT");
}

/// Another writer and a broken file stop nothing, and are said once.
#[test]
fn what_goes_wrong_passes() {
    let world = World::new();
    world.write("a/1.txt", article("比亚迪"));
    world.sh("index a").exits(0);
    let mut watching = Watching::start(&world, "index a --watch");
    world.write("a/2.txt", article("比亚迪"));
    watching.holds("index", "比亚迪", 2);
    let lock = std::fs::File::options().write(true).open(world.path("index/lock")).expect("a lock");
    lock.lock().expect("free");
    world.write("a/3.txt", article("比亚迪"));
    std::thread::sleep(Duration::from_secs(2));
    drop(lock);
    watching.holds("index", "比亚迪", 3);
    world.write("a/bad.json", "{");
    world.write("a/4.txt", article("比亚迪"));
    watching.holds("index", "比亚迪", 4);
    world.write("a/5.txt", article("比亚迪"));
    watching.holds("index", "比亚迪", 5);
    let said = watching.stop("-INT");
    assert_eq!(said.matches("being written by another process").count(), 1, "{said}");
    assert!(said.contains("a/bad.json"), "{said}");
}

#[test]
fn what_can_not_be_watched() {
    let world = World::new();
    world.sh("index - --watch").exits(2).says(&["standard input can't be watched"]);
    world.sh("index nothing --watch").exits(2).says(&["nothing"]);
    world.write("index", "a file");
    world.write("a/1.txt", article("比亚迪"));
    world.sh("index a --watch").exits(2).says(&["is a file, not an index folder"]);
}
