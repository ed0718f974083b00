//! Whether a campaign is worth going on with, by its first tasks.

/// How the first tasks of a campaign ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trial {
    left: u32,
    ended: u32,
    failed: u32,
}

/// A campaign is given up if this part of its first tasks failed.
const NEARLY_ALL: f64 = 0.9;

impl Trial {
    /// A trial of so many tasks; of none for a campaign that has been tried before.
    pub(super) fn of(tasks: u32) -> Self {
        Self { left: tasks, ended: 0, failed: 0 }
    }

    /// A task ended, for good or given up. `true` if by that nearly all of the first have failed.
    pub(super) fn learn(&mut self, failed: bool) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        self.ended += 1;
        self.failed += u32::from(failed);
        self.left == 0 && f64::from(self.failed) >= NEARLY_ALL * f64::from(self.ended)
    }
}
