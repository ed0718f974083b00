//! The bytes of a file: regular or a pipe, gzipped or not, told apart by how it begins.

use crate::error::FormatError;
use crate::read_seek::ReadSeek;
use crate::{gsd, npz};
use archive::memory_available;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::Path;

const HDF5_SIGNATURE: &[u8] = b"\x89HDF\r\n\x1a\n";
const GZIP_SIGNATURE: &[u8] = b"\x1f\x8b";

/// Text, the frames made of it, and what is made of those must fit side by side; a line of five bytes is a particle of 32.
const SHARE_OF_MEMORY: u64 = 16;

/// What a file holds.
pub(crate) enum Content {
    /// HDF5, to be opened by its name.
    Hdf5,
    /// GSD, unpacked.
    Gsd(Box<dyn ReadSeek>),
    /// NPZ, unpacked but for its own packing.
    Npz(Box<dyn ReadSeek>),
    /// Text, unpacked, whole.
    Text(Vec<u8>),
}

/// Opens `path`, once, so that a pipe loses nothing.
///
/// # Errors
/// [`FormatError`] when it cannot be read, is HDF5 from a pipe or gzipped, or larger than memory allows.
pub(crate) fn open(path: &Path) -> Result<Content, FormatError> {
    let failed = |cause: io::Error| FormatError::Read { path: path.to_owned(), cause };
    let mut file = File::open(path).map_err(failed)?;
    let seekable = file.metadata().map_err(failed)?.is_file();
    let (start, whole) = peek(&mut file).map_err(failed)?;
    if start == HDF5_SIGNATURE {
        return if seekable { Ok(Content::Hdf5) } else { Err(not_seekable(path, "HDF5 cannot be read from a pipe")) };
    }
    if let (Some(binary), true) = (binary(&start), seekable) {
        drop(whole);
        return Ok(binary(Box::new(BufReader::new(file))));
    }
    if !start.starts_with(GZIP_SIGNATURE) {
        return unpacked(path, &start, whole);
    }
    let (start, whole) = peek(MultiGzDecoder::new(BufReader::new(whole))).map_err(failed)?;
    if start == HDF5_SIGNATURE {
        return Err(not_seekable(path, "HDF5 cannot be read while gzipped"));
    }
    unpacked(path, &start, whole)
}

fn not_seekable(path: &Path, what: &'static str) -> FormatError {
    FormatError::NotSeekable { path: path.to_owned(), what }
}

/// The first bytes, as many as the longest signature has, and all of it.
fn peek<R: Read>(mut reader: R) -> io::Result<(Vec<u8>, impl Read)> {
    let mut start = Vec::new();
    reader.by_ref().take(HDF5_SIGNATURE.len() as u64).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(reader)))
}

fn unpacked(path: &Path, start: &[u8], reader: impl Read) -> Result<Content, FormatError> {
    match binary(start) {
        Some(binary) => Ok(binary(Box::new(Cursor::new(whole(path, reader, false)?)))),
        None => Ok(Content::Text(whole(path, reader, true)?)),
    }
}

/// What a file that begins so is, if that is to be jumped about in.
fn binary(start: &[u8]) -> Option<fn(Box<dyn ReadSeek>) -> Content> {
    match start {
        _ if start == gsd::MAGIC => Some(Content::Gsd),
        _ if start.starts_with(npz::MAGIC) => Some(Content::Npz),
        _ => None,
    }
}

fn whole(path: &Path, reader: impl Read, is_text: bool) -> Result<Vec<u8>, FormatError> {
    let limit = memory_available() / SHARE_OF_MEMORY;
    let mut bytes = Vec::new();
    // What is not text shows early: a device that never ends is not read to the end of memory.
    let mut reader = reader.take(limit.saturating_add(1));
    let mut block = [0; 1 << 16];
    loop {
        let count = match reader.read(&mut block) {
            Ok(0) => return Ok(bytes),
            Ok(count) => count,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            Err(cause) => return Err(FormatError::Read { path: path.to_owned(), cause }),
        };
        bytes.extend_from_slice(&block[..count]);
        if is_text && block[..count].contains(&0) {
            return Ok(bytes);
        }
        if bytes.len() as u64 > limit {
            return Err(FormatError::TooLarge { path: path.to_owned(), limit });
        }
    }
}
