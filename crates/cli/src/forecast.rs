//! What a campaign will need: foreseen from a short calibration on this machine.

pub mod calibration;
pub mod disk;
pub mod job_script;
pub mod layout;

pub use calibration::{Calibration, calibrate};
pub use disk::Disk;
pub use layout::Layout;
