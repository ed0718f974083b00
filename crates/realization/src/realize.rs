//! One realization, whole: Seed → Glass → InherentStructure → Spectrum → `Vec<Mode>` → nonlinear modes, wells → Record.

use crate::chain::{GlassChain, make_glass};
use crate::config::Plan;
use crate::record::{InherentSummary, Particles, Record, SpectrumSummary, StageSeconds};
use crate::stage_clock::StageClock;
use glass::InherentStructure;
use glass::quench::{QuenchFailure, quench};
use glass::random::Seed;
use glass::space::Dimension;
use glass::thermalize::{Glass, ThermalizeEvidence, ThermalizeFailure};
use modes::describe::{DescribeFailure, describe};
use modes::elasticity::ElasticityFailure;
use modes::nonlinear::{NonlinearFailure, NonlinearMode, nonlinear_modes};
use modes::own_stiffness::OwnStiffness;
use modes::wells::{WellFailure, transitions};
use modes::{ElasticConstants, InstructionClass, Mode, Spectrum, SpectrumFailure};
use thiserror::Error;

/// Why a realization has no record. Each follows from the seed alone, so trying again is no use.
#[derive(Debug, Error)]
pub enum RealizationFailure {
    /// No glass.
    #[error("thermalize: {0}")]
    Thermalize(#[from] ThermalizeFailure),
    /// No minimum.
    #[error("quench: {0}")]
    Quench(#[from] QuenchFailure),
    /// No spectrum.
    #[error("spectrum: {0}")]
    Spectrum(#[from] SpectrumFailure),
    /// No descriptors.
    #[error("modes: {0}")]
    Describe(#[from] DescribeFailure),
    /// No factorization for the nonlinear modes.
    #[error(transparent)]
    Nonlinear(#[from] NonlinearFailure),
    /// No factorization for the wells.
    #[error(transparent)]
    Wells(#[from] WellFailure),
    /// No moduli.
    #[error("elastic constants: {0}")]
    Elasticity(#[from] ElasticityFailure),
    /// One of several of a chain.
    #[error("realization {index} of the chain: {failure}")]
    InChain {
        /// Which.
        index: u64,
        /// Why.
        failure: Box<RealizationFailure>,
    },
}

/// Realization `index` of the campaign `plan`: a function of its arguments to the last bit, but for
/// the seconds it took.
///
/// # Errors
/// [`RealizationFailure`] names the stage that gave up.
pub fn realize(plan: &Plan, index: u64) -> Result<Record, RealizationFailure> {
    let clock = StageClock::start();
    match plan.dimension {
        Dimension::Two => record::<2>(plan, index, &make_glass(plan, index, &|| true)?, clock),
        Dimension::Three => record::<3>(plan, index, &make_glass(plan, index, &|| true)?, clock),
    }
}

/// All realizations of a chain of the campaign `plan`, ascending, which is followed once: the same bits as by
/// [`realize`].
///
/// # Errors
/// As [`realize`]; [`RealizationFailure::InChain`] says which realization gave up, and with it the whole chain.
pub fn realize_chain(plan: &Plan, chain: u64) -> Result<Vec<Record>, RealizationFailure> {
    let mut records = Vec::new();
    realize_while(plan, chain, |record| {
        records.push(record);
        true
    })?;
    Ok(records)
}

/// The same one by one, as long as they are `wanted`.
///
/// # Errors
/// As [`realize_chain`].
pub fn realize_while(
    plan: &Plan,
    chain: u64,
    mut wanted: impl FnMut(Record) -> bool,
) -> Result<(), RealizationFailure> {
    if plan.chain_length() == 1 {
        wanted(realize(plan, chain)?);
        return Ok(());
    }
    match plan.dimension {
        Dimension::Two => records::<2>(plan, chain, wanted),
        Dimension::Three => records::<3>(plan, chain, wanted),
    }
}

fn records<const D: usize>(
    plan: &Plan,
    chain: u64,
    mut wanted: impl FnMut(Record) -> bool,
) -> Result<(), RealizationFailure> {
    let length = plan.chain_length();
    let mut clock = StageClock::start();
    let mut glasses = GlassChain::<D>::begin(plan, chain)?;
    for index in chain * length..(chain + 1) * length {
        let in_chain = |failure| RealizationFailure::InChain { index, failure: Box::new(failure) };
        let glass = glasses.next(&|| true).map_err(|failure| in_chain(failure.into()))?;
        if !wanted(record(plan, index, &glass, clock).map_err(in_chain)?) {
            break;
        }
        clock = StageClock::start();
    }
    Ok(())
}

/// From a glass, whose sampling `clock` has timed, to the record of realization `index`.
fn record<const D: usize>(
    plan: &Plan,
    index: u64,
    glass: &Glass<D>,
    mut clock: StageClock,
) -> Result<Record, RealizationFailure> {
    let seconds_thermalize = clock.lap();
    let inherent = quench(glass.configuration(), glass.potential(), &plan.quench)?;
    let seconds_quench = clock.lap();

    let seed = Seed::of_realization(plan.campaign.seed, index);
    let mut record = examine(plan, index, seed, &inherent)?;
    record.chain = index / plan.chain_length();
    record.thermalize = glass.evidence().clone();
    record.seconds = StageSeconds { thermalize: seconds_thermalize, quench: seconds_quench, ..record.seconds };
    Ok(record)
}

/// From an inherent structure to its record: InherentStructure → Spectrum → `Vec<Mode>` → Record. D is the number of axes
/// of `plan.dimension`.
///
/// # Errors
/// [`RealizationFailure`] names the stage that gave up.
pub fn examine<const D: usize>(
    plan: &Plan,
    index: u64,
    seed: Seed,
    inherent: &InherentStructure<D>,
) -> Result<Record, RealizationFailure> {
    let mut clock = StageClock::start();

    let spectrum = Spectrum::compute(inherent, seed, &plan.spectrum)?;
    let seconds_spectrum = clock.lap();

    let modes = describe(inherent, &spectrum, &plan.modes)?;
    let nonlinear = nonlinear_modes(inherent, &spectrum, &modes, &plan.nonlinear)?.into_rows();
    let transitions = transitions(inherent, &spectrum, &modes, &nonlinear, &plan.wells)?;
    let elastic = ElasticConstants::compute(inherent)?;
    let seconds_modes = clock.lap();

    Ok(Record {
        index,
        chain: index,
        seed: seed.bits(),
        dimension: plan.dimension,
        attempts: 1,
        thermalize: ThermalizeEvidence::default(),
        inherent: InherentSummary::of(inherent),
        elastic,
        spectrum: spectrum_summary(&spectrum, &OwnStiffness::of(inherent.hessian())),
        frame: modes.iter().any(|mode: &Mode| mode.vector.is_some()).then(|| Particles::of(inherent.configuration())),
        modes,
        nonlinear: nonlinear.into_iter().map(|search| kept(plan, search)).collect(),
        transitions,
        seconds: StageSeconds { spectrum: seconds_spectrum, modes: seconds_modes, ..StageSeconds::default() },
        instruction_class: InstructionClass::detect(),
    })
}

/// What a record keeps of a nonlinear mode.
fn kept(plan: &Plan, mut nonlinear: NonlinearMode) -> NonlinearMode {
    if !plan.nonlinear_vectors || nonlinear.mode.participation > plan.modes.snapshot_participation_max {
        nonlinear.mode.vector = None;
    }
    nonlinear.mode.profile_s.clear();
    nonlinear.mode.profile_energy.clear();
    nonlinear
}

fn spectrum_summary<const D: usize>(spectrum: &Spectrum<D>, own: &OwnStiffness) -> SpectrumSummary {
    let (staircase_omega, staircase_count) = spectrum.staircase().iter().copied().unzip();
    SpectrumSummary {
        eigenvalues: spectrum.eigenvalues().to_vec(),
        participation: spectrum.participation().to_vec(),
        omega_complete: spectrum.omega_complete(),
        zero_modes: spectrum.zero_modes() as u32,
        negative_modes: spectrum.negative_modes() as u32,
        rattlers: spectrum.rattlers().len() as u32,
        own_stiffness_typical: own.typical(),
        nearly_free: own.nearly_free() as u32,
        residual_max: spectrum.residual_max(),
        orthogonality_max: spectrum.orthogonality_max(),
        staircase_omega,
        staircase_count,
    }
}
