//! The coordinator as its workers see it when it says nothing: by its lock.

use super::sight::Sight;
use super::{Holder, Known, LOCK_NAME, Life};
use std::path::{Path, PathBuf};

/// Looks for the coordinator of a folder.
#[derive(Debug)]
pub(crate) struct Lookout {
    path: PathBuf,
    keeper: Option<Option<Holder>>,
}

impl Lookout {
    pub(crate) fn of(directory: &Path) -> Self {
        Self { path: directory.join(LOCK_NAME), keeper: None }
    }

    /// Whether the coordinator's process lives, if that can be told from here.
    pub(crate) fn life(&mut self, known: Known) -> Life {
        let now = Sight::of(&self.path).ok().as_ref().and_then(Sight::holder);
        match known {
            Known::NotYet => Life::Unknown,
            Known::Welcomed => match now.map_or(Life::Unknown, |holder| holder.life()) {
                Life::Dead => Life::Unknown,
                life => life,
            },
            Known::Employed => {
                let Some(keeper) = self.keeper.get_or_insert_with(|| now.clone()) else { return Life::Unknown };
                match now {
                    // Nobody gives a lock away and goes on.
                    Some(now) if now != *keeper => Life::Dead,
                    _ => keeper.life(),
                }
            }
        }
    }
}
