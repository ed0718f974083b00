//! What the comment line says of a frame: the box, and which columns hold what.

use super::comment::{KeyValue, entries};
use crate::ReadOptions;
use crate::sizes::{self, Measure};
use crate::text::{Wrong, finite, number, words};
use realization::config::excerpt;
use realization::particles::{FoundBox, Points};

/// An example of what is needed, for messages.
const EXAMPLE: &str = "Lattice=\"L 0 0 0 L 0 0 0 1\" Properties=species:S:1:pos:R:3:diameter:R:1";

/// Most columns a line may have.
const COLUMNS_MAX: usize = 1_000_000;

/// What the comment line says of a frame.
pub(super) struct Header<'a> {
    pub(super) found_box: FoundBox,
    /// First column of the position, from 0, and how many it has.
    position: (usize, usize),
    /// Column of what says its size, from 0.
    size: (usize, Measure<'a>),
    /// Column of its mass, from 0.
    pub(super) mass: Option<usize>,
    columns: usize,
}

impl<'a> Header<'a> {
    pub(super) fn parse(comment: &str, options: &'a ReadOptions) -> Result<Self, Wrong> {
        let found = entries(comment)?;
        let missing = |what: &str| match found.is_empty() && !comment.trim().is_empty() {
            true => {
                let line = excerpt(comment.trim());
                (
                    1,
                    format!(
                        "no {what}: the line `{line}` is plain text; write box and columns there, as in {EXAMPLE}, or give --box and --diameters"
                    ),
                )
            }
            false => (1, format!("no {what}: expected as in {EXAMPLE}")),
        };
        let lattice = only(&found, "Lattice")?.ok_or_else(|| missing("Lattice"))?;
        let properties = only(&found, "Properties")?.ok_or_else(|| missing("Properties"))?;
        let mut found_box = spanned(lattice)?;
        if let Some(pbc) = only(&found, "pbc")?
            && !periodic_along_z(pbc)?
        {
            found_box = found_box.open_along_z();
        }
        let columns = Columns::parse(properties)?;
        let at = properties.column;
        let position = columns.position.ok_or_else(|| (at, "Properties has no pos:R:2 or pos:R:3".to_owned()))?;
        let places = [columns.diameter, columns.radius, columns.species];
        let size = sizes::choose(places, options.diameters.as_ref());
        let size =
            size.map_err(|what| (at, format!("Properties has {what} (diameter:R:1, radius:R:1, species:S:1)")))?;
        Ok(Header { found_box, position, size, mass: columns.mass, columns: columns.count })
    }

    /// Adds the position of the particle that a line describes to `points`, and returns its diameter.
    pub(super) fn particle(&self, line: &str, points: &mut Points) -> Result<f64, Wrong> {
        let words = words(line);
        if words.len() != self.columns {
            // Where the first superfluous one stands, or where the next would.
            let column = words.get(self.columns).map_or(line.chars().count() + 1, |&(column, _)| column);
            return Err((column, format!("{} columns where Properties has {}", words.len(), self.columns)));
        }
        let (first, width) = self.position;
        let position = [finite(words[first], "x")?, finite(words[first + 1], "y")?];
        let last = words[first + width - 1];
        let height = (width == 3).then(|| finite(last, "z")).transpose()?;
        points.add(position, height).map_err(|what| (last.0, what))?;
        let (column, measure) = self.size;
        let (at, word) = words[column];
        let diameter = match measure {
            Measure::Type(given) => given.of(word),
            _ => measure.diameter(finite((at, word), "the size of a particle")?),
        };
        diameter.map_err(|what| (at, what))
    }
}

/// The entry of this key, written in capitals or not.
fn only<'a>(found: &'a [KeyValue], key: &str) -> Result<Option<&'a KeyValue>, Wrong> {
    let mut named = found.iter().filter(|entry| entry.key.eq_ignore_ascii_case(key));
    let first = named.next();
    match named.next() {
        None => Ok(first),
        Some(second) => Err((second.column, format!("{key} a second time; leave one of them out"))),
    }
}

/// Which columns the particles' lines have.
#[derive(Default)]
struct Columns {
    position: Option<(usize, usize)>,
    diameter: Option<usize>,
    radius: Option<usize>,
    species: Option<usize>,
    mass: Option<usize>,
    count: usize,
}

impl Columns {
    fn parse(properties: &KeyValue) -> Result<Columns, Wrong> {
        let wrong = |what: String| (properties.column, what);
        let fields: Vec<&str> = properties.text.split(':').collect();
        if !fields.len().is_multiple_of(3) {
            return Err(wrong(format!("Properties has {} fields, not triples name:type:columns", fields.len())));
        }
        let mut columns = Columns::default();
        for field in fields.chunks_exact(3) {
            let (name, kind, width) = (field[0], field[1], field[2]);
            if !matches!(kind, "S" | "I" | "R" | "L") {
                let kind = excerpt(kind);
                return Err(wrong(format!(
                    "Properties: `{kind}` of {} is none of the types S, I, R, L",
                    excerpt(name)
                )));
            }
            let width: usize = width.parse().ok().filter(|&width| width > 0).ok_or_else(|| {
                wrong(format!("Properties: `{}` of {} is not a number of columns", excerpt(width), excerpt(name)))
            })?;
            if width > COLUMNS_MAX - columns.count {
                return Err(wrong(format!("Properties has more than {COLUMNS_MAX} columns")));
            }
            let start = columns.count;
            columns.count += width;
            let earlier = match name.to_ascii_lowercase().as_str() {
                "pos" | "position" if width == 2 || width == 3 => columns.position.replace((start, width)).is_some(),
                "pos" | "position" => {
                    return Err(wrong(format!("positions have {width} columns; 2 or 3 are accepted")));
                }
                "diameter" if width == 1 => columns.diameter.replace(start).is_some(),
                "radius" if width == 1 => columns.radius.replace(start).is_some(),
                "species" if width == 1 => columns.species.replace(start).is_some(),
                "mass" | "masses" if width == 1 => columns.mass.replace(start).is_some(),
                _ => false,
            };
            if earlier {
                return Err(wrong(format!("Properties has {name} twice")));
            }
        }
        Ok(columns)
    }
}

/// The box of a lattice (X, 0, …), (0, Y, …): nine numbers, four in two dimensions, or the three sides.
fn spanned(lattice: &KeyValue) -> Result<FoundBox, Wrong> {
    let mut numbers = Vec::with_capacity(9);
    for word in lattice.words.iter().take(10) {
        let value = number(&word.text);
        numbers.push(
            value.ok_or_else(|| (word.column, format!("Lattice: `{}` is not a finite number", excerpt(&word.text))))?,
        );
    }
    let counts = (lattice.words.len(), &lattice.rows[..]);
    let rows = |width: usize| FoundBox::of_vectors(&numbers.chunks(width).map(<[f64]>::to_vec).collect::<Vec<_>>());
    let spanned = match counts {
        (9, [] | [3, 3, 3]) => rows(3),
        (4, [] | [2, 2]) => rows(2),
        (3, []) => FoundBox::of_sides(&numbers).ok(),
        (count, []) => {
            return Err((lattice.column, format!("Lattice has {count} numbers, not 9 (or 4 in two dimensions)")));
        }
        (_, rows) => {
            return Err((lattice.column, format!("Lattice has {} rows, not 3 of 3 numbers (or 2 of 2)", rows.len())));
        }
    };
    spanned.ok_or_else(|| {
        (lattice.column, format!("Lattice `{}` is no box of positive sides along x and y", excerpt(&lattice.text)))
    })
}

/// Whether the box is periodic along z, too; refuses what is not periodic along x and y.
fn periodic_along_z(pbc: &KeyValue) -> Result<bool, Wrong> {
    let mut flags = Vec::with_capacity(3);
    for word in pbc.words.iter().take(4) {
        flags.push(match &*word.text {
            "T" | "t" | "True" | "true" | "TRUE" | "1" => true,
            "F" | "f" | "False" | "false" | "FALSE" | "0" => false,
            other => return Err((word.column, format!("pbc: `{}` is neither T nor F", excerpt(other)))),
        });
    }
    let shown = excerpt(&pbc.text);
    match flags[..] {
        [true] | [true, true, true] => Ok(true),
        [true, true] | [true, true, false] => Ok(false),
        [_] | [_, _] | [_, _, _] => {
            Err((pbc.column, format!("pbc `{shown}`: the glass must be periodic along x and y")))
        }
        _ => Err((pbc.column, format!("pbc `{shown}`: expected T or F for each of the three axes"))),
    }
}
