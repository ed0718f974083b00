//! Whether a coordinator works in a folder, as far as can be told from here.

use campaign::{Holder, LOCK_NAME};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use serde::Serialize;
use std::path::Path;
use std::time::Duration;

/// A coordinator touches its lock every ten seconds; untouched for so long, it is gone.
const SILENCE: Duration = Duration::from_secs(60);

/// What the lock tells of the coordinator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Coordinator {
    /// It holds the lock and lives, as far as can be told.
    Working,
    /// There is none, or it ended without a word.
    Gone,
}

/// Looks at the lock of `folder`.
pub fn look(folder: &Path) -> Coordinator {
    let path = folder.join(LOCK_NAME);
    let Some(holder) = std::fs::read(&path).ok().and_then(|text| serde_json::from_slice::<Holder>(&text).ok()) else {
        return Coordinator::Gone;
    };
    let touched = std::fs::metadata(&path).and_then(|metadata| metadata.modified());
    let silent = touched.ok().and_then(|touched| touched.elapsed().ok()).is_some_and(|silence| silence > SILENCE);
    let here = hostname::get().is_ok_and(|name| name.to_string_lossy() == holder.host);
    let pid = i32::try_from(holder.pid).ok().and_then(Pid::from_raw);
    let dead = here && pid.is_none_or(|pid| test_kill_process(pid) == Err(Errno::SRCH));
    if dead || silent { Coordinator::Gone } else { Coordinator::Working }
}
