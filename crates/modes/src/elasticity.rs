//! Elastic constants: Born minus non-affine, with the pressure term.

use serde::{Deserialize, Serialize};

/// Moduli of one inherent structure, in ε per area.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ElasticConstants {
    /// Shear modulus G.
    pub shear_modulus: f64,
    /// Bulk modulus K.
    pub bulk_modulus: f64,
    /// Frequency of the first transverse phonon, (2π/L)√((G−P)/ρ).
    pub omega_phonon: f64,
}
