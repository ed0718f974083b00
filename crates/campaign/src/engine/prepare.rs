//! What happens before the first task: the lock, the ledger's memory, what is kept already.

use super::OUTCOME_NAME;
use crate::ledger::{History, Ledger};
use crate::lock::Lock;
use crate::outcome::CampaignError;
use crate::segment_writer::SegmentWriter;
use crate::settings::Settings;
use crate::store::{Store, StoreError};
use std::path::Path;

/// What must be in order before a campaign begins.
pub(super) struct Prepared {
    pub(super) lock: Lock,
    pub(super) ledger: Ledger,
    pub(super) history: History,
    pub(super) segments: SegmentWriter,
    /// Tasks that the store holds already, ascending.
    pub(super) kept: Vec<u64>,
}

impl Prepared {
    pub(super) fn new(
        settings: &Settings,
        open_store: impl FnOnce() -> Result<Box<dyn Store>, StoreError>,
    ) -> Result<Self, CampaignError> {
        let directory = &settings.directory;
        let lock = Lock::acquire(directory, settings.lock)?;
        remove(&directory.join(OUTCOME_NAME))?;
        let (ledger, contents) = Ledger::open(directory).map_err(|source| CampaignError::File {
            action: "open the ledger in",
            path: directory.clone(),
            source,
        })?;
        if !contents.damaged.is_empty() {
            tracing::warn!(lines = ?contents.damaged, "lines of the ledger cannot be read; they are left out");
        }
        // Reads every number of an archive, every byte of every segment.
        let opened = lock.held_during(|| {
            let mut store = open_store()?;
            let kept = store.completed()?;
            Ok((store, kept))
        });
        let (store, mut kept) = opened.map_err(CampaignError::StoreOpen)?;
        kept.retain(|&index| settings.tasks.contains(index));
        kept.sort_unstable();
        kept.dedup();
        let segments = SegmentWriter::new(store, lock.ground().clone(), settings.segments)
            .map_err(|source| CampaignError::System { action: "start the store's thread", source })?;
        Ok(Self { lock, ledger, history: History::read(&contents.lines), segments, kept })
    }
}

fn remove(path: &Path) -> Result<(), CampaignError> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(CampaignError::File { action: "remove", path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}
