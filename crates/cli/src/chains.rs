//! Realizations as the campaign engine sees them: a task is a chain, its record holds those of all its realizations.

use campaign::{Finished, Quarantined, RECORD_BYTES_MAX, Receipt, Slice, Store, StoreError, TaskFailure, Tasks};
use realization::config::Plan;
use realization::realize_while;
use std::ops::Range;

/// Which chains, and how many realizations each has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chains {
    /// The chains, as tasks of the engine.
    pub tasks: Tasks,
    /// Realizations of each.
    pub length: u64,
}

impl Chains {
    /// Those of a slice of `plan`.
    pub fn of(plan: &Plan, slice: Slice) -> Chains {
        Chains { tasks: slice.tasks(plan.chains()), length: plan.chain_length() }
    }

    /// Whether a realization is of one of them.
    pub fn hold(self, index: u64) -> bool {
        self.tasks.contains(index / self.length)
    }

    /// The realizations of one.
    pub fn realizations(self, chain: u64) -> Range<u64> {
        chain * self.length..(chain + 1) * self.length
    }
}

/// The records of all realizations of a chain, as bytes for [`ChainStore`].
///
/// # Errors
/// [`TaskFailure`] when one of them gave up, or as soon as it is known that they will be too large together.
pub fn compute(plan: &Plan, chain: u64) -> Result<Vec<u8>, TaskFailure> {
    let mut records: Vec<Vec<u8>> = Vec::new();
    let mut bytes = 0;
    let mut refused = None;
    realize_while(plan, chain, |record| {
        match postcard::to_allocvec(&record) {
            Ok(record) => {
                bytes += record.len();
                records.push(record);
                refused = too_large(bytes, records.len() as u64, plan.chain_length());
            }
            Err(error) => refused = Some(error.to_string()),
        }
        refused.is_none()
    })
    .map_err(|failure| TaskFailure::certain(failure.to_string()))?;
    if let Some(words) = refused {
        return Err(TaskFailure::certain(words));
    }
    postcard::to_allocvec(&records).map_err(|error| TaskFailure::certain(error.to_string()))
}

/// Why the records of a chain of `length` glasses cannot travel together, of which `made` have `bytes` bytes: they have
/// too many, or are on the way to more than twice as many, as glasses of one chain resemble each other.
fn too_large(bytes: usize, made: u64, length: u64) -> Option<String> {
    let foreseen = bytes as f64 / made as f64 * length as f64;
    if length == 1 || (bytes <= RECORD_BYTES_MAX && foreseen <= 2.0 * RECORD_BYTES_MAX as f64) {
        return None;
    }
    Some(format!(
        "the records of {made} of the {length} glasses of the chain have {bytes} bytes, and {RECORD_BYTES_MAX} are allowed \
         for all; take fewer a chain (the count of thermalize.harvest), or keep fewer vectors \
         (modes.snapshot_participation_max, modes.omega_max)"
    ))
}

/// A store whose tasks are chains, over one of realizations.
pub struct ChainStore<Inner> {
    chains: Chains,
    inner: Inner,
}

impl<Inner: Store> ChainStore<Inner> {
    /// Over `inner`.
    pub fn new(chains: Chains, inner: Inner) -> Self {
        ChainStore { chains, inner }
    }

    fn split(&self, finished: &Finished) -> Result<Vec<Finished>, StoreError> {
        let rejected = |reason: String| StoreError::Rejected { index: finished.index, reason };
        let records: Vec<Vec<u8>> =
            postcard::from_bytes(&finished.record).map_err(|error| rejected(format!("it cannot be read: {error}")))?;
        if records.len() as u64 != self.chains.length {
            return Err(rejected(format!("it has {} records instead of {}", records.len(), self.chains.length)));
        }
        let indices = self.chains.realizations(finished.index);
        Ok(indices.zip(records).map(|(index, record)| Finished { index, record, ..*finished }).collect())
    }
}

impl<Inner: Store> Store for ChainStore<Inner> {
    /// A chain is kept when all its realizations are.
    fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
        let kept = self.inner.completed()?;
        let of_chains = kept.chunk_by(|a, b| a / self.chains.length == b / self.chains.length);
        let whole = of_chains.filter(|indices| indices.len() as u64 == self.chains.length);
        Ok(whole.map(|indices| indices[0] / self.chains.length).collect())
    }

    fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
        let split = records.iter().map(|finished| self.split(finished)).collect::<Result<Vec<_>, _>>()?;
        self.inner.write_segment(&split.concat()).map_err(|error| match error {
            StoreError::Rejected { index, reason } => {
                StoreError::Rejected { index: index / self.chains.length, reason }
            }
            error => error,
        })
    }

    fn complete(&mut self, quarantined: &[Quarantined]) -> Result<(), StoreError> {
        let of_realizations = quarantined.iter().flat_map(|chain| {
            self.chains.realizations(chain.index).map(|index| Quarantined { index, ..chain.clone() })
        });
        let of_realizations: Vec<Quarantined> = of_realizations.collect();
        self.inner.complete(&of_realizations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_whose_records_cannot_travel_is_given_up_at_its_first_glass() {
        const MEGABYTE: usize = 1 << 20;
        assert_eq!(too_large(40 * MEGABYTE, 1, 20), None);
        assert_eq!(too_large(1000 * MEGABYTE, 20, 20), None);
        // Alone it is the engine's to say.
        assert_eq!(too_large(5000 * MEGABYTE, 1, 1), None);
        let words = too_large(200 * MEGABYTE, 1, 20).expect("4 GB");
        assert!(words.contains("1 of the 20 glasses") && words.contains("thermalize.harvest"), "{words}");
        assert!(too_large(1025 * MEGABYTE, 15, 20).is_some());
    }

    /// Remembers what it is given.
    #[derive(Default)]
    struct Memory {
        kept: Vec<(u64, Vec<u8>)>,
        quarantined: Vec<u64>,
    }

    impl Store for &mut Memory {
        fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
            Ok(self.kept.iter().map(|(index, _)| *index).collect())
        }

        fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
            if let Some(bad) = records.iter().find(|finished| finished.record == b"bad") {
                return Err(StoreError::Rejected { index: bad.index, reason: String::new() });
            }
            self.kept.extend(records.iter().map(|finished| (finished.index, finished.record.clone())));
            Ok(Receipt::default())
        }

        fn complete(&mut self, quarantined: &[Quarantined]) -> Result<(), StoreError> {
            self.quarantined.extend(quarantined.iter().map(|task| task.index));
            Ok(())
        }
    }

    fn finished(chain: u64, records: &[&[u8]]) -> Finished {
        let record = postcard::to_allocvec(records).expect("bytes");
        Finished { index: chain, attempts: 1, seconds: 0.0, record }
    }

    #[test]
    fn a_chain_is_all_its_realizations_or_none() {
        let mut memory = Memory::default();
        let chains = Chains { tasks: Tasks::from(0..9), length: 3 };
        assert!(chains.hold(26) && !chains.hold(27));
        let mut store = ChainStore::new(chains, &mut memory);
        store.write_segment(&[finished(1, &[b"a", b"b", b"c"]), finished(4, &[b"d", b"e", b"f"])]).expect("kept");
        assert_eq!(store.completed().expect("chains"), [1, 4]);
        store.complete(&[Quarantined { index: 2, attempts: 1, reason: String::new() }]).expect("complete");
        // What is wrong is said of the chain.
        for wrong in [finished(5, &[b"g", b"bad", b"h"]), finished(5, &[b"g"])] {
            let refused = store.write_segment(&[wrong]).expect_err("wrong");
            assert!(matches!(refused, StoreError::Rejected { index: 5, .. }));
        }
        assert_eq!(memory.quarantined, [6, 7, 8]);
        let kept: Vec<u64> = memory.kept.iter().map(|(index, _)| *index).collect();
        assert_eq!((kept, &memory.kept[4].1[..]), (vec![3, 4, 5, 12, 13, 14], &b"e"[..]));
        // Without one of its realizations a chain is computed again.
        memory.kept.remove(1);
        assert_eq!(ChainStore::new(chains, &mut memory).completed().expect("chains"), [4]);
    }
}
