//! Any bytes: a text with a sound way back to them, or a reason.
#![no_main]

use fangzhi::source::{decode, decode_html};
use fangzhi::text::Span;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for decoded in [decode(bytes), decode_html(bytes)].into_iter().flatten() {
        let (mut start, mut end) = (0, 0);
        for (at, c) in decoded.text.char_indices() {
            let raw = decoded.map.map(Span::new(at, at + c.len_utf8()));
            assert!(raw.start() >= start && raw.end() >= end && raw.end() <= bytes.len());
            (start, end) = (raw.start(), raw.end());
        }
        assert!(decoded.text.matches('\u{FFFD}').count() >= decoded.replaced as usize);
    }
});
