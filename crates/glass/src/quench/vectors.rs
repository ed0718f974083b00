//! Sums over particles in an order that does not depend on the machine.

/// Σ_i a_i · b_i in eight lanes.
pub(super) fn dot(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
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
pub(super) fn length_max(a: &[[f64; 2]]) -> f64 {
    crate::energy::force_max(a)
}

/// Subtracts the mean: a translation changes nothing and is left out.
pub(super) fn remove_translation(a: &mut [[f64; 2]]) {
    let count = a.len() as f64;
    let (mut x, mut y) = (0.0, 0.0);
    for v in a.iter() {
        x += v[0];
        y += v[1];
    }
    for v in a {
        v[0] -= x / count;
        v[1] -= y / count;
    }
}
