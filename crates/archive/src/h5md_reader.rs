//! Glasses from H5MD files of others (H5MD 1.1, doi:10.1016/j.cpc.2014.01.018).
//!
//! Of the first group below `/particles` that has positions, every frame is read: `position`,
//! `diameter` or `radius`, and `box/edges`, each constant in time (a dataset or attribute) or not (a
//! group with `value`).

use crate::error::ArchiveError;
use crate::record::Frame;
use crate::storage::{self, in_plain_words};
use ndarray::{ArrayD, Axis, IxDyn};
use std::path::Path;

/// All frames of the H5MD file at `path`.
///
/// # Errors
/// [`ArchiveError::Io`] if there is no such file; [`ArchiveError::Glass`] names the dataset that is
/// missing or not as it must be: two dimensions (or three with z = 0), a square box, positive sizes.
pub fn read_h5md(path: &Path) -> Result<Vec<Frame>, ArchiveError> {
    if let Err(cause) = std::fs::File::open(path) {
        return Err(ArchiveError::Io { path: path.to_owned(), action: "open", cause });
    }
    let wrong = |object: &str, problem: String| ArchiveError::Glass {
        path: path.to_owned(),
        object: object.to_owned(),
        problem,
    };
    let words = |cause: hdf5::Error| in_plain_words(&cause);
    let file = storage::open(path).map_err(|cause| wrong("/", format!("cannot be opened: {}", words(cause))))?;
    let particles = file.group("particles").map_err(|_| wrong("/particles", "is missing".to_owned()))?;
    let names = particles.member_names().map_err(|cause| wrong("/particles", words(cause)))?;
    let name = names
        .iter()
        .find(|name| particles.link_exists(&format!("{name}/position")))
        .ok_or_else(|| wrong("/particles", "has no group with positions".to_owned()))?;
    let group = particles.group(name).map_err(|cause| wrong(name, words(cause)))?;
    let object = |element: &str| format!("/particles/{name}/{element}");

    let positions = element(&group, "position", 2).map_err(|problem| wrong(&object("position"), problem))?;
    let (size_name, factor) = if group.link_exists("diameter") { ("diameter", 1.0) } else { ("radius", 2.0) };
    if !group.link_exists(size_name) {
        return Err(wrong(&object("diameter"), "is missing, and so is radius".to_owned()));
    }
    let sizes = element(&group, size_name, 1).map_err(|problem| wrong(&object(size_name), problem))?;
    let edges = edges(&group).map_err(|problem| wrong(&object("box/edges"), problem))?;

    let frames = positions.frames().max(sizes.frames()).max(edges.frames());
    for (what, varying) in [("position", &positions), (size_name, &sizes), ("box/edges", &edges)] {
        if varying.frames() != frames && varying.varies {
            return Err(wrong(&object(what), format!("has {} frames where others have {frames}", varying.frames())));
        }
    }
    (0..frames)
        .map(|frame| {
            let box_length = square_side(&edges.at(frame)).map_err(|problem| wrong(&object("box/edges"), problem))?;
            let positions =
                in_the_plane(&positions.at(frame)).map_err(|problem| wrong(&object("position"), problem))?;
            let diameters: Vec<f64> = sizes.at(frame).iter().map(|size| factor * size).collect();
            if diameters.len() != positions.len() {
                let problem = format!("has {} values for {} positions", diameters.len(), positions.len());
                return Err(wrong(&object(size_name), problem));
            }
            Ok(Frame { box_length, positions, diameters })
        })
        .collect()
}

/// Values of an element, with or without a first axis of time.
struct Element {
    values: ArrayD<f64>,
    varies: bool,
}

impl Element {
    fn frames(&self) -> usize {
        if self.varies { self.values.shape()[0] } else { 1 }
    }

    fn at(&self, frame: usize) -> ArrayD<f64> {
        if self.varies { self.values.index_axis(Axis(0), frame).to_owned() } else { self.values.clone() }
    }
}

/// An element with so many axes beside time.
fn element(group: &hdf5::Group, name: &str, axes: usize) -> Result<Element, String> {
    let words = |cause: hdf5::Error| in_plain_words(&cause);
    let varies = group.group(name).is_ok();
    if varies && !group.link_exists(&format!("{name}/value")) {
        return Err("is a group without `value`".to_owned());
    }
    let dataset = group.dataset(&if varies { format!("{name}/value") } else { name.to_owned() }).map_err(words)?;
    let expected = axes + usize::from(varies);
    let shape = dataset.shape();
    if shape.len() != expected {
        return Err(format!("has shape {shape:?}, expected {expected} axes"));
    }
    let values = dataset.read_raw::<f64>().map_err(words)?;
    let values = ArrayD::from_shape_vec(IxDyn(&shape), values).map_err(|cause| cause.to_string())?;
    Ok(Element { values, varies })
}

/// `box/edges`: a vector or a matrix, an attribute or an element.
fn edges(group: &hdf5::Group) -> Result<Element, String> {
    let words = |cause: hdf5::Error| in_plain_words(&cause);
    let sides = group.group("box").map_err(|_| "is missing".to_owned())?;
    if let Ok(attribute) = sides.attr("edges") {
        let shape = attribute.shape();
        let values = attribute.read_raw::<f64>().map_err(words)?;
        let values = ArrayD::from_shape_vec(IxDyn(&shape), values).map_err(|cause| cause.to_string())?;
        return Ok(Element { values, varies: false });
    }
    if !sides.link_exists("edges") {
        return Err("is missing (neither attribute nor element)".to_owned());
    }
    element(&sides, "edges", 1).or_else(|_| element(&sides, "edges", 2))
}

/// L of the edges (L, L), (L, L, L_z) or of a diagonal matrix of these.
fn square_side(edges: &ArrayD<f64>) -> Result<f64, String> {
    let sides: Vec<f64> = match *edges.shape() {
        [_] => edges.iter().copied().collect(),
        [rows, columns] if rows == columns => {
            if (0..rows).any(|i| (0..columns).any(|j| i != j && edges[[i, j]] != 0.0)) {
                return Err("is not a rectangle along the axes".to_owned());
            }
            (0..rows).map(|i| edges[[i, i]]).collect()
        }
        _ => return Err(format!("has shape {:?}", edges.shape())),
    };
    match sides[..] {
        [a, b] | [a, b, _] if a == b && a.is_finite() && a > 0.0 => Ok(a),
        _ => Err(format!("is {sides:?}, not a square of positive side")),
    }
}

fn in_the_plane(positions: &ArrayD<f64>) -> Result<Vec<[f64; 2]>, String> {
    let dimensions = positions.shape()[1];
    if dimensions != 2 && dimensions != 3 {
        return Err(format!("has {dimensions} dimensions; 2, or 3 with z = 0, are accepted"));
    }
    positions
        .outer_iter()
        .enumerate()
        .map(|(particle, position)| match position.get(2).copied() {
            Some(z) if z != 0.0 => {
                Err(format!("particle {particle} has z = {z}; the glass must lie in the plane z = 0"))
            }
            _ => Ok([position[0], position[1]]),
        })
        .collect()
}
