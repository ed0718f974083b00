//! Keys whose value is the path of a text file of numbers: `glass.diameters` and `potential.table`.
//!
//! The realizations depend on the numbers and not on where they stand, so a resolved configuration has the path and the
//! SHA-256 of the numbers: with the file moved or changed it says what is missing instead of making other glasses.

use super::error::ConfigError;
use super::ranges::Ranges;
use sha2::{Digest, Sha256};
use std::path::Path;

/// A file of numbers as the configuration keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumbersFile {
    /// Absolute path.
    pub path: String,
    /// SHA-256 of the numbers, in hexadecimal.
    pub sha256: String,
}

/// A key whose value is such a path, and what the messages call what the file holds.
pub(super) struct FileKey {
    pub(super) key: &'static str,
    pub(super) accepted: &'static str,
    pub(super) held: &'static str,
    /// What was made with them.
    pub(super) used_by: &'static str,
}

impl FileKey {
    /// The numbers that `parse` finds in the text of the file at `path`, which is taken in relation to the file that has the
    /// key. With `stored`, the SHA-256 of the numbers that a resolved configuration was made with, no others will do.
    pub(super) fn read(
        &self,
        path: &str,
        stored: Option<&String>,
        ranges: &Ranges<'_>,
        parse: impl Fn(&str) -> Result<Vec<f64>, String>,
    ) -> Result<(Vec<f64>, NumbersFile), ConfigError> {
        let FileKey { key, accepted, held, used_by } = self;
        let refuse = |why: String| ranges.refuse(key, format!("{path:?}"), why);
        let (numbers, file) = read(path, &ranges.origin.folder_of(key), parse).map_err(|why| {
            let stored = stored.map_or_else(String::new, |sha256| {
                format!(
                    "; {used_by} with the {held} of SHA-256 {sha256}: put that file back, or name a copy of it, --set \
                     {key}=FILE"
                )
            });
            refuse(format!("accepted: {accepted}, but {why}{stored}"))
        })?;
        if let Some(sha256) = stored.filter(|sha256| **sha256 != file.sha256) {
            return Err(refuse(format!(
                "the file holds other {held} (SHA-256 {}) than {used_by} with; accepted: those of SHA-256 {sha256}",
                file.sha256
            )));
        }
        Ok((numbers, file))
    }
}

fn read(
    path: &str,
    folder: &Path,
    parse: impl Fn(&str) -> Result<Vec<f64>, String>,
) -> Result<(Vec<f64>, NumbersFile), String> {
    let absolute = std::path::absolute(folder.join(path)).map_err(|cause| cause.to_string())?;
    let text = std::fs::read_to_string(&absolute).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::InvalidData => format!("{}: is no text (UTF-8)", absolute.display()),
        _ => format!("{}: cannot be read: {cause}", absolute.display()),
    })?;
    let numbers = parse(&text).map_err(|problem| format!("{}: {problem}", absolute.display()))?;
    let Some(path) = absolute.to_str() else { return Err(format!("{}: is not UTF-8", absolute.display())) };
    let file = NumbersFile { path: path.to_owned(), sha256: sha256(&numbers) };
    Ok((numbers, file))
}

/// The words of each line that has any, with its number; `#` to the end of a line is a comment.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    text.lines().enumerate().filter_map(|(at, line)| {
        let words: Vec<&str> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        (!words.is_empty()).then_some((at + 1, words))
    })
}

/// Over the bits, so that no way of writing a number matters.
pub(super) fn sha256(numbers: &[f64]) -> String {
    let mut hash = Sha256::new();
    numbers.iter().for_each(|number| hash.update(number.to_bits().to_le_bytes()));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
