//! Where an archive comes from: the attributes of its root group.

use crate::error::{ArchiveError, Context};
use crate::record::Record;
use crate::schema::{CONFIG_BYTES_MAX, FORMAT_VERSION};
use crate::storage;
use crate::thin::cuts::ThinCuts;
use glass::space::Dimension;
use std::collections::BTreeSet;
use std::path::Path;

/// Value of the root attribute `format`.
pub const FORMAT: &str = "glassmodes";

/// How the configuration of an archive of glasses made elsewhere begins: its realizations cannot be made again from their
/// seeds, and what it says of sampling is of none of them.
pub const MADE_ELSEWHERE: &str = "# glasses made elsewhere:";

const MODES_BELOW: &str = "thin_modes_below";
const PARTICIPATION_BELOW: &str = "thin_participation_below";
const SELECTED_BY: &str = "selected_by";

/// Where an archive comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// Format version of the file; files are always written in [`FORMAT_VERSION`].
    pub format_version: u32,
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
    /// Dimension of space.
    pub dimension: Dimension,
    /// Names of the instruction classes of the machines it was computed on, with commas; see
    /// [`InstructionClass`](modes::InstructionClass). Empty if not recorded.
    pub instruction_class: String,
    /// Which modes were kept, if vectors, particles and series were left out.
    pub thin: Option<ThinCuts>,
    /// What a mode of a realization had to be for that to be here; absent if nothing of the kind decided. An archive that
    /// has it is no sample of its ensemble.
    pub selected_by: Option<String>,
}

impl Provenance {
    /// Whether the glasses were made elsewhere, and not from seeds.
    pub fn made_elsewhere(&self) -> bool {
        self.config.starts_with(MADE_ELSEWHERE)
    }

    /// What says that two archives are of different campaigns or versions of the program, with both values. They may
    /// differ in how many realizations were planned: a campaign can be extended.
    pub fn foreign<'a>(&'a self, other: &'a Provenance) -> Option<(&'static str, &'a str, &'a str)> {
        let attributes = [
            ("config_hash", self.config_hash.as_str(), other.config_hash.as_str()),
            ("software_version", &self.software_version, &other.software_version),
        ];
        attributes.into_iter().find(|(_, this, other)| this != other)
    }

    /// The same, with the instruction classes of the machines of these records.
    pub(crate) fn of_records(&self, records: &[Record]) -> Provenance {
        let classes = records.iter().map(|record| record.instruction_class.name());
        let all = united(classes.chain([self.instruction_class.as_str()]));
        Provenance { instruction_class: all.join(LIST), ..self.clone() }
    }
}

/// What separates several commits or classes in one attribute.
pub(crate) const LIST: &str = ", ";

/// The names in these lists, each once, ascending.
pub(crate) fn united<'a>(lists: impl Iterator<Item = &'a str>) -> Vec<String> {
    let names: BTreeSet<&str> = lists.flat_map(|list| list.split(LIST)).filter(|name| !name.is_empty()).collect();
    names.into_iter().map(str::to_owned).collect()
}

impl Default for Provenance {
    fn default() -> Self {
        Provenance {
            format_version: FORMAT_VERSION,
            software_version: String::new(),
            git_commit: String::new(),
            created: String::new(),
            author: String::new(),
            config: String::new(),
            config_hash: String::new(),
            realizations: 0,
            dimension: Dimension::default(),
            instruction_class: String::new(),
            thin: None,
            selected_by: None,
        }
    }
}

/// Writes the root attributes.
pub(crate) fn write(root: &hdf5::Group, path: &Path, provenance: &Provenance) -> Result<(), ArchiveError> {
    if provenance.config.len() > CONFIG_BYTES_MAX {
        return Err(ArchiveError::ConfigTooLong { bytes: provenance.config.len(), limit: CONFIG_BYTES_MAX });
    }
    let selected_by = provenance.selected_by.as_deref().map(|selection| (SELECTED_BY, selection));
    for (name, value) in texts(provenance).into_iter().chain(selected_by) {
        storage::write_text_attribute(root, name, value).context(path, name)?;
    }
    storage::write_attribute(root, "format_version", FORMAT_VERSION).context(path, "format_version")?;
    storage::write_attribute(root, "realizations", provenance.realizations).context(path, "realizations")?;
    storage::write_attribute(root, "dimension", provenance.dimension.axes() as u32).context(path, "dimension")?;
    storage::write_attribute(root, "thin", u32::from(provenance.thin.is_some())).context(path, "thin")?;
    if let Some(ThinCuts { modes_below, participation_below }) = provenance.thin {
        storage::write_attribute(root, MODES_BELOW, modes_below).context(path, MODES_BELOW)?;
        storage::write_attribute(root, PARTICIPATION_BELOW, participation_below).context(path, PARTICIPATION_BELOW)?;
    }
    Ok(())
}

fn texts(provenance: &Provenance) -> [(&'static str, &str); 8] {
    [
        ("format", FORMAT),
        ("software_version", &provenance.software_version),
        ("git_commit", &provenance.git_commit),
        ("created", &provenance.created),
        ("author", &provenance.author),
        ("config", &provenance.config),
        ("config_hash", &provenance.config_hash),
        ("instruction_class", &provenance.instruction_class),
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
    let number = |name: &'static str| storage::read_attribute::<u32>(root, name).map_err(|_| missing(name));
    // What version 1 did not say.
    let since_2 = version >= 2;
    let axes = if since_2 { number("dimension")? } else { Dimension::default().axes() as u32 };
    let Some(dimension) = Dimension::of(axes as usize) else {
        return Err(ArchiveError::NotAnArchive {
            path: path.to_owned(),
            reason: format!("its attribute `dimension` is {axes}, this program reads 2 and 3"),
        });
    };
    let cut = |name: &'static str| storage::read_attribute::<f64>(root, name).map_err(|_| missing(name));
    let thin = if since_2 && number("thin")? != 0 {
        Some(ThinCuts { modes_below: cut(MODES_BELOW)?, participation_below: cut(PARTICIPATION_BELOW)? })
    } else {
        None
    };
    let attributes = root.attr_names().map_err(|_| missing(SELECTED_BY))?;
    let config = text("config")?;
    let realizations = storage::read_attribute(root, "realizations").map_err(|_| missing("realizations"))?;
    if let Some(planned) = planned(&config).filter(|&planned| planned != realizations) {
        return Err(ArchiveError::NotAnArchive {
            path: path.to_owned(),
            reason: format!("its attribute `realizations` is {realizations}, its configuration says {planned}"),
        });
    }
    Ok(Provenance {
        format_version: version,
        software_version: text("software_version")?,
        git_commit: text("git_commit")?,
        created: text("created")?,
        author: text("author")?,
        config,
        config_hash: text("config_hash")?,
        realizations,
        dimension,
        instruction_class: if since_2 { text("instruction_class")? } else { String::new() },
        thin,
        selected_by: if attributes.iter().any(|name| name == SELECTED_BY) { Some(text(SELECTED_BY)?) } else { None },
    })
}

/// `campaign.realizations` of a configuration, if it says that.
fn planned(config: &str) -> Option<u64> {
    let table: toml::Table = config.parse().ok()?;
    u64::try_from(table.get("campaign")?.get("realizations")?.as_integer()?).ok()
}
