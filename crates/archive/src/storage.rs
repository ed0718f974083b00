//! Datasets and attributes in an HDF5 file: how the schema's types and shapes are stored.

use crate::columns::{AxisLengths, Values};
use crate::group::{self, GroupCode};
use crate::kind::{self, KindCode};
use crate::schema::{CONFIG_BYTES_MAX, Dataset, Element, NAME_BYTES, TEXT_BYTES};
use hdf5::dataset::{FillTime, Layout};
use hdf5::types::{FixedUnicode, TypeDescriptor};
use hdf5::{Hyperslab, Selection, SliceOrIndex};
use ndarray::{ArrayView, IxDyn};
use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

/// Bytes of a chunk, roughly: small enough that HDF5's cache (1 MB a dataset) keeps one that fills
/// block by block, large enough that a chunk costs little.
const CHUNK_BYTES: usize = 256 * 1024;

/// Texts of attributes go through a buffer of this size or, if longer, through a large one.
const SHORT_TEXT: usize = 256;
const LONG_TEXT: usize = CONFIG_BYTES_MAX;

/// One text of a dataset.
type Text = FixedUnicode<TEXT_BYTES>;

/// One name of a dataset.
type Name = FixedUnicode<NAME_BYTES>;

/// How datasets are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteStyle {
    /// Checksums alone: what a coordinator writes while workers wait.
    Segment,
    /// Shuffle, deflate and checksums: what is kept.
    Archive,
}

/// Version of the HDF5 library this program runs with.
pub fn hdf5_version() -> String {
    let (major, minor, patch) = hdf5::library_version();
    format!("{major}.{minor}.{patch}")
}

/// Opens for reading. No file lock is taken: many network file systems have none, and files never
/// change once they have their name.
pub(crate) fn open(path: &Path) -> hdf5::Result<hdf5::File> {
    hdf5::File::with_options().with_fapl(|access| access.file_locking(false)).open(path)
}

/// HDF5's words for why something cannot be opened and, where they do not say it, what is to be done.
pub(crate) fn in_plain_words(cause: &hdf5::Error) -> String {
    let words = cause.to_string();
    // Every file is created with a header of zeros, which is filled when it is closed.
    let remedy = if words.contains("bad object header version number") || words.contains("already open for write") {
        Some(
            "the program that writes it has not closed it or ended before it could, or it is damaged: close it \
             there (h5py: `with h5py.File(...)`), or write it again"
                .to_owned(),
        )
    } else if words.contains("version number") {
        Some(format!(
            "it is in a format later than HDF5 {}, which this program is built with: write it again in an earlier \
             one (h5py: libver=(\"earliest\", \"v110\"); h5repack of the later HDF5: --low=0 --high=2), or build \
             with --features static-hdf5",
            hdf5_version()
        ))
    } else if words.contains("filter") || words.contains("plugin") {
        Some("it is compressed in a way that HDF5 alone cannot undo: h5repack -f GZIP=1".to_owned())
    } else if words.contains("file signature not found") {
        Some("it is no HDF5 file".to_owned())
    } else if words.contains("truncated file") {
        Some("its end is missing: copy it again".to_owned())
    } else {
        None
    };
    match remedy {
        Some(remedy) => format!("{remedy} ({words})"),
        None => words,
    }
}

/// Opens an empty file for writing, readable by HDF5 1.10 and later. The formats of 1.10 have checksums in
/// all metadata, so that damage is told by HDF5 before it acts on it.
pub(crate) fn create(path: &Path) -> hdf5::Result<hdf5::File> {
    use hdf5::file::LibraryVersion::V110;
    hdf5::File::with_options()
        .with_fapl(|access| access.file_locking(false).libver_bounds(V110, V110))
        .with_fcpl(|creation| creation.obj_track_times(false))
        .create(path)
}

/// Opens the group at `path`, made if it is not there, with those above it. Unlike the groups HDF5 makes on
/// the way to a dataset it keeps no times, so that the same data are the same bytes.
pub(crate) fn group(parent: &hdf5::Group, path: &str) -> hdf5::Result<hdf5::Group> {
    let mut group = parent.clone();
    for name in path.split('/').filter(|name| !name.is_empty()) {
        group = if group.link_exists(name) {
            group.group(name)?
        } else {
            group.create_group_builder().with_gcpl(|creation| creation.obj_track_times(false)).create(name)?
        };
    }
    Ok(group)
}

/// Creates one dataset of the schema with its attributes.
pub(crate) fn create_dataset(
    file: &hdf5::Group,
    dataset: &Dataset,
    rows: usize,
    lengths: &AxisLengths,
    style: WriteStyle,
) -> hdf5::Result<hdf5::Dataset> {
    let shape = lengths.shape(dataset, rows);
    let (above, name) = dataset.path.rsplit_once('/').unwrap_or(("", dataset.path));
    let builder = group(file, above)?.new_dataset_builder().chunk(chunk(dataset, &shape));
    let builder = match style {
        WriteStyle::Segment => builder.fletcher32(),
        WriteStyle::Archive => builder.shuffle().deflate(1).fletcher32(),
    };
    let stored = builder.fill_time(FillTime::Never).empty_as(descriptor(dataset.element)).shape(shape).create(name)?;
    write_text_attribute(&stored, "unit", dataset.unit)?;
    write_text_attribute(&stored, "description", dataset.meaning)?;
    Ok(stored)
}

/// How many parts of a dataset the file holds, and how many there should be: chunks, or bytes if it has none. For what
/// was never written HDF5 gives out what happens to lie in memory.
pub(crate) fn parts(stored: &hdf5::Dataset) -> hdf5::Result<(u64, u64)> {
    let shape = stored.get_shape()?;
    let product = |lengths: &mut dyn Iterator<Item = usize>| {
        lengths.fold(1, |product: u64, length| product.saturating_mul(length as u64))
    };
    if shape.contains(&0) {
        return Ok((0, 0));
    }
    match stored.create_plist()?.chunk() {
        Some(chunk) => {
            let found = stored.num_chunks().ok_or("its chunks cannot be counted")?;
            let along = shape.iter().zip(&chunk).map(|(length, chunk)| length.div_ceil(*chunk.max(&1)));
            Ok((found as u64, product(&mut { along })))
        }
        None => {
            let element = stored.dtype()?.size();
            let bytes = product(&mut shape.into_iter().chain([element]));
            Ok((stored.storage_size().min(bytes), bytes))
        }
    }
}

/// Where the numbers of a dataset are, if not in its own file.
pub(crate) fn elsewhere(stored: &hdf5::Dataset) -> hdf5::Result<Option<&'static str>> {
    let creation = stored.create_plist()?;
    Ok(match creation.get_layout()? {
        Layout::Virtual => Some("virtual"),
        _ if !creation.get_external()?.is_empty() => Some("external"),
        _ => None,
    })
}

/// Whole rows, as many as fit into [`CHUNK_BYTES`], at least one.
pub(crate) fn chunk(dataset: &Dataset, shape: &[usize]) -> Vec<usize> {
    let mut chunk: Vec<usize> = shape.iter().map(|&length| length.max(1)).collect();
    let row_bytes = dataset.element.bytes() * chunk[1..].iter().product::<usize>();
    chunk[0] = (CHUNK_BYTES / row_bytes).clamp(1, chunk[0]);
    chunk
}

/// The HDF5 type of a dataset.
pub(crate) fn descriptor(element: Element) -> TypeDescriptor {
    use hdf5::H5Type;
    match element {
        Element::F64 => f64::type_descriptor(),
        Element::U64 => u64::type_descriptor(),
        Element::U32 => u32::type_descriptor(),
        Element::I64 => i64::type_descriptor(),
        Element::I8 => i8::type_descriptor(),
        Element::Group => group::descriptor(),
        Element::Kind => kind::descriptor(),
        Element::Name => Name::type_descriptor(),
        Element::Text => Text::type_descriptor(),
    }
}

/// Writes whole rows from row `start` on.
pub(crate) fn write_rows(stored: &hdf5::Dataset, element: Element, start: usize, values: &Values) -> hdf5::Result<()> {
    match values {
        Values::F64(values) => write_slice(stored, start, values),
        Values::U64(values) => write_slice(stored, start, values),
        Values::U32(values) => write_slice(stored, start, values),
        Values::I64(values) => write_slice(stored, start, values),
        Values::I8(values) => write_slice(stored, start, values),
        Values::Group(values) => write_slice(stored, start, values),
        Values::Kind(values) => write_slice(stored, start, values),
        Values::Text(values) if element == Element::Name => write_slice(stored, start, &cells::<NAME_BYTES>(values)),
        Values::Text(values) => write_slice(stored, start, &cells::<TEXT_BYTES>(values)),
    }
}

fn write_slice<T: hdf5::H5Type>(stored: &hdf5::Dataset, start: usize, values: &[T]) -> hdf5::Result<()> {
    if values.is_empty() {
        return Ok(());
    }
    let mut shape = stored.get_shape()?;
    let width: usize = shape[1..].iter().product();
    let rows = values.len() / width.max(1);
    if start == 0 && rows == shape[0] {
        return stored.write_raw(values);
    }
    shape[0] = rows;
    let view = ArrayView::from_shape(IxDyn(&shape), values)?;
    stored.write_slice(view, rows_of(start..start + rows, shape.len()))
}

/// Reads whole rows.
pub(crate) fn read_rows(stored: &hdf5::Dataset, element: Element, rows: Range<usize>) -> hdf5::Result<Values> {
    Ok(match element {
        Element::F64 => Values::F64(read_slice(stored, rows)?),
        Element::U64 => Values::U64(read_slice(stored, rows)?),
        Element::U32 => Values::U32(read_slice(stored, rows)?),
        Element::I64 => Values::I64(read_slice(stored, rows)?),
        Element::I8 => Values::I8(read_slice(stored, rows)?),
        Element::Group => Values::Group(read_slice::<GroupCode>(stored, rows)?),
        Element::Kind => Values::Kind(read_slice::<KindCode>(stored, rows)?),
        Element::Name => Values::Text(read_slice::<Name>(stored, rows)?.iter().map(text_of).collect()),
        Element::Text => Values::Text(read_slice::<Text>(stored, rows)?.iter().map(text_of).collect()),
    })
}

fn read_slice<T: hdf5::H5Type>(stored: &hdf5::Dataset, rows: Range<usize>) -> hdf5::Result<Vec<T>> {
    let shape = stored.get_shape()?;
    if rows.is_empty() || shape.contains(&0) {
        return Ok(Vec::new());
    }
    if rows == (0..shape[0]) {
        return stored.read_raw();
    }
    let array = stored.as_reader().read_slice::<T, _, IxDyn>(rows_of(rows, shape.len()))?;
    Ok(array.into_raw_vec_and_offset().0)
}

fn rows_of(rows: Range<usize>, dimensions: usize) -> Selection {
    let mut slices = vec![SliceOrIndex::from(rows)];
    slices.resize(dimensions, SliceOrIndex::from(..));
    Selection::from(Hyperslab::from(slices))
}

/// Writes a text attribute, of fixed length: HDF5 keeps strings of variable length apart, without a
/// checksum, and crashes on damaged ones.
pub(crate) fn write_text_attribute(object: &hdf5::Location, name: &str, text: &str) -> hdf5::Result<()> {
    let stored = TypeDescriptor::FixedUnicode(text.len().max(1));
    let attribute = object.new_attr_builder().empty_as(stored).create(name)?;
    if text.len() <= SHORT_TEXT {
        attribute.write_scalar(&fixed::<SHORT_TEXT>(text)?)
    } else {
        attribute.write_scalar(&fixed::<LONG_TEXT>(text)?)
    }
}

/// Reads a text attribute.
pub(crate) fn read_text_attribute(object: &hdf5::Location, name: &str) -> hdf5::Result<String> {
    let attribute = object.attr(name)?;
    match attribute.dtype()?.to_descriptor()? {
        TypeDescriptor::FixedUnicode(length) if length <= SHORT_TEXT => {
            attribute.read_scalar::<FixedUnicode<SHORT_TEXT>>().map(|text| text_of(&text))
        }
        TypeDescriptor::FixedUnicode(length) if length <= LONG_TEXT => {
            attribute.read_scalar::<FixedUnicode<LONG_TEXT>>().map(|text| text_of(&text))
        }
        other => Err(format!("is no text but {other}").into()),
    }
}

fn fixed<const CAPACITY: usize>(text: &str) -> hdf5::Result<FixedUnicode<CAPACITY>> {
    FixedUnicode::from_str(text).map_err(|error| error.to_string().into())
}

/// A text as it comes back from a cell of a dataset.
pub(crate) fn as_stored(text: &str, element: Element) -> String {
    match element {
        Element::Name => text_of(&cell::<NAME_BYTES>(text)),
        _ => text_of(&cell::<TEXT_BYTES>(text)),
    }
}

/// Texts in the cells of a dataset.
fn cells<const CAPACITY: usize>(texts: &[String]) -> Vec<FixedUnicode<CAPACITY>> {
    texts.iter().map(|text| cell(text)).collect()
}

/// A text as far as it fits into a cell.
fn cell<const CAPACITY: usize>(text: &str) -> FixedUnicode<CAPACITY> {
    let mut end = text.len().min(CAPACITY);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    FixedUnicode::from_str(&text[..end]).unwrap_or_default()
}

/// Text from HDF5, which a damaged file may have broken.
fn text_of<const CAPACITY: usize>(stored: &FixedUnicode<CAPACITY>) -> String {
    String::from_utf8_lossy(stored.as_bytes()).into_owned()
}

/// Writes a scalar attribute.
pub(crate) fn write_attribute<T: hdf5::H5Type>(object: &hdf5::Location, name: &str, value: T) -> hdf5::Result<()> {
    object.new_attr::<T>().create(name)?.write_scalar(&value)
}

/// Reads a scalar attribute.
pub(crate) fn read_attribute<T: hdf5::H5Type>(object: &hdf5::Location, name: &str) -> hdf5::Result<T> {
    object.attr(name)?.read_scalar()
}
