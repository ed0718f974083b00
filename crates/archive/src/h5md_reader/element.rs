//! Elements of a group of particles: with or without a first axis of time.

use super::claims;
use crate::storage::in_plain_words;
use ndarray::{ArrayD, Axis, IxDyn};
use realization::config::excerpt;

/// Values of an element, with or without a first axis of time.
pub(super) struct Element {
    values: ArrayD<f64>,
    varies: bool,
}

impl Element {
    /// The element `name` of `group`, with so many axes beside time.
    pub(super) fn read(group: &hdf5::Group, name: &str, axes: usize, file_bytes: u64) -> Result<Self, String> {
        let words = |cause: hdf5::Error| in_plain_words(&cause);
        let varies = group.group(name).is_ok();
        if varies && !group.link_exists(&format!("{name}/value")) {
            return Err("is a group without `value`".to_owned());
        }
        let dataset = group.dataset(&if varies { format!("{name}/value") } else { name.to_owned() }).map_err(words)?;
        let expected = axes + usize::from(varies);
        let shape = dataset.get_shape().map_err(words)?;
        if shape.len() != expected {
            return Err(format!("has shape {shape:?}, expected {expected} axes"));
        }
        let values = claims::values(&dataset, file_bytes)?;
        let values = ArrayD::from_shape_vec(IxDyn(&shape), values).map_err(|cause| cause.to_string())?;
        Ok(Element { values, varies })
    }

    /// Whether it has an axis of time.
    pub(super) fn varies(&self) -> bool {
        self.varies
    }

    pub(super) fn frames(&self) -> usize {
        if self.varies { self.values.shape()[0] } else { 1 }
    }

    /// Whether two of its values are not the same.
    pub(super) fn differ(&self) -> bool {
        self.values.first().is_some_and(|first| self.values.iter().any(|value| value != first))
    }

    pub(super) fn at(&self, frame: usize) -> ArrayD<f64> {
        if self.varies { self.values.index_axis(Axis(0), frame).to_owned() } else { self.values.clone() }
    }
}

/// `box/edges`: a vector or a matrix, an attribute or an element.
pub(super) fn edges(group: &hdf5::Group, file_bytes: u64) -> Result<Element, String> {
    let sides = group.group("box").map_err(|_| "is missing".to_owned())?;
    if let Ok(attribute) = sides.attr("edges") {
        let (shape, values) = claims::attribute_values(&attribute)?;
        let values = ArrayD::from_shape_vec(IxDyn(&shape), values).map_err(|cause| cause.to_string())?;
        return Ok(Element { values, varies: false });
    }
    if !sides.link_exists("edges") {
        return Err("is missing (neither attribute nor element)".to_owned());
    }
    Element::read(&sides, "edges", 1, file_bytes).or_else(|_| Element::read(&sides, "edges", 2, file_bytes))
}

/// Whether the box is periodic along z, too; refuses a `box/boundary` that is not so along x and y. Where it is missing,
/// edges alone make the box.
pub(super) fn periodic_along_z(group: &hdf5::Group) -> Result<bool, String> {
    let Ok(boundary) = group.group("box").and_then(|sides| sides.attr("boundary")) else { return Ok(true) };
    let axes = claims::attribute_texts(&boundary)?;
    // One word for all axes, or one for each.
    let mut periodic = axes.iter().map(|axis| axis.eq_ignore_ascii_case("periodic"));
    match !axes.is_empty() && periodic.by_ref().take(2).all(|periodic| periodic) {
        true => Ok(periodic.next().unwrap_or(true)),
        false => {
            let shown: Vec<String> = axes.iter().take(3).map(|axis| excerpt(axis)).collect();
            Err(format!("is [{}]: the glass must be periodic along x and y", shown.join(", ")))
        }
    }
}
