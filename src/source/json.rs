//! A JSON file: an array of records, or one record, or several one after another.

use super::lines::bad_json;
use super::record::{Place, emit_value};
use super::{Emit, Metadata, Problem};
use serde_json::{Deserializer, Value};
use std::ops::ControlFlow;

/// Emits the records of `text`. A record that is not valid JSON is a problem, and reading goes
/// on after its closing bracket.
pub(super) fn read(
    path: &str,
    text: &str,
    (encoding, replaced): (&'static str, u32),
    metadata: &Metadata,
    emit: &mut Emit<'_>,
) -> ControlFlow<()> {
    let mut at = Cursor { text, at: 0, line: 1 };
    at.skip(|b| b.is_ascii_whitespace());
    let array = at.rest().starts_with('[');
    if array {
        at.go_to(at.at + 1);
    }
    for record in 1.. {
        at.skip(|b| b.is_ascii_whitespace() || array && b == b',');
        if at.rest().is_empty() {
            if array {
                let reason = "the array is not closed: the file may have been cut short";
                return emit(Err(Problem::new(path, at.line, reason)));
            }
            break;
        }
        if array && at.rest().starts_with(']') {
            break;
        }
        let place = Place { path, line: at.line, record, encoding, replaced };
        let mut values = Deserializer::from_str(at.rest()).into_iter::<Value>();
        match values.next() {
            Some(Ok(value)) => {
                at.go_to(at.at + values.byte_offset());
                emit_value(value, place, metadata, emit)?;
            }
            Some(Err(error)) => {
                let line = at.line + error.line().saturating_sub(1) as u64;
                emit(Err(Problem::new(path, line, bad_json(&error))))?;
                match closing(at.rest()) {
                    Some(len) => at.go_to(at.at + len),
                    None => break,
                }
            }
            None => break,
        }
    }
    ControlFlow::Continue(())
}

/// A place in the text, and its line.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn go_to(&mut self, to: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.at..to]).count() as u64;
        self.at = to;
    }

    /// Passes ASCII bytes.
    fn skip(&mut self, what: impl Fn(u8) -> bool) {
        self.go_to(self.at + self.rest().bytes().take_while(|&b| b.is_ascii() && what(b)).count());
    }
}

/// The length of the object or array at the start of `text`, going by brackets and quotation
/// marks alone.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `record:text` for an article, `!line: reason` for a problem.
    fn check(text: &str, expected: &[&str]) {
        let mut got = Vec::new();
        let flow = read("f.json", text, ("UTF-8", 0), &Metadata::default(), &mut |item| {
            got.push(match item {
                Ok(article) => format!("{}:{}", article.record.unwrap(), article.text),
                Err(problem) => format!("!{}: {}", problem.line.unwrap(), problem.reason),
            });
            ControlFlow::Continue(())
        });
        assert_eq!(flow, ControlFlow::Continue(()));
        // The problems are named by how they begin.
        assert!(got.len() == expected.len(), "{text}: {got:?}");
        for (got, expected) in got.iter().zip(expected) {
            let same = if expected.starts_with('!') { got.starts_with(expected) } else { got == expected };
            assert!(same, "{text}: {got:?}, not {expected:?}");
        }
    }

    #[test]
    fn arrays_objects_and_what_is_wrong_with_them() {
        check("", &[]);
        check("[]", &[]);
        check(r#"{"text":"a"}"#, &["1:a"]);
        check("[{\"text\":\"a\"},\n {\"text\":\"b\"}]\n", &["1:a", "2:b"]);
        check("{\"text\":\"a\"}\n{\"text\":\"b\"}\n", &["1:a", "2:b"]);
        check(
            "[{\"text\":\"a\"},\n7,\n{\"text\":\"b\"}]",
            &["1:a", "!2: a record must be an object {…}, this is ", "3:b"],
        );
        check(
            "[{\"text\":\"a\"},\n{\"x\":1},{\"text\":\"b\"}]",
            &["1:a", "!2: no field \"text\" (or \"content\")", "3:b"],
        );
        check(
            "[{\"text\":\"a\"},\n{\"text\":\n\"]}\" \"x\",},{\"text\":\"c\"}]",
            &["1:a", "!3: not valid JSON: expected `,` or `}` (col", "3:c"],
        );
        check("[{\"text\":\"a\"},\n{\"te", &["1:a", "!2: not valid JSON: EOF while parsing a stri"]);
        check("[{\"text\":\"a\"}\n", &["1:a", "!2: the array is not closed: the file may ha"]);
        check("hello", &["!1: not valid JSON: expected value (column 1)"]);
        check("[[[", &["!1: not valid JSON: EOF while parsing a list"]);
        check("济南", &["!1: not valid JSON: expected value (column 1)"]);
    }

    #[test]
    fn nesting_is_bounded() {
        let text = format!("[{},{{\"text\":\"b\"}}]", "[".repeat(100_000) + &"]".repeat(100_000));
        check(&text, &["!1: not valid JSON: recursion limit exceeded", "2:b"]);
    }
}
