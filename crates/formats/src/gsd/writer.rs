//! Glasses with mode vectors as a GSD file, in single precision as HOOMD-blue has it.

use super::{ENTRY_BYTES, HEADER_BYTES, MAGIC, NAME_BYTES, SCHEMA};
use glass::space::in_space;
use std::collections::HashSet;
use std::io::{self, Write};

/// Versions of file layer (2.0) and schema (1.4).
const FILE_LAYER: u32 = 2 << 16;
const SCHEMA_VERSION: u32 = 1 << 16 | 4;

/// A type of values: its number, and its width in bytes.
type Kind = (u8, usize);
const U8: Kind = (1, 1);
const U32: Kind = (3, 4);
const U64: Kind = (4, 8);
const F32: Kind = (9, 4);
const F64: Kind = (10, 8);

/// A file as it grows, frame by frame.
#[derive(Debug, Default)]
pub struct Frames {
    /// How many particles each frame has.
    particles: Vec<usize>,
    names: Vec<String>,
    /// Frame, number of the name, and the entry of the index.
    entries: Vec<(u64, u16, Vec<u8>)>,
    values: Vec<u8>,
}

impl Frames {
    /// Adds a frame: box, positions (around the origin, in two dimensions z = 0) and diameters in single precision; each vector as the
    /// logged quantity `log/particles/mode_K` (N × 3, double precision), its frequency as `log/omega_K`. Frames without a
    /// mode K that others have hold zeros there, because readers would otherwise take those of the first frame.
    ///
    /// `modes` are (position in the spectrum, ω, N × D vector); `step` is the frame's `configuration/step`.
    ///
    /// # Panics
    /// If the lengths differ.
    pub fn add<const D: usize>(
        &mut self,
        box_sides: [f64; D],
        positions: &[[f64; D]],
        diameters: &[f64],
        modes: &[(u32, f64, &[[f64; D]])],
        step: u64,
    ) {
        assert_eq!(positions.len(), diameters.len());
        assert!(modes.iter().all(|(_, _, vector)| vector.len() == positions.len()));
        let frame = self.particles.len() as u64;
        let inside = |axis: usize, coordinate: f64| {
            let (length, side) = (box_sides[axis], box_sides[axis] as f32);
            let rounded = (coordinate - length * (coordinate / length).round()) as f32;
            // HOOMD-blue asks for [−L/2, L/2).
            if rounded >= 0.5 * side { rounded - side } else { rounded }
        };
        self.chunk(frame, "configuration/step", U64, 1, step.to_le_bytes());
        self.chunk(frame, "configuration/dimensions", U8, 1, [D as u8]);
        let sides = [box_sides[0] as f32, box_sides[1] as f32, box_sides.get(2).map_or(1.0, |height| *height as f32)];
        let edges = sides.into_iter().chain([0.0; 3]);
        self.chunk(frame, "configuration/box", F32, 1, edges.flat_map(f32::to_le_bytes));
        self.chunk(frame, "particles/N", U32, 1, (positions.len() as u32).to_le_bytes());
        let around_origin =
            |position: &[f64; D]| -> [f64; D] { std::array::from_fn(|axis| f64::from(inside(axis, position[axis]))) };
        let places = positions.iter().flat_map(|position| in_space(&around_origin(position)));
        let places = places.map(|x| x as f32);
        self.chunk(frame, "particles/position", F32, 3, places.flat_map(f32::to_le_bytes));
        self.chunk(
            frame,
            "particles/diameter",
            F32,
            1,
            diameters.iter().flat_map(|&diameter| (diameter as f32).to_le_bytes()),
        );
        for (position, omega, vector) in modes {
            let rows = vector.iter().flat_map(in_space);
            self.chunk(frame, &format!("log/particles/mode_{position}"), F64, 3, rows.flat_map(f64::to_le_bytes));
            self.chunk(frame, &format!("log/omega_{position}"), F64, 1, omega.to_le_bytes());
        }
        self.particles.push(positions.len());
    }

    /// Adds a chunk of rows of `columns` values to a frame.
    fn chunk(
        &mut self,
        frame: u64,
        name: &str,
        (kind, width): Kind,
        columns: u32,
        values: impl IntoIterator<Item = u8>,
    ) {
        let begin = self.values.len();
        self.values.extend(values);
        let rows = (self.values.len() - begin) / width / columns as usize;
        let known = self.names.iter().position(|known| known == name);
        let id = known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        }) as u16;
        let mut entry = frame.to_le_bytes().to_vec();
        entry.extend((rows as u64).to_le_bytes());
        entry.extend(((HEADER_BYTES + begin) as u64).to_le_bytes());
        entry.extend(columns.to_le_bytes());
        entry.extend(id.to_le_bytes());
        entry.extend([kind, 0]);
        self.entries.push((frame, id, entry));
    }

    /// Gives every frame the vectors and frequencies that any has.
    fn complete(&mut self) {
        let there: HashSet<(u64, u16)> = self.entries.iter().map(|&(frame, id, _)| (frame, id)).collect();
        let logged = self.names.clone().into_iter().enumerate().filter(|(_, name)| name.starts_with("log/"));
        for (id, name) in logged {
            for (frame, count) in self.particles.clone().into_iter().enumerate() {
                let frame = frame as u64;
                match name.starts_with("log/particles/") {
                    _ if there.contains(&(frame, id as u16)) => {}
                    true => self.chunk(frame, &name, F64, 3, vec![0; 3 * 8 * count]),
                    false => self.chunk(frame, &name, F64, 1, [0; 8]),
                }
            }
        }
    }

    /// Writes the file: header, values, names, index; the last two with room to spare, as readers expect.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(mut self, out: &mut impl Write) -> io::Result<()> {
        self.complete();
        let padded = |mut bytes: Vec<u8>, width: usize| {
            bytes.resize((bytes.len() / width + 1) * width, 0);
            bytes
        };
        // Readers search for frame and name.
        self.entries.sort_by_key(|&(frame, id, _)| (frame, id));
        let names = padded(self.names.iter().flat_map(|name| name.bytes().chain([0])).collect(), NAME_BYTES);
        let index = padded(self.entries.into_iter().flat_map(|(_, _, entry)| entry).collect(), ENTRY_BYTES);
        let names_begin = HEADER_BYTES + self.values.len();
        let mut header = MAGIC.to_vec();
        let places = [names_begin + names.len(), index.len() / ENTRY_BYTES, names_begin, names.len() / NAME_BYTES];
        places.into_iter().for_each(|number| header.extend((number as u64).to_le_bytes()));
        header.extend(SCHEMA_VERSION.to_le_bytes());
        header.extend(FILE_LAYER.to_le_bytes());
        for word in ["glassmodes", SCHEMA] {
            header.extend(word.bytes().chain(std::iter::repeat(0)).take(64));
        }
        header.resize(HEADER_BYTES, 0);
        [header, self.values, names, index].iter().try_for_each(|part| out.write_all(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReadOptions;
    use crate::masses::Masses;

    #[test]
    fn masses_that_differ_are_noticed() {
        for (second, differ) in [(1.0, false), (2.5, true)] {
            let mut file = Frames::default();
            file.add::<2>([4.0; 2], &[[1.0, 2.0], [3.0, 0.5]], &[1.0; 2], &[], 0);
            file.chunk(0, "particles/mass", F32, 1, [1.0f32, second].into_iter().flat_map(f32::to_le_bytes));
            let (mut bytes, mut masses) = (Vec::new(), Masses::default());
            file.write(&mut bytes).expect("written");
            let found = super::super::frames(Box::new(io::Cursor::new(bytes)), &ReadOptions::default(), &mut masses);
            assert_eq!((found.map(|frames| frames.len()), masses.differ()), (Ok(1), differ), "{second}");
        }
    }
}
