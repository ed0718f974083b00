//! One coordinator per campaign folder, also on network file systems: a lock file made with O_EXCL, touched while its
//! holder lives. No `flock`, which network file systems honour only sometimes.

use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use thiserror::Error;

/// Name of the lock file in the campaign's folder.
pub const LOCK_NAME: &str = "lock";

/// The holder touches the file this often.
const REFRESH: Duration = Duration::from_secs(10);
/// A lock of another machine, untouched for so long, is abandoned.
const ABANDONED: Duration = Duration::from_secs(60);

/// Removing a stale lock never takes so long.
const TAKEOVER: Duration = Duration::from_secs(10);

/// Who holds a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Host name.
    pub host: String,
    /// Process number there.
    pub pid: u32,
    /// Seconds since 1970 when it was taken.
    pub since: u64,
    /// What makes `pid` mean this very process: boot, pid namespace and start time (empty where unknown).
    identity: Identity,
}

/// Tells a process from a later one with the same number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Identity {
    boot: String,
    namespace: String,
    start: String,
}

/// Why the lock was not taken.
#[derive(Debug, Error)]
pub enum LockError {
    /// Somebody has it.
    #[error(
        "{} is in use: a coordinator runs on {}, process {}, for {age} s (wait for it, stop it, or give another folder)",
        directory.display(), holder.host, holder.pid
    )]
    Held {
        /// Which folder.
        directory: PathBuf,
        /// Who.
        holder: Box<Holder>,
        /// Seconds since it was taken.
        age: u64,
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

/// The lock of a campaign folder; released when dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    text: Vec<u8>,
    file: File,
    refreshed: Instant,
}

impl Lock {
    /// Takes the lock, or says who holds it. A dead holder on this machine is recognized at once; one elsewhere by its
    /// silence, which is waited for (up to a minute) as long as nothing speaks against it.
    pub(crate) fn acquire(directory: &Path) -> Result<Self, LockError> {
        let path = directory.join(LOCK_NAME);
        let failed = |action, source| LockError::File { action, path: path.clone(), source };
        let mut seen: Option<SystemTime> = None;
        loop {
            let text = serde_json::to_vec(&Holder::this_process()).map_err(|error| failed("describe", error.into()))?;
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(mut file) => {
                    file.write_all(&text).and_then(|()| file.sync_all()).map_err(|error| failed("write", error))?;
                    if !fs::read(&path).is_ok_and(|found| found == text) {
                        continue; // writing took so long that somebody thought us dead
                    }
                    return Ok(Self { path, text, file, refreshed: Instant::now() });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(failed("create", error)),
            }
            let (found, touched) = match fs::read(&path).and_then(|found| Ok((found, fs::metadata(&path)?.modified()?)))
            {
                Ok(found) => found,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue, // released meanwhile
                Err(error) => return Err(failed("read", error)),
            };
            let holder: Option<Holder> = serde_json::from_slice(&found).ok();
            let quiet =
                age_on_this_file_system(directory, touched).map_err(|error| failed("compare the age of", error))?;
            let dead = match holder.as_ref().and_then(Holder::alive_here) {
                Some(alive) => !alive,
                // A file without a readable holder is one being written, or cut off by a crash.
                None => quiet > if holder.is_some() { ABANDONED } else { Duration::from_secs(2) },
            };
            if dead {
                take_away(directory, &path, &found).map_err(|error| failed("remove the stale", error))?;
                continue;
            }
            let touched_while_we_looked = seen.is_some_and(|seen| seen != touched);
            let surely_alive = holder.as_ref().and_then(Holder::alive_here) == Some(true);
            if let Some(holder) = holder
                && (surely_alive || touched_while_we_looked || quiet < REFRESH)
            {
                let age = seconds_since_1970().saturating_sub(holder.since);
                return Err(LockError::Held { directory: directory.to_owned(), holder: Box::new(holder), age });
            }
            seen = Some(touched);
            std::thread::sleep(Duration::from_millis(500));
        }
    }

    /// Touches the file if it is time to. `false` if the lock has been taken over by somebody else.
    pub(crate) fn refresh(&mut self) -> bool {
        if self.refreshed.elapsed() < REFRESH {
            return true;
        }
        self.refreshed = Instant::now();
        // A network file system that is away for a moment is no reason to stop; a lock of another's is.
        let _ = self.file.set_modified(SystemTime::now());
        match fs::read(&self.path) {
            Ok(text) => text == self.text,
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if fs::read(&self.path).is_ok_and(|text| text == self.text) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes a stale lock without ever removing a fresh one. Several may have found the same stale lock, so removing is
/// the right of whoever makes the file `lock.takeover`, and only while the lock is still the one that was judged.
fn take_away(directory: &Path, path: &Path, stale: &[u8]) -> io::Result<()> {
    let right = path.with_extension("takeover");
    match OpenOptions::new().write(true).create_new(true).open(&right) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            // Somebody is at it. It takes milliseconds, unless they died doing it.
            std::thread::sleep(Duration::from_millis(20));
            let left_behind =
                fs::metadata(&right).and_then(|found| age_on_this_file_system(directory, found.modified()?));
            if left_behind.is_ok_and(|age| age > TAKEOVER) {
                let _ = fs::remove_file(&right);
            }
            return Ok(());
        }
        Err(error) => return Err(error),
    }
    let removed = match fs::read(path) {
        Ok(text) if text == stale => fs::remove_file(path),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    };
    fs::remove_file(&right)?;
    removed
}

/// How long ago `then` was by the clock of the file system itself, which may differ from ours.
fn age_on_this_file_system(directory: &Path, then: SystemTime) -> io::Result<Duration> {
    let probe = directory.join(format!(".clock-{}", unique()));
    let now = File::create(&probe).and_then(|mut file| {
        file.write_all(b"?")?;
        file.metadata()?.modified()
    });
    let _ = fs::remove_file(&probe);
    Ok(now?.duration_since(then).unwrap_or_default())
}

/// A name that nobody else uses.
fn unique() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}-{}", crate::this_host(), std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

fn seconds_since_1970() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Holder {
    fn this_process() -> Self {
        let pid = std::process::id();
        Self { host: crate::this_host(), pid, since: seconds_since_1970(), identity: Identity::of(pid) }
    }

    /// Whether the holder lives, if that can be told from here.
    fn alive_here(&self) -> Option<bool> {
        let here = Identity::of(std::process::id());
        if self.host != crate::this_host() || self.identity.namespace != here.namespace {
            return None;
        }
        if self.identity.boot != here.boot {
            return Some(false); // this machine was restarted since
        }
        let pid = rustix::process::Pid::from_raw(i32::try_from(self.pid).ok()?)?;
        let exists = !matches!(rustix::process::test_kill_process(pid), Err(rustix::io::Errno::SRCH));
        Some(exists && Identity::of(self.pid).start == self.identity.start)
    }
}

impl Identity {
    fn of(pid: u32) -> Self {
        let read = |path: String| fs::read_to_string(path).unwrap_or_default();
        // Field 22 of /proc/PID/stat; the second field is a name in parentheses that may contain anything.
        let stat = read(format!("/proc/{pid}/stat"));
        let start = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(19)).unwrap_or_default();
        let namespace = fs::read_link("/proc/self/ns/pid").map(|link| link.to_string_lossy().into_owned());
        Self {
            boot: read("/proc/sys/kernel/random/boot_id".to_owned()).trim().to_owned(),
            namespace: namespace.unwrap_or_default(),
            start: start.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
