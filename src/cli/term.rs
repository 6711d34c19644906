//! The terminal: colour, notes, and characters that must not reach it.

use super::args::{Cli, ColorWhen};
use std::io::{IsTerminal, Write};

/// What marks a hit, a guess, and what is said beside the text.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub color: bool,
    /// Whether control characters are shown as such: only a terminal obeys them.
    pub sanitize: bool,
}

impl Style {
    /// As asked for, and as standard output is.
    pub fn new(cli: &Cli) -> Style {
        let terminal = std::io::stdout().is_terminal();
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let color = match cli.color {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => terminal && !no_color,
        };
        Style { color, sanitize: terminal }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// A hit; in brackets where there is no colour.
    pub fn hit(self, text: &str) -> String {
        if self.color { self.paint("1;31", text) } else { format!("【{text}】") }
    }

    /// A hit of which a character was guessed.
    pub fn guess(self, text: &str) -> String {
        if self.color { self.paint("33;4", text) } else { format!("【{text}?】") }
    }

    /// For files: no colour, and every character as it stands.
    pub fn plain() -> Style {
        Style { color: false, sanitize: false }
    }

    pub fn title(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// What was guessed, without brackets.
    pub fn guessed(self, text: &str) -> String {
        self.paint("33;4", text)
    }

    pub fn bad(self, text: &str) -> String {
        self.paint("31", text)
    }

    pub fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    /// Untrusted text: on a terminal, control characters become visible.
    pub fn safe(self, text: &str) -> String {
        if !self.sanitize || !text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return text.to_owned();
        }
        let show = |c: char| match c {
            '\n' | '\t' => c,
            c if (c as u32) < 0x20 => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
            c if c.is_control() => '\u{fffd}',
            c => c,
        };
        text.chars().map(show).collect()
    }
}

/// A message on standard error.
pub fn note(text: &str) {
    say(&format!("fangzhi: {}", plain(text)));
}

/// An error on standard error.
pub fn complain(text: &str) {
    say(&format!("fangzhi: error: {}", plain(text)));
}

/// `eprintln!` panics when nobody reads standard error any more (`2>&1 | head -1`) or its disk is
/// full; the exit code still tells.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// File names and queries in messages can hold control characters too.
fn plain(text: &str) -> String {
    Style { color: false, sanitize: true }.safe(text)
}

/// Columns of the terminal, or as many as a wide one has.
pub fn width() -> usize {
    terminal_size::terminal_size().map_or(120, |(width, _)| width.0.into())
}

/// Columns that a text takes on a terminal: a Han character takes two.
pub fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// The text with spaces before it until it takes so many columns.
pub fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(columns(text))))
}

/// The text with spaces after it until it takes so many columns.
pub fn pad_right(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_takes_two_columns() {
        assert_eq!(columns("比亚迪BYD，"), 11);
        assert_eq!(pad_left("迪", 4), "  迪");
        assert_eq!(pad_right("迪", 1), "迪");
    }

    #[test]
    fn control_characters_do_not_reach_a_terminal() {
        let style = Style { color: false, sanitize: true };
        assert_eq!(style.safe("a\x1b[31m\u{9b}b\n"), "a␛[31m\u{fffd}b\n");
        assert_eq!(Style { sanitize: false, ..style }.safe("a\x1b"), "a\x1b");
    }
}
