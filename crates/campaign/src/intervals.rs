//! A set of whole numbers kept as its intervals: what is nearly everything takes as little room as what is nothing.

use std::collections::BTreeMap;

/// A set of whole numbers; neighbouring intervals are always joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Intervals {
    /// First and last of each.
    intervals: BTreeMap<u64, u64>,
}

impl Intervals {
    /// Adds the numbers from `first` to `last`, both included; nothing if there are none.
    pub(crate) fn insert(&mut self, first: u64, last: u64) {
        if first > last {
            return;
        }
        let (mut first, mut last) = (first, last);
        let reach = last.saturating_add(1);
        while let Some((&begin, &end)) = self.intervals.range(..=reach).next_back() {
            if end.saturating_add(1) < first {
                break;
            }
            self.intervals.remove(&begin);
            first = first.min(begin);
            last = last.max(end);
        }
        self.intervals.insert(first, last);
    }

    /// The last number of the interval around this one, if it is in the set.
    pub(crate) fn end_of(&self, number: u64) -> Option<u64> {
        let (_, &last) = self.intervals.range(..=number).next_back()?;
        (last >= number).then_some(last)
    }

    pub(crate) fn contains(&self, number: u64) -> bool {
        self.end_of(number).is_some()
    }

    /// How many numbers; `u64::MAX` also for all 2⁶⁴.
    pub(crate) fn count(&self) -> u64 {
        let sizes = self.intervals.iter().map(|(first, last)| (last - first).saturating_add(1));
        sizes.fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;
    use std::collections::BTreeSet;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn it_is_a_set(pieces in proptest::collection::vec((0u64..60, 0u64..8), 0..20)) {
            let (mut intervals, mut listed) = (Intervals::default(), BTreeSet::new());
            for (first, length) in pieces {
                intervals.insert(first, first + length);
                listed.extend(first..=first + length);
            }
            prop_assert_eq!(intervals.count(), listed.len() as u64);
            for number in 0..80 {
                prop_assert_eq!(intervals.contains(number), listed.contains(&number));
            }
            let ends: Vec<_> = intervals.intervals.iter().collect();
            prop_assert!(ends.windows(2).all(|pair| pair[0].1 + 1 < *pair[1].0));
        }
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let mut intervals = Intervals::default();
        intervals.insert(u64::MAX, u64::MAX);
        intervals.insert(5, 3);
        assert_eq!(intervals.count(), 1);
        intervals.insert(0, u64::MAX);
        assert_eq!((intervals.count(), intervals.end_of(7)), (u64::MAX, Some(u64::MAX)));
        intervals.insert(0, 0);
        assert_eq!(intervals.intervals.len(), 1);
    }
}
