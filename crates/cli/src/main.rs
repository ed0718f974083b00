//! The `glassmodes` program.
fn main() {}
