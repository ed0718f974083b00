//! What a mode looks like: the energy along it.
//!
//! ```text
//! mode ─► expansion ─► quartic ─► true profile ─► landing
//!         b₂ b₃ b₄     β, group   same question   quench from
//!                      barrier    to the actual   beyond the
//!                      depth      potential       barrier
//! ```

pub mod orientation;

pub mod expansion;
pub mod quartic;

pub mod along;
pub mod profile;

pub mod landing;

#[cfg(test)]
pub(crate) mod samples;

use crate::spectrum::Spectrum;
use along::Neighbourhood;
use expansion::Contacts;
use glass::InherentStructure;
use glass::quench::QuenchSettings;
use profile::Profile;
use quartic::{NotAMinimum, Quartic};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use thiserror::Error;

/// b₂ and λ may differ by this, relatively: beyond it the vector is not the eigenvector.
pub const CURVATURE_TOLERANCE: f64 = 1e-6;

/// Shape of the quartic U(s) = b₂s²/2 + b₃s³/6 + b₄s⁴/24 along a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Group {
    /// |β| ≤ √(8/9): one minimum.
    A = 0,
    /// √(8/9) < |β| ≤ 1: a second, higher minimum.
    ADouble = 1,
    /// |β| > 1: a second, deeper minimum.
    B = 2,
    /// b₄ ≤ 0.
    Unbounded = 3,
}

/// One described mode; plain data, as the archive stores it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mode {
    /// Position in the spectrum, ascending from 0, negative and Goldstone modes included.
    pub index: u32,
    /// ω = √λ.
    pub omega: f64,
    /// Participation ratio.
    pub participation: f64,
    /// Second derivative of U along the mode.
    pub b2: f64,
    /// Third derivative, with the sign of the mode as [`orientation`] fixes it.
    pub b3: f64,
    /// Fourth derivative.
    pub b4: f64,
    /// b₃/√(3 b₂ b₄); NaN when b₄ ≤ 0.
    pub beta: f64,
    /// Class of the quartic.
    pub group: Group,
    /// Barrier of the quartic towards its second minimum; NaN without one.
    pub barrier: f64,
    /// U of the second minimum of the quartic, negative when it is deeper; NaN without one.
    pub depth: f64,
    /// |s| of the second minimum of the quartic; NaN without one.
    pub separation: f64,
    /// Barrier of the true profile U(q₀ + sΨ) − U(q₀); NaN without a second minimum ([`profile`] says
    /// where one is looked for).
    pub true_barrier: f64,
    /// True energy of the second minimum of the profile; NaN without one.
    pub true_depth: f64,
    /// |s| of the second minimum of the profile; NaN without one.
    pub true_separation: f64,
    /// Part of b₃ that comes from pairs within 2 % of the cutoff: their sum over the whole sum; NaN
    /// when b₃ vanishes to rounding.
    pub cutoff_share_b3: f64,
    /// The same of b₄.
    pub cutoff_share_b4: f64,
    /// Energy (total, relative to q₀) of the inherent structure reached by quenching from the second
    /// minimum of the profile, or of the quartic if only that has one; NaN when neither has, or when
    /// the quench did not converge.
    pub landing_energy: f64,
    /// Euclidean distance of that inherent structure from q₀, translation removed; NaN likewise.
    pub landing_distance: f64,
    /// s at which the true profile was sampled; empty unless the mode is kept as a snapshot.
    pub profile_s: Vec<f64>,
    /// U(q₀ + sΨ) − U(q₀) there.
    pub profile_energy: Vec<f64>,
    /// Ψ, N × 2, unit norm, if kept.
    pub vector: Option<Vec<[f64; 2]>>,
}

/// Which modes are described, and which are kept whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModeSettings {
    /// Every mode with ω below this is described.
    pub omega_max: f64,
    /// And this many of the lowest, whatever their ω.
    pub lowest: usize,
    /// The vector and the profile are kept for participation ratios up to this, and for the `lowest`.
    pub snapshot_participation_max: f64,
    /// How a second minimum is quenched.
    pub quench: QuenchSettings,
}

/// Why the modes of an inherent structure could not be described.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum DescribeFailure {
    /// The spectrum does not reach as far as modes are to be described.
    #[error("modes are to be described up to omega = {wanted}, but the spectrum is complete only up to {complete}")]
    Incomplete {
        /// ω_max asked for.
        wanted: f64,
        /// ω up to which the spectrum is complete.
        complete: f64,
    },
    /// The spectrum did not keep a vector that is needed.
    #[error("the vector of mode {index} was not kept")]
    VectorMissing {
        /// Position in the spectrum.
        index: usize,
    },
    /// A vector is not one of this system.
    #[error("mode {index} has {found} vectors for {particles} particles")]
    Length {
        /// Position in the spectrum.
        index: usize,
        /// Particles of the inherent structure.
        particles: usize,
        /// Vectors of the mode.
        found: usize,
    },
    /// The curvature of U along the mode is not its eigenvalue: the vector is no eigenvector.
    #[error("mode {index}: curvature b2 = {b2:e} along the mode, but eigenvalue {eigenvalue:e}")]
    Curvature {
        /// Position in the spectrum.
        index: usize,
        /// b₂ by the sum over pairs.
        b2: f64,
        /// λ.
        eigenvalue: f64,
    },
    /// The expansion is not one about a minimum.
    #[error("mode {index}: {source}")]
    Expansion {
        /// Position in the spectrum.
        index: usize,
        /// What is wrong with it.
        source: NotAMinimum,
    },
}

/// The modes of `minimum` below `settings.omega_max`, and its `settings.lowest` lowest whatever their
/// ω (fewer if the spectrum has fewer), ascending in ω.
///
/// Zero modes and negative eigenvalues (a saddle) are not described: q₀ is no minimum along them. The
/// spectrum counts them, and what its caller makes of such a structure is not decided here.
///
/// # Errors
/// [`DescribeFailure`] when the spectrum is not complete up to `settings.omega_max`, has not kept a
/// vector that is needed, or a vector is not the eigenvector of its eigenvalue.
pub fn describe(
    minimum: &InherentStructure,
    spectrum: &Spectrum,
    settings: &ModeSettings,
) -> Result<Vec<Mode>, DescribeFailure> {
    if spectrum.omega_complete() < settings.omega_max {
        return Err(DescribeFailure::Incomplete { wanted: settings.omega_max, complete: spectrum.omega_complete() });
    }
    let first = spectrum.negative_modes() + spectrum.zero_modes();
    let describer = Describer::new(minimum, &settings.quench);
    selection(spectrum.eigenvalues(), first, settings)
        .map(|index| {
            let vector = spectrum.vector(index).ok_or(DescribeFailure::VectorMissing { index })?;
            let participation = spectrum.participation()[index];
            let eigenpair = Eigenpair { index, eigenvalue: spectrum.eigenvalues()[index], participation, vector };
            let keep = participation <= settings.snapshot_participation_max || index < first + settings.lowest;
            describer.describe(eigenpair, keep)
        })
        .collect()
}

/// Positions of the modes to describe among ascending `eigenvalues`, of which `first` is the lowest
/// that is neither negative nor zero.
fn selection(eigenvalues: &[f64], first: usize, settings: &ModeSettings) -> Range<usize> {
    let below = eigenvalues.partition_point(|&lambda| lambda < settings.omega_max * settings.omega_max);
    first..below.max(first + settings.lowest).min(eigenvalues.len()).max(first)
}

/// One eigenpair, as a spectrum gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigenpair {
    /// Position in the spectrum.
    pub index: usize,
    /// λ > 0.
    pub eigenvalue: f64,
    /// Participation ratio.
    pub participation: f64,
    /// Ψ, N × 2, unit norm, of either sign.
    pub vector: Vec<[f64; 2]>,
}

/// Describes the modes of one inherent structure, one at a time.
#[derive(Debug, Clone)]
pub struct Describer<'a> {
    minimum: &'a InherentStructure,
    contacts: Contacts,
    neighbourhood: Neighbourhood,
    quench: QuenchSettings,
}

impl<'a> Describer<'a> {
    /// Gathers what every mode of `minimum` needs: its pairs and their derivatives.
    pub fn new(minimum: &'a InherentStructure, quench: &QuenchSettings) -> Self {
        let (configuration, potential) = (minimum.configuration(), minimum.potential());
        Describer {
            minimum,
            contacts: Contacts::new(configuration, potential),
            neighbourhood: Neighbourhood::new(configuration, potential),
            quench: *quench,
        }
    }

    /// The descriptors of one mode; its vector and profile are in the result if `keep`.
    ///
    /// # Errors
    /// [`DescribeFailure`] when the vector has the wrong length, or is not the eigenvector of its
    /// eigenvalue: |b₂ − λ| > 10⁻⁶ λ and more than rounding leaves of λ, or λ ≤ 0.
    pub fn describe(&self, eigenpair: Eigenpair, keep: bool) -> Result<Mode, DescribeFailure> {
        let Eigenpair { index, eigenvalue, participation, mut vector } = eigenpair;
        let particles = self.minimum.configuration().particles();
        if vector.len() != particles {
            return Err(DescribeFailure::Length { index, particles, found: vector.len() });
        }
        let sign = orientation::orientation(&vector);
        for component in vector.as_flattened_mut() {
            *component *= sign;
        }

        let expansion = self.contacts.expand(&vector);
        let rounding = f64::EPSILON * (64.0 * expansion.b2_magnitude + 16.0 * self.contacts.stiffness());
        if (expansion.b2 - eigenvalue).abs() > CURVATURE_TOLERANCE * eigenvalue.abs() + rounding {
            return Err(DescribeFailure::Curvature { index, b2: expansion.b2, eigenvalue });
        }
        let quartic = Quartic::new(expansion.b2, expansion.b3, expansion.b4)
            .map_err(|source| DescribeFailure::Expansion { index, source })?;
        let promised = quartic.second_minimum();
        let profile = Profile::new(&self.neighbourhood, &vector, &quartic);
        let found = profile.second_minimum();
        // A quench that does not converge is data too: NaN beside a finite separation.
        let landing =
            found.or(promised).and_then(|second| landing::land(self.minimum, &vector, second.at, &self.quench).ok());

        let profile_s = if keep { profile.grid() } else { Vec::new() };
        Ok(Mode {
            index: index as u32,
            omega: eigenvalue.sqrt(),
            participation,
            b2: expansion.b2,
            b3: expansion.b3,
            b4: expansion.b4,
            beta: quartic.beta(),
            group: quartic.group(),
            barrier: promised.map_or(f64::NAN, |second| second.barrier),
            depth: promised.map_or(f64::NAN, |second| second.energy),
            separation: promised.map_or(f64::NAN, |second| second.at.abs()),
            true_barrier: found.map_or(f64::NAN, |second| second.barrier),
            true_depth: found.map_or(f64::NAN, |second| second.energy),
            true_separation: found.map_or(f64::NAN, |second| second.at.abs()),
            cutoff_share_b3: expansion.cutoff_share_b3,
            cutoff_share_b4: expansion.cutoff_share_b4,
            landing_energy: landing.map_or(f64::NAN, |landing| landing.energy),
            landing_distance: landing.map_or(f64::NAN, |landing| landing.distance),
            profile_energy: profile_s.iter().map(|&s| profile.energy(s)).collect(),
            profile_s,
            vector: keep.then_some(vector),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{double_well, minimum, modes};
    use super::*;
    use crate::spectrum::{SpectrumMethod, SpectrumSettings};
    use glass::quench::quench;
    use glass::{Configuration, Seed};

    glass::test_on_each_instruction_set! {
        translation_and_permutation_change_nothing,
        the_sign_of_the_eigenvector_does_not_matter,
        what_is_no_eigenpair_is_refused,
        a_solver_may_round_however_soft_the_mode,
        the_selection_is_every_mode_below_and_the_lowest,
        a_spectrum_is_described_as_far_as_asked_and_no_further,
        a_vector_that_was_not_kept_is_named,
        low_and_dense_spectra_are_described_alike,
        a_spectrum_that_ends_too_early_is_refused,
    }

    fn settings() -> ModeSettings {
        let quench = QuenchSettings::default();
        ModeSettings { omega_max: 1.0, lowest: 2, snapshot_participation_max: 0.3, quench }
    }

    /// The spectrum below `omega` and of the `lowest` lowest, with their vectors.
    fn spectrum(minimum: &InherentStructure, method: SpectrumMethod, omega: f64, lowest: usize) -> Spectrum {
        let settings = SpectrumSettings {
            method,
            omega_max: omega,
            omega_vectors: omega,
            lowest_vectors: lowest,
            ..SpectrumSettings::default()
        };
        Spectrum::compute(minimum, Seed::of_realization(1, 1), &settings).expect("computes")
    }

    /// Every mode of `minimum`, kept whole.
    fn described(minimum: &InherentStructure) -> Vec<Mode> {
        let describer = Describer::new(minimum, &QuenchSettings::default());
        modes(minimum).into_iter().map(|mode| describer.describe(mode, true).expect("an eigenpair")).collect()
    }

    /// All numbers but the vector. Energies of the whole system carry 10⁻¹³ of rounding, and a b₃ that
    /// cancels passes its error on to β, so that 10⁻⁷ is what can be asked.
    fn assert_same(one: &Mode, other: &Mode) {
        assert_eq!((one.index, one.group), (other.index, other.group));
        let numbers = |m: &Mode| {
            let mut all = vec![m.omega, m.participation, m.b2, m.b3, m.b4, m.beta, m.barrier, m.depth, m.separation];
            all.extend([m.true_barrier, m.true_depth, m.true_separation, m.landing_energy, m.landing_distance]);
            all.extend([m.cutoff_share_b3, m.cutoff_share_b4]);
            all.extend(m.profile_s.iter().chain(&m.profile_energy));
            all
        };
        for (position, (a, b)) in numbers(one).into_iter().zip(numbers(other)).enumerate() {
            let same = (a.is_nan() && b.is_nan()) || (a - b).abs() < 1e-7 * a.abs().max(1e-2);
            assert!(same, "mode {}, number {position}: {a} {b}", one.index);
        }
    }

    fn translation_and_permutation_change_nothing() {
        let here = double_well();
        let reference = described(&here);
        assert!(reference[0].landing_distance > 0.1, "the lowest mode is a double well");
        let configuration = here.configuration();
        let particles = configuration.particles();

        let moved = configuration.displaced(&vec![[1.7, -3.1]; particles], 1.0);
        let moved = described(&quench(&moved, here.potential(), &QuenchSettings::default()).expect("converges"));
        let order: Vec<usize> = (0..particles).map(|i| (i * 37 + 11) % particles).collect();
        let shuffled = Configuration::new(
            configuration.periodic_box(),
            order.iter().map(|&i| configuration.positions()[i]).collect(),
            order.iter().map(|&i| configuration.diameters()[i]).collect(),
        )
        .expect("valid");
        let shuffled = described(&quench(&shuffled, here.potential(), &QuenchSettings::default()).expect("converges"));

        for ((mode, moved), shuffled) in reference.iter().zip(&moved).zip(&shuffled).take(20) {
            assert_same(mode, moved);
            assert_same(mode, shuffled);
            let (vector, permuted) = (mode.vector.as_ref().expect("kept"), shuffled.vector.as_ref().expect("kept"));
            for (k, &i) in order.iter().enumerate() {
                assert!((0..2).all(|a| (permuted[k][a] - vector[i][a]).abs() < 1e-7));
            }
        }
    }

    fn the_sign_of_the_eigenvector_does_not_matter() {
        let minimum = minimum(50, 64, 2);
        let describer = Describer::new(&minimum, &QuenchSettings::default());
        for mut mode in modes(&minimum).into_iter().take(10) {
            let one = describer.describe(mode.clone(), true).expect("an eigenpair");
            mode.vector.as_flattened_mut().iter_mut().for_each(|v| *v = -*v);
            let other = describer.describe(mode, true).expect("an eigenpair");
            // Debug, because NaN is not equal to itself.
            assert_eq!(format!("{one:?}"), format!("{other:?}"));
        }
    }

    fn what_is_no_eigenpair_is_refused() {
        let minimum = minimum(51, 64, 2);
        let describer = Describer::new(&minimum, &QuenchSettings::default());
        let mode = modes(&minimum).remove(3);
        let index = mode.index;

        let mut wrong = mode.clone();
        wrong.eigenvalue *= 1.0 + 2e-6;
        assert!(
            matches!(describer.describe(wrong, false), Err(DescribeFailure::Curvature { index: i, .. }) if i == index)
        );
        let mut wrong = mode.clone();
        wrong.vector[0][0] += 0.01;
        assert!(matches!(describer.describe(wrong, false), Err(DescribeFailure::Curvature { .. })));
        let mut wrong = mode.clone();
        wrong.vector.pop();
        let failure = DescribeFailure::Length { index, particles: 64, found: 63 };
        assert_eq!(describer.describe(wrong, false), Err(failure));
        let translation = Eigenpair { index: 0, eigenvalue: 0.0, participation: 1.0, vector: vec![[0.125, 0.0]; 64] };
        assert!(matches!(describer.describe(translation, false), Err(DescribeFailure::Expansion { index: 0, .. })));
    }

    /// λ of a solver is off by some ε‖H‖; of a mode as soft as a nearly free particle's, that is much.
    fn a_solver_may_round_however_soft_the_mode() {
        let minimum = minimum(51, 64, 2);
        let describer = Describer::new(&minimum, &QuenchSettings::default());
        let mut mode = modes(&minimum).remove(0);
        // All but a translation.
        for component in &mut mode.vector {
            *component = [0.125 + 1e-5 * component[0], 1e-5 * component[1]];
        }
        let stiffness = describer.contacts.stiffness();
        let b2 = describer.contacts.expand(&mode.vector).b2;
        assert!(b2 > 0.0 && 1e-6 * b2 < 0.1 * f64::EPSILON * stiffness, "{b2:e} {stiffness}");
        mode.eigenvalue = b2 + 8.0 * f64::EPSILON * stiffness;
        assert!(describer.describe(mode.clone(), false).is_ok());
        mode.eigenvalue = b2 + 1e-13 * stiffness;
        assert!(matches!(describer.describe(mode, false), Err(DescribeFailure::Curvature { .. })));
    }

    fn the_selection_is_every_mode_below_and_the_lowest() {
        let eigenvalues = [-0.1, 0.0, 1e-17, 0.25, 0.5, 0.81, 1.0, 2.0];
        let select = |omega_max: f64, lowest: usize| {
            selection(&eigenvalues, 3, &ModeSettings { omega_max, lowest, ..settings() })
        };
        assert_eq!(select(1.0, 1), 3..6);
        assert_eq!(select(1.01, 1), 3..7);
        assert_eq!(select(0.1, 2), 3..5);
        assert_eq!(select(0.1, 0), 3..3);
        assert_eq!(select(9.0, 1), 3..8);
        assert_eq!(select(0.1, 99), 3..8);
        assert_eq!(selection(&[], 0, &settings()), 0..0);
    }

    fn a_spectrum_is_described_as_far_as_asked_and_no_further() {
        let minimum = minimum(52, 64, 2);
        let spectrum = spectrum(&minimum, SpectrumMethod::Dense, settings().omega_max, settings().lowest);
        let described = describe(&minimum, &spectrum, &settings()).expect("describes");
        let expected = modes(&minimum).into_iter().filter(|mode| mode.eigenvalue < 1.0).count().max(2);
        assert_eq!(described.len(), expected);
        for (position, mode) in described.iter().enumerate() {
            assert_eq!(mode.index as usize, 2 + position);
            let kept = position < settings().lowest || mode.participation <= settings().snapshot_participation_max;
            assert_eq!(mode.vector.is_some(), kept);
            assert_eq!(mode.profile_s.is_empty(), !kept);
            assert_eq!(mode.profile_s.len(), mode.profile_energy.len());
        }
    }

    fn a_vector_that_was_not_kept_is_named() {
        let minimum = minimum(52, 64, 2);
        let spectrum = spectrum(&minimum, SpectrumMethod::Dense, 0.1, 1);
        let failure = DescribeFailure::VectorMissing { index: 3 };
        assert_eq!(describe(&minimum, &spectrum, &settings()), Err(failure));
    }

    fn low_and_dense_spectra_are_described_alike() {
        let minimum = double_well();
        let [dense, low] = [SpectrumMethod::Dense, SpectrumMethod::Low].map(|method| {
            let spectrum = spectrum(&minimum, method, settings().omega_max, settings().lowest);
            describe(&minimum, &spectrum, &settings()).expect("describes")
        });
        assert_eq!(dense.len(), low.len());
        for (one, other) in dense.iter().zip(&low) {
            assert_same(one, other);
        }
    }

    fn a_spectrum_that_ends_too_early_is_refused() {
        let minimum = double_well();
        let spectrum = spectrum(&minimum, SpectrumMethod::Low, 0.5, 1);
        assert!(matches!(
            describe(&minimum, &spectrum, &settings()),
            Err(DescribeFailure::Incomplete { wanted: 1.0, complete }) if complete < 1.0
        ));
    }
}
