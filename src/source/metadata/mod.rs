//! What a `metadata.toml` says of the articles beside it.
//!
//! ```toml
//! # One table a file: its path within this folder, or its bare name.
//! ["speech.txt"]
//! year = 2022
//! # also: title = "…", date = "2022-08-20", district = "济南市" or ["…", "…"], source = "…"
//! ```
//! Read row by row: a fault is reported with its line, and the other rows still count.

mod row;

pub(super) use row::{YEARS, pieces, valid_year};

use super::{Problem, display_path};
use crate::article::Given;
use row::{Row, parse};
use std::fs;
use std::path::{Path, PathBuf};

/// The rows of one or more metadata files, the most authoritative file first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    sheets: Vec<Sheet>,
}

/// The rows of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sheet {
    /// As shown: `seeds/metadata.toml`.
    path: String,
    /// Where it lies.
    folder: PathBuf,
    /// For a folder's own file, the folder's path with a `/` at its end: it says nothing of
    /// files elsewhere.
    within: Option<String>,
    rows: Vec<Row>,
}

impl Metadata {
    /// Reads a metadata file that was named (`--meta FILE`). Its rows match files anywhere, by
    /// their path or the end of it. A file that can't be read is a problem.
    pub fn load(path: &Path) -> (Metadata, Vec<Problem>) {
        let shown = display_path(path).unwrap_or_else(|| path.to_string_lossy().into_owned());
        let text = match fs::read(path) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| "not valid UTF-8: save it as UTF-8".to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err("no such file: check the spelling of --meta".to_owned())
            }
            Err(error) => Err(error.to_string()),
        };
        match text {
            Ok(text) => {
                let folder = path.parent().unwrap_or(Path::new("")).to_owned();
                let (rows, problems) = parse(text.trim_start_matches('\u{FEFF}'), &shown);
                (Metadata { sheets: vec![Sheet { path: shown, folder, within: None, rows }] }, problems)
            }
            Err(reason) => (Metadata::default(), vec![Problem::new(&shown, None, reason)]),
        }
    }

    /// Reads a folder's own `metadata.toml`, if it has one. Its rows match files in that folder
    /// and below it.
    pub fn in_folder(folder: &Path) -> (Metadata, Vec<Problem>) {
        let path = folder.join(super::METADATA_NAME);
        if !path.exists() {
            return (Metadata::default(), Vec::new());
        }
        let (mut metadata, problems) = Metadata::load(&path);
        let shown = display_path(folder).unwrap_or_default();
        for sheet in &mut metadata.sheets {
            let slash = if shown.is_empty() || shown.ends_with('/') { "" } else { "/" };
            sheet.within = Some(format!("{shown}{slash}"));
        }
        (metadata, problems)
    }

    /// The file named by `--meta`, if any, before the folders' own (see
    /// [`Discovery::metadata`](super::Discovery)), of which the deepest comes first.
    pub fn gather(named: Option<&Path>, found: &[PathBuf]) -> (Metadata, Vec<Problem>) {
        let (mut all, mut problems) = named.map(Metadata::load).unwrap_or_default();
        let mut found: Vec<&PathBuf> = found.iter().collect();
        found.sort_by_key(|path| (std::cmp::Reverse(path.components().count()), path.as_path()));
        for path in found {
            let (sheets, faults) = Metadata::in_folder(path.parent().unwrap_or(Path::new("")));
            all = all.or(sheets);
            problems.extend(faults);
        }
        (all, problems)
    }

    /// These rows, and those of `fallback` where these say nothing.
    #[must_use]
    pub fn or(mut self, fallback: Metadata) -> Metadata {
        self.sheets.extend(fallback.sheets);
        self
    }

    /// Sets in `given` what the rows say of the file `path` (as [`SourceFile::path`]); it wins
    /// over what stands there.
    ///
    /// [`SourceFile::path`]: super::SourceFile::path
    pub fn apply(&self, path: &str, given: &mut Given) {
        for row in self.sheets.iter().rev().filter_map(|sheet| sheet.row(path)) {
            for (to, from) in [
                (&mut given.title, &row.title),
                (&mut given.date, &row.date),
                (&mut given.source, &row.source),
            ] {
                if from.is_some() {
                    to.clone_from(from);
                }
            }
            // A date and a year that stand in different places must not contradict each other.
            if row.date.is_some() {
                given.year = None;
            }
            if let Some(year) = row.year {
                given.year = Some(year);
                if row.date.is_none()
                    && given.date.as_ref().is_some_and(|d| !d.starts_with(&year.to_string()))
                {
                    given.date = None;
                }
            }
            if let Some(districts) = &row.districts {
                given.districts.clone_from(districts);
            }
        }
    }

    /// Takes out the districts that `fault` finds something wrong with, and says so; what else their rows say
    /// still counts.
    pub fn check_districts(&mut self, fault: impl Fn(&str) -> Option<String>) -> Vec<Problem> {
        let mut problems = Vec::new();
        for sheet in &mut self.sheets {
            for row in &mut sheet.rows {
                let wrong = row.districts.iter().flatten().find_map(|d| fault(d));
                if let Some(reason) = wrong {
                    row.districts = None;
                    let reason = format!("the district of {} is left out: {reason}", row.file);
                    problems.push(Problem::new(&sheet.path, row.district_line, reason));
                }
            }
        }
        problems
    }

    /// A number that changes when what the rows say of the file `path` changes; the same in
    /// every run and on every machine. 0 if they say nothing of it.
    pub fn fingerprint(&self, path: &str) -> u64 {
        let rows: Vec<&Row> = self.sheets.iter().filter_map(|sheet| sheet.row(path)).collect();
        if rows.is_empty() {
            return 0;
        }
        let mut hash = Fnv::new();
        for row in rows {
            let year = row.year.map(|year| year.to_string());
            for field in [&row.title, &row.date, &year, &row.source] {
                hash.field(field.as_deref());
            }
            hash.field(row.districts.as_ref().map(|d| d.len().to_string()).as_deref());
            for district in row.districts.iter().flatten() {
                hash.field(Some(district));
            }
        }
        hash.0
    }

    /// A problem for each row that matches none of `paths` (as [`SourceFile::path`]) nor any
    /// file beside its metadata file (which may simply not have been asked for).
    ///
    /// [`SourceFile::path`]: super::SourceFile::path
    pub fn unused<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Vec<Problem> {
        let mut used: Vec<Vec<bool>> = self.sheets.iter().map(|s| vec![false; s.rows.len()]).collect();
        for path in paths {
            for (sheet, used) in self.sheets.iter().zip(&mut used) {
                for (row, used) in sheet.rows.iter().zip(used) {
                    *used |= sheet.matches(row, path);
                }
            }
        }
        let mut problems = Vec::new();
        for (sheet, used) in self.sheets.iter().zip(used) {
            for (row, used) in sheet.rows.iter().zip(used) {
                if !used && !sheet.folder.join(&row.file).exists() {
                    let reason = format!(
                        "no file matches [\"{}\"]: a row is named by a file's path within this folder, \
                         or its bare name",
                        row.file
                    );
                    problems.push(Problem::new(&sheet.path, row.line, reason));
                }
            }
        }
        problems
    }
}

impl Sheet {
    /// The row for `path`; of several, the one that names more of the path.
    fn row(&self, path: &str) -> Option<&Row> {
        self.rows.iter().filter(|row| self.matches(row, path)).max_by_key(|row| row.file.len())
    }

    fn matches(&self, row: &Row, path: &str) -> bool {
        let inside = match &self.within {
            None => path,
            Some(folder) => match path.strip_prefix(folder.as_str()) {
                Some(inside) => inside,
                None => return false,
            },
        };
        match inside.strip_suffix(row.file.as_str()) {
            Some("") => true,
            // A path within the folder is whole; a bare name matches in any folder below.
            Some(before) => before.ends_with('/') && (self.within.is_none() || !row.file.contains('/')),
            None => false,
        }
    }
}

/// The 64-bit FNV-1a hash (Fowler, Noll, Vo; offset basis and prime as in RFC 9923).
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Fnv(0xCBF2_9CE4_8422_2325)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }

    /// Absent, empty and neighbouring fields differ: each has its length before it.
    fn field(&mut self, field: Option<&str>) {
        match field {
            None => self.bytes(&[0]),
            Some(text) => {
                self.bytes(&[1]);
                self.bytes(&(text.len() as u64).to_le_bytes());
                self.bytes(text.as_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(dir: &Path, text: &str) -> (Metadata, Vec<String>) {
        fs::write(dir.join("metadata.toml"), text).unwrap();
        let (metadata, problems) = Metadata::in_folder(dir);
        let names = problems.into_iter().map(|p| {
            assert!(p.path.ends_with("/metadata.toml"));
            format!("{}: {}", p.line.unwrap_or(0), p.reason)
        });
        (metadata, names.collect())
    }

    fn given(metadata: &Metadata, path: &str) -> Given {
        let mut given = Given::default();
        metadata.apply(path, &mut given);
        given
    }

    #[test]
    fn rows_match_by_path_or_bare_name() {
        let dir = tempfile::tempdir().unwrap();
        let text = "[\"a.txt\"]\nyear = 2022\ntitle = \"甲\"\n\n['b/c.txt']\ndate = 2022-08-20\n\
                    district = ['槐荫区', '市中区']\n[\"c.txt\"]\nsource = '鲁网'\ndistrict='x'\n";
        let (metadata, problems) = write(dir.path(), text);
        assert_eq!(problems, Vec::<String>::new());
        let base = display_path(dir.path()).unwrap();
        let a = given(&metadata, &format!("{base}/a.txt"));
        assert_eq!((a.year, a.title.as_deref()), (Some(2022), Some("甲")));
        assert_eq!(given(&metadata, &format!("{base}/deep/a.txt")), a);
        let c = given(&metadata, &format!("{base}/b/c.txt"));
        assert_eq!(c.date.as_deref(), Some("2022-08-20"));
        assert_eq!((c.districts, c.source), (vec!["槐荫区".to_owned(), "市中区".to_owned()], None));
        let c = given(&metadata, &format!("{base}/d/b/c.txt"));
        assert_eq!(c.source.as_deref(), Some("鲁网"));
        for other in [format!("{base}/aa.txt"), "elsewhere/a.txt".to_owned(), format!("{base}/b.txt")] {
            assert_eq!(given(&metadata, &other), Given::default(), "{other}");
        }
    }

    #[test]
    fn the_named_file_wins_over_the_folders_and_the_record() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("in")).unwrap();
        let (outer, _) = write(dir.path(), "['x.txt']\ntitle='outer'\nsource='outer'");
        let (inner, _) = write(&dir.path().join("in"), "['x.txt']\ntitle='inner'");
        fs::write(dir.path().join("m.toml"), "['in/x.txt']\nyear=2001").unwrap();
        let found = [dir.path().join("metadata.toml"), dir.path().join("in/metadata.toml")];
        let (all, problems) = Metadata::gather(Some(&dir.path().join("m.toml")), &found);
        assert_eq!(problems, []);
        let path = format!("{}/in/x.txt", display_path(dir.path()).unwrap());
        let mut record = Given { date: Some("2024-01-01".into()), year: Some(2024), ..Given::default() };
        all.apply(&path, &mut record);
        assert_eq!((record.title.as_deref(), record.source.as_deref()), (Some("inner"), Some("outer")));
        assert_eq!((record.year, record.date), (Some(2001), None));
        let prints = [&outer, &inner, &all].map(|m| m.fingerprint(&path));
        assert!(prints[0] != prints[1] && prints[1] != prints[2] && prints[0] != prints[2]);
        assert!(
            Metadata::load(Path::new("no/meta.toml")).1[0].to_string().starts_with("no/meta.toml: no such")
        );
    }

    #[test]
    fn fingerprints_are_stable() {
        let dir = tempfile::tempdir().unwrap();
        let path = format!("{}/a", display_path(dir.path()).unwrap());
        let print = |text: &str| write(dir.path(), text).0.fingerprint(&path);
        assert_eq!(print("['a']\nyear=2022"), print("# moved\n\n['b']\n['./a']\nyear = 2022"));
        assert_eq!(print("['b']\nyear=2022"), 0);
        let all = [
            print("['a']\nyear=2022"),
            print("['a']\nyear=2023"),
            print("['a']\ntitle='2022'"),
            print("['a']\nsource='2022'"),
            print("['a']\ndistrict='2022'"),
            print("['a']\ndistrict=['20', '22']"),
            print("['a']"),
        ];
        for (i, one) in all.iter().enumerate() {
            assert!(!all[..i].contains(one), "{i}");
        }
        // FNV-1a of "a", from the reference test vectors.
        let mut hash = Fnv::new();
        hash.bytes(b"a");
        assert_eq!(hash.0, 0xAF63_DC4C_8601_EC8C);
    }

    #[test]
    fn rows_that_match_nothing() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("not-asked-for.txt"), "").unwrap();
        let text = "['a']\nyear=2022\n['gone.txt']\nyear=2022\n['not-asked-for.txt']\nyear=2022";
        let (metadata, _) = write(dir.path(), text);
        let path = format!("{}/a", display_path(dir.path()).unwrap());
        let unused = metadata.unused([path.as_str()]);
        assert_eq!(unused.len(), 1);
        assert_eq!(unused[0].line, Some(3));
        assert!(unused[0].reason.starts_with("no file matches [\"gone.txt\"]"));
    }
}
