//! Which modes count: the same options wherever modes are selected.

use super::values::{group, positive, ratio};
use analysis::{FrequencyCut, Selection};
use archive::Group;
use clap::Args;

/// Which modes count.
#[derive(Debug, Clone, Args)]
pub struct SelectionArguments {
    /// Select modes with a participation ratio below this [default: 0.27]
    #[arg(long, value_name = "PR", allow_negative_numbers = true, value_parser = ratio)]
    pub pr_max: Option<f64>,
    /// Select modes with a frequency below this [default: below each glass's first transverse phonon]
    #[arg(
        long,
        value_name = "OMEGA",
        conflicts_with = "omega_max_phonon",
        allow_negative_numbers = true,
        value_parser = positive
    )]
    pub omega_max: Option<f64>,
    /// Select modes below this fraction of each realization's first transverse phonon
    #[arg(long, value_name = "FRACTION", allow_negative_numbers = true, value_parser = positive)]
    pub omega_max_phonon: Option<f64>,
    /// Only the lowest mode of each realization
    #[arg(long)]
    pub lowest: bool,
    /// Only modes of this group: A, A-double, B or unbounded
    #[arg(long, value_name = "GROUP", value_parser = group)]
    pub group: Option<Group>,
}

impl SelectionArguments {
    /// Whether any of the options is given.
    pub fn is_given(&self) -> bool {
        let of_frequency = self.omega_max.is_some() || self.omega_max_phonon.is_some();
        self.pr_max.is_some() || of_frequency || self.lowest || self.group.is_some()
    }

    /// As analysis takes it.
    pub fn selection(&self) -> Selection {
        let defaults = Selection::default();
        let omega_max = match (self.omega_max, self.omega_max_phonon) {
            (Some(omega), _) => FrequencyCut::Omega(omega),
            (None, Some(fraction)) => FrequencyCut::OfPhonon(fraction),
            (None, None) => defaults.omega_max,
        };
        let participation_max = self.pr_max.unwrap_or(defaults.participation_max);
        Selection { participation_max, omega_max, lowest_only: self.lowest, group: self.group, ..defaults }
    }
}
