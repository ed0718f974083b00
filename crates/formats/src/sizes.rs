//! How large the particles of a file are: by its own numbers, or by their type and `--diameters`.

use realization::config::excerpt;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// The diameter of each type of particles, as `--diameters` gives them: `1=1.0,2=1.4`.
///
/// ```
/// let diameters: formats::Diameters = "A=1.0,B=1.4".parse()?;
/// assert_eq!(diameters.of("B")?, 1.4);
/// assert!(diameters.of("C").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Diameters(Vec<(String, f64)>);

/// A text that gives no diameters.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("{0}; accepted: a diameter above 0 for each type, for example 1=1.0,2=1.4")]
pub struct InvalidDiameters(String);

impl FromStr for Diameters {
    type Err = InvalidDiameters;

    fn from_str(text: &str) -> Result<Self, InvalidDiameters> {
        let mut diameters: Vec<(String, f64)> = Vec::new();
        for part in text.split(',') {
            let wrong = |what: &str| InvalidDiameters(format!("`{}` {what}", excerpt(part)));
            let (name, number) = part.split_once('=').ok_or_else(|| wrong("is not TYPE=DIAMETER"))?;
            let (name, number) = (name.trim(), crate::text::number(number.trim()));
            let diameter = number.filter(|&diameter| diameter > 0.0).ok_or_else(|| wrong("has no diameter above 0"))?;
            if name.is_empty() {
                return Err(wrong("names no type"));
            }
            if diameters.iter().any(|(earlier, _)| earlier == name) {
                return Err(wrong("names a type a second time"));
            }
            diameters.push((name.to_owned(), diameter));
        }
        Ok(Diameters(diameters))
    }
}

impl fmt::Display for Diameters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.0.iter().map(|(name, diameter)| format!("{name}={diameter}"));
        formatter.write_str(&parts.collect::<Vec<_>>().join(","))
    }
}

impl Diameters {
    /// The diameter of the type called `name`.
    ///
    /// # Errors
    /// What is missing, in words.
    pub fn of(&self, name: &str) -> Result<f64, String> {
        let found = self.0.iter().find(|(known, _)| known == name).map(|&(_, diameter)| diameter);
        found.ok_or_else(|| {
            format!("type {} has no diameter in --diameters {}", excerpt(name), excerpt(&self.to_string()))
        })
    }
}

/// What one value of each particle says of its size.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Measure<'a> {
    Diameter,
    Radius,
    Type(&'a Diameters),
}

impl Measure<'_> {
    /// The diameter that the value `number` stands for.
    ///
    /// # Errors
    /// What is wrong, in words, if it is not positive.
    pub(crate) fn diameter(self, number: f64) -> Result<f64, String> {
        let diameter = if matches!(self, Measure::Radius) { 2.0 * number } else { number };
        match diameter > 0.0 && diameter.is_finite() {
            true => Ok(diameter),
            false => Err(format!("the size of a particle is {number}, not positive")),
        }
    }
}

/// Which of the values that a file has, each given by its place, says how large its particles are: with `--diameters`
/// the type, otherwise the diameter or the radius.
///
/// # Errors
/// The remedy, in words that follow "has".
pub(crate) fn choose<'a, P>(
    [diameter, radius, kind]: [Option<P>; 3],
    given: Option<&'a Diameters>,
) -> Result<(P, Measure<'a>), String> {
    if let Some(given) = given {
        return match kind {
            Some(place) => Ok((place, Measure::Type(given))),
            None => Err("no types of particles; leave --diameters out".to_owned()),
        };
    }
    let own = diameter.map(|place| (place, Measure::Diameter)).or(radius.map(|place| (place, Measure::Radius)));
    own.ok_or_else(|| match kind {
        Some(_) => {
            "neither diameters nor radii; give the diameter of each type, as in --diameters 1=1.0,2=1.4".to_owned()
        }
        None => "neither diameters, radii nor types of particles".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diameters_of_types_are_read_or_refused() {
        let diameters: Diameters = "1=1.0, 2 = 1.4d0,Ni=0.88".parse().expect("well formed");
        assert_eq!(diameters.to_string(), "1=1,2=1.4,Ni=0.88");
        assert_eq!(diameters.of("2"), Ok(1.4));
        assert_eq!(
            diameters.of("3").expect_err("not given"),
            "type 3 has no diameter in --diameters 1=1,2=1.4,Ni=0.88"
        );
        for text in ["", "1", "1=", "=1", "1=0", "1=-1", "1=nan", "1=1e999", "1=1,1=2", "1=1,", "1=1;2=2"] {
            assert!(text.parse::<Diameters>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_given_counts_before_what_the_file_has() {
        let given: Diameters = "1=2".parse().expect("well formed");
        let places = [Some(1), Some(2), Some(3)];
        assert!(matches!(choose(places, Some(&given)), Ok((3, Measure::Type(_)))));
        assert!(matches!(choose(places, None), Ok((1, Measure::Diameter))));
        assert!(matches!(choose([None, Some(2), Some(3)], None), Ok((2, Measure::Radius))));
        assert!(choose([None, None, Some(3)], None).expect_err("no sizes").contains("--diameters 1=1.0"));
        assert!(choose([Some(1), None, None], Some(&given)).expect_err("no types").contains("leave --diameters out"));
    }
}
