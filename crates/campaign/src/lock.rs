//! One coordinator per campaign folder, also on network file systems: a lock file made with O_EXCL, touched while its
//! holder lives. No `flock`, which network file systems honour only sometimes.
//!
//! Whether a holder lives is told in one of two ways, and nowhere else: on its own machine by its process
//! ([`holder`]); from elsewhere by watching whether the file is touched ([`sight`]). Clocks are never compared: those of
//! two machines may differ by more than anybody waits.

mod ground;
mod holder;
#[cfg(feature = "mpi")]
mod keeper;
mod presence;
mod sight;

pub(crate) use ground::{Ground, Standing};
pub use holder::Holder;
pub(crate) use holder::{Known, Life};
#[cfg(feature = "mpi")]
pub(crate) use keeper::Lookout;
pub use presence::{Presence, presence};

use crate::clock::AwakeClock;
use rustix::fs::{Timespec, Timestamps, UTIME_NOW};
use sight::Sight;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use thiserror::Error;

/// Name of the lock file in the campaign's folder.
pub const LOCK_NAME: &str = "lock";

/// How patiently locks are watched.
#[derive(Clone, Copy, Debug)]
pub struct LockTimes {
    /// The holder touches the file this often.
    pub refresh: Duration,
    /// A lock that is not touched while one watches for so long is abandoned.
    pub abandoned: Duration,
    /// A watcher looks this often.
    pub look: Duration,
}

impl Default for LockTimes {
    fn default() -> Self {
        Self { refresh: Duration::from_secs(10), abandoned: Duration::from_secs(60), look: Duration::from_millis(500) }
    }
}

/// A file without a readable holder is one being written, or cut off by a crash; writing takes no longer.
const WRITING: Duration = Duration::from_secs(2);
/// Removing a stale lock never takes so long.
const TAKEOVER: Duration = Duration::from_secs(10);

/// Why the lock was not taken.
#[derive(Debug, Error)]
pub enum LockError {
    /// Somebody has it.
    #[error(
        "{} is in use: a coordinator runs on {}, process {}, for {age} s{}",
        directory.display(), holder.host, holder.pid, remedy(*suspended, holder.pid)
    )]
    Held {
        /// Which folder.
        directory: PathBuf,
        /// Who.
        holder: Box<Holder>,
        /// Seconds since it was taken.
        age: u64,
        /// Whether the holder is frozen (SIGSTOP), so that waiting does not help.
        suspended: bool,
    },
    /// The lock file cannot be made or read.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was attempted.
        action: &'static str,
        /// Which file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

fn remedy(suspended: bool, pid: u32) -> String {
    if suspended {
        format!(", and is frozen (suspended by a signal): kill -CONT {pid} lets it go on, kill -KILL {pid} ends it")
    } else {
        " (wait for it, stop it, or give another folder)".to_owned()
    }
}

/// The lock of a campaign folder; released when dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    ground: Ground,
    file: File,
    refreshed: Instant,
    times: LockTimes,
}

impl Lock {
    /// Takes the lock, or says who holds it. A dead holder on this machine is recognized at once; one elsewhere by its
    /// not touching the file while we watch.
    pub(crate) fn acquire(directory: &Path, times: LockTimes) -> Result<Self, LockError> {
        let path = directory.join(LOCK_NAME);
        let failed = |action, source| LockError::File { action, path: path.clone(), source };
        let clock = AwakeClock::new(2 * times.look);
        let mut watched: Option<(Sight, Duration)> = None;
        loop {
            let text = serde_json::to_vec(&Holder::this_process()).map_err(|error| failed("describe", error.into()))?;
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(mut file) => {
                    file.write_all(&text).and_then(|()| file.sync_all()).map_err(|error| failed("write", error))?;
                    let ground = Ground::new(directory, text, &file).map_err(|error| failed("look at", error))?;
                    if !matches!(ground.standing(), Standing::Ours) {
                        continue; // writing took so long that somebody thought us dead
                    }
                    return Ok(Self { ground, file, refreshed: Instant::now(), times });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed("create", error)),
            }
            let sight = match Sight::of(&path) {
                Ok(sight) => sight,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue, // released meanwhile
                Err(error) => return Err(failed("read", error)),
            };
            let holder = sight.holder();
            let life = holder.as_ref().map_or(Life::Unknown, Holder::life);
            let patience = if holder.is_some() { times.abandoned } else { WRITING.min(times.abandoned) };
            let moved = watched.as_ref().is_some_and(|(before, _)| *before != sight);
            let waited = watched.as_ref().map(|(_, since)| clock.now().saturating_sub(*since));
            let abandoned = !moved && waited.is_some_and(|waited| waited >= patience);
            match (life, holder) {
                (Life::Dead, _) => take_away(&path, &sight).map_err(|error| failed("remove the stale", error))?,
                (Life::Unknown, _) if abandoned => {
                    take_away(&path, &sight).map_err(|error| failed("remove the stale", error))?;
                }
                (Life::Lives | Life::Suspended, Some(holder)) => return Err(held(directory, holder, life)),
                (Life::Unknown, Some(holder)) if moved => return Err(held(directory, holder, life)),
                (_, holder) => {
                    if moved || watched.is_none() {
                        if let Some(holder) = holder {
                            tracing::warn!(host = holder.host, process = holder.pid, seconds = patience.as_secs(),
                                lock = %path.display(), "watching whether the holder of the lock still touches it");
                        }
                        watched = Some((sight, clock.now()));
                    }
                    std::thread::sleep(times.look);
                }
            }
        }
    }

    /// What must hold before anything is written.
    pub(crate) fn ground(&self) -> &Ground {
        &self.ground
    }

    /// Touches the file if it is time to, and says whether the folder is still ours.
    pub(crate) fn refresh(&mut self) -> Standing {
        if self.refreshed.elapsed() < self.times.refresh {
            return Standing::Ours;
        }
        self.refreshed = Instant::now();
        // A network file system that is away for a moment is no reason to stop. The time is the file server's own.
        let _ = touch(&self.file);
        self.ground.standing()
    }

    /// Does what takes long, while another thread touches the file: a lock that is not touched is taken for abandoned
    /// elsewhere.
    pub(crate) fn held_during<T>(&self, work: impl FnOnce() -> T) -> T {
        std::thread::scope(|scope| {
            let (working, done) = channel::<()>();
            let touching = move || {
                while done.recv_timeout(self.times.refresh) == Err(RecvTimeoutError::Timeout) {
                    let _ = touch(&self.file);
                }
            };
            if let Err(error) = std::thread::Builder::new().name("lock".to_owned()).spawn_scoped(scope, touching) {
                tracing::warn!(%error, "no thread to touch the lock while something long is done");
            }
            let result = work();
            drop(working); // dropped by a panic, too
            result
        })
    }
}

/// Does something in a campaign's folder while nobody else works there. It is given what tells whether the folder is still
/// ours, to be asked before anything that cannot be undone.
///
/// # Errors
/// [`LockError`] if a coordinator works there.
pub fn while_locked<T>(directory: &Path, work: impl FnOnce(&dyn Fn() -> bool) -> T) -> Result<T, LockError> {
    let lock = Lock::acquire(directory, LockTimes::default())?;
    let ours = || lock.ground.standing() == Standing::Ours;
    Ok(lock.held_during(|| work(&ours)))
}

impl Drop for Lock {
    fn drop(&mut self) {
        self.ground.remove_lock();
    }
}

fn held(directory: &Path, holder: Holder, life: Life) -> LockError {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let age = now.saturating_sub(holder.since);
    let suspended = matches!(life, Life::Suspended);
    LockError::Held { directory: directory.to_owned(), holder: Box::new(holder), age, suspended }
}

/// Sets the file's times to the present by the clock of the machine that keeps it.
fn touch(file: &File) -> io::Result<()> {
    let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
    Ok(rustix::fs::futimens(file, &Timestamps { last_access: now, last_modification: now })?)
}

/// Removes a stale lock without ever removing a fresh one. Several may have found the same stale lock, so removing is
/// the right of whoever makes the file `lock.takeover`, and only while the lock is still the one that was judged.
fn take_away(path: &Path, stale: &Sight) -> io::Result<()> {
    let right = path.with_extension("takeover");
    match OpenOptions::new().write(true).create_new(true).open(&right) {
        Ok(_) => {}
        // Somebody is at it. It takes milliseconds, unless they died doing it.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return wait_for_takeover(&right),
        Err(error) => return Err(error),
    }
    let removed = match Sight::of(path) {
        Ok(sight) if sight.is_same_file(stale) => fs::remove_file(path),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    };
    fs::remove_file(&right)?;
    removed
}

/// Waits until whoever takes a lock away has done so; removes what they left if they died doing it.
fn wait_for_takeover(right: &Path) -> io::Result<()> {
    let clock = AwakeClock::new(TAKEOVER / 2);
    let identity = || fs::symlink_metadata(right).and_then(|found| found.modified()).ok();
    let Some(first) = identity() else { return Ok(()) };
    while clock.now() < TAKEOVER {
        std::thread::sleep(Duration::from_millis(20));
        if identity() != Some(first) {
            return Ok(());
        }
    }
    match fs::remove_file(right) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
