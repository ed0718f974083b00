//! The inner loop over pairs, once in plain Rust, compiled for each instruction set.
//!
//! Every pair stands for itself and the compiler contracts nothing to fused multiply-add, so all
//! compilations give the same bits.

use crate::instruction_set::InstructionSet;
use crate::interaction::{Shape, ShapeOver};
use crate::periodic::PeriodicBox;
use crate::space::square;

/// One entry for each listed pair; on entry separations r_j − r_i of coordinates in [0, L), on
/// return forces on the first particle and energies.
pub(super) struct PairTerms<'a, const D: usize> {
    /// Separation, then force.
    pub(super) vectors: &'a mut [[f64; D]],
    /// φ.
    pub(super) energy: &'a mut [f64],
    /// 1/σ_ij².
    pub(super) inverse_diameter_squared: &'a [f64],
}

/// Forces φ′/r (r_j − r_i) and energies φ of all pairs, ε_ij = 1.
pub(super) fn pair_forces<const D: usize, S: Shape>(
    instructions: InstructionSet,
    terms: PairTerms<'_, D>,
    side: PeriodicBox<D>,
    shape: &S,
) {
    match instructions {
        InstructionSet::Portable => pair_forces_plain(terms, side, shape),
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx2 => {
            assert!(instructions.is_available());
            // SAFETY: the line above.
            unsafe { pair_forces_avx2(terms, side, shape) }
        }
        #[cfg(target_arch = "x86_64")]
        InstructionSet::Avx512 => {
            assert!(instructions.is_available());
            // SAFETY: the line above.
            unsafe { pair_forces_avx512(terms, side, shape) }
        }
        #[cfg(not(target_arch = "x86_64"))]
        _ => pair_forces_plain(terms, side, shape),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn pair_forces_avx2<const D: usize, S: Shape>(terms: PairTerms<'_, D>, side: PeriodicBox<D>, shape: &S) {
    pair_forces_plain(terms, side, shape);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn pair_forces_avx512<const D: usize, S: Shape>(terms: PairTerms<'_, D>, side: PeriodicBox<D>, shape: &S) {
    pair_forces_plain(terms, side, shape);
}

#[inline(always)]
fn pair_forces_plain<const D: usize, S: Shape>(terms: PairTerms<'_, D>, side: PeriodicBox<D>, shape: &S) {
    let cutoff_squared = shape.cutoff() * shape.cutoff();
    let shape = shape.over(|constant: f64| constant);
    let pairs = terms.inverse_diameter_squared.len();
    // Equal lengths, known to the compiler, are what lets it vectorize.
    let (vectors, energies) = (&mut terms.vectors[..pairs], &mut terms.energy[..pairs]);
    for k in 0..pairs {
        let inverse_diameter_squared = terms.inverse_diameter_squared[k];
        let mut apart = vectors[k];
        for axis in 0..D {
            apart[axis] = side.minimum_image_inside(axis, apart[axis]);
        }
        let x2 = square(apart) * inverse_diameter_squared;
        let (value, slope) = shape.value_and_slope(x2);
        let slope = slope * inverse_diameter_squared;
        // Not `>= cutoff → 0`: a separation that is no number must stay visible.
        let beyond = x2 >= cutoff_squared;
        energies[k] = if beyond { 0.0 } else { value };
        for axis in 0..D {
            vectors[k][axis] = if beyond { 0.0 } else { slope * apart[axis] };
        }
    }
}
