//! Any realizations as a campaign: the engine's tasks are positions in a list, the store keeps their indices.

use crate::store::failed;
use archive::index_ranges;
use campaign::{Finished, Quarantined, Receipt, Store, StoreError};

/// A store in which task `position` is the realization `indices[position]`.
pub struct ListedStore<Inner> {
    indices: Vec<u64>,
    inner: Inner,
}

impl<Inner: Store> ListedStore<Inner> {
    /// Over `inner`, for ascending `indices`.
    pub fn new(indices: &[u64], inner: Inner) -> Self {
        ListedStore { indices: indices.to_vec(), inner }
    }

    fn index(&self, position: u64) -> u64 {
        self.indices.get(position as usize).copied().unwrap_or(u64::MAX)
    }

    fn position(&self, index: u64) -> Option<u64> {
        self.indices.binary_search(&index).ok().map(|position| position as u64)
    }
}

impl<Inner: Store> Store for ListedStore<Inner> {
    /// # Errors
    /// Also when the store has a realization that is not in the list: it was begun with another one.
    fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
        let kept = self.inner.completed()?;
        let (known, unknown): (Vec<u64>, Vec<u64>) =
            kept.into_iter().partition(|&index| self.position(index).is_some());
        if unknown.is_empty() {
            return Ok(known.into_iter().filter_map(|index| self.position(index)).collect());
        }
        let words = format!(
            "it was begun with another selection, which had realizations {}; remove the folder, or select the same",
            index_ranges(&unknown)
        );
        Err(failed("go on", words))
    }

    fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
        let records: Vec<Finished> =
            records.iter().map(|finished| Finished { index: self.index(finished.index), ..finished.clone() }).collect();
        self.inner.write_segment(&records).map_err(|error| match error {
            StoreError::Rejected { index, reason } => {
                StoreError::Rejected { index: self.position(index).unwrap_or(u64::MAX), reason }
            }
            error => error,
        })
    }

    fn complete(&mut self, quarantined: &[Quarantined]) -> Result<(), StoreError> {
        let quarantined: Vec<Quarantined> =
            quarantined.iter().map(|task| Quarantined { index: self.index(task.index), ..task.clone() }).collect();
        self.inner.complete(&quarantined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Remembers what it is given.
    #[derive(Default)]
    struct Memory {
        kept: Vec<u64>,
        quarantined: Vec<u64>,
    }

    impl Store for &mut Memory {
        fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
            Ok(self.kept.clone())
        }

        fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
            self.kept.extend(records.iter().map(|finished| finished.index));
            Ok(Receipt::default())
        }

        fn complete(&mut self, quarantined: &[Quarantined]) -> Result<(), StoreError> {
            self.quarantined.extend(quarantined.iter().map(|task| task.index));
            Ok(())
        }
    }

    #[test]
    fn positions_become_indices_and_back() {
        let mut memory = Memory::default();
        let mut store = ListedStore::new(&[3, 7, 40], &mut memory);
        let finished = |index| Finished { index, attempts: 1, seconds: 0.0, record: Vec::new() };
        store.write_segment(&[finished(2), finished(0)]).expect("kept");
        assert_eq!(store.completed().expect("positions"), [2, 0]);
        store.complete(&[Quarantined { index: 1, attempts: 2, reason: String::new() }]).expect("complete");
        assert_eq!((&memory.kept[..], &memory.quarantined[..]), (&[40, 3][..], &[7][..]));
        // Another list: what it does not have is named.
        let message = ListedStore::new(&[3, 7], &mut memory).completed().expect_err("another selection").full_text();
        assert!(message.contains("realizations 40"), "{message}");
    }
}
