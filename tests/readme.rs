//! Every example of the documents runs, and prints what it says.
//!
//! In a block marked `console`, a line that begins with `$ ` is a command and the lines after it
//! are what it prints, standard error included; a command goes on after `\` and inside `'`. A line `…` stands for any lines, `[..]` within a
//! line for anything. All commands of a document run in one folder with the seeds in it.
//! `cargo run --release --` is the program under test; `cargo test`, which is this, is not run.
//! A command that needs `jq` or `python3` with pandas is passed over, with a word, where it is missing.

use std::path::{Path, PathBuf};
use std::process::Command;

struct Example {
    line: usize,
    command: String,
    expected: Vec<String>,
}

fn examples(document: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut inside = false;
    let mut continued = false;
    for (i, line) in document.lines().enumerate() {
        if line.starts_with("```") {
            inside = !inside && line == "```console";
            continued = false;
        } else if inside && (line.starts_with("$ ") || continued) {
            let text = line.strip_prefix("$ ").unwrap_or(line);
            match examples.last_mut().filter(|_| continued) {
                Some(example) => example.command += &format!("\n{text}"),
                None => {
                    examples.push(Example { line: i + 1, command: text.to_owned(), expected: Vec::new() })
                }
            }
            let open = |command: &str| command.matches('\'').count() % 2 == 1;
            continued = text.ends_with('\\') || examples.last().is_some_and(|e| open(&e.command));
        } else if inside && let Some(example) = examples.last_mut() {
            example.expected.push(line.trim_end().to_owned());
        }
    }
    examples
}

/// Whether the lines are what the pattern says.
fn matches(pattern: &[String], lines: &[String]) -> bool {
    match pattern.split_first() {
        None => lines.is_empty(),
        Some((first, rest)) if first == "…" => (0..=lines.len()).any(|n| matches(rest, &lines[n..])),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, more)| line_matches(first, line) && matches(rest, more))
        }
    }
}

fn line_matches(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let Some(mut rest) = parts.next().and_then(|start| line.strip_prefix(start)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn has(program: &str) -> bool {
    let args: &[&str] = if program == "python3" { &["-c", "import pandas"] } else { &["--version"] };
    Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
}

fn run(document: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir(dir.path().join("seeds")).expect("a folder");
    for entry in std::fs::read_dir(root.join("seeds")).expect("the seeds").flatten() {
        std::fs::copy(entry.path(), dir.path().join("seeds").join(entry.file_name())).expect("a copy");
    }
    let program = PathBuf::from(env!("CARGO_BIN_EXE_fangzhi"));
    let path = format!(
        "{}:{}",
        program.parent().expect("a file has a folder").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let text = std::fs::read_to_string(root.join(document)).expect("the document");
    let examples = examples(&text);
    assert!(examples.len() > 5, "{document} has examples");
    let mut wrong = Vec::new();
    for example in &examples {
        if example.command.starts_with("cargo test") {
            continue;
        }
        if let Some(missing) = ["jq", "python3"].into_iter().find(|p| example.command.contains(p) && !has(p))
        {
            eprintln!("{document}:{}: not run, {missing} is not there", example.line);
            continue;
        }
        let command = example.command.replace("cargo run --release -- ", "fangzhi ");
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .current_dir(dir.path())
            .env("PATH", &path)
            .env("NO_COLOR", "1")
            .output()
            .expect("a shell");
        let printed = String::from_utf8_lossy(&output.stdout);
        let lines: Vec<String> = printed.lines().map(|l| l.trim_end().to_owned()).collect();
        let mut expected = example.expected.clone();
        while expected.last().is_some_and(|l| l.is_empty()) {
            expected.pop();
        }
        if !matches(&expected, &lines) {
            wrong.push(format!("{document}:{}: $ {}\nprints\n{printed}", example.line, example.command));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn readme() {
    run("README.md");
}

#[test]
fn readme_in_chinese() {
    run("README.zh-CN.md");
}

#[test]
fn patterns() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    assert!(matches(&lines("a\n…\nd"), &lines("a\nb\nc\nd")));
    assert!(!matches(&lines("a\n…\nd"), &lines("a\nb")));
    assert!(line_matches("took [..] ms", "took 1.2 ms"));
    assert!(!line_matches("took [..] ms", "took 1.2 s"));
    assert!(!line_matches("abc", "abcd"));
}
