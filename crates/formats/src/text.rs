//! What every format of text needs: lines, words, numbers, and where something is wrong.

mod number;

pub(crate) use number::{number, words};

use crate::error::FormatError;
use realization::config::excerpt;
use std::path::Path;

/// What a file may be, for messages.
const ACCEPTED: &str = "extended XYZ, LAMMPS dump or data, GSD, H5MD, or an archive of this program";

/// Where a text is wrong, and how.
#[derive(Debug, PartialEq)]
pub(crate) struct Fault {
    /// Line, from 1.
    pub(crate) line: usize,
    /// Column in characters, from 1.
    pub(crate) column: usize,
    /// What is wrong and what would be accepted.
    pub(crate) what: String,
}

/// Column in characters, from 1, and what is wrong there.
pub(crate) type Wrong = (usize, String);

impl Fault {
    /// What is wrong in the line of index `row`.
    pub(crate) fn in_row(row: usize, (column, what): Wrong) -> Fault {
        Fault { line: row + 1, column, what }
    }

    pub(crate) fn in_file(self, path: &Path) -> FormatError {
        let Fault { line, column, what } = self;
        FormatError::Malformed { path: path.to_owned(), line, column, what }
    }
}

/// The bytes of a file as text; a mark of the byte order at its begin is skipped.
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(bytes);
    let valid = text.as_ref().map_or_else(std::str::Utf8Error::valid_up_to, |text| text.len());
    // A zero byte is valid UTF-8, and in no text.
    let valid = bytes[..valid].iter().position(|&byte| byte == 0).unwrap_or(valid);
    match text {
        Ok(text) if valid == bytes.len() => Ok(text.trim_start_matches('\u{feff}')),
        _ => {
            let before = String::from_utf8_lossy(&bytes[..valid]);
            let last = Lines::of(&before).last().unwrap_or_default();
            let (line, column) = match before.ends_with(['\n', '\r']) {
                true => (Lines::of(&before).count() + 1, 1),
                false => (Lines::of(&before).count().max(1), last.chars().count() + 1),
            };
            Err(Fault { line, column, what: format!("not text (UTF-8); accepted: {ACCEPTED}") })
        }
    }
}

/// Lines of a text, whether they end as on Unix, on Windows, or with carriage returns alone.
#[derive(Clone)]
pub(crate) struct Lines<'a> {
    rest: &'a str,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Lines { rest: text }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find(['\n', '\r']).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix("\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
        Some(line)
    }
}

/// The finite number that a word with its column is; `what` it should be is named otherwise.
pub(crate) fn finite((column, word): (usize, &str), what: &str) -> Result<f64, Wrong> {
    number(word).ok_or_else(|| (column, format!("{what} `{}` is not a finite number", excerpt(word))))
}

/// The number of particles, above 0, that a line consists of.
pub(crate) fn count(line: &str) -> Result<usize, Wrong> {
    let line = line.trim();
    let count = line.parse::<usize>().ok().filter(|&count| count > 0);
    count.ok_or_else(|| (1, format!("`{}` is not a number of particles", excerpt(line))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_named_by_its_first_wrong_byte() {
        let fault = text(b"1\nLattice \xff").expect_err("not UTF-8");
        assert_eq!((fault.line, fault.column), (2, 9));
        assert_eq!(text(b"\xef\xbb\xbf1\n").expect("a mark is skipped"), "1\n");
        let fault = text(b"1\rLattice \0").expect_err("a zero byte");
        assert_eq!((fault.line, fault.column), (2, 9));
    }

    #[test]
    fn lines_end_as_on_any_system() {
        for text in ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc"] {
            assert_eq!(Lines::of(text).collect::<Vec<_>>(), ["a", "b", "", "c"]);
        }
    }
}
