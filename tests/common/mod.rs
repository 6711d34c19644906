//! The program as its users see it: a folder of its own, commands, exit codes, streams.

#![allow(dead_code, reason = "each test file uses its part of this")]

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program under test.
pub const FANGZHI: &str = env!("CARGO_BIN_EXE_fangzhi");

/// A command that takes longer hangs.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(120);

/// A temporary folder in which commands run.
pub struct World {
    dir: tempfile::TempDir,
    /// Whether the index is damaged on purpose.
    pub damaged: bool,
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub what: String,
    /// `None` when a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl World {
    pub fn new() -> World {
        World { dir: tempfile::tempdir().expect("a temporary folder"), damaged: false }
    }

    /// With a copy of the repository's articles in `seeds/`.
    pub fn with_seeds() -> World {
        let world = World::new();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds"), &world.path("seeds"));
        world
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }

    pub fn remove(&self, name: impl AsRef<Path>) {
        let path = self.path(name);
        if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }
            .expect("it was there");
    }

    pub fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.path(from), self.path(to)).expect("it was there");
    }

    /// The command, to be run in the folder, away from the settings of whoever runs the tests.
    pub fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(FANGZHI);
        command.args(args).current_dir(self.dir.path()).stdin(Stdio::null());
        for variable in ["NO_COLOR", "PAGER", "RUST_BACKTRACE", "RUST_LOG"] {
            command.env_remove(variable);
        }
        command
    }

    /// Runs it to its end. However it ends, it has not panicked.
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Ran {
        self.feed(args, b"")
    }

    /// Runs a line of words without spaces inside.
    pub fn sh(&self, line: &str) -> Ran {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs it with these bytes on standard input.
    pub fn feed<S: AsRef<OsStr>>(&self, args: &[S], input: &[u8]) -> Ran {
        let mut child = self
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("piped");
        let input = input.to_vec();
        let writing = std::thread::spawn(move || {
            // A program that needs no more input closes its end.
            let _ = stdin.write_all(&input);
        });
        let (done, waiting) = std::sync::mpsc::channel::<()>();
        let id = child.id().to_string();
        let what = format!("{:?}", args.iter().map(|a| a.as_ref()).collect::<Vec<_>>());
        let guard = std::thread::spawn(move || {
            if waiting.recv_timeout(LONGEST) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                eprintln!("{what:.300} hangs: killed");
                let _ = Command::new("kill").args(["-9", &id]).status();
            }
        });
        let output = child.wait_with_output().expect("it ends");
        drop(done);
        guard.join().expect("the guard ends");
        writing.join().expect("the writer ends");
        self.fair(Ran::new(args, output))
    }

    /// What the program calls an internal error is one, except on damaged files.
    fn fair(&self, ran: Ran) -> Ran {
        assert!(self.damaged || !ran.err.contains("internal error"), "{ran:?}");
        ran
    }

    /// Runs a script of the shell in which `$F` is the program.
    pub fn script(&self, script: &str) -> Ran {
        let mut command = Command::new("bash");
        command.args(["-c", script]).env("F", FANGZHI).env_remove("NO_COLOR").current_dir(self.dir.path());
        Ran::new(&[script], command.stdin(Stdio::null()).output().expect("bash is there"))
    }

    /// The number of articles, or of occurrences, that a query has.
    pub fn count(&self, query: &str, what: &str) -> u64 {
        let (articles, occurrences) = self.counts_in("index", query);
        if what == "articles" { articles } else { occurrences }
    }

    /// Articles and occurrences, of one moment.
    pub fn counts_in(&self, index: &str, query: &str) -> (u64, u64) {
        let ran = self.run(&["count", query, "--format", "json", "--index", index]);
        assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
        let number = |what: &str| ran.json()[what].as_u64().expect("a number");
        (number("articles"), number("occurrences"))
    }
}

impl Ran {
    fn new<S: AsRef<OsStr>>(args: &[S], output: Output) -> Ran {
        let args: Vec<OsString> = args.iter().map(|a| a.as_ref().to_owned()).collect();
        let mut what = format!("{args:?}");
        if what.len() > 300 {
            what = what.chars().take(300).collect();
        }
        let ran = Ran {
            what,
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        };
        assert!(!ran.err.contains("panicked"), "{ran:?}");
        assert_ne!(ran.code, Some(101), "{ran:?}");
        ran
    }

    #[track_caller]
    pub fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Standard error says each of these.
    #[track_caller]
    pub fn says(self, parts: &[&str]) -> Ran {
        for part in parts {
            assert!(self.err.contains(part), "{part:?} is not in {self:?}");
        }
        self
    }

    /// Standard error doesn't say this.
    #[track_caller]
    pub fn never_says(self, part: &str) -> Ran {
        assert!(!self.err.contains(part), "{part:?} is in {self:?}");
        self
    }

    /// Standard output has each of these.
    #[track_caller]
    pub fn prints(self, parts: &[&str]) -> Ran {
        for part in parts {
            assert!(self.out.contains(part), "{part:?} is not in {self:?}");
        }
        self
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        match serde_json::from_str(&self.out) {
            Ok(value) => value,
            Err(e) => panic!("{e}: {self:?}"),
        }
    }

    /// The objects of `--format jsonl`.
    #[track_caller]
    pub fn lines(&self) -> Vec<serde_json::Value> {
        let line = |line| match serde_json::from_str(line) {
            Ok(value) => value,
            Err(e) => panic!("{e}: {self:?}"),
        };
        self.out.lines().map(line).collect()
    }
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("a file");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("a copy");
        }
    }
}

/// Whether permissions do not bind this process, so that tests of them can't be made.
pub fn is_root() -> bool {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("x");
    std::fs::write(&file, "x").expect("a file");
    permit(&file, 0o000);
    std::fs::read(&file).is_ok()
}

/// Sets permissions.
#[cfg(unix)]
pub fn permit(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("permissions");
}

#[cfg(not(unix))]
pub fn permit(_: &Path, _: u32) {}

/// An article's text that cleaning leaves as it is, all of it body, with `word` in it once.
pub fn article(word: &str) -> String {
    format!(
        "今天上午记者从有关部门获悉，{word}已经在本地正式开工建设，预计明年年底以前可以全部完成。\n\
         有关负责人表示，这一项目对当地经济和社会的发展有着重要的意义，各项工作正在有序推进。\n"
    )
}
