//! Files that appear under their name complete and on disk, or not at all.
//!
//! ```text
//! bytes ─► .NAME.tmp-PID-0 ─► on disk ─► read back ─► NAME ─► the name on disk
//!          (held by a lock)                          (rename)
//! ```
//!
//! What a process leaves behind when it is killed on the way is told from what a living one is
//! writing by that lock, and [swept](remove_remnants) by the next.
//!
//! ```
//! let folder = std::env::temp_dir().join(format!("durable-{}", std::process::id()));
//! durable::make_folder(&folder)?;
//! let path = folder.join("numbers.txt");
//! durable::write(&path, b"1 2 3\n")?;
//! assert_eq!(std::fs::read(&path).unwrap(), b"1 2 3\n");
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok::<(), durable::DurableError>(())
//! ```

mod error;
mod folder;
mod regular;
mod remnants;
mod temporary;

pub use error::DurableError;
pub use folder::{make_folder, sync_folder};
pub use regular::{check_regular, open_regular, read_regular};
pub use remnants::{Writers, remove_remnants, remove_remnants_of};
pub use temporary::{TemporaryFile, is_temporary};

use error::WhileTrying;
use std::io::Write;
use std::path::Path;

/// Writes `bytes` to `path`: the file holds them, or what it held before. Links are followed; what is no
/// regular file (a pipe, a device) is written into.
///
/// # Errors
/// [`DurableError`] names what the system refused.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), DurableError> {
    if check_regular(path).is_ok() {
        return TemporaryFile::holding(path, bytes)?.commit();
    }
    let mut special = std::fs::OpenOptions::new().write(true).open(path).while_trying(path, "open for writing")?;
    special.write_all(bytes).while_trying(path, "write")
}
