//! stub until the fold branch lands
use super::{OffsetMap, Rewriter};
pub fn search_form(text: &str, out: &mut String) { out.push_str(&search_form_mapped(text).0); }
pub fn search_form_mapped(text: &str) -> (String, OffsetMap) {
    let mut rw = Rewriter::new(text);
    for (i, c) in text.char_indices() {
        rw.keep_to(i);
        if c.is_whitespace() { rw.replace_to(i + c.len_utf8(), ""); }
        else if c.is_ascii_uppercase() { rw.replace_to(i+1, &c.to_ascii_lowercase().to_string()); }
    }
    rw.finish()
}
