//! Displacements of all particles alike, which cost nothing.

/// Takes the mean displacement out of `field`.
pub(crate) fn without_translation<const D: usize>(field: &mut [[f64; D]]) {
    for axis in 0..D {
        let mean = field.iter().map(|v| v[axis]).sum::<f64>() / field.len() as f64;
        field.iter_mut().for_each(|v| v[axis] -= mean);
    }
}
