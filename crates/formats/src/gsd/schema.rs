//! The schema of particles: which chunk says what, and what holds where a frame has none of its own.

use super::container::{Container, text};
use crate::ReadOptions;
use crate::frames::FrameRange;
use crate::masses::Masses;
use crate::numbered::{NumberedFrame, particles_max};
use crate::part::{WrongPart, wrong};
use crate::read_seek::ReadSeek;
use crate::sizes::{self, Measure};
use archive::record::Particles;
use realization::particles::{FoundBox, Points};

/// The frames of a file that are asked for.
pub(crate) fn frames(
    file: Box<dyn ReadSeek>,
    options: &ReadOptions,
    masses: &mut Masses,
) -> Result<Vec<NumberedFrame>, WrongPart> {
    let mut file = Container::open(file)?;
    let count = usize::try_from(file.frames()).unwrap_or(usize::MAX);
    let mut snapshot = Snapshot { file: &mut file, frame: 0, particles: 0, first_particles: 0 };
    snapshot.first_particles = snapshot.own_particles(0)?.unwrap_or(0);
    let range: FrameRange = options.frames;
    let mut frames = Vec::new();
    let mut room = particles_max();
    for number in range.numbers(count) {
        snapshot.frame = number as u64;
        snapshot.particles = snapshot.own_particles(number as u64)?.unwrap_or(snapshot.first_particles);
        // What a frame inherits costs its file nothing.
        room = room.saturating_sub(snapshot.particles as u64 + 1);
        if room == 0 {
            return Err(wrong(snapshot.place(""), "is more than memory has room for; choose frames with --frames"));
        }
        let frame = snapshot.read(options)?;
        if let Some((values, _)) = snapshot.values("particles/mass")? {
            values.into_iter().for_each(|mass| masses.add(mass));
        }
        frames.push(NumberedFrame { number, frame, masses_differ: false });
    }
    Ok(frames)
}

/// One frame of a file.
struct Snapshot<'a> {
    file: &'a mut Container,
    frame: u64,
    particles: usize,
    first_particles: usize,
}

impl Snapshot<'_> {
    fn place(&self, chunk: &str) -> String {
        match chunk {
            "" => format!("frame {}", self.frame),
            _ => format!("frame {}, chunk {chunk},", self.frame),
        }
    }

    /// How many particles the frame says itself that it has.
    fn own_particles(&mut self, frame: u64) -> Result<Option<usize>, WrongPart> {
        let found = self.file.values(frame, "particles/N")?;
        Ok(found.and_then(|(values, _)| values.first().map(|&count| count as usize)))
    }

    /// The values of a chunk and how many stand in a row: its own, or those of frame 0, which hold for particles only if
    /// there are as many.
    fn values(&mut self, name: &str) -> Result<Option<(Vec<f64>, usize)>, WrongPart> {
        if let Some(own) = self.file.values(self.frame, name)? {
            return Ok(Some(own));
        }
        let of_particles = name.starts_with("particles/") && name != "particles/types";
        match self.frame > 0 && (!of_particles || self.particles == self.first_particles) {
            true => self.file.values(0, name),
            false => Ok(None),
        }
    }

    /// The values of a chunk with `columns` for each particle.
    fn of_particles(&mut self, name: &str, columns: usize) -> Result<Option<Vec<f64>>, WrongPart> {
        let Some((values, found)) = self.values(name)? else { return Ok(None) };
        if found != columns || values.len() / columns != self.particles {
            let rows = values.len().checked_div(found).unwrap_or(0);
            let what = format!("has {rows} × {found} values for {} particles, not {columns} each", self.particles);
            return Err(wrong(self.place(name), what));
        }
        Ok(Some(values))
    }

    fn read(&mut self, options: &ReadOptions) -> Result<Particles, WrongPart> {
        if self.particles == 0 {
            return Err(wrong(self.place("particles/N"), "has no particles"));
        }
        let edges = self.values("configuration/box")?.map_or(vec![1.0, 1.0, 1.0, 0.0, 0.0, 0.0], |(values, _)| values);
        let at = self.place("configuration/box");
        let [x, y, z, xy, xz, yz] = edges[..] else {
            return Err(wrong(at, format!("has {} numbers, not six", edges.len())));
        };
        if [xy, xz, yz] != [0.0; 3] {
            return Err(wrong(at, format!("is {edges:?}: the box is triclinic; boxes along the axes are read")));
        }
        let found_box = FoundBox::of_sides(&[x, y, z]).map_err(|what| wrong(at, format!("is {edges:?}: {what}")))?;
        let positions = self.of_particles("particles/position", 3)?;
        let at = self.place("particles/position");
        let positions = positions.ok_or_else(|| wrong(&at, "is missing"))?;
        let mut points = Points::within(found_box);
        for (particle, position) in positions.chunks_exact(3).enumerate() {
            let named = |what: String| wrong(&at, format!("particle {particle}: {what}"));
            if let Some(value) = position.iter().find(|value| !value.is_finite()) {
                return Err(named(format!("a coordinate is {value}")));
            }
            points.add([position[0], position[1]], Some(position[2])).map_err(named)?;
        }
        Ok(points.particles(self.diameters(options)?))
    }

    fn diameters(&mut self, options: &ReadOptions) -> Result<Vec<f64>, WrongPart> {
        let diameters = self.of_particles("particles/diameter", 1)?;
        let places = [diameters.as_ref().map(|_| "particles/diameter"), None, Some("particles/typeid")];
        let (name, measure) = sizes::choose(places, options.diameters.as_ref())
            .map_err(|what| wrong(self.place(""), format!("has {what}")))?;
        let at = self.place(name);
        let named = |(particle, what): (usize, String)| wrong(&at, format!("particle {particle}: {what}"));
        let Measure::Type(given) = measure else {
            let sizes = diameters.unwrap_or_default().into_iter().enumerate();
            let sizes = sizes.map(|(particle, size)| measure.diameter(size).map_err(|what| (particle, what)));
            return sizes.collect::<Result<_, _>>().map_err(named);
        };
        // Without chunks all particles are of type A.
        let ids = self.of_particles("particles/typeid", 1)?.unwrap_or_else(|| vec![0.0; self.particles]);
        let names = match self.values("particles/types")? {
            Some((values, columns)) => values.chunks(columns.max(1)).map(name_of).collect(),
            None => vec!["A".to_owned()],
        };
        let of = |(particle, id): (usize, f64)| {
            let name = names.get(id as usize).filter(|_| id >= 0.0);
            let name = name.ok_or_else(|| (particle, format!("the type {id} has no name in particles/types")))?;
            given.of(name).map_err(|what| (particle, what))
        };
        ids.into_iter().enumerate().map(of).collect::<Result<_, _>>().map_err(named)
    }
}

/// The name of a type, of which each value is a character.
fn name_of(values: &[f64]) -> String {
    text(&values.iter().map(|&value| value as i64 as u8).collect::<Vec<_>>())
}
