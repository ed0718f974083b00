//! From an inherent structure to its quasi-localized modes.
//!
//! ```text
//! InherentStructure ─► Hessian ─► Spectrum ─► Vec<Mode>
//!                      (sparse)   (faer)      (b₂ b₃ b₄, groups, true profile)
//!                                                  └─► nonlinear modes
//! ```
//!
//! Pure, as `glass`: no clock, no files, no printing, no MPI.
//!
//! ```
//! use glass::quench::{QuenchSettings, quench};
//! use glass::{Configuration, Potential, Seed, diameters::DiameterChoice};
//! use modes::{ModeSettings, Spectrum, SpectrumMethod, SpectrumSettings, describe};
//!
//! let seed = Seed::of_realization(7, 0);
//! let liquid = Configuration::random(seed, 64, 1.0, DiameterChoice::Random)?;
//! let minimum = quench(&liquid, &Potential::new(2)?, &QuenchSettings::default())?;
//! let settings = SpectrumSettings { method: SpectrumMethod::Dense, lowest_vectors: 3, ..Default::default() };
//! let spectrum = Spectrum::compute(&minimum, seed, &settings)?;
//! let quench = QuenchSettings::default();
//! let wanted = ModeSettings { omega_max: 0.0, lowest: 3, snapshot_participation_max: 0.3, quench };
//! for mode in describe(&minimum, &spectrum, &wanted)? {
//!     assert!((mode.b2 - mode.omega.powi(2)).abs() < 1e-9, "b₂ is λ");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// In the order of the flow.
pub mod elasticity;
pub mod own_stiffness;
pub mod spectrum;

pub mod describe;

pub mod nonlinear;

pub mod wells;

mod instruction_class;

pub use describe::{DescribeFailure, Group, Mode, ModeSettings, describe};
pub use elasticity::ElasticConstants;
pub use instruction_class::InstructionClass;
pub use spectrum::{Spectrum, SpectrumFailure, SpectrumMethod, SpectrumSettings};
