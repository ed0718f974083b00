//! Elastic constants: Born minus non-affine.
//!
//! Deform the box by F = 1 + …, let the particles relax, and expand the energy per area or volume V in the Green
//! strain η = ½(FᵀF − 1): u = u₀ + σ:η + ½ η:C:η + …, where σ is the stress of the inherent structure
//! and C_αβγδ its elastic constants (Lutsko, doi:10.1063/1.342716; Lemaître and Maloney,
//! doi:10.1007/s10955-005-9015-5). Along η = γe, with e symmetric, n = r/r between the particles of a
//! pair, and Ξ_i = ∂²U/∂r_i∂γ,
//!
//! V · e:C:e = Σ (r²φ″ − rφ′)(n·e·n)² − Ξᵀ H⁻¹ Ξ:
//!
//! the Born term, were all displacements affine, less what relaxation gains. In this convention no
//! pressure appears in C. It appears in what is measured on a glass under pressure P (Barron and
//! Klein, doi:10.1088/0370-1328/85/3/301; Barrat, doi:10.1007/3-540-35273-2_8):
//!
//! - the slope of the shear stress against the shear strain is G − P;
//! - a transverse wave has ρω² = (G − P)k², so its first one in the box, along the longest side L, ω = (2π/L)√((G − P)/ρ);
//! - the bulk modulus is K = −V dP/dV = S/D² + P(D − 2)/D, S = Σ_αβ C_ααββ, in D dimensions.
//!
//! A glass is isotropic only on average, so each modulus is the mean over all strains of its kind. G is the mean of
//! e:C:e over the independent volume-preserving e with e:e = ½: two in the plane, five in space, where this is Voigt's
//! average; K is the same whatever the strains' order.

use glass::hessian::{Block, Cholesky, CholeskyFailure};
use glass::space::{dot, square};
use glass::{Hessian, InherentStructure};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::f64::consts::PI;
use thiserror::Error;

/// Moduli of one inherent structure, in ε per area or volume.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ElasticConstants {
    /// Shear modulus G: in the plane the mean of C_xyxy and of (C_xxxx + C_yyyy − 2C_xxyy)/4, the two independent
    /// shears, which agree in a large isotropic glass; in space that of C_xyxy, C_xzxz, C_yzyz,
    /// (C_xxxx + C_yyyy − 2C_xxyy)/4 and (C_xxxx + C_yyyy + 4C_zzzz + 2C_xxyy − 4C_xxzz − 4C_yyzz)/12.
    pub shear_modulus: f64,
    /// Bulk modulus K = −V dP/dV.
    pub bulk_modulus: f64,
    /// Frequency of the first transverse phonon, (2π/L)√((G − P)/ρ), L the longest side; NaN when G < P (a box that a
    /// shear of its shape would relax).
    pub omega_phonon: f64,
}

/// Why there are no moduli.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum ElasticityFailure {
    /// The Hessian could not be factorized.
    #[error("elastic constants: {0}")]
    Factorization(#[from] CholeskyFailure),
}

/// Makes up for the zero modes, to which Ξ is orthogonal; far below the softest mode.
const SHIFT: f64 = 1e-9;

/// The independent shears, simple ones first, then the dilation: symmetric e such that e:C:e is the modulus.
fn strains<const D: usize>() -> Vec<Block<D>> {
    let diagonal = |entries: [f64; D]| -> Block<D> {
        std::array::from_fn(|a| std::array::from_fn(|b| if a == b { entries[a] } else { 0.0 }))
    };
    let mut strains = Vec::new();
    for a in 0..D {
        for b in a + 1..D {
            let mut simple = [[0.0; D]; D];
            (simple[a][b], simple[b][a]) = (0.5, 0.5);
            strains.push(simple);
        }
    }
    // As much along the axes before one as it takes against that axis: orthogonal, and e:e = ½.
    for axis in 1..D {
        let part = (0.5 / (axis * (axis + 1)) as f64).sqrt();
        strains.push(diagonal(std::array::from_fn(|a| match a.cmp(&axis) {
            Ordering::Less => part,
            Ordering::Equal => -part * axis as f64,
            Ordering::Greater => 0.0,
        })));
    }
    strains.push(diagonal([1.0 / D as f64; D]));
    strains
}

impl ElasticConstants {
    /// The moduli of `inherent`.
    ///
    /// # Errors
    /// [`ElasticityFailure`] when the Hessian cannot be factorized.
    pub fn compute<const D: usize>(inherent: &InherentStructure<D>) -> Result<Self, ElasticityFailure> {
        let mut shears = moduli(inherent)?;
        let dilation = shears.pop().unwrap_or(f64::NAN);
        let shear_modulus = shears.iter().sum::<f64>() / shears.len() as f64;
        let bulk_modulus = dilation + inherent.pressure() * (D as f64 - 2.0) / D as f64;
        let configuration = inherent.configuration();
        let wave_speed_squared = (shear_modulus - inherent.pressure()) / configuration.density();
        let omega_phonon = 2.0 * PI / configuration.periodic_box().longest() * wave_speed_squared.sqrt();
        Ok(ElasticConstants { shear_modulus, bulk_modulus, omega_phonon })
    }
}

/// e:C:e for each of [`strains`].
fn moduli<const D: usize>(inherent: &InherentStructure<D>) -> Result<Vec<f64>, ElasticityFailure> {
    let (configuration, potential) = (inherent.configuration(), inherent.potential());
    let (side, positions, diameters) =
        (configuration.periodic_box(), configuration.positions(), configuration.diameters());
    let hessian = inherent.hessian();
    let (strains, size) = (strains::<D>(), D * configuration.particles());
    let mut born = vec![0.0; strains.len()];
    // Ξ of each strain, one behind the other.
    let mut mixed = vec![0.0; strains.len() * size];
    for pair in hessian.pairs() {
        let (i, j) = (pair.first as usize, pair.second as usize);
        let apart = side.separation(positions[i], positions[j]);
        let distance_squared = square(apart);
        let distance = distance_squared.sqrt();
        let d = potential.derivatives(distance, potential.scale(diameters[i], diameters[j]));
        let radial = d.second - d.first / distance;
        for (strain, e) in strains.iter().enumerate() {
            let affine = e.map(|row| dot(row, apart));
            // n·e·n
            let stretch = dot(apart, affine) / distance_squared;
            born[strain] += distance_squared * radial * stretch * stretch;
            // The pair's ∂/∂r of φ′/r (r·e·r). Its part 2(φ′/r) e·r is left out: summed over the pairs of a
            // particle it is 2 e times the force, zero at a minimum.
            for (axis, component) in apart.into_iter().enumerate() {
                mixed[strain * size + D * i + axis] -= radial * stretch * component;
                mixed[strain * size + D * j + axis] += radial * stretch * component;
            }
        }
    }
    let relaxation = relaxation_energies(hessian, &mixed)?;
    let measure = side.measure();
    Ok(born.iter().zip(relaxation).map(|(born, relaxation)| (born - relaxation) / measure).collect())
}

/// Ξᵀ H⁻¹ Ξ of each strain.
fn relaxation_energies<const D: usize>(hessian: &Hessian<D>, mixed: &[f64]) -> Result<Vec<f64>, ElasticityFailure> {
    let size = D * hessian.particles();
    let mut relaxed = mixed.to_vec();
    Cholesky::new(hessian, SHIFT)?.solve(&mut relaxed, mixed.len() / size)?;
    let columns = mixed.chunks_exact(size).zip(relaxed.chunks_exact(size));
    Ok(columns.map(|(forces, moved)| forces.iter().zip(moved).map(|(force, moved)| force * moved).sum()).collect())
}

#[cfg(test)]
mod tests;
