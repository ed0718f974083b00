//! From an inherent structure to its quasi-localized modes.
//!
//! ```text
//! InherentStructure ─► Hessian ─► Spectrum ─► Vec<Mode>
//!                      (sparse)   (faer)      (b₂ b₃ b₄, groups, true profile)
//!                                                  └─► nonlinear modes
//! ```
//!
//! Pure, as `glass`: no clock, no files, no printing, no MPI.

// In the order of the flow.
pub mod elasticity;
pub mod spectrum;

pub mod describe;

pub mod nonlinear;

pub mod wells;

pub use describe::{DescribeFailure, Group, Mode, ModeSettings, describe};
pub use elasticity::ElasticConstants;
pub use spectrum::{Spectrum, SpectrumFailure, SpectrumMethod, SpectrumSettings};
