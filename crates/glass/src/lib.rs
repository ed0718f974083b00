//! From a seed to an inherent structure of a polydisperse glass in two or three dimensions.
//!
//! ```text
//! Seed ─► Glass ─────────► InherentStructure
//!         (swap Monte Carlo) (conjugate gradient, Newton)
//! ```
//!
//! The crate is pure: no clock, no files, no printing, no MPI. What a function returns depends on
//! its arguments alone, to the last bit.
//!
//! Units: energy scale ε = 1, mass 1, k_B = 1, lengths as the diameters of [`diameters`].
//!
//! ```
//! use glass::diameters::DiameterChoice;
//! use glass::quench::{QuenchSettings, quench};
//! use glass::thermalize::{Composition, SwapProposal, ThermalizeSettings, thermalize};
//! use glass::{Potential, Seed};
//!
//! let (potential, diameters) = (Potential::new(2)?, DiameterChoice::Random);
//! let composition = Composition { particles: 64, density: 1.0, diameters, potential };
//! let swap = SwapProposal::Uniform;
//! let settings = ThermalizeSettings { temperature: 0.3, sweeps: 20, swap_fraction: 0.2, max_displacement: 0.12, swap };
//! let glass = thermalize::<2>(Seed::of_realization(7, 0), &composition, &settings)?;
//! let inherent = quench(glass.configuration(), glass.potential(), &QuenchSettings::default())?;
//! let thermal = glass.evidence().energy.last().copied();
//! assert!(inherent.force_max() <= 1e-12 && Some(inherent.energy()) < thermal);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// In the order of the flow.
pub mod random;
pub mod space;

pub mod configuration;
pub mod diameters;
pub mod interaction;
pub mod periodic;

pub mod instruction_set;
pub mod lanes;
pub mod pairs;

pub mod thermalize;

pub mod energy;
pub mod hessian;
pub mod quench;

pub use configuration::Configuration;
pub use hessian::Hessian;
pub use instruction_set::InstructionSet;
pub use interaction::Potential;
pub use periodic::PeriodicBox;
pub use quench::InherentStructure;
pub use random::Seed;
pub use thermalize::Glass;
