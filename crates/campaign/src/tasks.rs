//! Which tasks there are: described, not listed, so that a campaign of any size costs no memory before it is begun.

use std::ops::Range;

/// The indices `first`, `first + step`, `first + 2 step`, ...: so many of them, ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tasks {
    first: u64,
    step: u64,
    count: u64,
}

impl Tasks {
    /// Every `step`-th index from `first` on below `end`; a step of 0 counts as 1.
    pub fn every(step: u64, first: u64, end: u64) -> Self {
        let step = step.max(1);
        Self { first, step, count: end.saturating_sub(first).div_ceil(step) }
    }

    /// How many there are.
    pub fn count(self) -> u64 {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.count == 0
    }

    /// The index at this position, counted from 0.
    pub fn index(self, position: u64) -> Option<u64> {
        (position < self.count).then(|| self.first + position * self.step)
    }

    /// At which position an index stands, if it is one of these.
    pub fn position(self, index: u64) -> Option<u64> {
        let offset = index.checked_sub(self.first).filter(|offset| offset.is_multiple_of(self.step))?;
        Some(offset / self.step).filter(|position| *position < self.count)
    }

    /// Whether an index is one of these.
    pub fn contains(self, index: u64) -> bool {
        self.position(index).is_some()
    }
}

impl From<Range<u64>> for Tasks {
    fn from(range: Range<u64>) -> Self {
        Self::every(1, range.start, range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_and_indices_are_each_others_inverse() {
        for (step, first, end) in [(1, 0, 10), (3, 2, 20), (7, 5, 5), (0, 4, 8), (1 << 40, 3, u64::MAX), (2, 9, 1)] {
            let tasks = Tasks::every(step, first, end);
            let listed: Vec<u64> = (first..end.min(first.saturating_add(100))).step_by(step.max(1) as usize).collect();
            for (position, &index) in listed.iter().enumerate() {
                assert_eq!(tasks.index(position as u64), Some(index));
                assert_eq!(tasks.position(index), Some(position as u64));
                assert!(step < 2 || !tasks.contains(index + 1));
            }
            assert_eq!(tasks.index(tasks.count()), None);
            assert!(tasks.index(tasks.count().wrapping_sub(1)).is_none_or(|last| last < end));
        }
    }
}
