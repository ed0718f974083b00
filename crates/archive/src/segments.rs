//! Segments: the small archives that a running campaign leaves behind, one every so many records.
//!
//! `segment-000017-9f86d081884c7d65.h5` is number 17; the rest is the start of the SHA-256 of its
//! content, so that a segment tells by itself whether it is whole. A segment never changes; a
//! realization stands in one segment at most.

use crate::checked::CheckedRecords;
use crate::columns::{AxisLengths, Columns};
use crate::error::{ArchiveError, IoContext};
use crate::image::ImageBuffer;
use crate::provenance::Provenance;
use crate::reader::Archive;
use crate::record::Record;
use crate::rows::in_blocks;
use crate::writer::segment_bytes;
use durable::{TemporaryFile, Writers};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Ending given to damaged segments; they are kept for a look, and never read again.
const DAMAGED: &str = "damaged";

/// Rows given to HDF5 at once: few enough to stay in the processor's cache.
const BLOCK_BYTES: usize = 4 << 20;

/// One whole segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Where it is.
    pub path: PathBuf,
    /// Its number.
    pub sequence: u64,
    /// Realizations in it, ascending.
    pub indices: Vec<u64>,
    /// Size of the file.
    pub bytes: u64,
}

/// What was found unusable in a folder of segments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovery {
    /// Segments that are not whole, now ending in `.damaged`; their realizations are to be computed
    /// again.
    pub damaged: Vec<DamagedSegment>,
    /// Files that were being written when the program ended, now removed.
    pub temporary: Vec<PathBuf>,
}

/// A segment that is not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedSegment {
    /// Where it is now.
    pub path: PathBuf,
    /// What is wrong.
    pub reason: String,
}

/// The segments of a campaign, in the hands of the one coordinator that adds to them.
#[derive(Debug)]
pub struct SegmentStore {
    folder: PathBuf,
    provenance: Provenance,
    segments: Vec<Segment>,
    completed: BTreeSet<u64>,
    next_sequence: u64,
    recovery: Recovery,
    /// Memory for rows and for the file, kept from one segment for the next.
    block: Columns,
    buffer: ImageBuffer,
}

impl SegmentStore {
    /// Opens the folder, which is made if need be, and checks every byte of its segments. Those whose content is not what
    /// their name says are put aside, and temporary files removed; see [`SegmentStore::recovery`].
    ///
    /// The caller makes sure that nobody else writes to this folder.
    ///
    /// # Errors
    /// [`ArchiveError::Mixed`] if a segment belongs to another campaign, [`ArchiveError::NewerVersion`] if it was written by
    /// a later program; [`ArchiveError::Io`] and others if a segment cannot be read now. It stays where it is.
    pub fn open(folder: &Path, provenance: &Provenance) -> Result<SegmentStore, ArchiveError> {
        durable::make_folder(folder)?;
        let mut store = SegmentStore {
            folder: folder.to_owned(),
            provenance: provenance.clone(),
            segments: Vec::new(),
            completed: BTreeSet::new(),
            next_sequence: 0,
            recovery: Recovery::default(),
            block: Columns::empty(AxisLengths::default()),
            buffer: ImageBuffer::default(),
        };
        store.recovery.temporary = durable::remove_remnants(folder, Writers::OnlyTheCaller, |_| true)?;
        for path in files(folder)? {
            let name = file_name(&path);
            if let Some((sequence, _)) = parse_name(name) {
                store.next_sequence = store.next_sequence.max(sequence + 1);
                if !name.ends_with(DAMAGED) {
                    store.take_up(path, sequence)?;
                }
            }
        }
        Ok(store)
    }

    /// What was found unusable when the folder was opened.
    pub fn recovery(&self) -> &Recovery {
        &self.recovery
    }

    /// The whole segments, in the order of their numbers.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Indices of all realizations that are safe.
    pub fn completed(&self) -> &BTreeSet<u64> {
        &self.completed
    }

    /// Makes `records` safe: when this returns, they are on disk under their final name. Records
    /// that are safe already are left out; `None` if that leaves nothing.
    ///
    /// # Errors
    /// [`ArchiveError::Record`] for a record that cannot be stored; [`ArchiveError::Io`] when the
    /// disk refuses. Nothing has changed then, and the same call may be made again.
    pub fn write_segment(&mut self, records: &[Record]) -> Result<Option<&Segment>, ArchiveError> {
        let fresh: Vec<Record>;
        let known = |record: &Record| self.completed.contains(&record.index);
        let records = if records.iter().any(known) {
            fresh = records.iter().filter(|record| !known(record)).cloned().collect();
            &fresh
        } else {
            records
        };
        if records.is_empty() {
            return Ok(None);
        }
        let checked = CheckedRecords::new(records)?;
        let (rows, lengths) = (checked.rows(), checked.lengths());
        let provenance = self.provenance.of_records(records);
        let bytes = segment_bytes(&self.folder, &provenance, rows, lengths, &mut self.buffer, |writer| {
            in_blocks(&checked, BLOCK_BYTES, &mut self.block, |block| writer.append(block))
        })?;
        let sequence = self.next_sequence;
        // The hash is in the name that the file gets in the end: both need the bytes, not each other.
        let beside = self.folder.join(format!("segment-{sequence:06}.h5"));
        let (hash, temporary) = both(|| content_hash(bytes), || TemporaryFile::holding(&beside, bytes));
        let path = self.folder.join(format!("segment-{sequence:06}-{hash}.h5"));
        temporary?.commit_as(&path)?;
        let bytes = bytes.len() as u64;
        self.next_sequence += 1;
        let mut indices: Vec<u64> = records.iter().map(|record| record.index).collect();
        indices.sort_unstable();
        self.completed.extend(&indices);
        self.segments.push(Segment { path, sequence, indices, bytes });
        Ok(self.segments.last())
    }

    fn take_up(&mut self, path: PathBuf, sequence: u64) -> Result<(), ArchiveError> {
        let archive = match open_segment(&path) {
            Ok(archive) => archive,
            Err(error @ ArchiveError::Damaged { .. }) => return self.put_aside(path, error.to_string()),
            // What cannot be read now, or not by this program, may well be whole.
            Err(error) => return Err(error),
        };
        refuse_mixed((&path, archive.provenance()), (&self.folder, &self.provenance))?;
        let indices = archive.indices()?.to_vec();
        let bytes = fs::metadata(&path).while_trying(&path, "look at")?.len();
        self.completed.extend(&indices);
        self.segments.push(Segment { path, sequence, indices, bytes });
        Ok(())
    }

    fn put_aside(&mut self, path: PathBuf, reason: String) -> Result<(), ArchiveError> {
        let aside = self.folder.join(format!("{}.{DAMAGED}", file_name(&path)));
        fs::rename(&path, &aside).while_trying(&path, "put aside")?;
        durable::sync_folder(&self.folder)?;
        self.recovery.damaged.push(DamagedSegment { path: aside, reason });
        Ok(())
    }
}

/// The segments in a folder by their names, ascending in their number; temporary and damaged files are
/// passed over. Nothing is changed, so this may be asked while the campaign runs.
///
/// # Errors
/// [`ArchiveError::Io`] if the folder cannot be read.
pub fn segment_files(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let mut segments: Vec<PathBuf> = files(folder)?.into_iter().filter(|path| is_segment(path)).collect();
    segments.sort_by_cached_key(|path| parse_name(file_name(path)).map(|(sequence, _)| sequence));
    Ok(segments)
}

/// Whether a file has the name of a segment that was not put aside.
pub fn is_segment(path: &Path) -> bool {
    parse_name(file_name(path)).is_some() && !file_name(path).ends_with(DAMAGED)
}

/// Opens an archive, or a segment after comparing its content with its name.
///
/// # Errors
/// [`ArchiveError::Damaged`] if they disagree, [`ArchiveError::Io`], and as [`Archive::open`].
pub fn open_segment(path: &Path) -> Result<Archive, ArchiveError> {
    if let Some((_, expected)) = parse_name(file_name(path)) {
        let found = durable::open_regular(path, OpenOptions::new().read(true))
            .and_then(content_hash_of)
            .while_trying(path, "read")?;
        if found != expected {
            let (path, expected) = (path.to_owned(), expected.to_owned());
            return Err(ArchiveError::Damaged { path, found, expected });
        }
    }
    Archive::open(path)
}

/// Refuses two files of different campaigns or versions, by name of what differs.
pub(crate) fn refuse_mixed(first: (&Path, &Provenance), second: (&Path, &Provenance)) -> Result<(), ArchiveError> {
    let ((first_path, first), (second_path, second)) = (first, second);
    let Some((attribute, first, second)) = first.foreign(second) else { return Ok(()) };
    Err(ArchiveError::Mixed {
        attribute,
        first_path: first_path.to_owned(),
        first: first.to_owned(),
        second_path: second_path.to_owned(),
        second: second.to_owned(),
    })
}

/// Number and content hash in the name of a segment, whole or damaged.
fn parse_name(name: &str) -> Option<(u64, &str)> {
    let rest = name.strip_prefix("segment-")?;
    let rest = rest.strip_suffix(DAMAGED).map_or(rest, |rest| rest.trim_end_matches('.')).strip_suffix(".h5")?;
    let (sequence, hash) = rest.split_once('-')?;
    Some((sequence.parse().ok()?, hash))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).while_trying(folder, "list")? {
        files.push(entry.while_trying(folder, "list")?.path());
    }
    files.sort();
    Ok(files)
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// Does both at the same time, if there can be one more thread.
fn both<A: Send, B>(first: impl Fn() -> A + Sync, second: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let aside = std::thread::Builder::new().spawn_scoped(scope, &first);
        let second = second();
        let first = match aside {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => first(),
        };
        (first, second)
    })
}

/// The first eight bytes of the SHA-256, in hexadecimal digits.
fn content_hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn content_hash_of(mut content: impl Read) -> std::io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match content.read(&mut buffer) {
            Ok(0) => return Ok(hexadecimal(&hash.finalize())),
            Ok(read) => hash.update(&buffer[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn hexadecimal(digest: &[u8]) -> String {
    digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        assert_eq!(parse_name("segment-000017-9f86d081884c7d65.h5"), Some((17, "9f86d081884c7d65")));
        assert_eq!(parse_name("segment-1000000-00.h5"), Some((1_000_000, "00")));
        assert_eq!(parse_name("segment-000017-9f86d081884c7d65.h5.damaged"), Some((17, "9f86d081884c7d65")));
        for other in ["archive.h5", "segment-x-00.h5", "segment-3.h5", ".segment-000001-00.h5.tmp-77"] {
            assert_eq!(parse_name(other), None, "{other}");
        }
    }

    #[test]
    fn the_hash_is_the_start_of_sha_256() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(content_hash(b"abc"), "ba7816bf8f01cfea");
        assert_eq!(content_hash_of(&b"abc"[..]).expect("a slice"), "ba7816bf8f01cfea");
    }
}
