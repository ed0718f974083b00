//! NPZ, what `numpy.savez` writes: a zip file of arrays, each an NPY file (`array`).
//!
//! | array | shape | meaning |
//! |---|---|---|
//! | `positions` | N × 2 or N × 3; F × N × 2 or F × N × 3 of F frames | coordinates, wrapped or not |
//! | `diameters`, or `radii` | N, or F × N | sizes |
//! | `types` | N, or F × N | types of particles, numbers or names, for `--diameters` |
//! | `box` | one side, the sides, or the vectors of the box in rows | of all frames |
//! | `masses` | any | not used; whether they differ is said |

mod array;

use crate::ReadOptions;
use crate::frames::FrameRange;
use crate::masses::Masses;
use crate::numbered::{NumberedFrame, particles_max};
use crate::part::{WrongPart, wrong};
use crate::read_seek::ReadSeek;
use crate::sizes::{self, Measure};
use archive::memory_available;
use archive::record::Particles;
use array::Array;
use realization::config::excerpt;
use realization::particles::{FoundBox, Points};
use zip::ZipArchive;

/// How a zip file begins.
pub(crate) const MAGIC: &[u8] = b"PK\x03\x04";

/// The arrays and the frames made of them stand side by side.
const SHARE_OF_MEMORY: u64 = 8;

/// The frames of a file that are asked for.
pub(crate) fn frames(
    file: Box<dyn ReadSeek>,
    options: &ReadOptions,
    masses: &mut Masses,
) -> Result<Vec<NumberedFrame>, WrongPart> {
    let mut arrays = Arrays::open(file)?;
    let positions = arrays.needed("positions")?;
    let (count, particles, columns) = match positions.shape[..] {
        [particles, columns @ 2..=3] => (1, particles, columns),
        [frames, particles, columns @ 2..=3] => (frames, particles, columns),
        _ => return Err(positions.unlike("N × 2 or N × 3, or frames × N × 2 or 3")),
    };
    if particles == 0 {
        return Err(wrong("the array positions", "has no particles"));
    }
    let edges = arrays.needed("box")?;
    let found_box = found_box(&edges)?;
    let sizes = Sizes::read(&mut arrays, options, [count, particles])?;
    let range: FrameRange = options.frames;
    let numbers: Vec<usize> = range.numbers(count).collect();
    if (particles as u64).saturating_mul(numbers.len() as u64) > particles_max() {
        return Err(wrong("the array positions", "is more than memory has room for; choose frames with --frames"));
    }
    let coordinates = positions.numbers()?;
    let of_frame = particles * columns;
    let frame = |number: usize| {
        let rows = coordinates[number * of_frame..(number + 1) * of_frame].chunks_exact(columns);
        let frame = frame(number, found_box.clone(), rows, &sizes)?;
        let sides = &frame.box_sides;
        // So many sides may as well be one for each frame.
        if count > 1 && edges.shape == [count] && sides.iter().any(|side| *side != sides[0]) {
            return Err(wrong(
                "the array box",
                format!(
                    "is {:?}: the sides of one box, or one side for each of the {count} frames; accepted: the vectors of \
                     one box in rows, numpy.diag(box), or a file for each box",
                    edges.numbers()?
                ),
            ));
        }
        Ok(NumberedFrame { number, frame, masses_differ: false })
    };
    if arrays.has("masses") {
        arrays.needed("masses")?.numbers()?.iter().for_each(|&mass| masses.add(mass));
    }
    numbers.into_iter().map(frame).collect()
}

fn frame<'a>(
    number: usize,
    found_box: FoundBox,
    rows: impl Iterator<Item = &'a [f64]>,
    sizes: &Sizes,
) -> Result<Particles, WrongPart> {
    let mut points = Points::within(found_box);
    for (particle, row) in rows.enumerate() {
        let named = |what: String| wrong("the array positions", format!("frame {number}, particle {particle}: {what}"));
        if let Some(value) = row.iter().find(|value| !value.is_finite()) {
            return Err(named(format!("a coordinate is {value}")));
        }
        points.add([row[0], row[1]], row.get(2).copied()).map_err(named)?;
    }
    Ok(points.particles(sizes.of_frame(number).to_vec()))
}

/// The box: one side, the sides, or its vectors in rows.
fn found_box(array: &Array) -> Result<FoundBox, WrongPart> {
    let edges = array.numbers()?;
    let found = match array.shape[..] {
        [] => FoundBox::of_sides(&edges[..1]),
        [2 | 3] => FoundBox::of_sides(edges),
        [width @ 2, 2] | [width @ 3, 3] => {
            let rows: Vec<Vec<f64>> = edges.chunks(width).map(<[f64]>::to_vec).collect();
            FoundBox::of_vectors(&rows).ok_or_else(|| "its first two vectors do not lie along x and y".to_owned())
        }
        _ => return Err(array.unlike("one side, the sides, or the vectors of the box in rows")),
    };
    found.map_err(|what| wrong("the array box", format!("is {edges:?}: {what}")))
}

/// Diameters of the particles of each frame.
struct Sizes {
    diameters: Vec<f64>,
    particles: usize,
    /// Whether all frames have the same.
    fixed: bool,
}

impl Sizes {
    fn read(arrays: &mut Arrays, options: &ReadOptions, [frames, particles]: [usize; 2]) -> Result<Sizes, WrongPart> {
        let places = ["diameters", "radii", "types"].map(|name| arrays.has(name).then_some(name));
        let (name, measure) = sizes::choose(places, options.diameters.as_ref())
            .map_err(|what| wrong("the file", format!("has {what}")))?;
        let array = arrays.needed(name)?;
        let fixed = array.shape == [particles];
        if !fixed && array.shape != [frames, particles] {
            return Err(array.unlike(&format!("{particles}, as positions say, or {frames} × {particles}")));
        }
        let diameter = |(place, size): (usize, Result<f64, String>)| {
            size.map_err(|what| wrong(array.place(), format!("particle {}: {what}", place % particles.max(1))))
        };
        let diameters: Result<Vec<f64>, WrongPart> = match measure {
            Measure::Type(given) => {
                array.names()?.iter().map(|name| given.of(name)).enumerate().map(diameter).collect()
            }
            _ => array.numbers()?.iter().map(|&size| measure.diameter(size)).enumerate().map(diameter).collect(),
        };
        Ok(Sizes { diameters: diameters?, particles, fixed })
    }

    fn of_frame(&self, number: usize) -> &[f64] {
        let first = if self.fixed { 0 } else { number * self.particles };
        &self.diameters[first..first + self.particles]
    }
}

/// An open file.
struct Arrays {
    file: ZipArchive<Box<dyn ReadSeek>>,
    memory: u64,
}

impl Arrays {
    fn open(file: Box<dyn ReadSeek>) -> Result<Self, WrongPart> {
        let file = ZipArchive::new(file);
        let file =
            file.map_err(|cause| wrong("the zip file", format!("cannot be read: {}", excerpt(&cause.to_string()))))?;
        Ok(Arrays { file, memory: memory_available() / SHARE_OF_MEMORY })
    }

    fn has(&self, name: &str) -> bool {
        self.file.index_for_name(&file_name(name)).is_some()
    }

    fn needed(&mut self, name: &'static str) -> Result<Array, WrongPart> {
        let at = format!("the array {name}");
        if !self.has(name) {
            let names: Vec<String> = self.file.file_names().take(8).flatten().map(|name| excerpt(&name)).collect();
            return Err(wrong(at, format!("is missing; the file has {}", names.join(", "))));
        }
        match self.file.by_name(&file_name(name)) {
            Ok(file) => Array::read(name, file, self.memory).map_err(|what| wrong(at, what)),
            Err(cause) => Err(wrong(at, format!("cannot be read: {}", excerpt(&cause.to_string())))),
        }
    }
}

/// The name of an array's file.
fn file_name(array: &str) -> String {
    format!("{array}.npy")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    /// The frames of a file of these arrays.
    fn read(arrays: &[(&str, &[usize], &[f64])]) -> (Result<Vec<NumberedFrame>, WrongPart>, Masses) {
        let mut file = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (name, shape, values) in arrays {
            file.start_file(file_name(name), stored).expect("begun");
            let shape: String = shape.iter().map(|length| format!("{length}, ")).collect();
            let header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape}), }}\n");
            file.write_all(b"\x93NUMPY\x01\x00").expect("written");
            file.write_all(&(header.len() as u16).to_le_bytes()).expect("written");
            file.write_all(header.as_bytes()).expect("written");
            values.iter().for_each(|value| file.write_all(&value.to_le_bytes()).expect("written"));
        }
        let mut masses = Masses::default();
        let frames = frames(Box::new(file.finish().expect("written")), &ReadOptions::default(), &mut masses);
        (frames, masses)
    }

    #[test]
    fn as_many_different_sides_as_frames_are_refused() {
        let two = [1.0, 2.0, 3.0, 0.5];
        let plane = |frames: usize, shape: &[usize], sides: &[f64]| {
            let positions = two.repeat(frames);
            read(&[("positions", &[frames, 2, 2], &positions), ("diameters", &[2], &[1.0; 2]), ("box", shape, sides)]).0
        };
        let sides =
            |found: Result<Vec<NumberedFrame>, WrongPart>| found.map(|frames| frames[0].frame.box_sides.clone());
        assert_eq!(sides(plane(1, &[2], &[4.0, 5.0])), Ok(vec![4.0, 5.0]));
        assert_eq!(sides(plane(3, &[2], &[4.0, 5.0])), Ok(vec![4.0, 5.0]));
        assert_eq!(sides(plane(2, &[2], &[4.0, 4.0])), Ok(vec![4.0, 4.0]));
        assert_eq!(sides(plane(3, &[3], &[4.0, 4.0, 1.0])), Ok(vec![4.0, 4.0]));
        // As the remedy says.
        assert_eq!(sides(plane(2, &[2, 2], &[4.0, 0.0, 0.0, 5.0])), Ok(vec![4.0, 5.0]));
        for (frames, ends) in [(2, &[4.0, 5.0][..]), (3, &[4.0, 5.0, 6.0])] {
            let (part, what) = plane(frames, &[frames], ends).expect_err("two meanings");
            assert!(part == "the array box" && what.contains(&format!("each of the {frames} frames")), "{part} {what}");
            assert!(what.contains("numpy.diag(box)"), "{what}");
        }
        let space = [1.0, 2.0, 3.0, 3.0, 0.5, 2.0].repeat(3);
        let cubes = |ends: &[f64]| {
            read(&[("positions", &[3, 2, 3], &space), ("diameters", &[2], &[1.0; 2]), ("box", &[3], ends)]).0
        };
        assert_eq!(sides(cubes(&[4.0; 3])), Ok(vec![4.0; 3]));
        assert!(cubes(&[4.0, 4.0, 5.0]).is_err());
    }

    #[test]
    fn masses_that_differ_are_noticed() {
        let with = |masses: &[f64]| {
            let glass: [(&str, &[usize], &[f64]); 4] = [
                ("positions", &[2, 2], &[1.0, 2.0, 3.0, 0.5]),
                ("diameters", &[2], &[1.0; 2]),
                ("box", &[], &[4.0]),
                ("masses", &[2], masses),
            ];
            let (frames, masses) = read(&glass);
            assert!(frames.is_ok());
            masses.differ()
        };
        assert!(!with(&[2.0, 2.0]) && with(&[1.0, 2.0]));
    }
}
