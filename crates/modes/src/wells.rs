//! True wells: the minima next to an inherent structure, the paths to them, and how a particle tunnels.
//!
//! ```text
//! two minima ─► path (climbing-image nudged elastic band) ─► saddle ─► barriers, V(s) ─► splitting E₁ − E₀
//! ```

pub mod path;
pub mod splitting;
