//! The command line: arguments in, text out. Knows the library's requests and responses, never
//! how they are answered.

mod args;
mod batch;
mod clean;
mod commands;
mod csv;
mod index;
mod json;
mod output;
mod show;
mod term;
mod text;

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
    match run(&cli) {
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
