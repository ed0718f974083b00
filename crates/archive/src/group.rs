//! Names of the mode groups in the archive.

use hdf5::types::{EnumMember, EnumType, IntSize, TypeDescriptor};
use modes::Group;
use std::fmt;

/// Groups with their names, in the order of their codes 0 to 3.
pub const GROUPS: [(Group, &str); 4] =
    [(Group::A, "A"), (Group::ADouble, "A-double"), (Group::B, "B"), (Group::Unbounded, "unbounded")];

/// The byte that stands for a group; in a damaged file it may stand for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct GroupCode(u8);

impl GroupCode {
    pub(crate) fn of(group: Group) -> GroupCode {
        GroupCode(group as u8)
    }

    pub(crate) fn group(self) -> Option<Group> {
        GROUPS.iter().find(|(group, _)| *group as u8 == self.0).map(|(group, _)| *group)
    }
}

impl fmt::Display for GroupCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.group() {
            Some(group) => write!(formatter, "{}", name(group)),
            None => write!(formatter, "code {}", self.0),
        }
    }
}

/// Name of a group as the archive and all output spell it.
pub fn name(group: Group) -> &'static str {
    match group {
        Group::A => "A",
        Group::ADouble => "A-double",
        Group::B => "B",
        Group::Unbounded => "unbounded",
    }
}

/// The HDF5 type of `/modes/group`.
pub(crate) fn descriptor() -> TypeDescriptor {
    let members = GROUPS.iter().map(|(group, name)| EnumMember { name: (*name).to_owned(), value: *group as u64 });
    TypeDescriptor::Enum(EnumType { size: IntSize::U1, signed: false, members: members.collect() })
}

// SAFETY: the descriptor is an enumeration on an unsigned byte, and `GroupCode` is one byte of which
// every value is valid.
unsafe impl hdf5::H5Type for GroupCode {
    fn type_descriptor() -> TypeDescriptor {
        descriptor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_those_of_the_format() {
        for (code, (group, text)) in GROUPS.into_iter().enumerate() {
            assert_eq!((group as usize, name(group)), (code, text));
            assert_eq!(GroupCode::of(group).group(), Some(group));
        }
        assert_eq!(GroupCode(4).group(), None);
    }
}
