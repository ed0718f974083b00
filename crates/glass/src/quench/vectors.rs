//! Sums over particles in an order that does not depend on the machine.

use crate::space::{minus, plus};

/// Σ_i a_i · b_i in eight lanes.
pub(super) fn dot<const D: usize>(a: &[[f64; D]], b: &[[f64; D]]) -> f64 {
    let (a, b) = (a.as_flattened().chunks_exact(8), b.as_flattened().chunks_exact(8));
    let tail: f64 = a.remainder().iter().zip(b.remainder()).map(|(p, q)| p * q).sum();
    let mut lanes = [0.0; 8];
    for (p, q) in a.zip(b) {
        for lane in 0..8 {
            lanes[lane] += p[lane] * q[lane];
        }
    }
    let [k0, k1, k2, k3, k4, k5, k6, k7] = lanes;
    (((k0 + k4) + (k2 + k6)) + ((k1 + k5) + (k3 + k7))) + tail
}

/// Largest |a_i|.
pub(super) fn length_max<const D: usize>(a: &[[f64; D]]) -> f64 {
    crate::energy::force_max(a)
}

/// Subtracts the mean: a translation changes nothing and is left out.
pub(super) fn remove_translation<const D: usize>(a: &mut [[f64; D]]) {
    let count = a.len() as f64;
    let sum = a.iter().fold([0.0; D], |sum, &v| plus(sum, 1.0, v));
    let mean = sum.map(|component| component / count);
    for v in a {
        *v = minus(*v, mean);
    }
}
