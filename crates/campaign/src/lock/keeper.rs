//! The coordinator as its workers see it when it says nothing: by its lock.

use super::sight::Sight;
use super::{Holder, LOCK_NAME, Life};
use std::path::{Path, PathBuf};

/// Whoever holds the lock of a folder when this is made.
#[derive(Debug)]
pub(crate) struct Keeper {
    path: PathBuf,
    holder: Option<Holder>,
}

impl Keeper {
    pub(crate) fn of(directory: &Path) -> Self {
        let path = directory.join(LOCK_NAME);
        let holder = Sight::of(&path).ok().as_ref().and_then(Sight::holder);
        Self { path, holder }
    }

    /// Whether that process lives, if that can be told from here.
    pub(crate) fn life(&self) -> Life {
        let Some(holder) = &self.holder else { return Life::Unknown };
        match Sight::of(&self.path).ok().as_ref().and_then(Sight::holder) {
            // Nobody gives a lock away and goes on.
            Some(now) if now != *holder => Life::Dead,
            _ => holder.life(),
        }
    }
}
