//! The `glassmodes` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    glassmodes::commands::main()
}
