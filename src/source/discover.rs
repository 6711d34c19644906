//! From the paths on the command line to the files that hold articles.

use super::Problem;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use walkdir::WalkDir;

/// The name of the file that says of the articles beside it what they don't say themselves.
pub const METADATA_NAME: &str = "metadata.toml";

/// The name of the file that adds or corrects places.
pub const PLACES_NAME: &str = "places.toml";

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One article of plain text.
    Plain,
    /// One article in Markdown.
    Markdown,
    /// One article as an HTML page.
    Html,
    /// A record a line.
    JsonLines,
    /// An array of records, or one.
    Json,
    /// A record a row, comma-separated, with a header.
    Csv,
    /// A record a row, tab-separated, with a header.
    Tsv,
}

/// The endings that count in a folder.
const ENDINGS: [(&str, Kind); 9] = [
    ("txt", Kind::Plain),
    ("md", Kind::Markdown),
    ("html", Kind::Html),
    ("htm", Kind::Html),
    ("jsonl", Kind::JsonLines),
    ("ndjson", Kind::JsonLines),
    ("json", Kind::Json),
    ("csv", Kind::Csv),
    ("tsv", Kind::Tsv),
];

/// A file that holds articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// As given on the command line, joined with `/`, without a leading `./` or doubled slashes.
    pub path: String,
    /// Where it lies.
    pub file: PathBuf,
    pub kind: Kind,
    pub gzip: bool,
    /// In bytes, as it lies on disk.
    pub size: u64,
    /// When it was last changed, in nanoseconds since 1970; 0 where the system does not say.
    pub modified_ns: u64,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovery {
    /// In the order of the arguments; within a folder by name. Each file once.
    pub files: Vec<SourceFile>,
    /// The `metadata.toml` of each folder that was gone through, or that a file named lies in.
    pub metadata: Vec<PathBuf>,
    /// The `places.toml` of the same folders.
    pub places: Vec<PathBuf>,
    /// Paths that can't be read.
    pub problems: Vec<Problem>,
}

/// Expands files and folders. In a folder only files with a known ending count, hidden ones
/// and hidden folders don't, nor does a folder of `exclude` (the index) or what is below it. A
/// file that is named itself always counts: with an unknown ending, as plain text.
///
/// Symbolic links are followed; a loop of them is entered once.
pub fn discover(paths: &[PathBuf], exclude: &[PathBuf]) -> Discovery {
    let mut search = Search {
        exclude: exclude.iter().filter_map(|path| fs::canonicalize(path).ok()).collect(),
        ..Search::default()
    };
    for path in paths {
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => search.folder(path),
            Ok(meta) => search.file(path, &meta, Kind::Plain),
            Err(error) => {
                let reason = match error.kind() {
                    std::io::ErrorKind::NotFound => {
                        "no such file or folder: check the spelling, or give another path".to_owned()
                    }
                    _ => error.to_string(),
                };
                search.problem(path, reason);
            }
        }
    }
    search.found
}

/// `path` as it is shown and stored: `/` between its parts, no `.` and no empty part. `None`
/// if it is not valid Unicode.
pub fn display_path(path: &Path) -> Option<String> {
    let path = path.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    Some(format!("{}{}", if path.starts_with('/') { "/" } else { "" }, parts.join("/")))
}

/// How a file of this name is read, and whether it is compressed; `None` for an unknown ending.
fn kind_of(path: &Path) -> (Option<Kind>, bool) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let (name, gzip) = match name.strip_suffix(".gz") {
        Some(name) => (name, true),
        None => (name.as_str(), false),
    };
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    (ENDINGS.iter().find(|(known, _)| Some(*known) == ending).map(|(_, kind)| *kind), gzip)
}

#[derive(Default)]
struct Search {
    found: Discovery,
    exclude: Vec<PathBuf>,
    /// The true paths of the files found, so that none is read twice.
    seen: HashSet<PathBuf>,
    /// The true paths of folders, since asking for each file's would take a call each.
    folders: HashMap<PathBuf, Option<PathBuf>>,
}

/// Whether a folder is an index of this program: its JSON files are no articles.
fn is_index(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("manifest.json"));
    manifest.is_ok_and(|text| text.contains("\"program\": \"fangzhi "))
}

impl Search {
    fn folder(&mut self, root: &Path) {
        let mut walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                // What the loop leads back to is being gone through already.
                Err(error) if error.loop_ancestor().is_some() => continue,
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_owned();
                    let reason = error.io_error().map_or_else(|| error.to_string(), |e| e.to_string());
                    self.problem(&path, reason);
                    continue;
                }
            };
            let (path, is_dir) = (entry.path(), entry.file_type().is_dir());
            let hidden = entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
            if is_dir {
                let excluded = !self.exclude.is_empty()
                    && fs::canonicalize(path).is_ok_and(|true_path| self.exclude.contains(&true_path));
                if hidden || excluded || is_index(path) {
                    walk.skip_current_dir();
                } else if path.to_str().is_none() {
                    self.unnameable(path);
                    walk.skip_current_dir();
                }
            } else if hidden || !entry.file_type().is_file() {
                // Reading a named pipe would wait for ever.
            } else if entry.file_name() == METADATA_NAME {
                self.metadata(path.to_owned());
            } else if entry.file_name() == PLACES_NAME {
                self.places(path.to_owned());
            } else if let (Some(kind), _) = kind_of(path) {
                match entry.metadata() {
                    Ok(meta) => self.file(path, &meta, kind),
                    Err(error) => self.problem(path, error.to_string()),
                }
            }
        }
    }

    fn file(&mut self, path: &Path, meta: &fs::Metadata, otherwise: Kind) {
        let Some(shown) = display_path(path) else { return self.unnameable(path) };
        let parent = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        if !self.folders.contains_key(&parent) {
            let beside = parent.join(METADATA_NAME);
            if beside.is_file() {
                self.metadata(beside);
            }
            let beside = parent.join(PLACES_NAME);
            if beside.is_file() {
                self.places(beside);
            }
        }
        let folder =
            self.folders.entry(parent).or_insert_with_key(|parent| fs::canonicalize(parent).ok()).clone();
        let true_path = match folder {
            Some(folder) if !path.is_symlink() => folder.join(path.file_name().unwrap_or_default()),
            _ => fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()),
        };
        if !self.seen.insert(true_path) {
            return;
        }
        let (kind, gzip) = kind_of(path);
        let modified = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        self.found.files.push(SourceFile {
            path: shown,
            file: path.to_owned(),
            kind: kind.unwrap_or(otherwise),
            gzip,
            size: meta.len(),
            modified_ns: modified.map_or(0, |d| u64::try_from(d.as_nanos()).unwrap_or(u64::MAX)),
        });
    }

    fn metadata(&mut self, path: PathBuf) {
        let shown = display_path(&path);
        if !self.found.metadata.iter().any(|known| display_path(known) == shown) {
            self.found.metadata.push(path);
        }
    }

    fn places(&mut self, path: PathBuf) {
        let shown = display_path(&path);
        if !self.found.places.iter().any(|known| display_path(known) == shown) {
            self.found.places.push(path);
        }
    }

    fn unnameable(&mut self, path: &Path) {
        self.problem(path, "its name is not valid UTF-8: rename it".to_owned());
    }

    fn problem(&mut self, path: &Path, reason: String) {
        let path = display_path(path).unwrap_or_else(|| path.to_string_lossy().into_owned());
        self.found.problems.push(Problem { path, line: None, reason });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, names: &[&str]) {
        for name in names {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
    }

    /// The paths found, without the folder's own.
    fn names(found: &Discovery, folder: &Path) -> Vec<String> {
        let prefix = format!("{}/", display_path(folder).unwrap());
        found.files.iter().map(|f| f.path.strip_prefix(&prefix).unwrap_or(&f.path).to_owned()).collect()
    }

    #[test]
    fn another_index_is_no_article() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["a.txt", "old/data-1/meta.json", "manifest.json"]);
        let manifest = "{\n  \"program\": \"fangzhi 0.1.0\",\n  \"data\": \"data-1\"\n}";
        fs::write(dir.path().join("old/manifest.json"), manifest).unwrap();
        let found = discover(&[dir.path().to_owned()], &[]);
        assert_eq!(names(&found, dir.path()), ["a.txt", "manifest.json"]);
    }

    #[test]
    fn known_endings_in_the_order_of_names() {
        let dir = tempfile::tempdir().unwrap();
        write(
            dir.path(),
            &[
                "b.txt",
                "a/2.JSONL.gz",
                "a/10.md",
                "a/metadata.toml",
                "c.htm",
                "d.pdf",
                ".hidden.txt",
                ".git/x.txt",
                "e.tsv",
                "metadata.toml",
                "index/meta.json",
                "README",
                "f.json.GZ",
            ],
        );
        let found = discover(&[dir.path().to_owned()], &[dir.path().join("index")]);
        assert_eq!(
            names(&found, dir.path()),
            ["a/10.md", "a/2.JSONL.gz", "b.txt", "c.htm", "e.tsv", "f.json.GZ"]
        );
        let kinds: Vec<_> = found.files.iter().map(|f| (f.kind, f.gzip)).collect();
        assert_eq!(
            kinds,
            [
                (Kind::Markdown, false),
                (Kind::JsonLines, true),
                (Kind::Plain, false),
                (Kind::Html, false),
                (Kind::Tsv, false),
                (Kind::Json, true),
            ]
        );
        let metadata = [dir.path().join("a/metadata.toml"), dir.path().join("metadata.toml")];
        assert_eq!(found.metadata, metadata);
        assert_eq!(found.problems, []);
        assert_eq!(found.files[2].size, 5);
        assert!(found.files[2].modified_ns > 1_500_000_000_000_000_000);
    }

    #[test]
    fn named_files_always_count_and_only_once() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["notes", ".h.txt", "a.txt", "metadata.toml"]);
        let of = |name: &str| dir.path().join(name);
        let found = discover(&[of("notes"), of(".h.txt"), of("a.txt"), dir.path().to_owned()], &[]);
        assert_eq!(names(&found, dir.path()), ["notes", ".h.txt", "a.txt"]);
        assert!(found.files.iter().all(|f| f.kind == Kind::Plain));
        assert_eq!(found.metadata, [of("metadata.toml")]);
    }

    #[test]
    fn paths_are_shown_as_given() {
        let cases = [
            ("./seeds/a.txt", "seeds/a.txt"),
            ("seeds//a.txt", "seeds/a.txt"),
            ("seeds/./a.txt", "seeds/a.txt"),
            ("../seeds/", "../seeds"),
            ("/srv//news", "/srv/news"),
            (".", ""),
            (".x/y", ".x/y"),
        ];
        for (given, shown) in cases {
            assert_eq!(display_path(Path::new(given)).unwrap(), shown, "{given}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let found = discover(&["no/such/./folder".into()], &[]);
        assert_eq!(found.files, []);
        assert_eq!(
            found.problems[0].to_string(),
            "no/such/folder: no such file or folder: check the spelling, or give another path"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_loops_and_unreadable_names() {
        use std::os::unix::{ffi::OsStrExt, fs::symlink};
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &["a/1.txt", "b/2.txt"]);
        symlink(dir.path(), dir.path().join("a/loop")).unwrap();
        symlink(dir.path().join("a/1.txt"), dir.path().join("b/again.txt")).unwrap();
        symlink(dir.path().join("gone"), dir.path().join("b/broken.txt")).unwrap();
        let bad = std::ffi::OsStr::from_bytes(b"\xB9\xFA.txt");
        if fs::write(dir.path().join(bad), "x").is_err() {
            println!("skipped: this file system has only UTF-8 names");
            return;
        }
        let found = discover(&[dir.path().to_owned()], &[]);
        assert_eq!(names(&found, dir.path()), ["a/1.txt", "b/2.txt"]);
        let problems: Vec<_> = found.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].contains("b/broken.txt: "), "{problems:?}");
        assert!(problems[1].ends_with(".txt: its name is not valid UTF-8: rename it"), "{problems:?}");
    }
}
