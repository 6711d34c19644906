//! Reads a file's articles, one after another.

use super::lines::{broken_off, read_whole};
use super::{Emit, Kind, Metadata, Problem, SourceFile, decode, decode_html, json, lines, page, table};
use crate::article::{Article, Given, Markup};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;

/// Reads `file` and hands its articles to `emit` as they come, each with what `metadata` says
/// of it. Files of records are streamed: no more than one record is held in memory (a JSON
/// array and UTF-16 are read whole).
///
/// What can't be read is handed over as a [`Problem`]; reading goes on behind it wherever that
/// is possible. Returns `Break` when `emit` did.
pub fn read_file(file: &SourceFile, metadata: &Metadata, emit: &mut Emit<'_>) -> ControlFlow<()> {
    let opened = match File::open(&file.file) {
        Ok(opened) => opened,
        Err(error) => return emit(Err(Problem::new(&file.path, None, error.to_string()))),
    };
    if file.gzip {
        let reader = MultiGzDecoder::new(BufReader::with_capacity(64 << 10, opened));
        read_kind(file, reader, metadata, emit)
    } else {
        read_kind(file, opened, metadata, emit)
    }
}

/// Reads JSON Lines from standard input, or from anything else; the articles' path is `-`.
///
/// Returns `Break` when `emit` did.
pub fn read_stdin(reader: impl Read, metadata: &Metadata, emit: &mut Emit<'_>) -> ControlFlow<()> {
    lines::read("-", reader, metadata, emit)
}

/// The article that the bytes of one file make, without any metadata.
///
/// # Errors
/// A [`Problem`] if they are no text.
pub fn article_of(path: &str, bytes: &[u8], markup: Markup) -> Result<Article, Problem> {
    let decoded = match markup {
        Markup::Html => decode_html(bytes),
        Markup::Plain | Markup::Markdown => decode(bytes),
    }
    .map_err(|error| Problem::new(path, None, error.to_string()))?;
    let encoding = decoded.encodings();
    let mut given = Given::default();
    if markup == Markup::Html {
        page::describe(&decoded.text, &mut given);
    }
    Ok(Article {
        path: path.to_owned(),
        text: decoded.text,
        source_map: decoded.map,
        encoding,
        replaced: decoded.replaced,
        markup,
        given,
        ..Article::default()
    })
}

fn read_kind(
    file: &SourceFile,
    reader: impl Read,
    metadata: &Metadata,
    emit: &mut Emit<'_>,
) -> ControlFlow<()> {
    let path = file.path.as_str();
    let markup = match file.kind {
        Kind::JsonLines => return lines::read(path, reader, metadata, emit),
        Kind::Csv => return table::read(path, reader, b',', metadata, emit),
        Kind::Tsv => return table::read(path, reader, b'\t', metadata, emit),
        Kind::Json | Kind::Plain => Markup::Plain,
        Kind::Markdown => Markup::Markdown,
        Kind::Html => Markup::Html,
    };
    let (bytes, failed) = read_whole(reader);
    // A damaged archive that gave nothing is no empty article.
    if failed.is_none() || !bytes.is_empty() {
        if file.kind == Kind::Json {
            match decode(&bytes) {
                Ok(decoded) => {
                    let how = (decoded.encoding, decoded.replaced);
                    json::read(path, &decoded.text, how, metadata, emit)?;
                }
                Err(error) => emit(Err(Problem::new(path, None, error.to_string())))?,
            }
        } else {
            let article = article_of(path, &bytes, markup).map(|mut article| {
                metadata.apply(path, &mut article.given);
                article
            });
            emit(article)?;
        }
    }
    match failed {
        Some(error) => emit(Err(broken_off(path, None, &error))),
        None => ControlFlow::Continue(()),
    }
}
