//! Which of the trials looked at ahead ([`super::ahead`]) an accepted one has outdated.

/// What trials have looked at.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    /// For each particle a bit for every trial that has looked at it.
    looked_at_by: Vec<u8>,
    /// Trials that have looked at a particle changed since.
    outdated: u8,
}

impl Watch {
    pub(super) fn new(particles: usize) -> Self {
        Watch { looked_at_by: vec![0; particles], outdated: 0 }
    }

    /// Nothing is outdated yet.
    #[inline(always)]
    pub(super) fn begin(&mut self) {
        self.outdated = 0;
    }

    /// Trial `k` has looked at `particle` and its neighbours.
    #[inline(always)]
    pub(super) fn look(&mut self, particle: usize, k: usize) {
        self.looked_at_by[particle] |= 1 << k;
    }

    /// `particle` or one of its neighbours has changed.
    #[inline(always)]
    pub(super) fn touch(&mut self, particle: usize) {
        self.outdated |= self.looked_at_by[particle];
    }

    /// Whether trial `k` has looked at what has changed since.
    #[inline(always)]
    pub(super) fn is_outdated(&self, k: usize) -> bool {
        self.outdated >> k & 1 == 1
    }

    /// The trials after `k` that are outdated.
    #[inline(always)]
    pub(super) fn outdated_after(&self, k: usize) -> u8 {
        self.outdated & !(2u8 << k).wrapping_sub(1)
    }

    /// No trial has looked at `particle`.
    #[inline(always)]
    pub(super) fn forget(&mut self, particle: usize) {
        self.looked_at_by[particle] = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_outdates_those_who_looked_and_of_them_the_later_ones_are_told() {
        let mut watch = Watch::new(10);
        for (particle, k) in [(3, 0), (4, 1), (3, 5), (9, 7)] {
            watch.look(particle, k);
        }
        watch.begin();
        watch.touch(5);
        assert!((0..8).all(|k| !watch.is_outdated(k)));
        watch.touch(3);
        let outdated: Vec<usize> = (0..8).filter(|&k| watch.is_outdated(k)).collect();
        assert_eq!(outdated, [0, 5]);
        assert_eq!([0, 4, 5, 7].map(|k| watch.outdated_after(k)), [1 << 5, 1 << 5, 0, 0]);
        watch.touch(9);
        assert_eq!([6, 7].map(|k| watch.outdated_after(k)), [1 << 7, 0]);
        watch.begin();
        watch.forget(9);
        watch.touch(9);
        assert!(!watch.is_outdated(7));
    }
}
