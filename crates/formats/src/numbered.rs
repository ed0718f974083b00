//! A frame and its place in its file.

use archive::memory_available;
use archive::record::Particles;

/// Frames, and what is made of them, stand side by side.
const SHARE_OF_MEMORY: u64 = 6;

/// A frame, and which of its file it is, from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberedFrame {
    /// Place in the file.
    pub number: usize,
    /// Particles.
    pub frame: Particles,
    /// Whether the file gives particles different masses. They are not used: every particle has mass 1.
    pub masses_differ: bool,
}

/// Most particles that the frames of a file may have together.
pub(crate) fn particles_max() -> u64 {
    memory_available() / SHARE_OF_MEMORY / size_of::<[f64; 4]>() as u64
}
