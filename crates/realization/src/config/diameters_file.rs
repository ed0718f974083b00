//! `glass.diameters = "FILE"`: one composition for all realizations, read from a text file.
//!
//! The realizations depend on the numbers and not on where they stand, so a resolved configuration has the path and the
//! SHA-256 of the numbers: with the file moved or changed it says what is missing instead of making other glasses.

use glass::thermalize::SAMPLED_DIAMETER_MAX;
use sha2::{Digest, Sha256};
use std::path::Path;

/// A file of diameters as the configuration keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiametersFile {
    /// Absolute path.
    pub path: String,
    /// SHA-256 of the numbers, in hexadecimal.
    pub sha256: String,
}

/// Numbers between white space, `#` to the end of a line a comment. Takes the path in relation to `folder`.
///
/// # Errors
/// What is wrong, with the line, and what would be accepted.
pub(super) fn read(path: &str, folder: &Path) -> Result<(Vec<f64>, DiametersFile), String> {
    let absolute = std::path::absolute(folder.join(path)).map_err(|cause| cause.to_string())?;
    let text = std::fs::read_to_string(&absolute).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::InvalidData => format!("{}: is no text (UTF-8)", absolute.display()),
        _ => format!("{}: cannot be read: {cause}", absolute.display()),
    })?;
    let diameters = parse(&text).map_err(|problem| format!("{}: {problem}", absolute.display()))?;
    let Some(path) = absolute.to_str() else { return Err(format!("{}: is not UTF-8", absolute.display())) };
    let file = DiametersFile { path: path.to_owned(), sha256: sha256(&diameters) };
    Ok((diameters, file))
}

fn parse(text: &str) -> Result<Vec<f64>, String> {
    let mut diameters = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for word in line.split('#').next().unwrap_or_default().split_whitespace() {
            let diameter = word.parse::<f64>().ok().filter(|d| *d > 0.0 && *d <= SAMPLED_DIAMETER_MAX);
            diameters.push(diameter.ok_or_else(|| {
                format!("line {}: {word:?}; accepted: diameters above 0, at most {SAMPLED_DIAMETER_MAX}", number + 1)
            })?);
        }
    }
    Ok(diameters)
}

/// Over the bits, so that no way of writing a number matters.
fn sha256(diameters: &[f64]) -> String {
    let mut hash = Sha256::new();
    diameters.iter().for_each(|diameter| hash.update(diameter.to_bits().to_le_bytes()));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_number_is_written_does_not_matter() {
        let one = parse("# of a public sample\n1.5 0.75\n\n1 # the last\n").expect("numbers");
        assert_eq!(one, [1.5, 0.75, 1.0]);
        assert_eq!(sha256(&one), sha256(&parse("15e-1\n.75\n1.0").expect("numbers")));
        assert_ne!(sha256(&one), sha256(&[1.0, 0.75, 1.5]));
    }

    #[test]
    fn what_is_no_diameter_is_named_with_its_line() {
        for word in ["-1", "0", "nan", "inf", "2.1", "x"] {
            let problem = parse(&format!("1.0\n1.1 {word}\n")).expect_err("refused");
            assert!(
                problem.starts_with("line 2: ") && problem.contains(word) && problem.contains("accepted"),
                "{problem}"
            );
        }
        assert_eq!(parse("# none\n"), Ok(Vec::new()));
    }
}
