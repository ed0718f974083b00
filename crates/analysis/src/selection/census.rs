//! What a selection found and left out, counted.

#[cfg(doc)]
use super::Counted;
use super::Rule;
use archive::Group;
use serde::Serialize;

/// What the selection found and left out. Every realization and every mode is in exactly one of its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Census {
    /// Realizations planned in the campaign.
    pub planned: u64,
    /// Realizations in the archive.
    pub realizations: u64,
    /// Realizations given up, with their reasons under /failures.
    pub failed: u64,
    /// Left out: negative eigenvalues, a saddle.
    pub saddles: u64,
    /// Left out: more zero modes than the two translations and two of each nearly free particle, or fewer.
    pub extra_zero_modes: u64,
    /// Left out: largest force above the bound, or not a number.
    pub unconverged: u64,
    /// Left out: nearly free particles, where [`Counted`] asks for that.
    pub nearly_free_left_out: u64,
    /// Left out: no frequency of the first phonon in any glass, but the cut asks for it.
    pub without_cut: u64,
    /// Realizations that count.
    pub sound: u64,
    /// Chains of the sampling that these were taken from: as many as these, unless several were taken from one. They are
    /// what is independent.
    pub chains: u64,
    /// Of these, realizations with nearly free particles.
    pub with_nearly_free: u64,
    /// Of these, realizations without a frequency of the first phonon, cut at the median of the others' cuts.
    pub without_phonon: u64,
    /// Of these, realizations whose cut is the end of what was described, below the one asked for.
    pub cut_by_description: u64,
    /// Described modes.
    pub described: u64,
    /// Of realizations left out.
    pub in_unsound: u64,
    /// ω, PR or b₂ is not a number.
    pub invalid: u64,
    /// PR too large.
    pub extended: u64,
    /// Localized, not of the group asked for.
    pub other_group: u64,
    /// Localized, of one nearly free particle, where [`Counted`] leaves these out.
    pub single_particle_left_out: u64,
    /// Localized, above the cut.
    pub above_cut: u64,
    /// Localized, below the cut, but not the lowest.
    pub not_lowest: u64,
    /// Modes that count.
    pub selected: u64,
    /// Of these, modes of one nearly free particle.
    pub single_particle: u64,
    /// Of these, group A without a second minimum.
    pub group_a: u64,
    /// Group A with a second, higher minimum.
    pub group_a_double: u64,
    /// Group B.
    pub group_b: u64,
    /// b₄ ≤ 0.
    pub unbounded: u64,
}

impl Census {
    /// Counts a glass that `rule` leaves out.
    pub(super) fn leave_out(&mut self, rule: Rule) {
        match rule {
            Rule::Saddle => self.saddles += 1,
            Rule::ZeroModes => self.extra_zero_modes += 1,
            Rule::Unconverged => self.unconverged += 1,
        }
    }

    /// Glasses that `rule` leaves out.
    pub fn left_out_by(&self, rule: Rule) -> u64 {
        match rule {
            Rule::Saddle => self.saddles,
            Rule::ZeroModes => self.extra_zero_modes,
            Rule::Unconverged => self.unconverged,
        }
    }

    /// Counts a selected mode of `group`.
    pub(super) fn select(&mut self, group: Group) {
        self.selected += 1;
        match group {
            Group::A => self.group_a += 1,
            Group::ADouble => self.group_a_double += 1,
            Group::B => self.group_b += 1,
            Group::Unbounded => self.unbounded += 1,
        }
    }

    /// Selected modes of `group`.
    pub fn of(&self, group: Group) -> u64 {
        match group {
            Group::A => self.group_a,
            Group::ADouble => self.group_a_double,
            Group::B => self.group_b,
            Group::Unbounded => self.unbounded,
        }
    }
}
