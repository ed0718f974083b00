//! Atoms of one frame: lines of columns.

use super::bounds::Extent;
use crate::sizes::Measure;
use crate::text::{Fault, Wrong, finite, words};
use archive::record::Particles;
use realization::config::excerpt;
use realization::particles::{FoundBox, Points};

/// A column with a coordinate r = lower + length · value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coordinate {
    pub(super) column: usize,
    pub(super) extent: Extent,
}

impl Coordinate {
    /// A column with the coordinate itself.
    pub(super) fn plain(column: usize) -> Self {
        Coordinate { column, extent: Extent { lower: 0.0, length: 1.0 } }
    }

    fn read(self, words: &[(usize, &str)], name: &str) -> Result<f64, Wrong> {
        let value = finite(words[self.column], name)?;
        let coordinate = self.extent.lower + self.extent.length * value;
        let too_large = || (words[self.column].0, format!("{name} `{}` is too large", excerpt(words[self.column].1)));
        Some(coordinate).filter(|coordinate| coordinate.is_finite()).ok_or_else(too_large)
    }
}

/// Which columns the lines of atoms have, from 0.
#[derive(Debug, Clone)]
pub(super) struct Columns<'a> {
    /// How many a line has.
    pub(super) count: usize,
    /// How many whole numbers may follow them.
    pub(super) flags: usize,
    pub(super) id: Option<usize>,
    /// x, y, and z where there is one.
    pub(super) position: [Coordinate; 2],
    pub(super) height: Option<Coordinate>,
    pub(super) size: (usize, Measure<'a>),
}

/// Atoms as they come.
#[derive(Debug)]
pub(super) struct Atoms {
    points: Points,
    /// Of each of the points: row in the text, id, which is its number where there is none, and diameter; grown as lines
    /// come: how many there are is only claimed.
    found: Vec<(usize, u64, f64)>,
}

impl Atoms {
    pub(super) fn within(found_box: FoundBox) -> Self {
        Atoms { points: Points::within(found_box), found: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    /// Takes the atom that the line of index `row` describes.
    pub(super) fn add(&mut self, row: usize, line: &str, columns: &Columns<'_>) -> Result<(), Fault> {
        self.add_words(row, line, columns).map_err(|wrong| Fault::in_row(row, wrong))
    }

    fn add_words(&mut self, row: usize, line: &str, columns: &Columns<'_>) -> Result<(), Wrong> {
        let words = words(line);
        let most = columns.count + columns.flags;
        if words.len() != columns.count && words.len() != most {
            // Where the first superfluous one stands, or where the next would.
            let column = words.get(most).map_or(line.chars().count() + 1, |&(column, _)| column);
            let expected = match columns.flags {
                0 => format!("{most}"),
                _ => format!("{} or {most}", columns.count),
            };
            return Err((column, format!("{} columns where {expected} are expected", words.len())));
        }
        let whole = |(column, word): (usize, &str), what: &str| {
            word.parse::<i64>().map_err(|_| (column, format!("{what} `{}` is not a whole number", excerpt(word))))
        };
        for &flag in &words[columns.count..] {
            whole(flag, "the image flag")?;
        }
        let id = match columns.id {
            Some(column) => whole(words[column], "the id")?,
            None => self.found.len() as i64 + 1,
        };
        let id =
            u64::try_from(id).ok().filter(|&id| id > 0).ok_or_else(|| (1, format!("the id {id} is not above 0")))?;
        let [x, y] = columns.position;
        let position = [x.read(&words, "x")?, y.read(&words, "y")?];
        let height = columns.height.map(|z| z.read(&words, "z")).transpose()?;
        let at_z = columns.height.map_or(1, |z| words[z.column].0);
        self.points.add(position, height).map_err(|what| (at_z, what))?;
        let (column, measure) = columns.size;
        let (at, word) = words[column];
        let diameter = match measure {
            Measure::Type(given) => given.of(word),
            _ => measure.diameter(finite((at, word), "the size of an atom")?),
        };
        self.found.push((row, id, diameter.map_err(|what| (at, what))?));
        Ok(())
    }

    /// The particles that these atoms are, in the order of their ids.
    pub(super) fn particles(self) -> Result<Particles, Fault> {
        let Atoms { points, found } = self;
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by_key(|&atom| (found[atom].1, found[atom].0));
        let same = |pair: &&[usize]| found[pair[0]].1 == found[pair[1]].1;
        if let Some(&[first, second]) = order.windows(2).find(same) {
            let what = format!("the id {} a second time, after line {}", found[second].1, found[first].0 + 1);
            return Err(Fault::in_row(found[second].0, (1, what)));
        }
        let diameters = order.iter().map(|&atom| found[atom].2).collect();
        Ok(points.in_order(order.into_iter()).particles(diameters))
    }
}
