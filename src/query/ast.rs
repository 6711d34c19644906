//! The tree of a query.

use crate::text::fold::search_form;
use std::fmt::{self, Display, Write};

/// A query that was understood: never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    root: Node,
}

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// All of them, in one article. From two up, in the order they were typed.
    And(Vec<Node>),
    /// A stretch of text.
    Literal(Literal),
}

/// A keyword or a phrase: text that must occur as it stands, folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    text: String,
    /// Never empty, and of one paragraph.
    folded: String,
    quotes: Option<Quotes>,
}

/// The marks a phrase was typed in. The marks of another kind are text inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quotes {
    /// `"…"`
    Straight,
    /// `＂…＂`
    FullWidth,
    /// `“…”`
    Curly,
    /// `「…」`
    Corner,
    /// `『…』`
    DoubleCorner,
}

impl Query {
    /// The query for all of `literals`; `None` if there are none. One that folds like another
    /// before it says nothing new and is left out.
    pub(super) fn all_of(literals: Vec<Literal>) -> Option<Query> {
        let mut seen = std::collections::HashSet::new();
        let mut nodes: Vec<Node> = literals
            .into_iter()
            .filter(|literal| seen.insert(literal.folded.clone()))
            .map(Node::Literal)
            .collect();
        let root = if nodes.len() > 1 { Node::And(nodes) } else { nodes.pop()? };
        Some(Query { root })
    }

    /// The tree.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The keywords and phrases, in the order they were typed, no two with the same folded form.
    pub fn literals(&self) -> Vec<&Literal> {
        self.root.literals()
    }
}

impl Node {
    /// The literals below this node, from left to right.
    pub fn literals(&self) -> Vec<&Literal> {
        match self {
            Node::Literal(literal) => vec![literal],
            Node::And(nodes) => nodes.iter().flat_map(Node::literals).collect(),
        }
    }
}

impl Literal {
    /// `None` if `text` holds nothing but white space. Line breaks in it count as spaces, since
    /// a match never crosses a paragraph.
    pub(super) fn new(text: &str, quotes: Option<Quotes>) -> Option<Literal> {
        let text = text.split(is_white).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        let mut folded = String::new();
        search_form(&text, &mut folded);
        (!folded.is_empty()).then_some(Literal { text, folded, quotes })
    }

    /// As it was typed, without its quotation marks; white space inside is one space.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The search form: what is looked for in the search form of an article.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The quotation marks it was typed in, if any.
    pub fn quotes(&self) -> Option<Quotes> {
        self.quotes
    }
}

impl Quotes {
    /// All kinds.
    pub const ALL: [Quotes; 5] =
        [Quotes::Straight, Quotes::FullWidth, Quotes::Curly, Quotes::Corner, Quotes::DoubleCorner];

    /// The mark that opens a phrase and the one that closes it.
    pub fn marks(self) -> (char, char) {
        match self {
            Quotes::Straight => ('"', '"'),
            Quotes::FullWidth => ('＂', '＂'),
            Quotes::Curly => ('“', '”'),
            Quotes::Corner => ('「', '」'),
            Quotes::DoubleCorner => ('『', '』'),
        }
    }
}

/// White space of a query: Unicode's, and control characters, which a terminal or a careless
/// copy puts there and nobody means.
pub(super) fn is_white(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Prints what parses to the same query. The marks are those that were typed: any others could
/// pair with a mark that stands, unpaired, in a keyword.
impl Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Literal(literal) => literal.fmt(f),
            Node::And(nodes) => {
                for (i, node) in nodes.iter().enumerate() {
                    if i > 0 {
                        f.write_char(' ')?;
                    }
                    node.fmt(f)?;
                }
                Ok(())
            }
        }
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.quotes.map(Quotes::marks) {
            None => f.write_str(&self.text),
            Some((open, close)) => write!(f, "{open}{}{close}", self.text),
        }
    }
}
