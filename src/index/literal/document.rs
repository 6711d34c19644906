//! One document's text.

use super::code::{self, BREAK, Needle};
use super::format::{Ends, get_ends, get_varint};
use std::ops::Range;

/// One document's page in search form; see [`crate::analysis::Layout`].
#[derive(Debug, Clone, Copy)]
pub struct Document<'a> {
    ends: Ends,
    guesses: usize,
    guessed: &'a [u8],
    code: &'a [u8],
    boundaries: &'a [u8],
}

/// How a needle stands in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// How often, from left to right, not overlapping; and how often as a word.
    pub title: u32,
    pub title_words: u32,
    pub body: u32,
    pub body_words: u32,
    pub rest: u32,
    pub rest_words: u32,
}

impl<'a> Document<'a> {
    /// Takes a document's bytes apart; `None` when they do not fit each other.
    #[inline]
    pub fn parse(bytes: &'a [u8]) -> Option<Document<'a>> {
        let (ends, guesses, at) = get_ends(bytes)?;
        let bits = ends.page / 8 + 1;
        let code_end = bytes.len().checked_sub(bits)?;
        let code_start = code_end.checked_sub(ends.page_code)?;
        let guessed = bytes.get(at..code_start)?;
        let (code, boundaries) = (&bytes[code_start..code_end], &bytes[code_end..]);
        Some(Document { ends, guesses, guessed, code, boundaries })
    }

    /// The dense code of the page; see `code.rs`.
    pub fn code(&self) -> &'a [u8] {
        self.code
    }

    /// End of the title part, in units.
    pub fn title_end(&self) -> usize {
        self.ends.title
    }

    /// End of the body part, in units.
    pub fn body_end(&self) -> usize {
        self.ends.body
    }

    /// End of the page, in units.
    pub fn page_end(&self) -> usize {
        self.ends.page
    }

    /// The units, decoded.
    pub fn to_units(&self) -> Vec<u16> {
        let mut units = Vec::with_capacity(self.ends.page);
        code::decode(self.code, &mut units);
        units.resize(self.ends.page, 0xfffd);
        units
    }

    /// Unit positions at which the text was only guessed, ascending.
    pub fn guessed(&self) -> Vec<u32> {
        let (mut at, mut last) = (0, 0u32);
        let mut next = || {
            last = last.wrapping_add(get_varint(self.guessed, &mut at)? as u32);
            Some(last)
        };
        (0..self.guesses).map_while(|_| next()).collect()
    }

    /// Whether any text was guessed.
    pub fn has_guesses(&self) -> bool {
        self.guesses != 0
    }

    /// Whether a word begins or ends before the unit at this position.
    #[inline]
    pub fn is_boundary(&self, at: usize) -> bool {
        self.boundaries.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }

    /// The code of the first parts of the page, up to a position at which a part ends.
    fn code_until(&self, end: usize) -> &'a [u8] {
        let end = match end {
            end if end >= self.ends.page => self.ends.page_code,
            end if end >= self.ends.body => self.ends.body_code,
            _ => self.ends.title_code,
        };
        &self.code[..end.min(self.code.len())]
    }

    /// All positions of a needle in the first parts of the page, which end at `end`; ascending,
    /// in units; they may overlap.
    pub fn find(&self, needle: &Needle, end: usize) -> Vec<u32> {
        let code = self.code_until(end);
        let mut found = Vec::new();
        let (mut from, mut counted, mut unit) = (0, 0, 0);
        while let Some(at) = needle.find(code, from) {
            unit += code::count(&code[counted..at]);
            found.push(unit as u32);
            counted = at;
            from = at + 1;
        }
        found
    }

    /// Whether a needle stands in the first parts of the page, which end at `end`.
    pub fn holds(&self, needle: &Needle, end: usize) -> bool {
        needle.find(self.code_until(end), 0).is_some()
    }

    /// How a needle stands in the first parts of the page, which end at `end`, and how many
    /// passages show it. `passages` counts those of a paragraph that is longer than `longest`
    /// bytes of code and in which it stands more than once, by its units and where it stands in
    /// them.
    pub fn standing(
        &self,
        needle: &Needle,
        end: usize,
        longest: usize,
        mut passages: impl FnMut(&[u16], &[Range<usize>]) -> usize,
    ) -> (Standing, usize) {
        let code = self.code_until(end);
        let (mut standing, mut shown) = (Standing::default(), 0);
        let (mut from, mut counted, mut unit) = (0, 0, 0);
        // Where the present paragraph ends, and the places in it.
        let (mut paragraph, mut places): (Range<usize>, Vec<usize>) = (0..0, Vec::new());
        let mut close = |paragraph: &Range<usize>, places: &mut Vec<usize>| {
            shown += match places.len() {
                0 => 0,
                1 => 1,
                _ if paragraph.len() <= longest => 1,
                _ => {
                    let mut units = Vec::new();
                    let code = &code[paragraph.clone()];
                    code::decode(code, &mut units);
                    let start = |at: &usize| code::count(&code[..at - paragraph.start]);
                    let ranges = places.iter().map(start).map(|at| at..at + needle.units());
                    passages(&units, &ranges.collect::<Vec<_>>())
                }
            };
            places.clear();
        };
        while let Some(at) = needle.find(code, from) {
            unit += code::count(&code[counted..at]);
            counted = at;
            let word = u32::from(self.is_boundary(unit) && self.is_boundary(unit + needle.units()));
            let (times, words) = if at < self.ends.title_code {
                (&mut standing.title, &mut standing.title_words)
            } else if at < self.ends.body_code {
                (&mut standing.body, &mut standing.body_words)
            } else {
                (&mut standing.rest, &mut standing.rest_words)
            };
            *times += 1;
            *words += word;
            if at >= paragraph.end {
                close(&paragraph, &mut places);
                let start = memchr::memrchr(BREAK, &code[..at]).map_or(0, |i| i + 1);
                let end = memchr::memchr(BREAK, &code[at..]).map_or(code.len(), |i| at + i);
                paragraph = start..end;
            }
            places.push(at);
            from = at + needle.code_len();
        }
        close(&paragraph, &mut places);
        (standing, shown)
    }
}
