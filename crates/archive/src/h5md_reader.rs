//! Glasses from H5MD files of others (H5MD 1.1, doi:10.1016/j.cpc.2014.01.018).
//!
//! Of one group below `/particles` every frame is read: `position`, `diameter` or `radius`, and
//! `box/edges` (or `species`, where it is said how large each is), each constant in time (a dataset or attribute) or not (a group with `value`). A group
//! without positions or without edges is no glass; of several glasses one must be named.

mod claims;
mod element;

use crate::error::ArchiveError;
use crate::record::Particles;
use crate::storage::{self, in_plain_words};
use element::Element;
use ndarray::ArrayD;
use realization::config::{excerpt, printable};
use realization::particles::{FoundBox, Points};
use std::path::Path;

/// The diameter of a species, or why there is none, in words.
pub type DiameterOfSpecies<'a> = &'a dyn Fn(&str) -> Result<f64, String>;

/// What an H5MD file holds of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct H5mdGlasses {
    /// Its frames.
    pub frames: Vec<Particles>,
    /// Whether it gives particles different masses. They are not used.
    pub masses_differ: bool,
}

/// All frames of the H5MD file at `path`: of the group called `name`, or of the only glass there is. With
/// `diameter_of`, `species` says how large the particles are, whatever else the file has.
///
/// # Errors
/// [`ArchiveError::Io`] if there is no such file; [`ArchiveError::Glass`] names the dataset that is
/// missing or not as it must be: a box along the axes, periodic along x and y, and along z where z differs, positive sizes,
/// and no more values than the file holds and memory has room for.
pub fn read_h5md(
    path: &Path,
    name: Option<&str>,
    diameter_of: Option<DiameterOfSpecies<'_>>,
) -> Result<H5mdGlasses, ArchiveError> {
    let opened = std::fs::File::open(path).and_then(|file| file.metadata());
    let file_bytes = opened.map_err(|cause| ArchiveError::Io { path: path.to_owned(), action: "open", cause })?.len();
    read(path, name, diameter_of, file_bytes).map_err(|Wrong { object, problem }| ArchiveError::Glass {
        path: path.to_owned(),
        object: printable(&object),
        problem,
    })
}

/// What of a file is wrong, and how.
struct Wrong {
    object: String,
    problem: String,
}

fn wrong(object: &str, problem: impl Into<String>) -> Wrong {
    Wrong { object: object.to_owned(), problem: problem.into() }
}

fn read(
    path: &Path,
    name: Option<&str>,
    diameter_of: Option<DiameterOfSpecies<'_>>,
    file_bytes: u64,
) -> Result<H5mdGlasses, Wrong> {
    let words = |cause: hdf5::Error| in_plain_words(&cause);
    let file = storage::open(path).map_err(|cause| wrong("/", format!("cannot be opened: {}", words(cause))))?;
    let particles = file.group("particles").map_err(|_| wrong("/particles", "is missing"))?;
    let name = choose(&particles, name)?;
    let group = particles.group(&name).map_err(|cause| wrong("/particles", words(cause)))?;
    let object = |element: &str| format!("/particles/{name}/{element}");
    let read = |element: &str, axes: usize| {
        Element::read(&group, element, axes, file_bytes).map_err(|problem| wrong(&object(element), problem))
    };

    let along_z = element::periodic_along_z(&group).map_err(|problem| wrong(&object("box/boundary"), problem))?;
    let positions = read("position", 2)?;
    let size_name = match diameter_of {
        Some(_) => "species",
        None if group.link_exists("diameter") => "diameter",
        None if group.link_exists("radius") => "radius",
        None if group.link_exists("species") => {
            let problem =
                "is missing, and so is radius; give the diameter of each species, as in --diameters 1=1.0,2=1.4";
            return Err(wrong(&object("diameter"), problem));
        }
        None => return Err(wrong(&object("diameter"), "is missing, and so is radius")),
    };
    if !group.link_exists(size_name) {
        return Err(wrong(&object(size_name), "is missing; leave --diameters out"));
    }
    let diameter = |size: f64| match diameter_of {
        Some(diameter_of) => diameter_of(&size.to_string()),
        None => Ok(if size_name == "radius" { 2.0 * size } else { size }),
    };
    let sizes = read(size_name, 1)?;
    let edges = element::edges(&group, file_bytes).map_err(|problem| wrong(&object("box/edges"), problem))?;

    let frames = positions.frames().max(sizes.frames()).max(edges.frames());
    for (what, varying) in [("position", &positions), (size_name, &sizes), ("box/edges", &edges)] {
        if varying.frames() != frames && varying.varies() {
            return Err(wrong(&object(what), format!("has {} frames where others have {frames}", varying.frames())));
        }
    }
    // What is no mass of each particle is no matter, as masses are not used.
    let masses_differ = group.link_exists("mass") && read("mass", 1).is_ok_and(|masses| masses.differ());
    let frames: Result<Vec<Particles>, Wrong> = (0..frames)
        .map(|frame| {
            let found_box = found_box(&edges.at(frame)).map_err(|problem| wrong(&object("box/edges"), problem))?;
            let found_box = if along_z { found_box } else { found_box.open_along_z() };
            let points =
                points(found_box, &positions.at(frame)).map_err(|problem| wrong(&object("position"), problem))?;
            let diameters: Result<Vec<f64>, String> = sizes.at(frame).iter().map(|&size| diameter(size)).collect();
            let diameters = diameters.map_err(|problem| wrong(&object(size_name), problem))?;
            if diameters.len() != points.len() {
                let problem = format!("has {} values for {} positions", diameters.len(), points.len());
                return Err(wrong(&object(size_name), problem));
            }
            Ok(points.particles(diameters))
        })
        .collect();
    Ok(H5mdGlasses { frames: frames?, masses_differ })
}

/// The group to read: the one asked for, or the only one with positions and edges (or, without any edges, the only one
/// with positions).
fn choose(particles: &hdf5::Group, asked: Option<&str>) -> Result<String, Wrong> {
    let names = particles.member_names().map_err(|cause| wrong("/particles", in_plain_words(&cause)))?;
    let has = |name: &str, element: &str| particles.link_exists(&format!("{name}/{element}"));
    let mut found: Vec<String> = names.into_iter().filter(|name| has(name, "position")).collect();
    let listed = |found: &[String]| {
        let mut shown: Vec<String> = found.iter().take(10).map(|name| excerpt(name)).collect();
        if found.len() > shown.len() {
            shown.push(format!("{} more", found.len() - shown.len()));
        }
        shown.join(", ")
    };
    if let Some(asked) = asked {
        return match found.iter().any(|name| name == asked) {
            true => Ok(asked.to_owned()),
            false => {
                let problem = format!("has no group {} with positions; it has {}", excerpt(asked), listed(&found));
                Err(wrong("/particles", problem))
            }
        };
    }
    let in_box = |name: &String| {
        let sides = particles.group(&format!("{name}/box"));
        sides.is_ok_and(|sides| sides.link_exists("edges") || sides.attr("edges").is_ok())
    };
    if found.iter().any(in_box) {
        found.retain(in_box);
    }
    match &found[..] {
        [] => Err(wrong("/particles", "has no group with positions")),
        [one] => Ok(one.clone()),
        several => Err(wrong(
            "/particles",
            format!("has {} groups: {}; choose one with --group", several.len(), listed(several)),
        )),
    }
}

/// The box of the edges (X, Y), (X, Y, Z) or of a diagonal matrix of these.
fn found_box(edges: &ArrayD<f64>) -> Result<FoundBox, String> {
    match *edges.shape() {
        [2 | 3] => {
            let sides: Vec<f64> = edges.iter().copied().collect();
            FoundBox::of_sides(&sides).map_err(|_| format!("is {sides:?}, not positive sides"))
        }
        [rows @ (2 | 3), columns] if rows == columns => {
            let rows: Vec<Vec<f64>> = edges.outer_iter().map(|row| row.iter().copied().collect()).collect();
            FoundBox::of_vectors(&rows).ok_or_else(|| format!("is {rows:?}, no box of positive sides along x and y"))
        }
        _ => Err(format!("has shape {:?}", edges.shape())),
    }
}

fn points(found_box: FoundBox, positions: &ArrayD<f64>) -> Result<Points, String> {
    let dimensions = positions.shape()[1];
    if dimensions != 2 && dimensions != 3 {
        return Err(format!("has {dimensions} dimensions; 2 or 3 are accepted"));
    }
    let mut points = Points::within(found_box);
    for (particle, position) in positions.outer_iter().enumerate() {
        let added = points.add([position[0], position[1]], position.get(2).copied());
        added.map_err(|problem| format!("particle {particle}: {problem}"))?;
    }
    Ok(points)
}
