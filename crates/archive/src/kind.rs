//! Names of the kinds of nonlinear modes in the archive.

use hdf5::types::{EnumMember, EnumType, IntSize, TypeDescriptor};
use modes::nonlinear::Kind;
use std::fmt;

/// The byte that stands for a kind; in a damaged file it may stand for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct KindCode(u8);

impl KindCode {
    pub(crate) fn of(kind: Kind) -> KindCode {
        KindCode(kind as u8)
    }

    /// The byte itself.
    pub(crate) fn byte(self) -> u8 {
        self.0
    }

    pub(crate) fn kind(self) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| *kind as u8 == self.0)
    }
}

impl fmt::Display for KindCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Some(kind) => write!(formatter, "{}", kind.name()),
            None => write!(formatter, "code {}", self.0),
        }
    }
}

/// The HDF5 type of `/nonlinear/kind`.
pub(crate) fn descriptor() -> TypeDescriptor {
    let members = Kind::ALL.iter().map(|kind| EnumMember { name: kind.name().to_owned(), value: *kind as u64 });
    TypeDescriptor::Enum(EnumType { size: IntSize::U1, signed: false, members: members.collect() })
}

// SAFETY: the descriptor is an enumeration on an unsigned byte, and `KindCode` is one byte of which
// every value is valid.
unsafe impl hdf5::H5Type for KindCode {
    fn type_descriptor() -> TypeDescriptor {
        descriptor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_format() {
        for (code, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!((kind as usize, KindCode::of(kind).kind()), (code, Some(kind)));
        }
        assert_eq!(KindCode(3).kind(), None);
    }
}
