//! From what was typed to the tree.

use super::ast::{Literal, Query, Quotes, is_white};
use crate::error::Error;

/// How long a query may be, in characters, white space not counted. A paragraph of an article
/// fits; a whole file given by mistake does not.
pub const MAX_QUERY_CHARS: usize = 2_000;

/// Why a query can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing, or nothing but white space and empty quotation marks.
    #[error("the query is empty: give at least one character to look for, such as 比亚迪")]
    Empty,
    /// More than [`MAX_QUERY_CHARS`] characters.
    #[error(
        "the query has {chars} characters and may have {MAX_QUERY_CHARS} (spaces not counted): \
         shorten it, or put one query a line in a file and use --batch FILE"
    )]
    TooLong {
        /// How many it has, white space not counted.
        chars: usize,
    },
}

impl From<ParseError> for Error {
    fn from(error: ParseError) -> Self {
        Error::Usage(error.to_string())
    }
}

/// Reads a query: keywords between white space, and phrases in quotation marks (`"…"`, `＂…＂`,
/// `“…”`, `「…」`, `『…』`), in which white space is kept as one space. All must occur.
///
/// A mark opens a phrase wherever it stands, also inside a word as in `落实“三看三深化”要求`, if the
/// mark that closes it follows; else it is a character like any other, as is everything that
/// other programs take for an operator: `-`, `*`, `(`, `AND`.
///
/// # Errors
/// [`ParseError`] when nothing is left to look for or the query is too long.
///
/// ```
/// let query = fangzhi::query::parse("比亞迪 「起步區 2024」")?;
/// assert_eq!(query.to_string(), "比亞迪 「起步區 2024」");
/// assert_eq!(query.literals()[1].folded(), "起步区 2024");
/// # Ok::<(), fangzhi::query::ParseError>(())
/// ```
pub fn parse(input: &str) -> Result<Query, ParseError> {
    let chars = input.chars().filter(|&c| !is_white(c)).count();
    if chars > MAX_QUERY_CHARS {
        return Err(ParseError::TooLong { chars });
    }
    Query::all_of(literals(input)).ok_or(ParseError::Empty)
}

fn literals(input: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    // Where the last mark that closes each kind of phrase stands: an opening mark after it is
    // unclosed, known without looking, so that a row of `“` takes no quadratic time.
    let last_close = Quotes::ALL.map(|quotes| input.rfind(quotes.marks().1));
    let mut word = 0;
    let mut at = 0;
    while let Some(c) = input[at..].chars().next() {
        let after = at + c.len_utf8();
        if is_white(c) {
            found.extend(Literal::new(&input[word..at], None));
            word = after;
        } else if let Some((quotes, close)) = phrase_at(input, at, c, &last_close) {
            found.extend(Literal::new(&input[word..at], None));
            found.extend(Literal::new(&input[after..close], Some(quotes)));
            at = close + quotes.marks().1.len_utf8();
            word = at;
            continue;
        }
        at = after;
    }
    found.extend(Literal::new(&input[word..], None));
    found
}

/// If the character `c` at `at` opens a phrase: its marks and where the closing one stands.
fn phrase_at(input: &str, at: usize, c: char, last_close: &[Option<usize>; 5]) -> Option<(Quotes, usize)> {
    let kind = Quotes::ALL.iter().position(|quotes| quotes.marks().0 == c)?;
    if last_close[kind]? <= at {
        return None;
    }
    let quotes = Quotes::ALL[kind];
    let inside = at + c.len_utf8();
    Some((quotes, inside + input[inside..].find(quotes.marks().1)?))
}

#[cfg(test)]
mod tests {
    use super::super::Node;
    use super::*;
    use proptest::prelude::*;

    /// The literals' search forms, `|` between them.
    fn read(input: &str) -> String {
        match parse(input) {
            Ok(query) => query.literals().iter().map(|l| l.folded()).collect::<Vec<_>>().join("|"),
            Err(ParseError::Empty) => "empty".to_owned(),
            Err(ParseError::TooLong { chars }) => format!("{chars} characters"),
        }
    }

    #[test]
    fn cases() {
        for (input, expected) in [
            // Nothing to look for.
            ("", "empty"),
            (" ", "empty"),
            ("\u{3000}\t\n", "empty"),
            ("\0", "empty"),
            ("\"\"", "empty"),
            ("“”", "empty"),
            ("「　」 \"  \"", "empty"),
            // Keywords.
            ("比亚迪", "比亚迪"),
            ("迪", "迪"),
            ("a", "a"),
            ("比亞迪", "比亚迪"),
            ("BYD", "byd"),
            ("ＢＹＤ", "byd"),
            ("30GW", "30gw"),
            ("比亚迪 济南", "比亚迪|济南"),
            (" 比亚迪  济南 ", "比亚迪|济南"),
            ("比亚迪\u{3000}济南", "比亚迪|济南"),
            ("比亚迪\t济南", "比亚迪|济南"),
            ("比亚迪\u{A0}济南", "比亚迪|济南"),
            ("比亚迪\u{2009}济南", "比亚迪|济南"),
            ("比亚迪\r\n济南", "比亚迪|济南"),
            ("比亚迪\u{7}济南", "比亚迪|济南"),
            ("比亚迪\u{85}济南", "比亚迪|济南"),
            ("c b a", "c|b|a"),
            ("𠮷野家 😀", "𠮷野家|😀"),
            // Said twice.
            ("比亚迪 比亚迪", "比亚迪"),
            ("比亚迪 比亞迪 BYD byd", "比亚迪|byd"),
            ("比亚迪 \"比亚迪\"", "比亚迪"),
            ("比亚迪 迪", "比亚迪|迪"),
            ("乾 幹 干", "干"),
            ("\"比亚 迪\" 比亚迪", "比亚迪"),
            // Phrases.
            ("\"new energy\"", "new energy"),
            ("＂new energy＂", "new energy"),
            ("“new energy”", "new energy"),
            ("「new energy」", "new energy"),
            ("『new energy』", "new energy"),
            ("\" new \t energy \"", "new energy"),
            ("\"new\nenergy\"", "new energy"),
            ("\"new\0energy\"", "new energy"),
            ("\"起步区 2024\" 济南", "起步区 2024|济南"),
            ("\"比亚迪 济南\"", "比亚迪济南"),
            ("济南\"new energy\"汽车", "济南|new energy|汽车"),
            ("落实“三看三深化”要求", "落实|三看三深化|要求"),
            ("\"a b\"\"c d\"", "a b|c d"),
            ("“a b”「c d」", "a b|c d"),
            ("\"a\" \"\" b", "a|b"),
            // Marks inside marks of another kind.
            ("「a“b”c」", "a“b”c"),
            ("“a \"b c\" d”", "a \"b c\" d"),
            ("\"“a b”\"", "“a b”"),
            ("『「a」 b』", "「a」 b"),
            // Marks without their partner are characters.
            ("\"", "\""),
            ("\"比亚迪", "\"比亚迪"),
            ("比亚迪\"", "比亚迪\""),
            ("“比亚迪 济南", "“比亚迪|济南"),
            ("比亚迪” 济南", "比亚迪”|济南"),
            ("”a“", "”a“"),
            ("「a』", "「a』"),
            ("\"a b＂", "\"a|b\""),
            ("\"a b\" c\"", "a b|c\""),
            ("「「a b」", "「a b"),
            ("「a b」」", "a b|」"),
            ("5\"", "5\""),
            ("’90s", "’90s"),
            // No operators yet.
            ("比亚迪 -济南", "比亚迪|-济南"),
            ("比亚* ?", "比亚*|?"),
            ("(a OR b)", "(a|or|b)"),
            ("a AND b", "a|and|b"),
            ("a & b | c", "a|&|b|||c"),
            ("title:济南", "title:济南"),
            ("/a.b/ ~1 @x +y !z", "/a.b/|~1|@x|+y|!z"),
            ("a\\\"b c\\\"d", "a\\|b c\\|d"),
            ("比亚迪，济南", "比亚迪,济南"),
            ("比亚迪、济南", "比亚迪、济南"),
            ("--help", "--help"),
        ] {
            assert_eq!(read(input), expected, "{input:?}");
        }
    }

    #[test]
    fn one_keyword_is_no_conjunction() {
        assert!(matches!(parse("比亚迪 比亞迪").unwrap().root(), Node::Literal(l) if l.text() == "比亚迪"));
        assert!(matches!(parse("比亚迪 济南").unwrap().root(), Node::And(nodes) if nodes.len() == 2));
    }

    #[test]
    fn text_is_kept_as_typed() {
        let query = parse("比亞迪 “Ａ　 b”").unwrap();
        let [keyword, phrase] = query.literals()[..] else { panic!("{query:?}") };
        assert_eq!((keyword.text(), keyword.quotes()), ("比亞迪", None));
        assert_eq!((phrase.text(), phrase.quotes()), ("Ａ b", Some(Quotes::Curly)));
    }

    #[test]
    fn length_is_bounded_in_characters() {
        assert_eq!(read(&"济".repeat(2_000)), "济".repeat(2_000));
        assert_eq!(read(&"济".repeat(2_001)), "2001 characters");
        assert_eq!(read(&"济 ".repeat(2_000)), "济");
        assert_eq!(read(&" ".repeat(100_000)), "empty");
        assert_eq!(read(&"“".repeat(100_000)), "100000 characters");
    }

    #[test]
    fn messages_say_what_to_do_next() {
        let message = Error::from(parse(&"a".repeat(2_001)).unwrap_err()).to_string();
        assert!(message.contains("2001") && message.contains("2000") && message.contains("shorten"));
        assert!(Error::from(parse(" ").unwrap_err()).to_string().contains("at least one character"));
    }

    fn queries() -> impl Strategy<Value = String> {
        let chars = prop_oneof![
            4 => prop::sample::select("a济濟ＡB \u{3000}\t\0".chars().collect::<Vec<_>>()),
            3 => prop::sample::select("\"＂“”「」『』".chars().collect::<Vec<_>>()),
            1 => any::<char>(),
        ];
        prop::collection::vec(chars, 0..30).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back_the_same(input in queries()) {
            if let Ok(query) = parse(&input) {
                prop_assert_eq!(parse(&query.to_string()), Ok(query));
            }
        }

        #[test]
        fn literals_are_searchable_and_different(input in queries()) {
            if let Ok(query) = parse(&input) {
                let mut seen = std::collections::HashSet::new();
                for literal in query.literals() {
                    let folded = literal.folded();
                    prop_assert!(!folded.is_empty() && !folded.contains('\n') && folded.trim() == folded);
                    prop_assert!(seen.insert(folded.to_owned()), "{folded} twice");
                }
            }
        }

        #[test]
        fn no_character_is_ignored(input in queries()) {
            // All that was typed is in some literal, but for white space, marks and repetition.
            let Ok(query) = parse(&input) else { return Ok(()) };
            let all: String = query.literals().iter().map(|l| l.text()).collect();
            for c in input.chars().filter(|&c| !is_white(c) && !"\"＂“”「」『』".contains(c)) {
                let folded = crate::text::fold::fold_char(c);
                prop_assert!(all.chars().any(|d| crate::text::fold::fold_char(d) == folded), "{c} is lost");
            }
        }
    }
}
