//! `--slice K/OF`: which part of a campaign one of several coordinators computes.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use thiserror::Error;

/// Part `number` of `of`, counted from 1: a contiguous range of indices, as even as possible. (Contiguous, so that the
/// segments of a slice are sorted runs and merging stays cheap.)
///
/// Slices of one campaign are disjoint and together cover it, whatever `of` is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    number: u64,
    of: u64,
}

impl Slice {
    /// The whole campaign.
    pub const WHOLE: Slice = Slice { number: 1, of: 1 };

    /// Slice `number` of `of`; `None` unless 1 ≤ number ≤ of.
    pub fn new(number: u64, of: u64) -> Option<Self> {
        (1..=of).contains(&number).then_some(Self { number, of })
    }

    /// The indices of this slice in a campaign of `total` tasks.
    pub fn range(self, total: u64) -> Range<u64> {
        let bound = |k: u64| {
            let product = u128::from(total) * u128::from(k) / u128::from(self.of);
            u64::try_from(product).unwrap_or(total)
        };
        bound(self.number - 1)..bound(self.number)
    }

    /// Which slice, counted from 1.
    pub fn number(self) -> u64 {
        self.number
    }

    /// How many slices there are.
    pub fn of(self) -> u64 {
        self.of
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.number, self.of)
    }
}

/// A slice that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("slice `{0}` is not of the form K/OF with 1 <= K <= OF, such as 3/16")]
pub struct SliceError(String);

impl FromStr for Slice {
    type Err = SliceError;

    fn from_str(text: &str) -> Result<Self, SliceError> {
        let malformed = || SliceError(text.to_owned());
        let (number, of) = text.split_once('/').ok_or_else(malformed)?;
        let number = number.trim().parse().map_err(|_| malformed())?;
        let of = of.trim().parse().map_err(|_| malformed())?;
        Slice::new(number, of).ok_or_else(malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_disjoint_and_cover_the_campaign() {
        for total in [0, 1, 7, 64, 60_000, u64::MAX - 1] {
            for of in [1, 2, 3, 7, 1000] {
                let mut next = 0;
                for number in 1..=of {
                    let range = Slice::new(number, of).expect("valid").range(total);
                    assert_eq!(range.start, next);
                    assert!(range.end - range.start <= total / of + 1);
                    next = range.end;
                }
                assert_eq!(next, total);
            }
        }
    }

    #[test]
    fn text_is_read_or_refused() {
        assert_eq!("3/16".parse(), Ok(Slice { number: 3, of: 16 }));
        assert_eq!("3/16".parse::<Slice>().map(|slice| slice.to_string()), Ok("3/16".to_owned()));
        for text in ["", "3", "0/4", "5/4", "a/4", "1/0", "-1/4", "1/2/3"] {
            assert!(text.parse::<Slice>().is_err(), "{text}");
        }
    }
}
