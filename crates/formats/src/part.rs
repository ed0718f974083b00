//! Which part of a binary file is wrong, and how.

/// The part (a chunk, an array, the header), and words that follow it.
pub(crate) type WrongPart = (String, String);

pub(crate) fn wrong(part: impl Into<String>, what: impl Into<String>) -> WrongPart {
    (part.into(), what.into())
}
