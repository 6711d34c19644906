//! Cleaning: from the decoded text to the text that is indexed, searched and shown.
//!
//! A visible list of steps over one working state. Each step is a rule for one kind of noise; a
//! text without that noise passes it untouched. Everything here is total and linear in the
//! length of the text.

mod characters;
mod declared;
mod entities;
mod escapes;
mod html;
mod lines;
mod look;
mod mask;
mod misread;
mod numbers;
pub mod rewritten;
mod state;
mod zones;

use crate::article::{Article, Clean, Markup, Repair};
use crate::text::Lexicon;
use state::State;

/// A step of cleaning.
struct Step {
    /// Its name in documents and messages.
    name: &'static str,
    /// The markups it is for.
    when: fn(Markup) -> bool,
    run: fn(&mut State<'_>, &dyn Lexicon),
}

/// The steps, in their order.
///
/// Markup first, since it hides the text. Text read in the wrong encoding is no text yet. Rewritten pages before entities and white space, since
/// their bytes tell what was lost. Lines are joined before masks, which words that a line break
/// divides help to guess.
const STEPS: &[Step] = &[
    Step { name: "html", when: is_html, run: |s, _| html::step(s) },
    Step { name: "misread", when: always, run: |s, _| misread::step(s) },
    Step { name: "rewritten", when: always, run: rewritten::step },
    Step { name: "characters", when: always, run: |s, _| characters::step(s) },
    Step { name: "entities", when: is_plain, run: |s, _| entities::step(s) },
    Step { name: "escapes", when: is_plain, run: |s, _| escapes::step(s) },
    Step { name: "lines", when: is_plain, run: |s, _| lines::step(s) },
    Step { name: "masks", when: is_no_markdown, run: mask::step },
    Step { name: "numbers", when: always, run: |s, _| numbers::step(s) },
];

fn always(_: Markup) -> bool {
    true
}

fn is_html(markup: Markup) -> bool {
    markup == Markup::Html
}

fn is_plain(markup: Markup) -> bool {
    markup == Markup::Plain
}

/// In Markdown `*` is emphasis.
fn is_no_markdown(markup: Markup) -> bool {
    markup != Markup::Markdown
}

/// Cleans an article: repairs its text, says what was repaired, and tells the article from the
/// page around it. `lexicon` decides between candidates; with `()` built-in knowledge does.
///
/// A text in which nothing is wrong keeps every byte: the map is the identity and there are no
/// repairs. Repairs have spans in [`Article::text`], blocks in [`Clean::text`], both in bytes.
pub fn clean(article: &Article, lexicon: &dyn Lexicon) -> Clean {
    let mut state = State::new(&article.text);
    for step in STEPS.iter().filter(|s| (s.when)(article.markup)) {
        (step.run)(&mut state, lexicon);
    }
    let blocks = zones::blocks(&state, article);
    let mut repairs = state.repairs;
    repairs.sort_by_key(|r: &Repair| (r.span.start(), r.span.end()));
    let declared = is_html(article.markup).then(|| declared::day(&article.text)).flatten();
    Clean { text: state.text.into_owned(), map: state.map, repairs, blocks, declared }
}

/// Cleans a plain text of which nothing else is known.
pub fn clean_text(text: &str, lexicon: &dyn Lexicon) -> Clean {
    clean(&Article { text: text.to_owned(), ..Article::default() }, lexicon)
}

/// The names of the steps, in their order.
pub fn step_names() -> impl Iterator<Item = &'static str> {
    STEPS.iter().map(|s| s.name)
}
