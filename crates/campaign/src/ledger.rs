//! The ledger: what happened, one JSON object a line, appended as it happens.
//!
//! It blames the right task when a process dies, makes `status` cheap, and is never needed to read results: those are in
//! the store. A line that cannot be read (a crash in the middle of a write, a damaged disk) is skipped and reported.

mod entry;
pub(crate) mod history;

pub use entry::{Entry, FinishedTask, Line, ranges};
pub use history::{History, Past};

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Name of the ledger in the campaign's folder.
pub const LEDGER_NAME: &str = "ledger.jsonl";

/// What a ledger says.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// Lines that could be read, in order.
    pub lines: Vec<Line>,
    /// Numbers, from 1, of lines that could not.
    pub damaged: Vec<usize>,
}

/// Reads the ledger of a campaign; an absent one is empty. Needs no lock: a line being written is at worst reported as
/// damaged.
pub fn read_ledger(directory: &Path) -> io::Result<Contents> {
    match std::fs::read(directory.join(LEDGER_NAME)) {
        Ok(bytes) => Ok(parse(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Contents::default()),
        Err(error) => Err(error),
    }
}

fn parse(bytes: &[u8]) -> Contents {
    let mut contents = Contents::default();
    for (number, text) in bytes.split(|&byte| byte == b'\n').enumerate() {
        if text.is_empty() {
            continue;
        }
        match serde_json::from_slice(text) {
            Ok(line) => contents.lines.push(line),
            Err(_) => contents.damaged.push(number + 1),
        }
    }
    contents
}

/// The ledger, open for appending.
#[derive(Debug)]
pub(crate) struct Ledger {
    file: File,
    path: PathBuf,
    buffer: Vec<u8>,
}

impl Ledger {
    /// Opens or creates the ledger and reads it.
    pub(crate) fn open(directory: &Path) -> io::Result<(Self, Contents)> {
        let path = directory.join(LEDGER_NAME);
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(&path)?;
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(&mut bytes)?;
        let mut buffer = Vec::new();
        if bytes.last().is_some_and(|&byte| byte != b'\n') {
            buffer.push(b'\n'); // a crash cut the last line off; the next must not be glued to it
        }
        Ok((Self { file, path, buffer }, parse(&bytes)))
    }

    /// Adds a line, stamped with the present time; it is written by the next [`write_out`](Self::write_out).
    pub(crate) fn append(&mut self, entry: Entry) -> Entry {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
        let line = Line { at: (at * 1e3).round() / 1e3, entry };
        let begin = self.buffer.len();
        match serde_json::to_writer(&mut self.buffer, &line) {
            Ok(()) => self.buffer.push(b'\n'),
            Err(_) => self.buffer.truncate(begin), // into memory, and of a plain structure: does not happen
        }
        line.entry
    }

    /// Hands the lines to the operating system: from then on they survive the death of this process.
    pub(crate) fn write_out(&mut self) -> io::Result<()> {
        if !self.buffer.is_empty() {
            self.file.write_all(&self.buffer)?;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Makes what was written survive the death of the machine.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.write_out()?;
        self.file.sync_data()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests;
