//! Who holds a lock, and whether that process lives, as far as its own machine can tell.

use serde::{Deserialize, Serialize};
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

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
    pub(super) identity: Identity,
}

/// Tells a process from a later one with the same number, and a machine from another of the same name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    pub(super) boot: String,
    pub(super) namespace: String,
    pub(super) start: String,
}

/// What can be told of a process from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// It is there.
    Lives,
    /// It is there, and stopped by a signal.
    Suspended,
    /// It is gone, or ended and not yet reaped.
    Dead,
    /// It runs elsewhere, or what runs here is hidden from us.
    Unknown,
}

/// How well a worker knows its coordinator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It has not spoken yet: a lock in the folder may be that of a run that is dead.
    NotYet,
    /// It has spoken, but may still be waiting for the lock.
    Welcomed,
    /// It gives out work, so the lock is its own.
    Employed,
}

impl Holder {
    pub(super) fn this_process() -> Self {
        let pid = std::process::id();
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Self { host: crate::this_host(), pid, since, identity: Identity::of(pid) }
    }

    /// Whether the holder lives, if that can be told from here.
    pub(crate) fn life(&self) -> Life {
        let here = Identity::of(std::process::id());
        // Another boot of this machine looks like another machine of this name: only watching tells them apart.
        if self.host != crate::this_host()
            || self.identity.boot != here.boot
            || self.identity.namespace != here.namespace
        {
            return Life::Unknown;
        }
        let Some(pid) = i32::try_from(self.pid).ok().and_then(rustix::process::Pid::from_raw) else {
            return Life::Unknown;
        };
        if rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH) {
            return Life::Dead;
        }
        match Process::of(self.pid) {
            None => Life::Unknown,
            Some(process) if process.start != self.identity.start => Life::Dead,
            // Ended, and nobody has waited for it: in a container without an init it stays so for ever.
            Some(Process { state: 'Z' | 'X' | 'x', .. }) => Life::Dead,
            Some(Process { state: 'T' | 't', .. }) => Life::Suspended,
            Some(_) => Life::Lives,
        }
    }
}

impl Identity {
    pub(super) fn of(pid: u32) -> Self {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let namespace = fs::read_link("/proc/self/ns/pid").map(|link| link.to_string_lossy().into_owned());
        Self {
            boot: boot.trim().to_owned(),
            namespace: namespace.unwrap_or_default(),
            start: Process::of(pid).map(|process| process.start).unwrap_or_default(),
        }
    }
}

/// What `/proc/PID/stat` says.
struct Process {
    state: char,
    start: String,
}

impl Process {
    /// Fields 3 and 22; the second is a name in parentheses that may contain anything.
    fn of(pid: u32) -> Option<Self> {
        let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
        let stat = String::from_utf8_lossy(&stat);
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        let state = fields.next()?.chars().next()?;
        Some(Self { state, start: fields.nth(18)?.to_owned() })
    }
}
