//! `--slice K/OF`: which part of a campaign one of several coordinators computes.

use crate::tasks::Tasks;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// Part `number` of `of`, counted from 1: every index that leaves `number − 1` when divided by `of`.
///
/// Slices of one campaign are disjoint and together cover it, whatever `of` is. To which one an index belongs does not
/// depend on how many there are: raising a campaign adds to each slice and moves nothing.
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
    pub fn tasks(self, total: u64) -> Tasks {
        Tasks::every(self.of, self.number - 1, total)
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
    fn slices_are_disjoint_cover_the_campaign_and_grow_with_it() {
        for total in [0, 1, 7, 64, 60_000, u64::MAX - 1] {
            for of in [1, 2, 3, 7, 1000] {
                let slices: Vec<Tasks> = (1..=of).map(|k| Slice::new(k, of).expect("valid").tasks(total)).collect();
                assert_eq!(slices.iter().map(|slice| slice.count()).sum::<u64>(), total);
                assert!(slices.iter().all(|slice| slice.count() <= total / of + 1));
                for index in (0..total.min(3000)).chain(total.saturating_sub(3)..total) {
                    let owners: Vec<usize> = (0..slices.len()).filter(|&k| slices[k].contains(index)).collect();
                    assert_eq!(owners, [(index % of) as usize]);
                    let raised = Slice::new(index % of + 1, of).expect("valid").tasks(total + 1);
                    assert_eq!(raised.position(index), slices[owners[0]].position(index), "raising moves nothing");
                }
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
