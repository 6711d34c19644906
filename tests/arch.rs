//! The architecture, checked: which room may know which, read from the source.
//!
//! A room is a module at the top of `src/`. Each knows only rooms of lower rows; the table
//! below is the one in `ARCHITECTURE.md`. A new room is a new line here. Unit tests inside a
//! room keep to the same rule: what needs two rooms of one row stands in `tests/`.

use std::fs;
use std::path::{Path, PathBuf};

/// What a room may know, besides itself and `std`.
struct Room {
    name: &'static str,
    rooms: &'static [&'static str],
    /// Crates that only the rooms naming them may use; see [`GUARDED`].
    crates: &'static [&'static str],
    /// Whether it may touch files and other input and output.
    files: bool,
}

const fn room(name: &'static str, rooms: &'static [&'static str]) -> Room {
    Room { name, rooms, crates: &[], files: false }
}

const ROW_0: &[&str] = &["text", "error"];
const ROW_1: &[&str] = &["text", "error", "article"];
const ROW_2: &[&str] = &["text", "error", "article", "source", "clean", "date", "place", "outlet", "passage"];
const ROW_3: &[&str] =
    &["text", "error", "article", "source", "clean", "date", "place", "outlet", "passage", "analysis"];
const ROW_5: &[&str] = &[
    "text", "error", "article", "source", "clean", "date", "place", "outlet", "passage", "analysis", "index",
    "query",
];

/// Rooms of one row do not know each other; `query` sits by itself, so that a query can be read
/// without an index.
const ROOMS: &[Room] = &[
    room("text", &[]),
    Room { files: true, ..room("error", &[]) },
    room("article", ROW_0),
    Room { files: true, ..room("source", ROW_1) },
    room("clean", ROW_1),
    room("date", ROW_1),
    room("place", ROW_1),
    room("outlet", ROW_1),
    room("passage", &[]),
    Room { files: true, crates: &["tantivy", "jieba_rs", "tantivy_jieba"], ..room("analysis", ROW_2) },
    Room { files: true, crates: &["tantivy"], ..room("index", ROW_3) },
    room("query", ROW_1),
    Room { files: true, crates: &["tantivy"], ..room("search", ROW_5) },
    // The binary: the public face of `search`, and plain data.
    Room {
        files: true,
        crates: &["clap", "clap_complete", "clap_mangen", "ctrlc", "indicatif", "notify"],
        ..room("cli", &["search", "article", "error", "text"])
    },
];

const GUARDED: &[&str] = &[
    "tantivy",
    "tantivy_jieba",
    "jieba_rs",
    "clap",
    "clap_complete",
    "clap_mangen",
    "ctrlc",
    "indicatif",
    "notify",
];
const TOUCHES_FILES: &[&str] = &["fs", "io", "env", "net", "process"];
const PRINTS: &[(&str, &str)] =
    &[("println", "!"), ("print", "!"), ("eprintln", "!"), ("eprint", "!"), ("stdout", "("), ("stderr", "(")];
/// Names that say nothing of what a module is for.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "misc"];
const MAX_LINES: usize = 600;

/// Everything that is wrong with one file, a line each: `path:line: what, and what to do`.
/// `path` starts with `src/`.
fn check(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |line: usize, what: String| faults.push(format!("{path}:{line}: {what}"));
    let lines = text.lines().count();
    if lines > MAX_LINES {
        fault(lines, format!("{lines} lines; a file has {MAX_LINES} at most: split it"));
    }
    for (i, line) in text.lines().enumerate() {
        if let Some(name) = seed_name(line) {
            fault(i + 1, format!("names the seed file `{name}`; rules are general"));
        }
    }
    let module = module_of(path);
    if module.iter().any(|part| EMPTY_NAMES.contains(&part.as_str())) {
        fault(1, "is called after nothing; name it for what it does".to_owned());
    }
    let tokens = tokens(text);
    let tests_from = tests_from(&module, &tokens);
    let own = match module.first().map(String::as_str) {
        // The crate roots only list and re-export their modules.
        None => None,
        Some("main") => Some("cli"),
        Some(name) => Some(name),
    };
    let Some(own) = own else { return faults };
    let Some(room) = ROOMS.iter().find(|room| room.name == own) else {
        fault(1, format!("`{own}` is in no row; give it one in tests/arch.rs and ARCHITECTURE.md"));
        return faults;
    };
    for (line, path) in paths(&tokens, module.len()) {
        match path {
            Target::Crate(name) => match known_room(&name) {
                Some(name) if name == own || room.rooms.contains(&name) => {}
                Some(name) => {
                    fault(line, format!("`{own}` may not know `{name}`; it may know {:?}", room.rooms))
                }
                None => fault(line, format!("`crate::{name}` is no room; name the module a thing lives in")),
            },
            Target::External(name) if !room.crates.contains(&name.as_str()) && line < tests_from => {
                let may: Vec<_> =
                    ROOMS.iter().filter(|r| r.crates.contains(&name.as_str())).map(|r| r.name).collect();
                fault(line, format!("`{own}` may not use `{name}`; only {may:?} may"));
            }
            Target::Std(name) if !room.files && line < tests_from => {
                fault(
                    line,
                    format!(
                        "`{own}` may not use `std::{name}`; files are read by `source` and stored by `index`"
                    ),
                );
            }
            _ => {}
        }
    }
    for (i, token) in tokens.iter().enumerate() {
        let next = tokens.get(i + 1).map_or("", |next| next.text.as_str());
        if own != "cli" && token.line < tests_from && PRINTS.contains(&(&token.text, next)) {
            fault(token.line, format!("`{own}` prints (`{}`); return data, `cli` prints it", token.text));
        }
        if token.text == "mod" && tokens.get(i + 1).is_some_and(|t| EMPTY_NAMES.contains(&t.text.as_str())) {
            fault(token.line, format!("module `{}`: name it for what it does", tokens[i + 1].text));
        }
    }
    faults
}

/// The line where the unit tests begin. They may read files and say on the terminal that they
/// were skipped, but their arrows point down like all others.
fn tests_from(module: &[String], tokens: &[Token]) -> usize {
    if module.last().is_some_and(|name| name == "tests") {
        return 0;
    }
    let heads = tokens.windows(3).find(|w| w[0].text == "mod" && w[1].text == "tests" && w[2].text == "{");
    heads.map_or(usize::MAX, |w| w[0].line)
}

/// The room that `crate::name` leads to.
fn known_room(name: &str) -> Option<&'static str> {
    let name = match name {
        "Error" | "Result" => "error", // re-exported at the root
        name => name,
    };
    ROOMS.iter().map(|room| room.name).find(|room| *room == name)
}

/// `src/text/fold/mod.rs` → `text`, `fold`; `src/lib.rs` → nothing.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.strip_prefix("src/").unwrap_or(path);
    let inner = inner.strip_suffix(".rs").unwrap_or(inner);
    let inner = inner.strip_suffix("/mod").unwrap_or(inner);
    if inner == "lib" { Vec::new() } else { inner.split('/').map(str::to_owned).collect() }
}

/// A stem such as the seeds have: three digits, `_`, sixteen hexadecimal digits.
fn seed_name(line: &str) -> Option<&str> {
    let bytes = line.as_bytes();
    (0..bytes.len().saturating_sub(19)).find_map(|i| {
        let part = &bytes[i..i + 20];
        let fits = part[..3].iter().all(u8::is_ascii_digit)
            && part[3] == b'_'
            && part[4..].iter().all(u8::is_ascii_hexdigit);
        if fits { line.get(i..i + 20) } else { None }
    })
}

#[derive(Debug)]
struct Token {
    text: String,
    line: usize,
}

/// Identifiers, `::` and single signs; without comments, strings and character literals.
fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let (mut i, mut line) = (0, 1);
    while i < chars.len() {
        let start = i;
        match at(i) {
            '/' if at(i + 1) == '/' => {
                while i < chars.len() && at(i) != '\n' {
                    i += 1
                }
            }
            '/' if at(i + 1) == '*' => {
                let mut depth = 0;
                loop {
                    match (at(i), at(i + 1)) {
                        ('/', '*') => (depth, i) = (depth + 1, i + 2),
                        ('*', '/') => (depth, i) = (depth - 1, i + 2),
                        _ => i += 1,
                    }
                    if depth == 0 || i >= chars.len() {
                        break;
                    }
                }
            }
            '"' => {
                i += 1;
                while i < chars.len() && at(i) != '"' {
                    i += if at(i) == '\\' { 2 } else { 1 }
                }
                i += 1;
            }
            'r' if raw_hashes(&chars[i + 1..]).is_some() => {
                let hashes = raw_hashes(&chars[i + 1..]).unwrap_or(0);
                i += 2 + hashes;
                let closes = |i: usize| at(i) == '"' && (1..=hashes).all(|k| at(i + k) == '#');
                while i < chars.len() && !closes(i) {
                    i += 1
                }
                i += 1 + hashes;
            }
            // A character literal, not a lifetime: `'x'` or `'\…'`.
            '\'' if at(i + 1) == '\\' => {
                i += 3;
                while i < chars.len() && at(i) != '\'' {
                    i += 1
                }
                i += 1;
            }
            '\'' if at(i + 2) == '\'' => i += 3,
            c if is_word(c) => {
                while is_word(at(i)) {
                    i += 1
                }
                found.push(Token { text: chars[start..i].iter().collect(), line });
            }
            ':' if at(i + 1) == ':' => {
                i += 2;
                found.push(Token { text: "::".to_owned(), line });
            }
            c => {
                i += 1;
                if !c.is_whitespace() {
                    found.push(Token { text: c.to_string(), line });
                }
            }
        }
        line += chars[start..i.min(chars.len())].iter().filter(|&&c| c == '\n').count();
    }
    found
}

/// The number of `#` of a raw string whose `r` was just read.
fn raw_hashes(rest: &[char]) -> Option<usize> {
    let hashes = rest.iter().take_while(|&&c| c == '#').count();
    (rest.get(hashes) == Some(&'"')).then_some(hashes)
}

/// Where a path leads.
#[derive(Debug, PartialEq)]
enum Target {
    /// `crate::name`, `fangzhi::name`, or as many `super` as lead there.
    Crate(String),
    /// A crate that is guarded.
    External(String),
    /// `std::fs` and the like.
    Std(String),
}

/// Every path out of its own module, with its line. `depth` is how many modules deep the file is.
fn paths(tokens: &[Token], depth: usize) -> Vec<(usize, Target)> {
    let text = |i: usize| tokens.get(i).map_or("", |t| t.text.as_str());
    let mut found = Vec::new();
    // For each open brace, whether it is a module's.
    let mut braces: Vec<bool> = Vec::new();
    for i in 0..tokens.len() {
        match text(i) {
            "{" => braces.push(i >= 2 && text(i - 2) == "mod"),
            "}" => drop(braces.pop()),
            _ => {}
        }
        let inside_path = i > 0 && text(i - 1) == "::" && i > 1 && is_name(text(i - 2));
        if inside_path || !is_name(text(i)) {
            continue;
        }
        let mut heads = Vec::new();
        match text(i) {
            "crate" | "fangzhi" if text(i + 1) == "::" => heads_of(tokens, i + 2, &mut heads),
            "super" => {
                let mut supers = 1;
                let mut next = i + 1;
                while text(next) == "::" && text(next + 1) == "super" {
                    (supers, next) = (supers + 1, next + 2);
                }
                let here = depth + braces.iter().filter(|is_module| **is_module).count();
                if supers >= here && text(next) == "::" {
                    heads_of(tokens, next + 1, &mut heads);
                }
            }
            "std" if text(i + 1) == "::" => {
                let mut names = Vec::new();
                heads_of(tokens, i + 2, &mut names);
                names.retain(|(_, name)| TOUCHES_FILES.contains(&name.as_str()));
                found.extend(names.into_iter().map(|(line, name)| (line, Target::Std(name))));
            }
            name if GUARDED.contains(&name) => {
                let used = i > 0 && matches!(text(i - 1), "use" | "crate");
                let ends = matches!(text(i + 1), ";" | "as");
                if text(i + 1) == "::" || (used && ends) {
                    found.push((tokens[i].line, Target::External(name.to_owned())));
                }
            }
            _ => {}
        }
        found.extend(heads.into_iter().map(|(line, name)| (line, Target::Crate(name))));
    }
    found
}

fn is_name(token: &str) -> bool {
    token.chars().all(|c| c.is_alphanumeric() || c == '_') && !token.is_empty()
}

/// The first names at `i`: of `text::Span` it is `text`; of `{text::Span, article}` both.
fn heads_of(tokens: &[Token], i: usize, heads: &mut Vec<(usize, String)>) {
    let Some(first) = tokens.get(i) else { return };
    if first.text != "{" {
        if first.text != "self" {
            heads.push((first.line, first.text.clone()));
        }
        return;
    }
    let mut depth = 0;
    let mut expect = false;
    for (k, token) in tokens.iter().enumerate().skip(i) {
        match token.text.as_str() {
            "{" => (depth, expect) = (depth + 1, depth == 0),
            "}" => depth -= 1,
            "," => expect = depth == 1,
            _ if expect && depth == 1 => {
                heads_of(tokens, k, heads);
                expect = false;
            }
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect())
        .expect("a checkout can be listed");
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_arrow_points_up() {
    // FANGZHI_ARCH_ROOT: another checkout to look at, for whoever merges.
    let root = std::env::var_os("FANGZHI_ARCH_ROOT").map(PathBuf::from);
    let root = root.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    let mut files = Vec::new();
    rust_files(&root.join("src"), &mut files);
    assert!(files.iter().any(|f| f.ends_with("src/lib.rs")), "no source under {}", root.display());
    let faults: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let path = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            check(&path, &fs::read_to_string(file).unwrap())
        })
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn planted_faults_are_found() {
    let long = "\n".repeat(MAX_LINES + 1);
    let seed = format!("// as in 000_{}", "eb79909535b2c4d2");
    // File, text, what its fault says; the fault is in the last line.
    for (path, text, says) in [
        ("src/text/fold.rs", "use crate::article::Article;", "may not know `article`"),
        ("src/text/fold.rs", "use super::super::article::Article;", "may not know `article`"),
        ("src/text/mod.rs", "use super::{error, query};", "may not know `error`"),
        ("src/date.rs", "mod tests {\n use super::super::place::find;", "may not know `place`"),
        ("src/clean/mod.rs", "use crate::{\n text::Span,\n date::Dating};", "may not know `date`"),
        ("src/clean/mod.rs", "use crate::{text::{Span, OffsetMap}, index};", "may not know `index`"),
        ("src/clean/mod.rs", "fn f() {\n crate::place::find() }", "may not know `place`"),
        ("src/clean/mod.rs", "pub(crate) use crate::source as s;", "may not know `source`"),
        ("src/index/mod.rs", "use crate::query::parse;", "may not know `query`"),
        ("src/passage.rs", "use crate::index;", "may not know `index`"),
        ("src/query/plan.rs", "use crate::index::Fields;", "may not know `index`"),
        ("src/search.rs", "use crate::cli;", "may not know `cli`"),
        ("src/cli/print.rs", "use fangzhi::index::Reader;", "may not know `index`"),
        ("src/main.rs", "use fangzhi::{article::Article, query};", "may not know `query`"),
        ("src/date.rs", "use crate::*;", "`crate::*` is no room"),
        ("src/date.rs", "use crate::Span;", "`crate::Span` is no room"),
        ("src/novel/mod.rs", "use crate::text;", "`novel` is in no row"),
        ("src/passage.rs", "use tantivy::Score;", "may not use `tantivy`"),
        ("src/cli/mod.rs", "fn f() -> tantivy::Result<()> {}", "may not use `tantivy`"),
        ("src/search.rs", "use clap::Parser;", "may not use `clap`"),
        ("src/index.rs", "use jieba_rs as j;", "may not use `jieba_rs`"),
        ("src/clean/mod.rs", "use std::fs;", "may not use `std::fs`"),
        ("src/place.rs", "use std::{collections::HashMap, fs::File};", "may not use `std::fs`"),
        ("src/query/ast.rs", "fn f() { std::io::stdin() }", "may not use `std::io`"),
        ("src/search.rs", "fn f() { println!(\"\") }", "prints"),
        ("src/index.rs", "use std::io; fn f() { io::stdout().lock() }", "prints"),
        ("src/clean/mod.rs", "use std::fs; mod tests;", "may not use `std::fs`"),
        ("src/clean/tests.rs", "use crate::date;", "may not know `date`"),
        ("src/text/utils.rs", "", "called after nothing"),
        ("src/text/mod.rs", "mod helpers;", "name it for what it does"),
        ("src/date.rs", &long, "601 lines"),
        ("src/lib.rs", &seed, "names the seed file"),
        ("src/date.rs", &seed, "names the seed file"),
        ("src/date.rs", "/* \" */ const A: char = '\"'; use crate::place;", "may not know `place`"),
        ("src/date.rs", "fn f<'a>(a: &'a str) { r#\"\"\"#; crate::place::g() }", "may not know `place`"),
    ] {
        let faults = check(path, text);
        let line = text.lines().count().max(1);
        assert!(faults.iter().any(|f| f.contains(says)), "{path}: {text:?} gives {faults:?}");
        assert!(
            faults.iter().any(|f| f.starts_with(&format!("{path}:{line}: "))),
            "{text:?} gives {faults:?}"
        );
    }
}

#[test]
fn lawful_files_have_no_fault() {
    for (path, text) in [
        ("src/lib.rs", "pub mod cli; pub use error::Error;"),
        ("src/text/fold/mod.rs", "use crate::text::Span; use super::OffsetMap; use std::fmt;"),
        ("src/date.rs", "mod tests { use super::*; use super::super::text::Span; }"),
        ("src/clean/mask.rs", "use super::place; use crate::{article::{Clean, Block}, Error};"),
        ("src/clean/mod.rs", "// use crate::date;\nconst A: &str = \"crate::date\"; /* crate::date */"),
        ("src/clean/mod.rs", "/// ```\n/// use fangzhi::search::run;\n/// ```\nfn f() {}"),
        ("src/source/mod.rs", "use std::{fs::File, io::Read}; use crate::{article::Article, text};"),
        ("src/clean/mod.rs", "mod tests { use std::fs; fn f() { println!() } }"),
        ("src/clean/mod.rs", "fn print(a: &str) {} fn f() { print(\"a\") }"),
        ("src/clean/tests.rs", "use std::fs; fn f() { println!() }"),
        ("src/error.rs", "pub type R<T> = std::result::Result<T, std::io::Error>;"),
        ("src/index/mod.rs", "use tantivy::schema; use crate::{analysis, clean, text}; use self::grams;"),
        ("src/search/mod.rs", "use crate::{index, passage, query, Result}; use tantivy as t;"),
        ("src/passage.rs", "fn f(index: usize, tantivy: f32) { g(index, tantivy, self.clap) }"),
        ("src/main.rs", "mod cli; use fangzhi::search::Request; fn main() { crate::cli::run(); println!() }"),
        ("src/cli/mod.rs", "use clap::Parser; use crate::cli::print; use fangzhi::{Error, search};"),
    ] {
        assert_eq!(check(path, text), Vec::<String>::new(), "{path}: {text:?}");
    }
}
