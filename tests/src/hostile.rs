//! Inputs that nobody sane would write, from a seed, and patience for what becomes of them.

#![expect(clippy::print_stderr, reason = "says how many were tried")]

use std::time::{Duration, Instant};

/// Longer than any of these small inputs may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Words that programs have stumbled over.
const WORDS: [&str; 24] = [
    "18446744073709551615",
    "18446744073709551614",
    "-1",
    "0",
    "1e400",
    "1e-320",
    "nan",
    "inf",
    "\0",
    "\"",
    "'",
    "{",
    "}",
    "[",
    "]",
    "=",
    ":",
    "\\",
    "\n",
    "\r",
    "é",
    "\u{1b}[2J",
    "99999999999999999999999999",
    "pos:R:4294967295",
];

/// Steele, Lea and Flood's SplitMix64: numbers from a seed.
pub struct Numbers(pub u64);

impl Numbers {
    /// A number below `end`, or 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) % end.max(1) as u64) as usize
    }

    /// `bytes` with a few changes: bits, bytes, words, parts left out, doubled or moved, the end cut off.
    pub fn mutated(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len());
            let end = (at + self.below(40)).min(bytes.len());
            match self.below(8) {
                0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                1 if !bytes.is_empty() => bytes[at] = self.below(256) as u8,
                2 | 3 => drop(bytes.splice(at..at, WORDS[self.below(WORDS.len())].bytes())),
                4 => drop(bytes.splice(at..end, WORDS[self.below(WORDS.len())].bytes())),
                5 => drop(bytes.drain(at..end)),
                6 => {
                    let part = bytes[at..end].to_vec();
                    let to = self.below(bytes.len());
                    drop(bytes.splice(to..to, part));
                }
                _ if self.below(4) == 0 => bytes.truncate(at),
                _ => {}
            }
        }
        bytes
    }
}

/// How many to try, for so many in the gate.
pub fn count(gate: usize) -> usize {
    let factor = std::env::var("GLASSMODES_MUTATIONS").ok().and_then(|factor| factor.parse().ok());
    gate * factor.unwrap_or(1)
}

/// Runs what must neither panic nor take long; says how many were accepted.
pub fn try_all(name: &str, tries: usize, mut one: impl FnMut(usize) -> bool) {
    // Which may have to be built first.
    crate::binary();
    let mut accepted = 0;
    for number in 0..tries {
        let begin = Instant::now();
        accepted += usize::from(one(number));
        assert!(begin.elapsed() < PATIENCE, "{name} number {number} takes {:?}", begin.elapsed());
    }
    eprintln!("{name}: {tries} tried, {accepted} accepted");
}
