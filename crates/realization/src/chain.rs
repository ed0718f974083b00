//! The chains of a campaign: one for each glass, or, where glasses are harvested, one for several.

use crate::config::Plan;
use glass::InstructionSet;
use glass::random::Seed;
use glass::thermalize::{Chain, Glass, ThermalizeFailure};

/// A chain of the campaign `plan`, whose glasses are taken one after the other.
pub(crate) struct GlassChain<'a, const D: usize> {
    plan: &'a Plan,
    chain: Chain<D>,
    taken: u64,
}

impl<'a, const D: usize> GlassChain<'a, D> {
    /// The chain number `chain` before its first glass.
    pub(crate) fn begin(plan: &'a Plan, chain: u64) -> Result<Self, ThermalizeFailure> {
        let seed = Seed::of_realization(plan.campaign.seed, chain);
        let chain = Chain::begin(seed, &plan.composition, &plan.thermalize, InstructionSet::detect())?;
        Ok(GlassChain { plan, chain, taken: 0 })
    }

    /// Its next glass, given up once it is not `wanted` any more.
    pub(crate) fn next(&mut self, wanted: &dyn Fn() -> bool) -> Result<Glass<D>, ThermalizeFailure> {
        let sweeps = match self.plan.harvest {
            Some(harvest) if self.taken > 0 => harvest.sweeps,
            _ => self.plan.thermalize.sweeps,
        };
        self.taken += 1;
        self.chain.go_on(sweeps, wanted)
    }
}

/// The glass of realization `index` of the campaign `plan`: a function of both to the last bit. Where glasses are
/// harvested, its chain is followed from the beginning. D is the number of axes of `plan.dimension`.
///
/// # Errors
/// [`ThermalizeFailure`], also once it is not `wanted` any more.
pub fn make_glass<const D: usize>(
    plan: &Plan,
    index: u64,
    wanted: &dyn Fn() -> bool,
) -> Result<Glass<D>, ThermalizeFailure> {
    let length = plan.chain_length();
    let mut chain = GlassChain::begin(plan, index / length)?;
    for _ in 0..index % length {
        chain.next(wanted)?;
    }
    chain.next(wanted)
}
