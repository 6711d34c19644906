//! JSON Lines, record by record: a file of any size in the memory of its longest line.

use super::convert::convert;
use super::detect::{detect, magic};
use super::record::{Place, emit_value};
use super::{Emit, Metadata, NotText, Problem, decode};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

/// How much of a file of records decides its encoding, in bytes.
const HEAD: u64 = 64 << 10;

/// A longer line is no record: a file without line breaks must not fill the memory.
const MAX_LINE: u64 = 256 << 20;

/// A reader that gives back what was read ahead, and then the rest.
#[derive(Debug)]
pub(super) struct Peeked<R> {
    head: io::Cursor<Vec<u8>>,
    /// What went wrong while reading ahead, for its turn after the head.
    failed: Option<io::Error>,
    rest: R,
}

impl<R: Read> Peeked<R> {
    pub fn new(mut rest: R) -> Self {
        let mut head = Vec::new();
        // On an error, what was read before it stays in `head`.
        let failed = rest.by_ref().take(HEAD).read_to_end(&mut head).err();
        Peeked { head: io::Cursor::new(head), failed, rest }
    }

    pub fn head(&self) -> &[u8] {
        self.head.get_ref()
    }
}

impl<R: Read> Read for Peeked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.head.read(buffer)? {
            0 if !buffer.is_empty() => match self.failed.take() {
                Some(error) => Err(error),
                None => self.rest.read(buffer),
            },
            n => Ok(n),
        }
    }
}

/// Decodes the records of one file, all by the encoding that its head shows.
#[derive(Debug)]
pub(super) struct RecordDecoder {
    encoding: &'static Encoding,
    /// The head was all ASCII: the first record that is not will decide.
    open: bool,
    /// The length of the byte order mark.
    pub mark: usize,
}

impl RecordDecoder {
    /// Decides by the head of the file.
    ///
    /// # Errors
    /// [`NotText`] if it begins as another kind of file.
    pub fn new(head: &[u8]) -> Result<Self, NotText> {
        if let Some(what) = magic(head) {
            return Err(NotText::Magic(what));
        }
        let (encoding, mark) = detect(without_cut_character(head), None);
        Ok(RecordDecoder { encoding, open: mark == 0 && head.is_ascii(), mark })
    }

    /// For text that was decoded before.
    pub fn utf8() -> Self {
        RecordDecoder { encoding: UTF_8, open: false, mark: 0 }
    }

    /// UTF-16 can't be cut at line breaks: such a file is decoded as a whole.
    pub fn is_utf16(&self) -> bool {
        self.encoding == UTF_16LE || self.encoding == UTF_16BE
    }

    pub fn name(&self) -> &'static str {
        self.encoding.name()
    }

    /// Lets the first record that is not ASCII decide, if the head was.
    pub fn look_at(&mut self, record: &[u8]) {
        if self.open && !record.is_ascii() {
            self.encoding = detect(record, None).0;
            self.open = false;
        }
    }

    /// The text of `bytes`, and how many malformed sequences in it were replaced.
    pub fn decode<'b>(&self, bytes: &'b [u8]) -> (Cow<'b, str>, u32) {
        if self.encoding == UTF_8 || bytes.is_ascii() {
            if let Ok(text) = std::str::from_utf8(bytes) {
                return (Cow::Borrowed(text), 0);
            }
        } else if let Some(text) = self.encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            return (text, 0);
        }
        match convert(bytes, 0, self.encoding) {
            Some(converted) => (Cow::Owned(converted.text), converted.replaced),
            // Over 4 GiB; `MAX_LINE` comes before.
            None => (Cow::Borrowed(""), 0),
        }
    }
}

/// `head` up to its last line break: reading ahead may have cut a character, and one bad
/// sequence would make valid UTF-8 a matter of likelihood.
fn without_cut_character(head: &[u8]) -> &[u8] {
    // In UTF-16, which has NULs in its line breaks, an even length cuts none but a pair.
    if (head.len() as u64) < HEAD || memchr::memchr(0, head).is_some() {
        return head;
    }
    memchr::memrchr(b'\n', head).map_or(head, |at| &head[..=at])
}

/// Reads a JSON Lines stream and emits its records. Empty lines are skipped; a malformed line
/// is a problem, and so is the end of a stream that breaks off.
pub(super) fn read(
    path: &str,
    reader: impl Read,
    metadata: &Metadata,
    emit: &mut Emit<'_>,
) -> ControlFlow<()> {
    let peeked = Peeked::new(reader);
    let mut decoder = match RecordDecoder::new(peeked.head()) {
        Ok(decoder) => decoder,
        Err(error) => return emit(Err(Problem::new(path, None, error.to_string()))),
    };
    if decoder.is_utf16() {
        let (bytes, failed) = read_whole(peeked);
        match decode(&bytes) {
            Ok(decoded) => {
                for (number, line) in (1..).zip(decoded.text.lines()) {
                    let place =
                        Place { path, line: number, record: number, encoding: decoded.encoding, replaced: 0 };
                    emit_line(line, place, metadata, emit)?;
                }
            }
            Err(error) => emit(Err(Problem::new(path, None, error.to_string())))?,
        }
        return match failed {
            Some(error) => emit(Err(broken_off(path, None, &error))),
            None => ControlFlow::Continue(()),
        };
    }
    let mut reader = BufReader::with_capacity(HEAD as usize, peeked);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let outcome = reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
        let mut bytes = line.as_slice();
        if number == 1 {
            bytes = bytes.get(decoder.mark..).unwrap_or_default();
        }
        decoder.look_at(bytes);
        let (text, replaced) = decoder.decode(bytes);
        let place = Place { path, line: number, record: number, encoding: decoder.name(), replaced };
        match outcome {
            Ok(0) => break,
            Ok(n) if n as u64 == MAX_LINE && !line.ends_with(b"\n") => {
                let reason = format!("a line of more than {} MB is no record: left out", MAX_LINE >> 20);
                emit(Err(Problem::new(path, number, reason)))?;
                if let Err(error) = skip_line(&mut reader) {
                    return emit(Err(broken_off(path, number, &error)));
                }
            }
            Ok(_) => emit_line(&text, place, metadata, emit)?,
            Err(error) => {
                // A line that lacks no more than its line break is whole.
                if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
                    emit_line(&text, place, metadata, emit)?;
                }
                return emit(Err(broken_off(path, number, &error)));
            }
        }
    }
    ControlFlow::Continue(())
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let ahead = reader.fill_buf()?;
        let found = memchr::memchr(b'\n', ahead);
        let used = found.map_or(ahead.len(), |at| at + 1);
        reader.consume(used);
        if found.is_some() || used == 0 {
            return Ok(());
        }
    }
}

fn emit_line(line: &str, place: Place<'_>, metadata: &Metadata, emit: &mut Emit<'_>) -> ControlFlow<()> {
    let line = line.trim();
    if line.is_empty() {
        return ControlFlow::Continue(());
    }
    match serde_json::from_str(line) {
        Ok(value) => emit_value(value, place, metadata, emit),
        Err(_) if line == "[" => {
            let reason = "a JSON array begins here, not a record: give the file a name that ends in .json";
            emit(Err(Problem::new(place.path, place.line, reason)))
        }
        Err(error) => emit(Err(Problem::new(place.path, place.line, bad_json(&error)))),
    }
}

/// What is wrong with a line, in words without serde's "at line 1".
pub(super) fn bad_json(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    format!("not valid JSON: {message} (column {})", error.column())
}

/// All that can be read, and the error that ended it.
pub(super) fn read_whole(mut reader: impl Read) -> (Vec<u8>, Option<io::Error>) {
    let mut bytes = Vec::new();
    // One byte more than can be decoded, so that the decoder says it is too much.
    let limit = super::convert::MAX_BYTES as u64 + 1;
    let failed = reader.by_ref().take(limit).read_to_end(&mut bytes).err();
    (bytes, failed)
}

/// The problem of a stream that breaks off.
pub(super) fn broken_off(path: &str, line: impl Into<Option<u64>>, error: &io::Error) -> Problem {
    let reason = match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "the compressed data breaks off here: what came before was read, fetch the file again".to_owned()
        }
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            format!("the compressed data is damaged ({error}): what came before was read")
        }
        _ => error.to_string(),
    };
    Problem::new(path, line, reason)
}
