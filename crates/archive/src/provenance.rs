//! Where an archive comes from: the attributes of its root group.

use crate::error::{ArchiveError, Context};
use crate::storage;
use std::path::Path;

/// Value of the root attribute `format`.
pub const FORMAT: &str = "glassmodes";

/// Value of the root attribute `format_version` that this crate writes, and the newest it reads.
pub const FORMAT_VERSION: u32 = 1;

/// HDF5 refuses attributes of 64 kB and more; some room is left for its own header.
pub(crate) const CONFIG_BYTES_MAX: usize = 64_000;

/// Where an archive comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provenance {
    /// Version of the program that computed it.
    pub software_version: String,
    /// Commit of that program.
    pub git_commit: String,
    /// When the campaign began, RFC 3339.
    pub created: String,
    /// Who ran it (H5MD asks for a name); may be empty.
    pub author: String,
    /// The configuration as resolved, TOML text. Stored as an attribute, so at most 64 000 bytes.
    pub config: String,
    /// Hash of what in the configuration decides the results.
    pub config_hash: String,
    /// Realizations planned for the whole campaign, whatever part of it a file holds.
    pub realizations: u64,
}

/// Writes the root attributes.
pub(crate) fn write(root: &hdf5::Group, path: &Path, provenance: &Provenance) -> Result<(), ArchiveError> {
    if provenance.config.len() > CONFIG_BYTES_MAX {
        return Err(ArchiveError::ConfigTooLong { bytes: provenance.config.len(), limit: CONFIG_BYTES_MAX });
    }
    for (name, value) in texts(provenance) {
        storage::write_text_attribute(root, name, value).context(path, name)?;
    }
    storage::write_attribute(root, "format_version", FORMAT_VERSION).context(path, "format_version")?;
    storage::write_attribute(root, "realizations", provenance.realizations).context(path, "realizations")
}

fn texts(provenance: &Provenance) -> [(&'static str, &str); 7] {
    [
        ("format", FORMAT),
        ("software_version", &provenance.software_version),
        ("git_commit", &provenance.git_commit),
        ("created", &provenance.created),
        ("author", &provenance.author),
        ("config", &provenance.config),
        ("config_hash", &provenance.config_hash),
    ]
}

/// Reads the root attributes, format and version first.
///
/// # Errors
/// [`ArchiveError::NotAnArchive`], [`ArchiveError::NewerVersion`] or [`ArchiveError::Missing`].
pub(crate) fn read(root: &hdf5::Group, path: &Path) -> Result<Provenance, ArchiveError> {
    let format = storage::read_text_attribute(root, "format").map_err(|_| ArchiveError::NotAnArchive {
        path: path.to_owned(),
        reason: "it is an HDF5 file without the attribute `format`".to_owned(),
    })?;
    if format != FORMAT {
        return Err(ArchiveError::NotAnArchive {
            path: path.to_owned(),
            reason: format!("its attribute `format` is {format:?}, not {FORMAT:?}"),
        });
    }
    let missing = |name: &str| ArchiveError::Missing { path: path.to_owned(), object: format!("attribute {name}") };
    let version: u32 = storage::read_attribute(root, "format_version").map_err(|_| missing("format_version"))?;
    if version > FORMAT_VERSION {
        return Err(ArchiveError::NewerVersion { path: path.to_owned(), version, supported: FORMAT_VERSION });
    }
    let text = |name: &'static str| storage::read_text_attribute(root, name).map_err(|_| missing(name));
    Ok(Provenance {
        software_version: text("software_version")?,
        git_commit: text("git_commit")?,
        created: text("created")?,
        author: text("author")?,
        config: text("config")?,
        config_hash: text("config_hash")?,
        realizations: storage::read_attribute(root, "realizations").map_err(|_| missing("realizations"))?,
    })
}
