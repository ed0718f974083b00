//! What a dataset of others claims, checked against what its file holds before it is believed.

use crate::memory::memory_available;
use crate::storage::in_plain_words;
use hdf5::dataset::Layout;
use hdf5::types::TypeDescriptor;

/// Deflate makes of one byte at most so many.
const DEFLATE_RATIO_MAX: u64 = 1032;

/// Values as read, as frames, and as configurations stand side by side.
const SHARE_OF_MEMORY: u64 = 6;

/// Most values of an attribute that is read.
const ATTRIBUTE_VALUES_MAX: usize = 64;

/// The values of `dataset`, of which the file has `file_bytes`.
///
/// # Errors
/// What is wrong with it, in words that follow its name.
pub(super) fn values(dataset: &hdf5::Dataset, file_bytes: u64) -> Result<Vec<f64>, String> {
    let words = |cause: hdf5::Error| in_plain_words(&cause);
    let kind = dataset.dtype().map_err(words)?;
    numbers(&kind)?;
    let properties = dataset.dcpl().map_err(words)?;
    // Its sources may be missing, or itself.
    if properties.get_layout().map_err(words)? == Layout::Virtual {
        return Err("is a virtual dataset: gather it in one file first (h5repack)".to_owned());
    }
    if !properties.get_external().map_err(words)?.is_empty() {
        return Err("is stored outside the file: gather it in one file first (h5repack)".to_owned());
    }
    let shape = dataset.get_shape().map_err(words)?;
    let count = product(&shape).ok_or_else(|| format!("has the shape {shape:?}, more than any memory"))?;
    let element = kind.size() as u64;
    let stored = dataset.storage_size();
    let ratio = if properties.filters().is_empty() { 1 } else { DEFLATE_RATIO_MAX };
    if stored > file_bytes || count.saturating_mul(element) > stored.saturating_mul(ratio) {
        return Err(format!(
            "has the shape {shape:?}, of which the file holds {stored} bytes: it was not written whole"
        ));
    }
    let chunk = properties.chunk().map_or(Some(0), |chunk| product(&chunk));
    let needed = count.max(chunk.unwrap_or(u64::MAX)).saturating_mul(8 * SHARE_OF_MEMORY);
    if needed > memory_available() {
        return Err(format!("has the shape {shape:?}, more than memory has room for; split the file"));
    }
    dataset.read_raw::<f64>().map_err(words)
}

/// The few values of an attribute, and their shape.
///
/// # Errors
/// As [`values`].
pub(super) fn attribute_values(attribute: &hdf5::Attribute) -> Result<(Vec<usize>, Vec<f64>), String> {
    let words = |cause: hdf5::Error| in_plain_words(&cause);
    numbers(&attribute.dtype().map_err(words)?)?;
    let shape = few(attribute)?;
    Ok((shape, attribute.read_raw::<f64>().map_err(words)?))
}

/// The few texts of an attribute.
///
/// # Errors
/// As [`values`].
pub(super) fn attribute_texts(attribute: &hdf5::Attribute) -> Result<Vec<String>, String> {
    use hdf5::types::{FixedAscii, FixedUnicode, VarLenAscii, VarLenUnicode};
    /// Longer than any word that is expected.
    const LENGTH: usize = 64;
    let words = |cause: hdf5::Error| in_plain_words(&cause);
    few(attribute)?;
    let descriptor = attribute.dtype().and_then(|kind| kind.to_descriptor()).map_err(words)?;
    fn texts<T: hdf5::H5Type + AsRef<str>>(attribute: &hdf5::Attribute) -> hdf5::Result<Vec<String>> {
        Ok(attribute.read_raw::<T>()?.iter().map(|text| text.as_ref().to_owned()).collect())
    }
    match descriptor {
        TypeDescriptor::VarLenAscii => texts::<VarLenAscii>(attribute),
        TypeDescriptor::VarLenUnicode => texts::<VarLenUnicode>(attribute),
        TypeDescriptor::FixedAscii(_) => texts::<FixedAscii<LENGTH>>(attribute),
        TypeDescriptor::FixedUnicode(_) => texts::<FixedUnicode<LENGTH>>(attribute),
        _ => return Err("is no text".to_owned()),
    }
    .map_err(words)
}

fn numbers(kind: &hdf5::Datatype) -> Result<(), String> {
    match kind.to_descriptor() {
        Ok(TypeDescriptor::Integer(_) | TypeDescriptor::Unsigned(_) | TypeDescriptor::Float(_)) => Ok(()),
        Ok(other) => Err(format!("is no number but {other}")),
        Err(_) => Err("is no number that this program knows".to_owned()),
    }
}

fn few(attribute: &hdf5::Attribute) -> Result<Vec<usize>, String> {
    let shape = attribute.get_shape().map_err(|cause| in_plain_words(&cause))?;
    match product(&shape) {
        Some(count) if count <= ATTRIBUTE_VALUES_MAX as u64 => Ok(shape),
        _ => Err(format!("has the shape {shape:?}, expected a few values")),
    }
}

fn product(shape: &[usize]) -> Option<u64> {
    shape.iter().try_fold(1, |product: u64, &length| product.checked_mul(length as u64))
}
