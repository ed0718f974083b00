//! Nothing to do: a package without it has no build dependencies.

fn main() {}
