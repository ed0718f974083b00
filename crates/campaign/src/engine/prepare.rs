//! What happens before the first task: the lock, the ledger's memory, what is kept already.

use super::OUTCOME_NAME;
use crate::ledger::{History, Ledger};
use crate::lock::Lock;
use crate::outcome::CampaignError;
use crate::segments::Segments;
use crate::settings::Settings;
use crate::stop::STOP_NAME;
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::path::Path;

/// What must be in order before a campaign begins.
pub(super) struct Prepared {
    pub(super) lock: Lock,
    pub(super) ledger: Ledger,
    pub(super) history: History,
    pub(super) segments: Segments,
    pub(super) kept: Vec<u64>,
    pub(super) remaining: Vec<u64>,
}

impl Prepared {
    pub(super) fn new(
        settings: &Settings,
        open_store: impl FnOnce() -> Result<Box<dyn Store>, StoreError>,
    ) -> Result<Self, CampaignError> {
        if let Some(pair) = settings.indices.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(CampaignError::Indices { previous: pair[0], next: pair[1] });
        }
        let directory = &settings.directory;
        let lock = Lock::acquire(directory)?;
        for name in [STOP_NAME, OUTCOME_NAME] {
            remove(&directory.join(name))?;
        }
        let (ledger, contents) = Ledger::open(directory).map_err(|source| CampaignError::File {
            action: "open the ledger in",
            path: directory.clone(),
            source,
        })?;
        if !contents.damaged.is_empty() {
            tracing::warn!(lines = ?contents.damaged, "lines of the ledger cannot be read; they are left out");
        }
        let mut store = open_store().map_err(CampaignError::StoreOpen)?;
        let held: BTreeSet<u64> = store.completed().map_err(CampaignError::StoreOpen)?.into_iter().collect();
        let (kept, remaining) = settings.indices.iter().partition(|index| held.contains(index));
        let segments = Segments::new(store, settings.segments)
            .map_err(|source| CampaignError::System { action: "start the store's thread", source })?;
        Ok(Self { lock, ledger, history: History::read(&contents.lines), segments, kept, remaining })
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
