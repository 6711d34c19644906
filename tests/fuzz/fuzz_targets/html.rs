//! Any page: as any text.
#![no_main]

#[path = "../sound.rs"]
mod sound;

use fangzhi::article::Markup;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| sound::check(text, Markup::Html));
