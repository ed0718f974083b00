//! Tests of what crosses crates.
