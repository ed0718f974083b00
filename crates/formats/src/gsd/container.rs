//! The container: a header, an index of chunks, their names. Nothing in it is believed before the file is seen to be
//! large enough for it.

use super::{ENTRY_BYTES, HEADER_BYTES, NAME_BYTES, SCHEMA};
use crate::part::{WrongPart, wrong};
use crate::read_seek::ReadSeek;
use archive::memory_available;
use realization::config::excerpt;
use std::collections::HashMap;
use std::io::SeekFrom;

/// How a file begins.
pub(crate) const MAGIC: [u8; 8] = 0x65DF_65DF_65DF_65DF_u64.to_le_bytes();

/// Index, names, values and what is made of them stand side by side.
const SHARE_OF_MEMORY: u64 = 8;

/// Where the values of a chunk stand: rows × columns of a type.
#[derive(Debug, Clone, Copy)]
struct ChunkPlace {
    rows: u64,
    columns: u32,
    location: u64,
    kind: u8,
}

/// An open file.
pub(super) struct Container {
    file: Box<dyn ReadSeek>,
    bytes: u64,
    names: HashMap<String, u16>,
    entries: HashMap<(u64, u16), ChunkPlace>,
    frames: u64,
    memory: u64,
}

impl Container {
    pub(super) fn open(mut file: Box<dyn ReadSeek>) -> Result<Self, WrongPart> {
        let end = file.seek(SeekFrom::End(0));
        let bytes = end.map_err(|cause| wrong("the header", format!("cannot be read: {cause}")))?;
        let (names, entries) = (HashMap::new(), HashMap::new());
        let mut opened = Container { file, bytes, names, entries, frames: 0, memory: memory_available() };
        let header = opened.part("the header", 0, HEADER_BYTES as u64)?;
        let version = u32_at(&header, 44);
        if !matches!(version >> 16, 1 | 2) {
            let found = format!("{}.{}", version >> 16, version & 0xffff);
            return Err(wrong("the header", format!("has the file layer {found}; 1 and 2 are read")));
        }
        let schema = text(&header[112..176]);
        if schema != SCHEMA {
            return Err(wrong("the header", format!("has the schema `{}`; `{SCHEMA}` is read", excerpt(&schema))));
        }
        let list = opened.list("the list of names", u64_at(&header, 24), u64_at(&header, 32), NAME_BYTES)?;
        let names: Vec<String> = match version >> 16 {
            1 => list.chunks(NAME_BYTES).map(text).collect(),
            _ => list.split(|&byte| byte == 0).map(text).collect(),
        };
        // A name that no index entry can mean is none.
        let ids = 0..=u16::MAX;
        opened.names = names.into_iter().take_while(|name| !name.is_empty()).zip(ids).collect();
        let index = opened.list("the index", u64_at(&header, 8), u64_at(&header, 16), ENTRY_BYTES)?;
        for entry in index.chunks_exact(ENTRY_BYTES) {
            let location = u64_at(entry, 16);
            if location == 0 {
                break;
            }
            let (frame, id) = (u64_at(entry, 0), u16::from_le_bytes([entry[28], entry[29]]));
            let found = ChunkPlace { rows: u64_at(entry, 8), columns: u32_at(entry, 24), location, kind: entry[30] };
            opened.entries.insert((frame, id), found);
            opened.frames = opened.frames.max(frame.saturating_add(1));
        }
        // Each frame but those like the first has a chunk, if only its step.
        if opened.frames > opened.entries.len() as u64 + 1 {
            let what = format!("counts {} frames, but has {} chunks", opened.frames, opened.entries.len());
            return Err(wrong("the index", what));
        }
        Ok(opened)
    }

    /// How many frames the index has.
    pub(super) fn frames(&self) -> u64 {
        self.frames
    }

    /// The values of a chunk and how many stand in a row, if the frame itself has it.
    pub(super) fn values(&mut self, frame: u64, name: &str) -> Result<Option<(Vec<f64>, usize)>, WrongPart> {
        let found = self.names.get(name).and_then(|&id| self.entries.get(&(frame, id)));
        let Some(&entry) = found else { return Ok(None) };
        let place = format!("frame {frame}, chunk {name},");
        let width = width(entry.kind).ok_or_else(|| wrong(&place, format!("has the unknown type {}", entry.kind)))?;
        let bytes = entry.rows.checked_mul(u64::from(entry.columns)).and_then(|count| count.checked_mul(width as u64));
        let too_large =
            || wrong(&place, format!("claims {} × {} values, more than the file", entry.rows, entry.columns));
        let bytes = self.part(&place, entry.location, bytes.ok_or_else(too_large)?)?;
        let values = bytes.chunks_exact(width).map(|value| number(entry.kind, value)).collect();
        Ok(Some((values, entry.columns as usize)))
    }

    /// A list of `count` entries of `width` bytes.
    fn list(&mut self, place: &str, location: u64, count: u64, width: usize) -> Result<Vec<u8>, WrongPart> {
        let bytes = count.checked_mul(width as u64);
        self.part(place, location, bytes.ok_or_else(|| wrong(place, format!("claims {count} entries")))?)
    }

    /// Bytes of the file, if it has them and memory has room.
    fn part(&mut self, place: &str, location: u64, bytes: u64) -> Result<Vec<u8>, WrongPart> {
        if location.checked_add(bytes).is_none_or(|end| end > self.bytes) {
            let what = format!("should have {bytes} bytes from {location} on, but the file ends at {}", self.bytes);
            return Err(wrong(place, what));
        }
        if bytes.saturating_mul(SHARE_OF_MEMORY) > self.memory {
            return Err(wrong(place, format!("has {bytes} bytes, more than memory has room for; split the file")));
        }
        let mut part = vec![0; bytes as usize];
        let read = self.file.seek(SeekFrom::Start(location)).and_then(|_| self.file.read_exact(&mut part));
        read.map_err(|cause| wrong(place, format!("cannot be read: {cause}")))?;
        Ok(part)
    }
}

/// Text up to the first zero byte.
pub(super) fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(first(&bytes[at..]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(first(&bytes[at..]))
}

/// The first bytes, of which there are enough.
fn first<const WIDTH: usize>(bytes: &[u8]) -> [u8; WIDTH] {
    std::array::from_fn(|byte| bytes[byte])
}

/// Bytes of a number of this type.
fn width(kind: u8) -> Option<usize> {
    match kind {
        1 | 5 | 11 => Some(1),
        2 | 6 => Some(2),
        3 | 7 | 9 => Some(4),
        4 | 8 | 10 => Some(8),
        _ => None,
    }
}

fn number(kind: u8, bytes: &[u8]) -> f64 {
    match kind {
        1 | 11 => f64::from(bytes[0]),
        2 => f64::from(u16::from_le_bytes(first(bytes))),
        3 => f64::from(u32::from_le_bytes(first(bytes))),
        4 => u64::from_le_bytes(first(bytes)) as f64,
        5 => f64::from(bytes[0] as i8),
        6 => f64::from(i16::from_le_bytes(first(bytes))),
        7 => f64::from(i32::from_le_bytes(first(bytes))),
        8 => i64::from_le_bytes(first(bytes)) as f64,
        9 => f64::from(f32::from_le_bytes(first(bytes))),
        _ => f64::from_le_bytes(first(bytes)),
    }
}
