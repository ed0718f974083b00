//! Values of arguments that are more than a number or a path.

use std::str::FromStr;
use std::time::Duration;
use thiserror::Error;

/// A span of time as SLURM writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walltime(pub Duration);

/// A text that is no time.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("expected [DAYS-]HH:MM:SS, MM:SS or seconds, for example 11:50:00")]
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
        Ok(Walltime(Duration::from_secs(86_400 * days + seconds)))
    }
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
        for text in ["", "1:60:00", "1:2:3:4", "x", "1:00:75", "1-30", "+5"] {
            assert_eq!(seconds(text), Err(InvalidWalltime), "{text}");
        }
    }
}
