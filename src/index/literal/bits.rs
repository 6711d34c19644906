//! Bits in bytes, the low ones first, and the numbers written in them.

/// Appends bits to bytes.
#[derive(Debug, Default)]
pub struct BitWriter {
    pub bytes: Vec<u8>,
    held: u64,
    n: u32,
}

impl BitWriter {
    /// The `n` low bits of `value`, which has no others; at most 32.
    #[inline]
    pub fn put(&mut self, value: u32, n: u32) {
        self.held |= u64::from(value) << self.n;
        self.n += n;
        if self.n >= 32 {
            self.bytes.extend((self.held as u32).to_le_bytes());
            self.held >>= 32;
            self.n -= 32;
        }
    }

    /// `value` zeros and a one.
    #[inline]
    pub fn unary(&mut self, mut value: u32) {
        while value >= 31 {
            self.put(0, 31);
            value -= 31;
        }
        self.put(1 << value, value + 1);
    }

    /// A number from 1 up: Elias's gamma code.
    #[inline]
    pub fn gamma(&mut self, value: u32) {
        self.unary_and(value.ilog2(), value & !(1 << value.ilog2()), value.ilog2());
    }

    /// A number from 0 up, by Rice's code with `k` low bits written as they are.
    #[inline]
    pub fn rice(&mut self, value: u32, k: u32) {
        self.unary_and(value >> k, value & ((1 << k) - 1), k);
    }

    /// `unary(high)` and then `n` bits, at once where there is room.
    #[inline]
    fn unary_and(&mut self, high: u32, low: u32, n: u32) {
        if high < 31 && high + 1 + n <= 32 {
            self.put(1 << high | low.wrapping_shl(high + 1), high + 1 + n);
        } else {
            self.unary(high);
            self.put(low, n);
        }
    }

    /// Fills up the last byte.
    #[inline]
    pub fn align(&mut self) {
        let bytes = self.n.div_ceil(8) as usize;
        self.bytes.extend(&self.held.to_le_bytes()[..bytes]);
        (self.held, self.n) = (0, 0);
    }
}

/// Reads what [`BitWriter`] wrote. Behind the last byte stand ones without end, so that nothing
/// that is read there is long.
#[derive(Debug, Clone)]
pub struct BitReader<'a> {
    bytes: &'a [u8],
    /// The next byte to be held.
    at: usize,
    held: u64,
    n: u32,
}

impl<'a> BitReader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        BitReader { bytes, at: 0, held: 0, n: 0 }
    }

    /// Holds at least 56 bits.
    #[inline]
    fn fill(&mut self) {
        if let Some(eight) = self.bytes.get(self.at..self.at + 8) {
            let next = u64::from_le_bytes(eight.try_into().expect("eight bytes"));
            self.held |= next << self.n;
            let taken = (63 - self.n) / 8;
            self.at += taken as usize;
            self.n += taken * 8;
            // Bits above `n` may be held already; they are the same when they are held again.
        } else {
            self.fill_at_end();
        }
    }

    #[cold]
    fn fill_at_end(&mut self) {
        self.held &= (1u64 << self.n) - 1;
        while self.n < 56 {
            self.held |= u64::from(self.bytes.get(self.at).copied().unwrap_or(0xff)) << self.n;
            self.at += 1;
            self.n += 8;
        }
    }

    /// The next `n` bits; at most 32.
    #[inline]
    pub fn get(&mut self, n: u32) -> u32 {
        if self.n < n {
            self.fill();
        }
        let value = self.held & ((1u64 << n) - 1);
        self.held >>= n;
        self.n -= n;
        value as u32
    }

    /// Zeros before the next one.
    #[inline]
    pub fn unary(&mut self) -> u32 {
        let mut zeros = 0;
        loop {
            if self.n < 32 {
                self.fill();
            }
            let run = self.held.trailing_zeros();
            if run < self.n {
                self.held >>= run + 1;
                self.n -= run + 1;
                return zeros + run;
            }
            zeros += self.n;
            self.held = 0;
            self.n = 0;
        }
    }

    /// See [`BitWriter::gamma`].
    #[inline]
    pub fn gamma(&mut self) -> u32 {
        let bits = self.unary().min(31);
        1 << bits | self.get(bits)
    }

    /// See [`BitWriter::rice`].
    #[inline]
    pub fn rice(&mut self, k: u32) -> u32 {
        let high = self.unary();
        high.wrapping_shl(k) | self.get(k)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers in prop::collection::vec((0u32..100_000, 0u32..4, 0u32..18), 0..200)) {
            let mut writer = BitWriter::default();
            for &(value, kind, k) in &numbers {
                match kind {
                    0 => writer.put(value, 32),
                    1 => writer.unary(value % 200),
                    2 => writer.gamma(value + 1),
                    _ => writer.rice(value, k.max(7)),
                }
            }
            writer.align();
            let mut reader = BitReader::new(&writer.bytes);
            for &(value, kind, k) in &numbers {
                match kind {
                    0 => prop_assert_eq!(reader.get(32), value),
                    1 => prop_assert_eq!(reader.unary(), value % 200),
                    2 => prop_assert_eq!(reader.gamma(), value + 1),
                    _ => prop_assert_eq!(reader.rice(k.max(7)), value),
                }
            }
        }

        #[test]
        fn it_ends_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = BitReader::new(&bytes);
            for _ in 0..400 {
                reader.unary();
                reader.gamma();
                reader.rice(5);
            }
        }
    }
}
