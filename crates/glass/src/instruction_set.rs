//! Which vector instructions the kernels use.
//!
//! The choice never changes a result: every path adds and multiplies the same numbers in the same
//! order, eight lanes at a time, without fused multiply-add. It is public so that tests and benches
//! can hold one path against another, and run whole calculations on each.

use std::cell::Cell;
use std::fmt;

thread_local! {
    /// What [`InstructionSet::detect`] must answer on this thread.
    static FORCED: Cell<Option<InstructionSet>> = const { Cell::new(None) };
}

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

    /// The fastest that this machine has; within [`InstructionSet::only`], the one that it was called on.
    pub fn detect() -> Self {
        FORCED.get().unwrap_or_else(InstructionSet::fastest)
    }

    /// Does `work` on this instruction set, as far as it is done on this thread; `None`, and nothing
    /// done, if the machine lacks it. For tests: every calculation must hold on every set.
    pub fn only<T>(self, work: impl FnOnce() -> T) -> Option<T> {
        /// Puts back what was there before, even if `work` panics.
        struct Restore(Option<InstructionSet>);
        impl Drop for Restore {
            fn drop(&mut self) {
                FORCED.set(self.0);
            }
        }
        self.is_available().then(|| {
            let _restore = Restore(FORCED.replace(Some(self)));
            work()
        })
    }

    fn fastest() -> Self {
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

/// Makes three tests of each function named: on plain Rust, on AVX2 and on AVX-512. What the machine
/// lacks passes without having been run.
#[macro_export]
macro_rules! test_on_each_instruction_set {
    ($($test:ident),* $(,)?) => {
        mod on_portable { $(#[test] fn $test() { $crate::InstructionSet::Portable.only(super::$test); })* }
        mod on_avx2 { $(#[test] fn $test() { $crate::InstructionSet::Avx2.only(super::$test); })* }
        mod on_avx512 { $(#[test] fn $test() { $crate::InstructionSet::Avx512.only(super::$test); })* }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_set_is_forced_on_its_own_work_only() {
        let fastest = InstructionSet::detect();
        for set in InstructionSet::ALL {
            assert_eq!(set.only(InstructionSet::detect), set.is_available().then_some(set));
            let panicked = std::panic::catch_unwind(|| set.only(|| panic!("the work failed")));
            assert_eq!(panicked.is_err(), set.is_available());
            assert_eq!(InstructionSet::detect(), fastest);
        }
    }

    #[test]
    fn the_detected_one_is_available_and_the_fastest() {
        let available = InstructionSet::available();
        assert_eq!(available.first(), Some(&InstructionSet::Portable));
        assert_eq!(available.last(), Some(&InstructionSet::detect()));
    }
}
