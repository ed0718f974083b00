//! `glass.diameters`: a law, or `"FILE"`, one composition for all realizations, read from a text file.

use super::error::ConfigError;
use super::glasses::Glasses;
use super::numbers_file::{FileKey, NumbersFile, words};
use super::ranges::Ranges;
use super::raw::RawGlass;
use glass::diameters::DiameterChoice;
use glass::thermalize::SAMPLED_DIAMETER_MAX;

/// `glass.diameters` drawn for each realization.
pub(super) const RANDOM: &str = "random";

/// `glass.diameters` that are the same in each.
pub(super) const QUANTILE: &str = "quantile";

const FILE: FileKey = FileKey {
    key: "glass.diameters",
    accepted: "\"random\", \"quantile\", or the path of a file of diameters",
    held: "diameters",
    used_by: "the glasses were made",
};

/// How diameters are chosen, and the file they are read from, if any; of glasses made elsewhere none is read.
pub(super) fn diameters(
    raw: &RawGlass,
    glasses: Glasses,
    ranges: &Ranges<'_>,
) -> Result<(DiameterChoice, Option<NumbersFile>), ConfigError> {
    let path = match raw.diameters.as_deref() {
        None | Some(RANDOM) => return Ok((DiameterChoice::Random, None)),
        Some(QUANTILE) => return Ok((DiameterChoice::Quantile, None)),
        Some(_) if glasses == Glasses::MadeElsewhere => return Ok((DiameterChoice::Random, None)),
        Some(path) => path,
    };
    let (diameters, file) = FILE.read(path, raw.diameters_sha256.as_ref(), ranges, parse)?;
    if diameters.len() as u64 != raw.particles {
        let why = format!(
            "the file holds {} diameters for glass.particles = {}; accepted: one for each particle",
            diameters.len(),
            raw.particles
        );
        return Err(ranges.refuse(FILE.key, format!("{path:?}"), why));
    }
    Ok((DiameterChoice::Given(diameters.into()), Some(file)))
}

/// Numbers between white space.
fn parse(text: &str) -> Result<Vec<f64>, String> {
    let mut diameters = Vec::new();
    for (line, words) in words(text) {
        for word in words {
            let diameter = word.parse::<f64>().ok().filter(|d| *d > 0.0 && *d <= SAMPLED_DIAMETER_MAX);
            diameters.push(diameter.ok_or_else(|| {
                format!("line {line}: {word:?}; accepted: diameters above 0, at most {SAMPLED_DIAMETER_MAX}")
            })?);
        }
    }
    Ok(diameters)
}

#[cfg(test)]
mod tests {
    use super::super::numbers_file::sha256;
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
