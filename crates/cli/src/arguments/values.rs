//! Values of arguments that are more than a number or a path.

use analysis::FileKind;
use archive::Group;
use archive::group::GROUPS;
use realization::particles::FoundBox;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;

/// A whole number from `LOW` to `HIGH`, for clap.
///
/// # Errors
/// What would be accepted.
pub fn whole<T: TryFrom<u64>, const LOW: u64, const HIGH: u64>(text: &str) -> Result<T, String> {
    let number = text.parse::<u64>().ok().filter(|number| (LOW..=HIGH).contains(number));
    let most = if HIGH == u64::MAX { "or more".to_owned() } else { format!("to {HIGH}") };
    number.and_then(|number| T::try_from(number).ok()).ok_or_else(|| format!("accepted: a whole number, {LOW} {most}"))
}

/// A finite number above zero, for clap.
///
/// # Errors
/// What would be accepted.
pub fn positive(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| *number > 0.0 && number.is_finite());
    number.ok_or_else(|| "accepted: above 0, for example 0.27".to_owned())
}

/// A participation ratio, for clap: a plane wave has 2/3, and no mode more than 1.
///
/// # Errors
/// What would be accepted.
pub fn ratio(text: &str) -> Result<f64, String> {
    positive(text)
        .ok()
        .filter(|ratio| *ratio <= 1.0)
        .ok_or_else(|| "accepted: above 0, up to 1, for example 0.27".to_owned())
}

/// The sides of a periodic box, or the one of a square or cube, for clap.
///
/// # Errors
/// What would be accepted.
pub fn periodic_box(text: &str) -> Result<FoundBox, String> {
    let sides: Option<Vec<f64>> = text.split(',').map(|side| side.trim().parse().ok()).collect();
    let found = sides
        .filter(|sides| sides.iter().all(|side| *side > 0.0 && side.is_finite()))
        .and_then(|sides| FoundBox::of_sides(&sides).ok());
    found.ok_or_else(|| "accepted: a side above 0, for example 63.2, or the sides: 63.2,50 or 12,10,9".to_owned())
}

/// A group of modes by its name, for clap.
///
/// # Errors
/// What would be accepted.
pub fn group(text: &str) -> Result<Group, String> {
    let found = GROUPS.iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(group, _)| *group);
    found.ok_or_else(|| "accepted: A, A-double, B or unbounded".to_owned())
}

/// Indices of realizations as people write them, ascending: "17", "0-5", "0-5,9".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indices(Vec<RangeInclusive<u64>>);

/// A text that is no list of indices.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("accepted: whole numbers and ranges of them, for example 17, 0-5 or 0-5,9")]
pub struct InvalidIndices;

impl FromStr for Indices {
    type Err = InvalidIndices;

    fn from_str(text: &str) -> Result<Self, InvalidIndices> {
        let number = |digits: &str| match digits.bytes().all(|b| b.is_ascii_digit()) {
            true => digits.parse::<u64>().map_err(|_| InvalidIndices),
            false => Err(InvalidIndices),
        };
        let range = |part: &str| match part.split_once('-') {
            Some((first, last)) => Ok(number(first)?..=number(last)?),
            None => number(part).map(|index| index..=index),
        };
        let ranges = text.split(',').map(range).collect::<Result<Vec<_>, _>>()?;
        if ranges.iter().any(RangeInclusive::is_empty) { Err(InvalidIndices) } else { Ok(Indices(ranges)) }
    }
}

impl Indices {
    /// Whether `index` is one of them.
    pub fn contains(&self, index: u64) -> bool {
        self.0.iter().any(|range| range.contains(&index))
    }

    /// The one there is, if there is only one.
    pub fn alone(&self) -> Option<u64> {
        match &self.0[..] {
            [one] if one.start() == one.end() => Some(*one.start()),
            _ => None,
        }
    }
}

/// A span of time as SLURM writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walltime(pub Duration);

/// A text that is no time.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("accepted: [DAYS-]HH:MM:SS, MM:SS or seconds, more than 0, for example 11:50:00")]
pub struct InvalidWalltime;

impl FromStr for Walltime {
    type Err = InvalidWalltime;

    fn from_str(text: &str) -> Result<Self, InvalidWalltime> {
        let number = |digits: &str| match digits.len() {
            1..=9 if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse::<u64>().map_err(|_| InvalidWalltime),
            _ => Err(InvalidWalltime),
        };
        let (days, clock) = match text.split_once('-') {
            Some((days, clock)) => (number(days)?, clock),
            None => (0, text),
        };
        let parts = clock.split(':').map(number).collect::<Result<Vec<_>, _>>()?;
        let seconds = match parts[..] {
            [seconds] if days == 0 => seconds,
            [minutes, seconds] if days == 0 && seconds < 60 => 60 * minutes + seconds,
            [hours, minutes, seconds] if minutes < 60 && seconds < 60 => 3600 * hours + 60 * minutes + seconds,
            _ => return Err(InvalidWalltime),
        };
        match 86_400 * days + seconds {
            0 => Err(InvalidWalltime),
            total => Ok(Walltime(Duration::from_secs(total))),
        }
    }
}

/// A number from `LOW` to `HIGH`, for clap.
///
/// # Errors
/// What would be accepted.
pub fn between<const LOW: u16, const HIGH: u16>(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (f64::from(LOW)..=f64::from(HIGH)).contains(number));
    number.ok_or_else(|| format!("accepted: {LOW} to {HIGH}"))
}

/// A kind of file of a figure, for clap.
///
/// # Errors
/// What would be accepted.
pub fn file_kind(text: &str) -> Result<FileKind, String> {
    let known = FileKind::EACH.into_iter().find(|kind| kind.extension() == text);
    known.ok_or_else(|| "accepted: svg, png, pdf".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walltimes_read_as_slurm_writes_them() {
        let seconds = |text: &str| text.parse::<Walltime>().map(|Walltime(time)| time.as_secs());
        assert_eq!(seconds("11:50:00"), Ok(42_600));
        assert_eq!(seconds("2-01:00:00"), Ok(176_400));
        assert_eq!(seconds("90:30"), Ok(5430));
        assert_eq!(seconds("45"), Ok(45));
        for text in ["", "1:60:00", "1:2:3:4", "x", "1:00:75", "1-30", "+5", "0", "00:00:00"] {
            assert_eq!(seconds(text), Err(InvalidWalltime), "{text}");
        }
    }
    #[test]
    fn indices_are_numbers_and_ranges() {
        let some: Indices = "0-5,9".parse().expect("indices");
        let held: Vec<u64> = (0..20).filter(|&index| some.contains(index)).collect();
        assert_eq!((held, some.alone()), (vec![0, 1, 2, 3, 4, 5, 9], None));
        assert_eq!("17".parse::<Indices>().map(|indices| indices.alone()), Ok(Some(17)));
        for text in ["", "-1", "5-0", "1,", "1-", "1e3", "0-5-9", "99999999999999999999"] {
            assert_eq!(text.parse::<Indices>(), Err(InvalidIndices), "{text}");
        }
    }

    #[test]
    fn numbers_out_of_range_say_what_is_accepted() {
        assert_eq!(whole::<u16, 1, 4096>("4096"), Ok(4096));
        for text in ["", "0", "-1", "4097", "1e3", "0x10", "99999999999999999999"] {
            let accepted = "accepted: a whole number, 1 to 4096".to_owned();
            assert_eq!(whole::<u16, 1, 4096>(text), Err(accepted), "{text}");
        }
        assert_eq!(positive("0.27"), Ok(0.27));
        for text in ["", "0", "-1", "nan", "inf", "x", "1e999"] {
            assert!(positive(text).is_err() && ratio(text).is_err(), "{text}");
        }
        assert_eq!((ratio("1"), ratio("2").is_err(), positive("2")), (Ok(1.0), true, Ok(2.0)));
    }
}
