//! A store of plain files for toy campaigns: one file a segment, and `result` when all is done.

use campaign::{Finished, Quarantined, Receipt, Store, StoreError};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Keeps records under `FOLDER/segments`.
pub(crate) struct FileStore {
    folder: PathBuf,
    next: usize,
}

fn failed(message: &str, error: std::io::Error) -> StoreError {
    StoreError::Failed { message: message.to_owned(), source: Box::new(error) }
}

impl FileStore {
    /// Opens or creates the store.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
        let folder = folder.join("segments");
        fs::create_dir_all(&folder).map_err(|error| failed("create the folder of segments", error))?;
        let mut next = 0;
        for entry in fs::read_dir(&folder).map_err(|error| failed("list the segments", error))? {
            let name = entry.map_err(|error| failed("list the segments", error))?.file_name();
            let number: usize = name.to_string_lossy().get(..6).and_then(|text| text.parse().ok()).unwrap_or(0);
            next = next.max(number + 1);
        }
        Ok(Self { folder, next })
    }

    /// Every record kept, with how many segments hold it.
    pub(crate) fn records(folder: &Path) -> Result<BTreeMap<u64, (Vec<u8>, usize)>, StoreError> {
        let mut records = BTreeMap::new();
        let listing = fs::read_dir(folder.join("segments")).map_err(|error| failed("list the segments", error))?;
        for entry in listing {
            let path = entry.map_err(|error| failed("list the segments", error))?.path();
            if path.extension().is_none_or(|extension| extension != "segment") {
                continue;
            }
            let bytes = fs::read(&path).map_err(|error| failed("read a segment", error))?;
            let mut rest = bytes.as_slice();
            while let Some((head, tail)) = rest.split_first_chunk::<16>() {
                let (index, length) = head.split_at(8);
                let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
                let (record, tail) = tail.split_at(number(length) as usize);
                records.entry(number(index)).or_insert_with(|| (record.to_vec(), 0)).1 += 1;
                rest = tail;
            }
        }
        Ok(records)
    }
}

impl Store for FileStore {
    fn completed(&mut self) -> Result<Vec<u64>, StoreError> {
        let root = self.folder.parent().unwrap_or(&self.folder);
        Ok(Self::records(root)?.into_keys().collect())
    }

    fn write_segment(&mut self, records: &[Finished]) -> Result<Receipt, StoreError> {
        if let Some(refused) = records.iter().find(|finished| finished.record.starts_with(b"unacceptable")) {
            return Err(StoreError::Rejected { index: refused.index, reason: "it says so itself".to_owned() });
        }
        let temporary = self.folder.join(format!("{:06}.temporary-{}", self.next, std::process::id()));
        let written = || -> std::io::Result<u64> {
            let mut file = std::io::BufWriter::new(fs::File::create(&temporary)?);
            let mut bytes = 0;
            for finished in records {
                file.write_all(&finished.index.to_le_bytes())?;
                file.write_all(&(finished.record.len() as u64).to_le_bytes())?;
                file.write_all(&finished.record)?;
                bytes += 16 + finished.record.len() as u64;
            }
            file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
            fs::rename(&temporary, self.folder.join(format!("{:06}-{}.segment", self.next, std::process::id())))?;
            fs::File::open(&self.folder)?.sync_all()?;
            Ok(bytes)
        };
        let bytes = written().map_err(|error| failed("write a segment", error))?;
        self.next += 1;
        Ok(Receipt { bytes })
    }

    fn complete(&mut self, quarantined: &[Quarantined]) -> Result<(), StoreError> {
        let root = self.folder.parent().unwrap_or(&self.folder);
        let mut text = String::new();
        for (index, (record, copies)) in Self::records(root)? {
            text.push_str(&format!("{index} x{copies} {}\n", String::from_utf8_lossy(&record)));
        }
        for task in quarantined {
            text.push_str(&format!("{} quarantined: {}\n", task.index, task.reason));
        }
        fs::write(root.join("result"), text).map_err(|error| failed("write the result", error))
    }
}
