//! Eight streams drawn from side by side.
//!
//! The next word of one generator waits for the one before it; eight generators fill eight lanes of
//! a register, and with two words a trial the sampling draws very many. The twin is
//! [`Stream`](super::Stream), eight times.

use crate::lanes::{Instructions, Words};

/// Eight generators xoshiro256++ (Blackman and Vigna, doi:10.1145/3460772).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EightStreams {
    state: [[u64; 8]; 4],
}

impl EightStreams {
    /// The generators with these states, four words each, the lower bytes first; none may be zero.
    pub(super) fn from_seeds(seeds: [[u8; 32]; 8]) -> Self {
        let mut state = [[0; 8]; 4];
        for (lane, seed) in seeds.iter().enumerate() {
            for (word, bytes) in seed.as_chunks::<8>().0.iter().enumerate() {
                state[word][lane] = u64::from_le_bytes(*bytes);
            }
        }
        EightStreams { state }
    }

    /// Draws one word from each generator for every eight of `words`.
    ///
    /// Inlined, so that it is compiled for the instructions of its caller.
    #[inline(always)]
    pub(crate) fn fill<I: Instructions>(&mut self, instructions: I, words: &mut [[u64; 8]]) {
        let mut s0 = instructions.words(&self.state[0]);
        let mut s1 = instructions.words(&self.state[1]);
        let mut s2 = instructions.words(&self.state[2]);
        let mut s3 = instructions.words(&self.state[3]);
        for eight in words {
            s0.plus(s3).rotated::<23>().plus(s0).store(eight);
            let shifted = s1.shifted::<17>();
            s2 = s2.xor(s0);
            s3 = s3.xor(s1);
            s1 = s1.xor(s2);
            s0 = s0.xor(s3);
            s2 = s2.xor(shifted);
            s3 = s3.rotated::<45>();
        }
        s0.store(&mut self.state[0]);
        s1.store(&mut self.state[1]);
        s2.store(&mut self.state[2]);
        s3.store(&mut self.state[3]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::Portable;
    #[cfg(target_arch = "x86_64")]
    use crate::lanes::{Avx2, Avx512};
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{Rng, SeedableRng};

    #[test]
    fn each_lane_is_the_generator_of_the_library() {
        let seeds: [[u8; 32]; 8] =
            std::array::from_fn(|lane| std::array::from_fn(|byte| (31 * lane + 7 * byte + 1) as u8));
        fn check<I: Instructions>(instructions: I, seeds: [[u8; 32]; 8]) {
            let mut streams = EightStreams::from_seeds(seeds);
            let mut generators = seeds.map(Xoshiro256PlusPlus::from_seed);
            let mut words = [[0; 8]; 5];
            for eights in [5, 1, 0, 3] {
                streams.fill(instructions, &mut words[..eights]);
                for eight in &words[..eights] {
                    assert_eq!(*eight, std::array::from_fn(|lane| generators[lane].next_u64()));
                }
            }
        }
        check(Portable, seeds);
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(avx2) = Avx2::new() {
                check(avx2, seeds);
            }
            if let Some(avx512) = Avx512::new() {
                check(avx512, seeds);
            }
        }
    }
}
