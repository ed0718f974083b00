//! Which vector instructions the linear algebra of this machine uses.
//!
//! Our own kernels give the same bits on every set ([`glass::InstructionSet`]). faer does not: it adds in as
//! many lanes as it finds and fuses multiplications with additions where it can. So spectra, and what follows
//! from them, are the same bits within one class, and the same to rounding across classes.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Processors on which faer does the same operations in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum InstructionClass {
    /// Not recorded.
    #[default]
    Unknown,
    /// x86-64-v4: AVX-512.
    Avx512,
    /// x86-64-v3: AVX2 with fused multiply-add.
    Avx2,
    /// x86-64 with neither.
    Sse2,
    /// 64-bit ARM.
    Neon,
    /// Plain Rust on another architecture.
    Portable,
    /// x86-64 with some instructions of a class but not all of them: parts of faer choose differently, so
    /// nothing is promised.
    Mixed,
}

impl InstructionClass {
    /// Classes and their names.
    const NAMES: [(InstructionClass, &str); 7] = [
        (InstructionClass::Unknown, ""),
        (InstructionClass::Avx512, "avx512"),
        (InstructionClass::Avx2, "avx2"),
        (InstructionClass::Sse2, "sse2"),
        (InstructionClass::Neon, "neon"),
        (InstructionClass::Portable, "portable"),
        (InstructionClass::Mixed, "mixed"),
    ];

    /// The class of this machine.
    pub fn detect() -> InstructionClass {
        detect()
    }

    /// Its name in archives; empty if unknown.
    pub fn name(self) -> &'static str {
        InstructionClass::NAMES[self as usize].1
    }

    /// The class of this name; unknown if no class has it.
    pub fn of_name(name: &str) -> InstructionClass {
        let named = InstructionClass::NAMES.into_iter().find(|(_, known)| *known == name);
        named.map_or(InstructionClass::Unknown, |(class, _)| class)
    }

    /// Whether spectra made on machines of these two classes are the same bits.
    pub fn same_bits(self, other: InstructionClass) -> bool {
        self == other && !matches!(self, InstructionClass::Unknown | InstructionClass::Mixed)
    }
}

impl fmt::Display for InstructionClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// What pulp asks for its levels V3 and V4, and gemm for its kernels.
#[cfg(target_arch = "x86_64")]
fn detect() -> InstructionClass {
    let v3 = is_x86_feature_detected!("sse4.2")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("lzcnt");
    let v4 = v3
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512cd")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl");
    let some_of_v3 = is_x86_feature_detected!("avx2") || is_x86_feature_detected!("fma");
    let some_of_v4 = is_x86_feature_detected!("avx512f");
    match (v4, v3) {
        (true, _) => InstructionClass::Avx512,
        (_, true) if !some_of_v4 => InstructionClass::Avx2,
        _ if !some_of_v3 && !some_of_v4 => InstructionClass::Sse2,
        _ => InstructionClass::Mixed,
    }
}

#[cfg(target_arch = "aarch64")]
fn detect() -> InstructionClass {
    if std::arch::is_aarch64_feature_detected!("neon") { InstructionClass::Neon } else { InstructionClass::Portable }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn detect() -> InstructionClass {
    InstructionClass::Portable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for (position, (class, name)) in InstructionClass::NAMES.into_iter().enumerate() {
            assert_eq!((class as usize, class.name(), InstructionClass::of_name(name)), (position, name, class));
        }
        assert_eq!(InstructionClass::of_name("sve2"), InstructionClass::Unknown);
    }

    #[test]
    fn this_machine_has_a_class_and_what_is_unknown_has_no_equal() {
        let here = InstructionClass::detect();
        assert_ne!(here, InstructionClass::Unknown);
        assert!(here.same_bits(here) || here == InstructionClass::Mixed);
        assert!(!InstructionClass::Unknown.same_bits(InstructionClass::Unknown));
        assert!(!InstructionClass::Avx2.same_bits(InstructionClass::Avx512));
    }
}
