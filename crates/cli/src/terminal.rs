//! Printing: results to standard output, all else to standard error, never a panic when a pipe closes.

use std::fmt::Display;
use std::io::{IsTerminal, Write};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

/// One line of the result to standard output.
pub fn say(line: impl Display) {
    // A reader that has left (`glassmodes status | head`) is no failure.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// One line about the work to standard error.
pub fn note(line: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Whether a person watches standard error.
pub fn watched() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Logs to standard error: warnings, with -v what happens, with -vv every detail. `RUST_LOG`
/// overrides.
pub fn start_logs(verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let filter = EnvFilter::builder().with_default_directive(level.into()).from_env_lossy();
    let colours = watched() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // A second call, as in tests, changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .with_target(verbose >= 2)
        .try_init();
}
