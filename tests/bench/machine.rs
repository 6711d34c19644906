//! Figures with the machine and the day they were taken on.

use std::io::Write;
use std::path::Path;

pub struct Figures {
    rows: Vec<(String, f64, String)>,
}

impl Figures {
    pub fn new() -> Figures {
        Figures { rows: Vec::new() }
    }

    pub fn put(&mut self, name: &str, value: f64, unit: &str) {
        eprintln!("{name:<22} {value:>12.3}  {unit}");
        self.rows.push((name.to_owned(), value, unit.to_owned()));
    }

    pub fn print(&self) {
        println!("{} · {} · {}", today(), machine(), version());
        for (name, value, unit) in &self.rows {
            println!("{name:<22} {value:>12.3}  {unit}");
        }
    }

    /// Adds the run to a file: day, machine, version, name, value, unit.
    pub fn keep(&self, path: &Path) {
        let mut file =
            std::fs::File::options().append(true).create(true).open(path).expect("a writable file");
        for (name, value, unit) in &self.rows {
            writeln!(file, "{}\t{}\t{}\t{name}\t{value:.3}\t{unit}", today(), machine(), version())
                .expect("written");
        }
    }
}

fn version() -> String {
    let git = std::process::Command::new("git").args(["rev-parse", "--short", "HEAD"]).output();
    let commit = git.ok().map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default();
    format!("{} {commit}", env!("CARGO_PKG_VERSION"))
}

fn machine() -> String {
    let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or(std::env::consts::ARCH, |(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    format!("{model}, {cores} cores, {}", std::env::consts::OS)
}

fn today() -> String {
    let output = std::process::Command::new("date").arg("+%F").output();
    output.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default()
}

/// User and system time of this process so far; 0 where the system does not say.
pub fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<f64> =
        after_name.split_whitespace().skip(11).take(2).filter_map(|f| f.parse().ok()).collect();
    fields.iter().sum::<f64>() / 100.0
}
