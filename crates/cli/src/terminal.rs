//! Printing: results to standard output, all else to standard error, never a panic when a pipe closes.

use realization::config::printable;
use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

/// Whether nobody reads standard output any more.
static READER_HAS_LEFT: AtomicBool = AtomicBool::new(false);

/// One line of the result to standard output.
pub fn say(line: impl Display) {
    // A reader that has left (`glassmodes status | head`) is no failure.
    if let Err(cause) = writeln!(std::io::stdout().lock(), "{line}")
        && cause.kind() == ErrorKind::BrokenPipe
    {
        READER_HAS_LEFT.store(true, Ordering::Relaxed);
    }
}

/// Takes away what stands on the screen, if standard output is one, so that the next lines take its place.
pub fn clear_screen() {
    let mut out = std::io::stdout().lock();
    if out.is_terminal() {
        let _ = write!(out, "\x1b[H\x1b[2J");
    }
}

/// Whether nobody reads standard output any more, so that there is no use in going on saying things.
pub fn reader_has_left() -> bool {
    READER_HAS_LEFT.load(Ordering::Relaxed)
}

/// One line about the work to standard error. Names and texts of others in it cannot command the terminal, nor fill it.
pub fn note(line: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{}", fit_to_read(&line.to_string()));
}

/// Most characters of a message; names of files have up to 4096.
const MESSAGE_CHARACTERS: usize = 10_000;

/// A message with control characters escaped, its middle left out where it is far too long.
fn fit_to_read(message: &str) -> String {
    let lines: Vec<String> = message.lines().map(printable).collect();
    let shown = lines.join("\n");
    let count = shown.chars().count();
    if count <= MESSAGE_CHARACTERS {
        return shown;
    }
    let part = MESSAGE_CHARACTERS / 20;
    let (start, end) = (shown.chars().take(part), shown.chars().skip(count - part));
    format!("{} … ({} characters left out) … {}", start.collect::<String>(), count - 2 * part, end.collect::<String>())
}

/// Whether a person watches standard error.
pub fn watched() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Whether standard error may be coloured (<https://no-color.org>).
pub fn coloured() -> bool {
    watched() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
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
    // A second call, as in tests, changes nothing.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(coloured())
        .with_target(verbose >= 2)
        .try_init();
}

/// Seconds as a person reads them: "12 s", "3 min 20 s", "5 h 04 min", "2 d 03 h".
pub fn duration(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        3600..86_400 => format!("{} h {:02} min", whole / 3600, whole % 3600 / 60),
        _ => format!("{} d {:02} h", whole / 86_400, whole % 86_400 / 3600),
    }
}

/// "1 mode", "2 modes".
pub fn several(count: impl TryInto<u64>, one: &str, many: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_units() {
        for (seconds, text) in
            [(0.2, "0 s"), (59.4, "59 s"), (200.0, "3 min 20 s"), (18_250.0, "5 h 04 min"), (183_700.0, "2 d 03 h")]
        {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn one_is_no_plural() {
        let words = [0u64, 1, 2].map(|count| several(count, "process", "processes"));
        assert_eq!(words, ["0 processes", "1 process", "2 processes"]);
    }

    #[test]
    fn messages_neither_command_the_terminal_nor_fill_it() {
        assert_eq!(fit_to_read("a\u{1b}[2Jb\rc\nd\u{202e}"), "a\\u{1b}[2Jb\\rc\nd\\u{202e}");
        let long = fit_to_read(&format!("begin{}end", "7".repeat(3_000_000)));
        assert!(long.len() < 1200 && long.starts_with("begin") && long.ends_with("777end"), "{}", long.len());
    }
}
