//! `potential.table = "FILE"`: φ at many distances, read from a text file.

use super::error::ConfigError;
use super::numbers_file::{FileKey, NumbersFile, words};
use super::ranges::Ranges;
use super::raw::RawPotential;
use glass::interaction::Table;

const FILE: FileKey = FileKey {
    key: "potential.table",
    accepted: "the path of a text file with two numbers a line, x = r/σ_ij and φ/ε_ij",
    held: "numbers",
    used_by: "the modes were computed",
};

/// The table of a potential of that kind.
pub(super) fn table(raw: &RawPotential, ranges: &Ranges<'_>) -> Result<(Table, NumbersFile), ConfigError> {
    let Some(path) = &raw.table else {
        return Err(ranges.refuse(
            FILE.key,
            "(absent)",
            format!("a table is read from a file; accepted: {}", FILE.accepted),
        ));
    };
    let (numbers, file) = FILE.read(path, raw.table_sha256.as_ref(), ranges, parse)?;
    let points: Vec<(f64, f64)> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    let table = Table::new(&points)
        .map_err(|invalid| ranges.refuse(FILE.key, format!("{path:?}"), format!("{}: {invalid}", file.path)))?;
    Ok((table, file))
}

/// x and φ of each line, one after the other.
fn parse(text: &str) -> Result<Vec<f64>, String> {
    let mut numbers = Vec::new();
    for (line, words) in words(text) {
        let [x, value] = words[..] else {
            return Err(format!("line {line} has {} words; accepted: two numbers, x and φ", words.len()));
        };
        for word in [x, value] {
            numbers.push(word.parse::<f64>().map_err(|_| format!("line {line}: {word:?}; accepted: a number"))?);
        }
    }
    Ok(numbers)
}
