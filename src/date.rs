use crate::article::*;
pub fn detect(_: &Clean, given: &Given) -> Option<Dating> {
    given.year.map(|year| Dating {
        year,
        month: None,
        day: None,
        evidence: Evidence { rule: "given".into(), words: String::new(), span: None, confidence: 1.0 },
    })
}
