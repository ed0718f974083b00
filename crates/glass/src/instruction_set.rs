//! Which vector instructions the kernels use.
//!
//! The choice never changes a result: every path adds and multiplies the same numbers in the same
//! order, eight lanes at a time, without fused multiply-add. It is public so that tests and benches
//! can hold one path against another.

use std::fmt;

/// Vector instructions of a kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InstructionSet {
    /// Plain Rust, on every machine; the eight lanes are an array.
    Portable,
    /// x86-64 with AVX2: two registers of four.
    Avx2,
    /// x86-64 with AVX-512 F, DQ and VL: one register of eight.
    Avx512,
}

impl InstructionSet {
    /// All, slowest first.
    pub const ALL: [InstructionSet; 3] = [InstructionSet::Portable, InstructionSet::Avx2, InstructionSet::Avx512];

    /// The fastest that this machine has.
    pub fn detect() -> Self {
        if InstructionSet::Avx512.is_available() {
            InstructionSet::Avx512
        } else if InstructionSet::Avx2.is_available() {
            InstructionSet::Avx2
        } else {
            InstructionSet::Portable
        }
    }

    /// Those that this machine has, slowest first.
    pub fn available() -> Vec<Self> {
        InstructionSet::ALL.into_iter().filter(|set| set.is_available()).collect()
    }

    /// Whether this machine has it.
    #[cfg(target_arch = "x86_64")]
    pub fn is_available(self) -> bool {
        match self {
            InstructionSet::Portable => true,
            InstructionSet::Avx2 => is_x86_feature_detected!("avx2"),
            InstructionSet::Avx512 => {
                is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
        }
    }

    /// Whether this machine has it.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn is_available(self) -> bool {
        self == InstructionSet::Portable
    }
}

impl fmt::Display for InstructionSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            InstructionSet::Portable => "portable",
            InstructionSet::Avx2 => "AVX2",
            InstructionSet::Avx512 => "AVX-512",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detected_one_is_available_and_the_fastest() {
        let available = InstructionSet::available();
        assert_eq!(available.first(), Some(&InstructionSet::Portable));
        assert_eq!(available.last(), Some(&InstructionSet::detect()));
    }
}
