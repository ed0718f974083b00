//! Elastic constants: Born minus non-affine.
//!
//! Deform the box by F = 1 + …, let the particles relax, and expand the energy per area in the Green
//! strain η = ½(FᵀF − 1): u = u₀ + σ:η + ½ η:C:η + …, where σ is the stress of the inherent structure
//! and C_αβγδ its elastic constants (Lutsko, doi:10.1063/1.342716; Lemaître and Maloney,
//! doi:10.1007/s10955-005-9015-5). Along η = γe, with e symmetric, n = r/r between the particles of a
//! pair, and Ξ_i = ∂²U/∂r_i∂γ,
//!
//! A · e:C:e = Σ (r²φ″ − rφ′)(n·e·n)² − Ξᵀ H⁻¹ Ξ:
//!
//! the Born term, were all displacements affine, less what relaxation gains. In this convention no
//! pressure appears in C. It appears in what is measured on a glass under pressure P (Barron and
//! Klein, doi:10.1088/0370-1328/85/3/301; Barrat, doi:10.1007/3-540-35273-2_8):
//!
//! - the slope of the shear stress against the shear strain is G − P;
//! - a transverse wave has ρω² = (G − P)k², so its first one in the box ω = (2π/L)√((G − P)/ρ);
//! - the bulk modulus is K = −A dP/dA.

use glass::hessian::{Cholesky, CholeskyFailure};
use glass::{Hessian, InherentStructure};
use serde::{Deserialize, Serialize};
use std::f64::consts::PI;
use thiserror::Error;

/// Moduli of one inherent structure, in ε per area.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ElasticConstants {
    /// Shear modulus G: mean of C_xyxy and of (C_xxxx + C_yyyy − 2C_xxyy)/4, the two independent
    /// shears, which agree in a large isotropic glass.
    pub shear_modulus: f64,
    /// Bulk modulus K = (C_xxxx + C_yyyy + 2C_xxyy)/4.
    pub bulk_modulus: f64,
    /// Frequency of the first transverse phonon, (2π/L)√((G − P)/ρ); NaN when G < P (a box that a
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

/// e_xx, e_xy, e_yy of the two shears and of the dilation, such that e:C:e is the modulus.
const STRAINS: [[f64; 3]; 3] = [[0.0, 0.5, 0.0], [0.5, 0.0, -0.5], [0.5, 0.0, 0.5]];

impl ElasticConstants {
    /// The moduli of `inherent`.
    ///
    /// # Errors
    /// [`ElasticityFailure`] when the Hessian cannot be factorized.
    pub fn compute(inherent: &InherentStructure) -> Result<Self, ElasticityFailure> {
        let [simple, pure, bulk_modulus] = moduli(inherent)?;
        let shear_modulus = 0.5 * (simple + pure);
        let configuration = inherent.configuration();
        let wave_speed_squared = (shear_modulus - inherent.pressure()) / configuration.density();
        let omega_phonon = 2.0 * PI / configuration.periodic_box().length() * wave_speed_squared.sqrt();
        Ok(ElasticConstants { shear_modulus, bulk_modulus, omega_phonon })
    }
}

/// e:C:e for each of [`STRAINS`].
fn moduli(inherent: &InherentStructure) -> Result<[f64; 3], ElasticityFailure> {
    let (configuration, potential) = (inherent.configuration(), inherent.potential());
    let (side, positions, diameters) =
        (configuration.periodic_box(), configuration.positions(), configuration.diameters());
    let hessian = inherent.hessian();
    let size = 2 * configuration.particles();
    let mut born = [0.0; 3];
    // Ξ of each strain, one behind the other.
    let mut mixed = vec![0.0; 3 * size];
    for pair in hessian.pairs() {
        let (i, j) = (pair.first as usize, pair.second as usize);
        let [x, y] = side.separation(positions[i], positions[j]);
        let distance_squared = x * x + y * y;
        let distance = distance_squared.sqrt();
        let d = potential.derivatives(distance, potential.scale(diameters[i], diameters[j]));
        let radial = d.second - d.first / distance;
        for (strain, e) in STRAINS.iter().enumerate() {
            let affine = [e[0] * x + e[1] * y, e[1] * x + e[2] * y];
            // n·e·n
            let stretch = (x * affine[0] + y * affine[1]) / distance_squared;
            born[strain] += distance_squared * radial * stretch * stretch;
            // The pair's ∂/∂r of φ′/r (r·e·r). Its part 2(φ′/r) e·r is left out: summed over the pairs of a
            // particle it is 2 e times the force, zero at a minimum.
            for (axis, component) in [x, y].into_iter().enumerate() {
                mixed[strain * size + 2 * i + axis] -= radial * stretch * component;
                mixed[strain * size + 2 * j + axis] += radial * stretch * component;
            }
        }
    }
    let relaxation = relaxation_energies(hessian, &mixed)?;
    let area = side.area();
    Ok(std::array::from_fn(|strain| (born[strain] - relaxation[strain]) / area))
}

/// Ξᵀ H⁻¹ Ξ of each strain.
fn relaxation_energies(hessian: &Hessian, mixed: &[f64]) -> Result<[f64; 3], ElasticityFailure> {
    let size = 2 * hessian.particles();
    let mut relaxed = mixed.to_vec();
    Cholesky::new(hessian, SHIFT)?.solve(&mut relaxed, 3)?;
    Ok(std::array::from_fn(|strain| {
        let columns = strain * size..(strain + 1) * size;
        mixed[columns.clone()].iter().zip(&relaxed[columns]).map(|(force, moved)| force * moved).sum()
    }))
}

#[cfg(test)]
mod tests;
