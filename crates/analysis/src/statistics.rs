//! Estimates with honest errors, tested against known distributions.

pub mod special;

pub mod histogram;
pub mod interval;
pub mod moments;

pub mod bootstrap;
pub mod goodness;
pub mod power_law;
pub mod two_samples;
pub mod weibull;

pub use histogram::Histogram;
pub use interval::{Estimate, Interval};
pub use moments::Distribution;
pub use power_law::{PowerLawFit, PowerLawSample};
pub use weibull::WeibullFit;
