//! A quick look over bytes: where three in a row pass a test. Written so that the compiler tests
//! many positions at once; nearly all texts have nothing to find, and every text is looked over.

/// The positions at which `test` holds for the byte there and the two after it (0 past the end).
/// `test` must be free of branches (`&` and `|`, not `&&` and `||`), or the look is a slow one.
pub(super) fn triples<F: Fn(u8, u8, u8) -> bool>(bytes: &[u8], test: F) -> Triples<'_, F> {
    Triples { bytes, test, passed: [0; BLOCK], next_block: 0, from: BLOCK }
}

/// Positions that are tested together.
const BLOCK: usize = 256;

/// See [`triples`].
#[derive(Debug)]
pub(super) struct Triples<'t, F> {
    bytes: &'t [u8],
    test: F,
    /// 1 where a position of the block in hand passes.
    passed: [u8; BLOCK],
    /// Where the block after the one in hand begins.
    next_block: usize,
    /// Where to look on in the block in hand.
    from: usize,
}

impl<F: Fn(u8, u8, u8) -> bool> Triples<'_, F> {
    /// Tests the next block of the text.
    fn test_block(&mut self) {
        let rest = &self.bytes[self.next_block..];
        let mut end = [0; BLOCK + 2];
        let block = rest.get(..BLOCK + 2).unwrap_or_else(|| {
            end[..rest.len()].copy_from_slice(rest);
            &end
        });
        let (first, second, third) = (&block[..BLOCK], &block[1..BLOCK + 1], &block[2..]);
        for (passed, ((a, b), c)) in self.passed.iter_mut().zip(first.iter().zip(second).zip(third)) {
            *passed = u8::from((self.test)(*a, *b, *c));
        }
        self.next_block += BLOCK;
        self.from = 0;
    }
}

impl<F: Fn(u8, u8, u8) -> bool> Iterator for Triples<'_, F> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        loop {
            let rest = &self.passed[self.from..];
            if let Some(found) = memchr::memchr(1, rest) {
                self.from += found + 1;
                let at = self.next_block - BLOCK + self.from - 1;
                // What follows the text in its last block is no text.
                return (at < self.bytes.len()).then_some(at);
            }
            if self.next_block >= self.bytes.len() {
                return None;
            }
            self.test_block();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_one_by_one(bytes in prop::collection::vec(0u8..4, 0..700), a in 0u8..4, c in 0u8..4) {
            let test = |x: u8, _: u8, z: u8| (x == a) & (z == c);
            let found: Vec<usize> = triples(&bytes, test).collect();
            let byte = |i: usize| bytes.get(i).copied().unwrap_or(0);
            let slow: Vec<usize> =
                (0..bytes.len()).filter(|&i| test(byte(i), byte(i + 1), byte(i + 2))).collect();
            prop_assert_eq!(found, slow);
        }
    }
}
