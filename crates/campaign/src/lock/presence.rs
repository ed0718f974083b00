//! Whether coordinators work in some folders, as far as can be told without touching anything.

use super::sight::Sight;
use super::{Holder, LOCK_NAME, Life, LockTimes};
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What a lock tells of the coordinator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// It holds the lock and lives.
    Working,
    /// It holds the lock and lives, and is suspended, or has not moved while we watched.
    Frozen,
    /// There is none, or it ended without a word.
    Gone,
}

/// Looks at the locks of `folders`. One of another machine that seems old is watched for a little longer than its holder
/// needs to touch it; so this may take a quarter of a minute, for all of them together.
pub fn presence(folders: &[PathBuf]) -> Vec<Presence> {
    presence_by(folders, LockTimes::default())
}

pub(super) fn presence_by(folders: &[PathBuf], times: LockTimes) -> Vec<Presence> {
    let mut looks: Vec<Look> = folders.iter().map(|folder| Look::at(&folder.join(LOCK_NAME), times)).collect();
    let begun = Instant::now();
    while looks.iter().any(|look| look.verdict.is_none()) && begun.elapsed() < times.refresh + 2 * times.look {
        std::thread::sleep(times.look);
        for look in looks.iter_mut().filter(|look| look.verdict.is_none()) {
            look.again();
        }
    }
    looks.into_iter().map(|look| look.verdict.unwrap_or(look.unmoved)).collect()
}

/// One lock while it is watched.
struct Look {
    path: PathBuf,
    first: Option<Sight>,
    /// What is known already.
    verdict: Option<Presence>,
    /// What it means if nothing moves.
    unmoved: Presence,
}

impl Look {
    fn at(path: &Path, times: LockTimes) -> Self {
        let first = Sight::of(path).ok();
        let life = first.as_ref().and_then(Sight::holder).as_ref().map(Holder::life);
        let (verdict, unmoved) = match life {
            None | Some(Life::Dead) => (Some(Presence::Gone), Presence::Gone),
            Some(Life::Suspended) => (Some(Presence::Frozen), Presence::Frozen),
            Some(Life::Lives) => (fresh(first.as_ref(), times), Presence::Frozen),
            Some(Life::Unknown) => (fresh(first.as_ref(), times), Presence::Gone),
        };
        Self { path: path.to_owned(), first, verdict, unmoved }
    }

    fn again(&mut self) {
        self.verdict = match Sight::of(&self.path) {
            Ok(sight) if Some(&sight) != self.first.as_ref() => Some(Presence::Working),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(Presence::Gone),
            _ => None,
        };
    }
}

/// A touch that seems to be of this very minute spares the watching. Only what is shown depends on it, so that a clock
/// which is wrong by a minute may deceive it.
fn fresh(sight: Option<&Sight>, times: LockTimes) -> Option<Presence> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let touched = Duration::from_secs(sight?.touched().try_into().ok()?);
    (now.abs_diff(touched) <= 3 * times.refresh).then_some(Presence::Working)
}
