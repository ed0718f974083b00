//! Sets of realizations, kept and told as ranges.

use std::fmt;
use std::ops::RangeInclusive;

/// Indices of realizations as ascending ranges, which take no memory for what a campaign of any size has not begun.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexRanges {
    ranges: Vec<RangeInclusive<u64>>,
}

impl IndexRanges {
    /// These indices; they are ascending.
    pub fn of(indices: impl IntoIterator<Item = u64>) -> IndexRanges {
        let mut ranges: Vec<RangeInclusive<u64>> = Vec::new();
        for index in indices {
            match ranges.last_mut() {
                Some(last) if last.end().checked_add(1) == Some(index) => *last = *last.start()..=index,
                _ => ranges.push(index..=index),
            }
        }
        IndexRanges { ranges }
    }

    /// What is below `end` and not among `present`, which is ascending.
    pub fn below_without(end: u64, present: impl IntoIterator<Item = u64>) -> IndexRanges {
        let (mut ranges, mut next) = (Vec::new(), 0);
        for index in present.into_iter().take_while(|&index| index < end) {
            if index > next {
                ranges.push(next..=index - 1);
            }
            next = next.max(index + 1);
        }
        if next < end {
            ranges.push(next..=end - 1);
        }
        IndexRanges { ranges }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.ranges.iter().map(|range| range.end() - range.start() + 1).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// One after the other, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.ranges.iter().cloned().flatten()
    }
}

/// Of more ranges than this the first ones and the last are told: a slice of a campaign lacks hundreds.
const RANGES_TOLD: usize = 12;

/// As "3, 7–12, 40"; "none" if there are none.
impl fmt::Display for IndexRanges {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return out.write_str("none");
        }
        let last = self.ranges.len() - 1;
        let left_out = if last < RANGES_TOLD { last..last } else { RANGES_TOLD - 1..last };
        for (number, range) in self.ranges.iter().enumerate().filter(|(number, _)| !left_out.contains(number)) {
            let separator = match number {
                0 => "",
                _ if number == left_out.end && !left_out.is_empty() => ", …, ",
                _ => ", ",
            };
            let (start, end) = (range.start(), range.end());
            match end - start {
                0 => write!(out, "{separator}{start}")?,
                1 => write!(out, "{separator}{start}, {end}")?,
                _ => write!(out, "{separator}{start}–{end}")?,
            }
        }
        Ok(())
    }
}

/// Ascending indices as a short text: "3, 7–12, 40"; "none" if there are none.
pub fn index_ranges(indices: &[u64]) -> String {
    IndexRanges::of(indices.iter().copied()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_drawn_together() {
        for (indices, text) in [
            (vec![], "none"),
            (vec![4], "4"),
            (vec![4, 5], "4, 5"),
            (vec![0, 1, 2], "0–2"),
            (vec![3, 7, 8, 9, 10, 40, 41], "3, 7–10, 40, 41"),
            (vec![u64::MAX - 1, u64::MAX], "18446744073709551614, 18446744073709551615"),
        ] {
            assert_eq!(index_ranges(&indices), text);
        }
    }

    #[test]
    fn hundreds_of_ranges_are_told_by_the_first_and_the_last() {
        let told = |count: u64| IndexRanges::of((0..count).map(|number| 2 * number)).to_string();
        assert_eq!(told(12), "0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22");
        assert_eq!(told(13), "0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, …, 24");
        assert_eq!(told(500), "0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, …, 998");
    }

    #[test]
    fn what_is_missing_needs_no_list() {
        for (end, present, expected) in [
            (0, vec![], "none"),
            (3, vec![], "0–2"),
            (6, vec![0, 2, 3, 9], "1, 4, 5"),
            (4, vec![3], "0–2"),
            (4, vec![1, 1, 3], "0, 2"),
            (u64::MAX, vec![5, u64::MAX], "0–4, 6–18446744073709551614"),
        ] {
            let missing = IndexRanges::below_without(end, present.clone());
            assert_eq!(missing.to_string(), expected);
            if end < 100 {
                let listed: Vec<u64> = (0..end).filter(|index| !present.contains(index)).collect();
                assert_eq!(
                    (missing.iter().collect::<Vec<_>>(), missing.count()),
                    (listed.clone(), listed.len() as u64)
                );
                assert_eq!(IndexRanges::of(listed), missing);
            }
        }
    }
}
