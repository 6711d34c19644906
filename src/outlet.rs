use crate::article::*;
pub fn detect(_: &Clean, _: &Given) -> Option<(String, Evidence)> {
    None
}
