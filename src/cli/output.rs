//! Where output goes, and what it means for the exit code.

use std::io::{self, BufWriter, Write};

/// What a command found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Found,
    Nothing,
    /// Some input could not be read; the rest is done.
    Incomplete,
}

impl Outcome {
    pub fn found(any: bool) -> Outcome {
        if any { Outcome::Found } else { Outcome::Nothing }
    }
}

/// Standard output, buffered; through a pager when it is a terminal and the text is for reading.
pub struct Out {
    to: BufWriter<Box<dyn Write>>,
    pager: Option<std::process::Child>,
}

impl Out {
    /// Standard output.
    pub fn plain() -> Out {
        Out { to: BufWriter::with_capacity(1 << 16, Box::new(io::stdout())), pager: None }
    }

    /// Standard output, through `$PAGER` (or `less`) on a terminal. `PAGER=` or `PAGER=cat`
    /// switches it off.
    pub fn paged() -> Out {
        use std::io::IsTerminal;
        if !io::stdout().is_terminal() {
            return Out::plain();
        }
        let pager = std::env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
        let mut words = pager.split_whitespace();
        let Some(program) = words.next().filter(|p| *p != "cat") else { return Out::plain() };
        let child = std::process::Command::new(program)
            .args(words)
            // F: leave when it fits the screen; R: let colours through; X: leave the text standing.
            .env("LESS", std::env::var("LESS").unwrap_or_else(|_| "FRX".to_owned()))
            .env("LESSCHARSET", "utf-8")
            .stdin(std::process::Stdio::piped())
            .spawn();
        match child {
            Ok(mut child) => match child.stdin.take() {
                Some(stdin) => Out { to: BufWriter::new(Box::new(stdin)), pager: Some(child) },
                None => Out::plain(),
            },
            Err(_) => Out::plain(),
        }
    }

    /// Writes out what is buffered and waits for the pager.
    pub fn finish(mut self) -> io::Result<()> {
        let flushed = self.to.flush();
        if let Some(mut child) = self.pager.take() {
            drop(self.to);
            child.wait()?;
        }
        flushed
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Writes everything to standard output at once.
pub fn write_all(bytes: &[u8]) -> anyhow::Result<Outcome> {
    let mut out = Out::plain();
    out.write_all(bytes)?;
    out.finish()?;
    Ok(Outcome::Found)
}
