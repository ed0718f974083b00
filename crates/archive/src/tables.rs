//! Columns of an archive, as analysis reads them; one line a scalar, from which its dataset follows too.

use crate::record::Record;
use crate::scalars::analysis_table;
use glass::space::Dimension;
use modes::nonlinear::{Kind, NonlinearMode};
use modes::wells::Transition;
use modes::{Group, Mode};

analysis_table! {
    /// `/realizations` and the per-realization columns of `/spectrum`; one entry each, ascending index.
    RealizationTable, OF_REALIZATION: Realizations of Record;
    by hand {
        /// Dimension of space.
        dimension: Dimension,
    }
    index: U64 [NUMBER], field(index), "/realizations/index" since 1, "index of the realization in the campaign";
    chain: U64 [NUMBER], field(chain), "/realizations/chain" since 3, "chain of the sampling that the glass was taken from; its own index unless several were taken from one";
    seed: U64 [NUMBER], field(seed), "/realizations/seed" since 1, "seed derived from the campaign's seed and the index";
    energy_thermal: F64 [ENERGY], last(thermalize.energy), "/realizations/energy_thermal" since 1, "potential energy per particle, last sample at T";
    energy_inherent: F64 [ENERGY], field(inherent.energy), "/realizations/energy_inherent" since 1, "potential energy per particle at the minimum";
    pressure: F64 [STIFFNESS], field(inherent.pressure), "/realizations/pressure" since 1, "pressure at the minimum";
    force_max: F64 [FORCE], field(inherent.force_max), "/realizations/force_max" since 1, "largest force on a particle at the minimum";
    shear_modulus: F64 [STIFFNESS], field(elastic.shear_modulus), "/realizations/shear_modulus" since 1, "shear modulus G, Born minus non-affine";
    bulk_modulus: F64 [STIFFNESS], field(elastic.bulk_modulus), "/realizations/bulk_modulus" since 1, "bulk modulus K, Born minus non-affine";
    omega_phonon: F64 [FREQUENCY], field(elastic.omega_phonon), "/realizations/omega_phonon" since 1, "first transverse phonon, (2 pi/L) sqrt((G - P)/rho)";
    acceptance_displacement: F64 [NUMBER], field(thermalize.acceptance_displacement), "/realizations/acceptance_displacement" since 1, "fraction of displacement trials accepted at T";
    acceptance_swap: F64 [NUMBER], field(thermalize.acceptance_swap), "/realizations/acceptance_swap" since 1, "fraction of swap trials accepted at T";
    diameter_correlation: F64 [NUMBER], last(thermalize.diameter_correlation), "/realizations/diameter_correlation" since 1, "diameter autocorrelation C_sigma after the last sweep";
    configurational_temperature: F64 [ENERGY], last(thermalize.configurational_temperature), "/realizations/configurational_temperature" since 1, "configurational temperature after the last sweep, k_B = 1";
    quench_iterations: U32 [NUMBER], field(inherent.iterations), "/realizations/quench_iterations" since 1, "force evaluations of the gradient stage of the quench";
    attempts: U32 [NUMBER], field(attempts), "/realizations/attempts" since 1, "how often the realization was started", circumstance;
    seconds_thermalize: F64 [SECONDS], field(seconds.thermalize), "/realizations/seconds_thermalize" since 1, "CPU seconds of the sampling", circumstance;
    seconds_quench: F64 [SECONDS], field(seconds.quench), "/realizations/seconds_quench" since 1, "CPU seconds of the quench", circumstance;
    seconds_spectrum: F64 [SECONDS], field(seconds.spectrum), "/realizations/seconds_spectrum" since 1, "CPU seconds of the eigenpairs", circumstance;
    seconds_modes: F64 [SECONDS], field(seconds.modes), "/realizations/seconds_modes" since 1, "CPU seconds of the descriptors and moduli", circumstance;
    instruction_class: Name [NUMBER], name(instruction_class), "/realizations/instruction_class" since 2, "vector instructions of the machine that computed the spectrum; empty if not recorded", circumstance;
    omega_complete: F64 [FREQUENCY], field(spectrum.omega_complete), "/spectrum/omega_complete" since 1, "every mode below this is in the spectrum; inf if all are";
    zero_modes: U32 [NUMBER], field(spectrum.zero_modes), "/spectrum/zero_modes" since 1, "zero modes, the Goldstone modes included";
    negative_modes: U32 [NUMBER], field(spectrum.negative_modes), "/spectrum/negative_modes" since 1, "negative eigenvalues (0 at a minimum)";
    rattlers: U32 [NUMBER], field(spectrum.rattlers), "/spectrum/rattlers" since 1, "particles without enough contacts";
    own_stiffness_typical: F64 [STIFFNESS], field(spectrum.own_stiffness_typical), "/spectrum/own_stiffness_typical" since 2, "median over the particles of the stiffness of each while all others stand still, the smallest eigenvalue of its own block of the Hessian";
    nearly_free: U32 [NUMBER], field(spectrum.nearly_free), "/spectrum/nearly_free" since 2, "particles whose own stiffness is below 0.01 of that";
    residual_max: F64 [STIFFNESS], field(spectrum.residual_max), "/spectrum/residual_max" since 1, "largest |H v - lambda v| of the eigenpairs checked";
    orthogonality_max: F64 [NUMBER], field(spectrum.orthogonality_max), "/spectrum/orthogonality_max" since 1, "largest element of |V^T V - 1| of the vectors checked";
}

analysis_table! {
    /// `/modes`: one entry a described mode, ascending in (realization, ω).
    ModeTable, OF_MODE: Modes of Mode;
    by hand {
        /// `/modes/realization`: index of the realization in the campaign.
        realization: Vec<u64>,
        /// `/modes/group`: its class.
        group: Vec<Group>,
        /// `/modes/snapshot`: row in /snapshots, −1 if the vector is not kept.
        snapshot: Vec<i64>,
    }
    mode: U32 [NUMBER], field(index), "/modes/mode" since 1, "position in the spectrum of its realization, from 0";
    omega: F64 [FREQUENCY], field(omega), "/modes/omega" since 1, "frequency omega = sqrt(lambda)";
    participation: F64 [NUMBER], field(participation), "/modes/participation" since 1, "participation ratio 1/(N sum |psi_i|^4)";
    b2: F64 [STIFFNESS], field(b2), "/modes/b2" since 1, "second derivative of the energy along the mode";
    b3: F64 [CUBIC], field(b3), "/modes/b3" since 1, "third derivative of the energy along the mode";
    b4: F64 [QUARTIC], field(b4), "/modes/b4" since 1, "fourth derivative of the energy along the mode";
    beta: F64 [NUMBER], field(beta), "/modes/beta" since 1, "b3/sqrt(3 b2 b4), with the sign of the mode vector; NaN if b4 <= 0";
    barrier: F64 [ENERGY], field(barrier), "/modes/barrier" since 1, "barrier of the quartic; NaN without a second minimum";
    depth: F64 [ENERGY], field(depth), "/modes/depth" since 1, "energy of the second minimum of the quartic, negative if deeper; NaN without one";
    separation: F64 [LENGTH], field(separation), "/modes/separation" since 1, "distance of the second minimum of the quartic; NaN without one";
    true_barrier: F64 [ENERGY], field(true_barrier), "/modes/true_barrier" since 1, "barrier of the actual energy along the mode; NaN without a second minimum";
    true_depth: F64 [ENERGY], field(true_depth), "/modes/true_depth" since 1, "energy of the second minimum of the actual energy along the mode; NaN without one";
    true_separation: F64 [LENGTH], field(true_separation), "/modes/true_separation" since 1, "distance of that minimum; NaN without one";
    cutoff_share_b3: F64 [NUMBER], field(cutoff_share_b3), "/modes/cutoff_share_b3" since 1, "part of b3 from pairs within 2 % of the cutoff; NaN if b3 vanishes";
    cutoff_share_b4: F64 [NUMBER], field(cutoff_share_b4), "/modes/cutoff_share_b4" since 1, "part of b4 from pairs within 2 % of the cutoff; NaN if b4 vanishes";
    b3_inside: F64 [CUBIC], field(b3_inside), "/modes/b3_inside" since 2, "b3 without pairs within 2 % of the cutoff";
    b4_inside: F64 [QUARTIC], field(b4_inside), "/modes/b4_inside" since 2, "b4 without pairs within 2 % of the cutoff";
    own_stiffness: F64 [STIFFNESS], field(own_stiffness), "/modes/own_stiffness" since 2, "stiffness of the particle that moves most while all others stand still";
    landing_energy: F64 [ENERGY], field(landing_energy), "/modes/landing_energy" since 1, "total energy, against the start, of the minimum reached by quenching from the second minimum; NaN without one";
    landing_distance: F64 [LENGTH], field(landing_distance), "/modes/landing_distance" since 1, "Euclidean distance of that minimum, translation removed; NaN without one";
}

analysis_table! {
    /// `/nonlinear`: one entry a nonlinear mode, or search for one that was given up, in the order of realizations.
    NonlinearTable, OF_NONLINEAR: Nonlinear of NonlinearMode;
    by hand {
        /// `/nonlinear/realization`: index of the realization in the campaign.
        realization: Vec<u64>,
        /// `/nonlinear/source`: row in /modes of the mode that the search started from, −1 if that was left out.
        source: Vec<i64>,
        /// `/nonlinear/kind`: its cost.
        kind: Vec<Kind>,
        /// `/nonlinear/group`: its class.
        group: Vec<Group>,
    }
    kappa: F64 [STIFFNESS], field(mode.b2), "/nonlinear/kappa" since 2, "curvature kappa = z H z along the direction z; NaN, like all but residual, where the search was given up";
    omega: F64 [FREQUENCY], field(mode.omega), "/nonlinear/omega" since 2, "frequency sqrt(kappa)";
    participation: F64 [NUMBER], field(mode.participation), "/nonlinear/participation" since 2, "participation ratio 1/(N sum |z_i|^4)";
    b2: F64 [STIFFNESS], field(mode.b2), "/nonlinear/b2" since 2, "second derivative of the energy along the direction: kappa";
    b3: F64 [CUBIC], field(mode.b3), "/nonlinear/b3" since 2, "third derivative of the energy along the direction";
    b4: F64 [QUARTIC], field(mode.b4), "/nonlinear/b4" since 2, "fourth derivative of the energy along the direction";
    beta: F64 [NUMBER], field(mode.beta), "/nonlinear/beta" since 2, "b3/sqrt(3 b2 b4); NaN if b4 <= 0";
    barrier: F64 [ENERGY], field(mode.barrier), "/nonlinear/barrier" since 2, "barrier of the quartic; NaN without a second minimum";
    depth: F64 [ENERGY], field(mode.depth), "/nonlinear/depth" since 2, "energy of the second minimum of the quartic; NaN without one";
    separation: F64 [LENGTH], field(mode.separation), "/nonlinear/separation" since 2, "distance of the second minimum of the quartic; NaN without one";
    true_barrier: F64 [ENERGY], field(mode.true_barrier), "/nonlinear/true_barrier" since 2, "barrier of the actual energy along the direction; NaN without a second minimum";
    true_depth: F64 [ENERGY], field(mode.true_depth), "/nonlinear/true_depth" since 2, "energy of the second minimum of the actual energy; NaN without one";
    true_separation: F64 [LENGTH], field(mode.true_separation), "/nonlinear/true_separation" since 2, "distance of that minimum; NaN without one";
    cutoff_share_b3: F64 [NUMBER], field(mode.cutoff_share_b3), "/nonlinear/cutoff_share_b3" since 2, "part of b3 from pairs within 2 % of the cutoff";
    cutoff_share_b4: F64 [NUMBER], field(mode.cutoff_share_b4), "/nonlinear/cutoff_share_b4" since 2, "part of b4 from pairs within 2 % of the cutoff";
    b3_inside: F64 [CUBIC], field(mode.b3_inside), "/nonlinear/b3_inside" since 2, "b3 without pairs within 2 % of the cutoff";
    b4_inside: F64 [QUARTIC], field(mode.b4_inside), "/nonlinear/b4_inside" since 2, "b4 without pairs within 2 % of the cutoff";
    own_stiffness: F64 [STIFFNESS], field(mode.own_stiffness), "/nonlinear/own_stiffness" since 2, "stiffness of the particle that moves most while all others stand still";
    landing_energy: F64 [ENERGY], field(mode.landing_energy), "/nonlinear/landing_energy" since 2, "total energy, against the start, of the minimum reached from the second minimum; NaN without one";
    landing_distance: F64 [LENGTH], field(mode.landing_distance), "/nonlinear/landing_distance" since 2, "Euclidean distance of that minimum; NaN without one";
    overlap: F64 [NUMBER], field(overlap), "/nonlinear/overlap" since 2, "|z psi| with the harmonic mode the search started from";
    iterations: U32 [NUMBER], field(iterations), "/nonlinear/iterations" since 2, "iterations of the search";
    residual: F64 [NUMBER], field(residual), "/nonlinear/residual" since 2, "how far from stationary the cost is, relatively; converged below 1e-10, or what rounding leaves";
}

analysis_table! {
    /// `/transitions`: one entry a way to an adjacent minimum, or search for one that failed, in the order of realizations.
    TransitionTable, OF_TRANSITION: Transitions of Transition;
    by hand {
        /// `/transitions/realization`: index of the realization in the campaign.
        realization: Vec<u64>,
        /// `/transitions/source`: row in /modes of the mode it was found along, −1 if that was left out.
        source: Vec<i64>,
        /// `/transitions/direction`: ±1.
        direction: Vec<i8>,
    }
    along: Name [NUMBER], name(along), "/transitions/along" since 2, "which direction that was: harmonic, pseudo-harmonic, cubic or quartic";
    outcome: Name [NUMBER], name(outcome), "/transitions/outcome" since 2, "found; else why nothing more is known: no quench, no saddle, not one negative eigenvalue, not adjacent";
    energy_difference: F64 [ENERGY], field(energy_difference), "/transitions/energy_difference" since 2, "total energy of the adjacent minimum against the inherent structure; NaN, as all below, unless found";
    barrier_forward: F64 [ENERGY], field(barrier_forward), "/transitions/barrier_forward" since 2, "saddle above the inherent structure";
    barrier_backward: F64 [ENERGY], field(barrier_backward), "/transitions/barrier_backward" since 2, "saddle above the adjacent minimum";
    path_length: F64 [LENGTH], field(path_length), "/transitions/path_length" since 2, "length of the path of steepest descent from minimum to minimum, masses 1";
    distance: F64 [LENGTH], field(distance), "/transitions/distance" since 2, "Euclidean distance of the minima";
    participation: F64 [NUMBER], field(participation), "/transitions/participation" since 2, "participation ratio of the displacement between them";
    saddle_omega: F64 [FREQUENCY], field(saddle_omega), "/transitions/saddle_omega" since 2, "imaginary frequency of the saddle, sqrt(-lambda)";
    curvature_start: F64 [STIFFNESS], field(curvature_start), "/transitions/curvature_start" since 2, "curvature along the path at the inherent structure";
    curvature_end: F64 [STIFFNESS], field(curvature_end), "/transitions/curvature_end" since 2, "curvature along the path at the adjacent minimum";
    splitting: F64 [ENERGY], field(splitting), "/transitions/splitting" since 2, "E1 - E0 along the path for wells.hbar";
    splitting_change: F64 [ENERGY], field(splitting_change), "/transitions/splitting_change" since 2, "what the last halving of the grid changed of it";
    overlap: F64 [NUMBER], field(overlap), "/transitions/overlap" since 2, "|z d| of the direction with the unit displacement between the minima";
}

/// `/failures`: one quarantined realization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureRow {
    /// Index of the realization in the campaign.
    pub index: u64,
    /// How often it was started.
    pub attempts: u32,
    /// Why it was given up.
    pub reason: String,
}
