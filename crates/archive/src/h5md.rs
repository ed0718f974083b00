//! What makes the particles readable by H5MD readers (H5MD 1.1, doi:10.1016/j.cpc.2014.01.018).

use crate::error::{ArchiveError, Context};
use crate::provenance::Provenance;
use crate::schema::POSITION_STEP;
use crate::storage;
use glass::space::Dimension;
use hdf5::types::VarLenUnicode;
use std::path::Path;
use std::str::FromStr;

// Strings of variable length, which Python readers of H5MD expect. This crate never reads them.

/// Links of the elements that share the steps of the positions.
const SHARED_STEPS: [&str; 2] = ["/particles/glass/box/edges/step", "/particles/glass/diameter/step"];

/// What H5MD readers ask for beside the datasets of the schema.
const LINKS: [&str; 4] = ["/h5md/author", "/h5md/creator", SHARED_STEPS[0], SHARED_STEPS[1]];

/// What H5MD readers ask for beside the datasets of the schema; nothing of a thin archive, which has no particles.
pub(crate) fn links(provenance: &Provenance) -> &'static [&'static str] {
    if provenance.thin.is_some() { &[] } else { &LINKS }
}

/// Writes the root group `h5md` and the attributes of the box; the datasets are there already.
pub(crate) fn write(file: &hdf5::Group, path: &Path, provenance: &Provenance) -> Result<(), ArchiveError> {
    write_root(file, provenance).context(path, "/h5md")?;
    write_box(file, provenance.dimension).context(path, "/particles/glass/box")?;
    for link in SHARED_STEPS {
        file.link_hard(POSITION_STEP, link).context(path, link)?;
    }
    Ok(())
}

fn write_root(file: &hdf5::Group, provenance: &Provenance) -> hdf5::Result<()> {
    let root = storage::group(file, "h5md")?;
    root.new_attr_builder().with_data(&[1i32, 1]).create("version")?;
    let author = storage::group(&root, "author")?;
    let name = if provenance.author.is_empty() { "unknown" } else { &provenance.author };
    write_text(&author, "name", name)?;
    let creator = storage::group(&root, "creator")?;
    write_text(&creator, "name", "glassmodes")?;
    write_text(&creator, "version", &provenance.software_version)
}

fn write_box(file: &hdf5::Group, dimension: Dimension) -> hdf5::Result<()> {
    let sides = file.group("particles/glass/box")?;
    storage::write_attribute(&sides, "dimension", dimension.axes() as i32)?;
    let periodic = text("periodic")?;
    let boundary = vec![periodic; dimension.axes()];
    sides.new_attr_builder().with_data(&boundary).create("boundary")?;
    Ok(())
}

fn write_text(object: &hdf5::Location, name: &str, value: &str) -> hdf5::Result<()> {
    storage::write_attribute(object, name, text(value)?)
}

fn text(value: &str) -> hdf5::Result<VarLenUnicode> {
    VarLenUnicode::from_str(&value.replace('\0', "")).map_err(|error| error.to_string().into())
}
