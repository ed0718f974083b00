//! Elastic constants: Born minus non-affine, with the pressure term.
//!
//! For a strain r → (1 + γE) r with relaxing particles, the second derivative of U is
//! Σ φ″(n·v)² + (φ′/r)(v² − (n·v)²) − Ξᵀ H⁻¹ Ξ, with v = E r the affine displacement of a pair, n = r/r,
//! and Ξ_i = ∂²U/∂r_i∂γ (Lutsko, doi:10.1063/1.342716; Maloney and Lemaître, doi:10.1103/PhysRevE.74.016118).

use glass::hessian::{Cholesky, CholeskyFailure};
use glass::potential::pair_diameter;
use glass::{Hessian, InherentStructure};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Moduli of one inherent structure, in ε per area.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ElasticConstants {
    /// Shear modulus G of the stress against the Green strain, the mean of the two independent shears of a square
    /// box; the slope of the stress against the shear angle, and ρ times the square of the transverse sound velocity,
    /// are G − P.
    pub shear_modulus: f64,
    /// Bulk modulus K = −A dP/dA.
    pub bulk_modulus: f64,
    /// Frequency of the first transverse phonon, (2π/L)√((G−P)/ρ); NaN when G < P.
    pub omega_phonon: f64,
}

/// Why there are no moduli.
#[derive(Debug, Error, Clone, Copy, PartialEq)]
pub enum ElasticityFailure {
    /// The Hessian could not be factorized.
    #[error("elastic constants: {0}")]
    Factorization(#[from] CholeskyFailure),
}

/// Lifts the two translations (and rattlers), to which Ξ is orthogonal; far below the softest mode.
const SHIFT: f64 = 1e-9;

/// Simple shear along x, along y, pure shear, dilation: E row by row.
const STRAINS: [[f64; 4]; 4] =
    [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.5, 0.0, 0.0, -0.5], [1.0, 0.0, 0.0, 1.0]];

impl ElasticConstants {
    /// The moduli of `inherent`.
    ///
    /// # Errors
    /// [`ElasticityFailure`] when the Hessian is not that of a minimum.
    pub fn compute(inherent: &InherentStructure) -> Result<Self, ElasticityFailure> {
        let configuration = inherent.configuration();
        let area = configuration.periodic_box().area();
        let curvature = strain_curvatures(inherent, &inherent.hessian())?;
        let pressure = inherent.pressure();
        // A simple shear γ has the Green strain γ/2 (xy and yx) and γ²/2 along its gradient, hence d²u/dγ² = G − P; the
        // pure shear with ±γ/2 has γ²/8 along both axes, hence G − P/2.
        let simple = 0.5 * (curvature[0] + curvature[1]) / area + pressure;
        let pure = curvature[2] / area + 0.5 * pressure;
        let shear_modulus = 0.5 * (simple + pure);
        // A = A₀(1 + γ)²: K = A d²U/dA² = (U″ − U′)/(4A) with U′ = −2PA.
        let bulk_modulus = 0.25 * curvature[3] / area + 0.5 * pressure;
        let wave = (shear_modulus - pressure) / configuration.density();
        let omega_phonon = 2.0 * std::f64::consts::PI / configuration.periodic_box().length() * wave.sqrt();
        Ok(ElasticConstants { shear_modulus, bulk_modulus, omega_phonon })
    }
}

/// d²U/dγ² of each of [`STRAINS`], particles relaxing.
fn strain_curvatures(inherent: &InherentStructure, hessian: &Hessian) -> Result<[f64; 4], ElasticityFailure> {
    let configuration = inherent.configuration();
    let size = 2 * configuration.particles();
    let mut mixed = vec![0.0; 4 * size];
    let mut curvature = [0.0; 4];
    for (pair, block) in hessian.pairs().iter().zip(hessian.off_diagonal_blocks()) {
        let (i, j) = (pair.first as usize, pair.second as usize);
        let [x, y] =
            configuration.periodic_box().separation(configuration.positions()[i], configuration.positions()[j]);
        debug_assert!(x.hypot(y) < 1.25 * pair_diameter(configuration.diameters()[i], configuration.diameters()[j]));
        for (k, e) in STRAINS.iter().enumerate() {
            let v = [e[0] * x + e[1] * y, e[2] * x + e[3] * y];
            // The block of the pair in H is minus its stiffness.
            let pull = [-(block[0] * v[0] + block[1] * v[1]), -(block[1] * v[0] + block[2] * v[1])];
            curvature[k] += v[0] * pull[0] + v[1] * pull[1];
            for axis in 0..2 {
                mixed[k * size + 2 * i + axis] -= pull[axis];
                mixed[k * size + 2 * j + axis] += pull[axis];
            }
        }
    }
    let mut relaxed = mixed.clone();
    Cholesky::new(hessian, SHIFT)?.solve(&mut relaxed, 4)?;
    for k in 0..4 {
        let columns = k * size..(k + 1) * size;
        curvature[k] -= mixed[columns.clone()].iter().zip(&relaxed[columns]).map(|(a, b)| a * b).sum::<f64>();
    }
    Ok(curvature)
}
