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
