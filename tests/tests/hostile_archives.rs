//! Archives that another program changed, each object of HDF5 in its own way: read or refused by whatever reads archives,
//! never a panic, an abort or a hang. HDF5's checksums are right in all of them.
//!
//! `GLASSMODES_MUTATIONS` multiplies how many are tried, for nights.

use analysis::{Ensemble, Measures, Selection};
use archive::schema::{Dataset, Element, SCHEMA, Table};
use archive::{Archive, ArchiveError, MergeOptions, Present, VerifyOptions, merge, read_if_present, verify};
use glassmodes_tests::hostile::{Numbers, count, try_all};
use glassmodes_tests::{Campaign, small_campaign};
use hdf5::{File, H5Type, Location, Result};
use std::path::Path;

const FLOATS: [f64; 10] = [0.0, -0.0, 1.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, 5e-324, 1e17];
const WHOLES: [u64; 9] = [0, 1, 2, 1 << 20, 1 << 32, 1 << 40, i64::MAX as u64, u64::MAX - 1, u64::MAX];
const ATTRIBUTES: [&str; 8] =
    ["format", "format_version", "realizations", "config", "config_hash", "dimension", "thin", "software_version"];
const TEXTS: [&str; 6] =
    ["", "glassmodes", "\u{1b}[2J", "[campaign]\nrealizations = 1_000_000_000_000", "[[[", "1e999"];

/// One change of one object.
fn mutate(file: &File, numbers: &mut Numbers) -> Result<()> {
    let dataset = &SCHEMA[numbers.below(SCHEMA.len())];
    match numbers.below(10) {
        0..=3 => change_number(file, dataset, numbers),
        4..=5 => change_shape(file, dataset, numbers),
        6 => change_type(file, dataset, numbers),
        7 => change_links(file, dataset, numbers),
        _ => change_attribute(file, dataset, numbers),
    }
}

fn change_number(file: &File, dataset: &Dataset, numbers: &mut Numbers) -> Result<()> {
    let (float, whole) = (FLOATS[numbers.below(FLOATS.len())], WHOLES[numbers.below(WHOLES.len())]);
    match dataset.element {
        Element::F64 => overwrite(file, dataset.path, numbers, float),
        Element::U64 => overwrite(file, dataset.path, numbers, whole),
        Element::I64 => overwrite(file, dataset.path, numbers, whole as i64),
        Element::U32 => overwrite(file, dataset.path, numbers, whole as u32),
        Element::I8 | Element::Group | Element::Kind | Element::Name | Element::Text => Ok(()),
    }
}

fn overwrite<T: H5Type + Clone>(file: &File, path: &str, numbers: &mut Numbers, value: T) -> Result<()> {
    let dataset = file.dataset(path)?;
    let mut values = dataset.read_raw::<T>()?;
    if !values.is_empty() {
        let at = numbers.below(values.len());
        values[at] = value;
    }
    dataset.write_raw(&values)
}

/// One axis longer, shorter, gone or of nothing; what fits is kept.
fn change_shape(file: &File, dataset: &Dataset, numbers: &mut Numbers) -> Result<()> {
    let mut shape = file.dataset(dataset.path)?.shape();
    let axis = numbers.below(shape.len());
    match numbers.below(6) {
        0 => shape[axis] += 1,
        1 => shape[axis] = shape[axis].saturating_sub(1),
        2 => shape[axis] = 0,
        3 => shape[axis] *= 2,
        4 => shape.push(2),
        _ => drop(shape.remove(axis)),
    }
    match dataset.element {
        Element::F64 => replace::<f64>(file, dataset.path, &shape),
        Element::U64 => replace::<u64>(file, dataset.path, &shape),
        Element::I64 => replace::<i64>(file, dataset.path, &shape),
        Element::U32 => replace::<u32>(file, dataset.path, &shape),
        Element::I8 | Element::Group | Element::Kind | Element::Name | Element::Text => Ok(()),
    }
}

fn replace<T: H5Type + Clone + Default>(file: &File, path: &str, shape: &[usize]) -> Result<()> {
    let mut values = file.dataset(path)?.read_raw::<T>()?;
    values.resize(shape.iter().product(), T::default());
    file.unlink(path)?;
    let made = file.new_dataset::<T>().shape(shape).create(path)?;
    if values.is_empty() { Ok(()) } else { made.write_raw(&values) }
}

fn change_type(file: &File, dataset: &Dataset, numbers: &mut Numbers) -> Result<()> {
    let shape = file.dataset(dataset.path)?.shape();
    file.unlink(dataset.path)?;
    let new = |made: Result<hdf5::Dataset>| made.map(|_| ());
    match numbers.below(5) {
        0 => new(file.new_dataset::<f32>().shape(shape).create(dataset.path)),
        1 => new(file.new_dataset::<u64>().shape(shape).create(dataset.path)),
        2 => new(file.new_dataset::<f64>().shape(shape).create(dataset.path)),
        3 => new(file.new_dataset::<hdf5::types::VarLenUnicode>().shape(shape).create(dataset.path)),
        // Claimed, and never written.
        _ => new(file.new_dataset::<f64>().chunk((1, 1)).shape((1 << 40, 1 << 10)).create(dataset.path)),
    }
}

fn change_links(file: &File, dataset: &Dataset, numbers: &mut Numbers) -> Result<()> {
    let other = SCHEMA[numbers.below(SCHEMA.len())].path;
    let group = dataset.path.rsplit_once('/').map_or("/", |(group, _)| group);
    if numbers.below(4) == 0 && group != "/" && !group.is_empty() {
        return file.unlink(group);
    }
    file.unlink(dataset.path)?;
    match numbers.below(5) {
        0 => Ok(()),
        1 => file.create_group(dataset.path).map(|_| ()),
        2 => file.link_soft(dataset.path, dataset.path),
        3 => file.link_hard(other, dataset.path),
        _ => file.link_soft(other, dataset.path),
    }
}

fn change_attribute(file: &File, dataset: &Dataset, numbers: &mut Numbers) -> Result<()> {
    let of_file = numbers.below(3) > 0;
    let (place, name): (&Location, _) = match (&**file, file.dataset(dataset.path)) {
        (_, Ok(dataset)) if !of_file => return set(&dataset, ["unit", "description"][numbers.below(2)], numbers),
        (place, _) => (place, ATTRIBUTES[numbers.below(ATTRIBUTES.len())]),
    };
    set(place, name, numbers)
}

fn set(place: &Location, name: &str, numbers: &mut Numbers) -> Result<()> {
    if place.attr(name).is_ok() {
        place.delete_attr(name)?;
    }
    match numbers.below(4) {
        0 => Ok(()),
        1 => place.new_attr::<u64>().create(name)?.write_scalar(&WHOLES[numbers.below(WHOLES.len())]),
        2 => place.new_attr::<f64>().create(name)?.write_scalar(&FLOATS[numbers.below(FLOATS.len())]),
        _ => {
            let text: hdf5::types::VarLenUnicode = TEXTS[numbers.below(TEXTS.len())].parse().unwrap_or_default();
            place.new_attr::<hdf5::types::VarLenUnicode>().create(name)?.write_scalar(&text)
        }
    }
}

/// Everything that is read of an archive, and measured, which takes long, if so wanted. Whether there was no error.
fn read_all(path: &Path, scratch: &Path, measure: bool) -> bool {
    let sound = verify(path, &VerifyOptions::default()).is_sound();
    let rows = |archive: &Archive| -> std::result::Result<(), ArchiveError> {
        archive.realizations()?;
        archive.modes()?;
        archive.failures()?;
        archive.records(0..archive.len()?).map(drop)
    };
    let read = matches!(read_if_present(path, rows), Ok(Present::Sound(())));
    let merged = merge(&[path.to_owned()], scratch, &MergeOptions { force: true, ..MergeOptions::default() }).is_ok();
    let measured = Ensemble::open(path)
        .and_then(|ensemble| if measure { Measures::of(&ensemble, &Selection::default(), 1).map(drop) } else { Ok(()) })
        .is_ok();
    assert!(!sound || (read && merged && measured), "sound, but read {read}, merged {merged}, measured {measured}");
    read && merged && measured
}

#[test]
fn archives_with_changed_objects_are_read_or_refused() {
    let campaign = Campaign::new(&small_campaign(4));
    campaign.run("whole", &[]).expect_code(0);
    let whole = std::fs::read(campaign.archive("whole")).expect("readable");
    let scratch = campaign.path("merged.h5");
    assert!(SCHEMA.iter().any(|dataset| dataset.table == Table::Modes));
    let mut numbers = Numbers(6);
    try_all("archives with changed objects", count(300), |number| {
        // A new file each time: a program that another test starts may inherit this one, and with it HDF5's lock.
        let path = campaign.path(&format!("changed-{number}.h5"));
        std::fs::write(&path, &whole).expect("writable");
        let file = File::open_rw(&path).expect("writable");
        for _ in 0..=numbers.below(2) {
            // A change that is not possible after another changes nothing.
            let _ = mutate(&file, &mut numbers);
        }
        file.close().expect("closed");
        let accepted = read_all(&path, &scratch, number % 20 == 0);
        std::fs::remove_file(&path).expect("there");
        accepted
    });
}
