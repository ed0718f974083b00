//! What a campaign will need: foreseen from a short calibration on this machine.

pub mod calibration;
pub mod disk;
pub mod full_spectrum;
pub mod job_script;
pub mod layout;
pub mod patience;

pub use calibration::{Calibration, calibrate};
pub use disk::Disk;
pub use full_spectrum::FullSpectrum;
pub use layout::Layout;
pub use patience::patience;
