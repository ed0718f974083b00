//! One realization of a campaign: configuration → seed → glass → inherent structure → spectrum → modes → record.
//!
//! ```text
//! TOML ─► Plan ─┐
//!               ├─ realize ─► Record
//! index ────────┘
//! ```
//!
//! The record is a function of (plan, index) to the last bit, but for the seconds it took. Where several glasses are taken
//! from one chain (`thermalize.harvest`), [`realize_chain`] makes the records of all of them in one go. Nothing here
//! knows HDF5, MPI or the command line, so that any program can make the realizations of a campaign.
//!
//! ```
//! let text = r#"
//! [campaign]
//! name = "example"
//! realizations = 1
//! seed = 7
//! [glass]
//! particles = 64
//! [thermalize]
//! temperature = 0.3
//! sweeps = 20
//! [spectrum]
//! method = "dense"
//! [modes]
//! omega_max = 1.0
//! "#;
//! let plan = realization::config::parse(text, "example.toml", &[])?;
//! let record = realization::realize(&plan, 0)?;
//! assert_eq!(record.spectrum.eigenvalues.len(), 2 * 64);
//! assert!(record.inherent.force_max <= plan.quench.force_tolerance);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// In the order of the flow.
mod chain;
pub mod config;
pub mod particles;
mod realize;
pub mod record;
pub mod stage_clock;

pub use chain::make_glass;
pub use realize::{RealizationFailure, examine, realize, realize_chain, realize_while};
pub use record::Record;
