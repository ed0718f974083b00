//! What one may jump about in: a file, or its bytes in memory.

use std::io::{Read, Seek};

/// Both at once.
pub(crate) trait ReadSeek: Read + Seek {}
impl<R: Read + Seek> ReadSeek for R {}
