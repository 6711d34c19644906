//! The command line: arguments in, text out. Knows the library's requests and responses, never
//! how they are answered.

mod args;
mod batch;
mod beside;
mod clean;
mod commands;
mod csv;
mod facets;
mod index;
mod json;
mod output;
mod show;
mod svg;
mod term;
mod text;
mod watch;

use args::{Cli, Command};
use clap::Parser;
use output::Outcome;
use std::process::ExitCode;

/// Something was found; nothing was found; an error, or some input could not be read.
const FOUND: u8 = 0;
const NOTHING: u8 = 1;
const ERROR: u8 = 2;

/// Runs the command and turns its outcome into an exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match guarded(|| run(&cli), &cli) {
        Ok(Outcome::Found) => FOUND.into(),
        Ok(Outcome::Nothing) => NOTHING.into(),
        Ok(Outcome::Incomplete) => ERROR.into(),
        Err(e) if is_broken_pipe(&e) => FOUND.into(),
        Err(e) => {
            term::complain(&format!("{e:#}"));
            ERROR.into()
        }
    }
}

/// Runs the command; a panic becomes an error. tantivy panics on some damaged bytes of an index:
/// a search must not check them all, `fangzhi check` does.
fn guarded(run: impl FnOnce() -> anyhow::Result<Outcome>, cli: &Cli) -> anyhow::Result<Outcome> {
    static WHAT: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|info| {
            if let Ok(mut what) = WHAT.lock() {
                // The first panic is the cause of those that follow.
                if what.is_empty() {
                    let place = info.location().map(|l| format!(" at {}:{}", l.file(), l.line()));
                    let message = info.payload_as_str().unwrap_or("no message");
                    *what = format!("{message}{}", place.unwrap_or_default());
                }
            }
        }));
    }
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
    done.unwrap_or_else(|_| {
        let what = WHAT.lock().map(|what| what.clone()).unwrap_or_default();
        let dir = cli.index.display();
        anyhow::bail!(
            "stopped by an internal error ({what}). Most often the index is damaged: see fangzhi check --index {dir}, \
             and build it anew with fangzhi index --rebuild --index {dir} FOLDER. If it is whole, this is a bug: \
             please report it with the command"
        )
    })
}

fn run(cli: &Cli) -> anyhow::Result<Outcome> {
    match &cli.command {
        Command::Index(args) => index::run(cli, args),
        Command::Search(args) => commands::search(cli, args),
        Command::Count(args) => commands::count(cli, args),
        Command::Facets(args) => commands::facets(cli, args),
        Command::Kwic(args) => commands::kwic(cli, args),
        Command::Show(args) => show::run(cli, args),
        Command::Clean(args) => clean::run(cli, args),
        Command::Verify(args) => commands::verify(cli, args),
        Command::Explain(args) => commands::explain(cli, args),
        Command::Stats(args) => commands::stats(cli, args),
        Command::Check(args) => commands::check(cli, args),
        Command::Completions { shell } => {
            let mut out = Vec::new();
            clap_complete::generate(*shell, &mut args::command(), "fangzhi", &mut out);
            output::write_all(&out)
        }
        Command::Man => {
            let mut out = Vec::new();
            clap_mangen::Man::new(args::command()).render(&mut out)?;
            for sub in args::command().get_subcommands().filter(|s| s.get_name() != "help") {
                clap_mangen::Man::new(sub.clone()).render(&mut out)?;
            }
            output::write_all(&out)
        }
    }
}

/// A reader that closed its end, such as `head`, has what it wanted.
fn is_broken_pipe(e: &anyhow::Error) -> bool {
    e.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
