//! Any text: cleaned, with a sound map, sound repairs and sound zones.
#![no_main]

#[path = "../sound.rs"]
mod sound;

use fangzhi::article::Markup;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    sound::check(text, Markup::Plain);
    sound::check(text, Markup::Markdown);
    // Enough of a rewritten page for the rest to be taken for one.
    let page = "濟(jì)南項(xiàng)目經(jīng)濟(jì)發(fā)展，建設(shè)產(chǎn)業(yè)區(qū)。";
    sound::check(&format!("{page}\n{text}"), Markup::Plain);
});
