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

use crate::own_stiffness::OwnStiffness;
use crate::spectrum::Spectrum;
use along::Neighbourhood;
use expansion::Contacts;
use glass::InherentStructure;
use glass::quench::QuenchSettings;
use glass::space::square;
use profile::Profile;
use quartic::{NotAMinimum, Quartic};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use thiserror::Error;

/// b₂ and λ may differ by this, relatively: beyond it the vector is not the eigenvector.
pub const CURVATURE_TOLERANCE: f64 = 1e-6;

/// Rounding that a solver leaves of an eigenvalue however soft the mode, where the stiffness of the system is not
/// known: 16 ε times a stiffness of 3·10⁴ ε/length².
const ROUNDING: f64 = 1e-10;

/// Whether b₂ of a vector is the eigenvalue of its mode, as far as [`CURVATURE_TOLERANCE`] and rounding go; for those
/// who have the two numbers and not the system.
pub fn is_curvature(b2: f64, eigenvalue: f64) -> bool {
    (b2 - eigenvalue).abs() <= CURVATURE_TOLERANCE * eigenvalue.abs() + ROUNDING
}

/// Shape of the quartic U(s) = b₂s²/2 + b₃s³/6 + b₄s⁴/24 along a mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[repr(u8)]
pub enum Group {
    /// |β| ≤ √(8/9): one minimum.
    #[default]
    A = 0,
    /// √(8/9) < |β| ≤ 1: a second, higher minimum.
    ADouble = 1,
    /// |β| > 1: a second, deeper minimum.
    B = 2,
    /// b₄ ≤ 0.
    Unbounded = 3,
}

/// One described mode; plain data, as the archive stores it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
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
    /// b₃ without pairs within 2 % of the cutoff.
    pub b3_inside: f64,
    /// The same of b₄.
    pub b4_inside: f64,
    /// Stiffness of the particle that moves most, were all others to stand still ([`crate::own_stiffness`]).
    pub own_stiffness: f64,
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
    /// Ψ, unit norm, D components a particle one after the other, if kept.
    pub vector: Option<Vec<f64>>,
}

impl Mode {
    /// Ψ, one vector of D components a particle, if kept.
    pub fn displacements<const D: usize>(&self) -> Option<&[[f64; D]]> {
        self.vector.as_ref().map(|vector| vector.as_chunks::<D>().0)
    }

    /// A direction of which nothing is known: every number NaN, the class of those without a quartic.
    pub fn unknown() -> Mode {
        let nan = f64::NAN;
        Mode {
            index: 0,
            omega: nan,
            participation: nan,
            b2: nan,
            b3: nan,
            b4: nan,
            beta: nan,
            group: Group::Unbounded,
            barrier: nan,
            depth: nan,
            separation: nan,
            true_barrier: nan,
            true_depth: nan,
            true_separation: nan,
            cutoff_share_b3: nan,
            cutoff_share_b4: nan,
            b3_inside: nan,
            b4_inside: nan,
            own_stiffness: nan,
            landing_energy: nan,
            landing_distance: nan,
            profile_s: Vec::new(),
            profile_energy: Vec::new(),
            vector: None,
        }
    }
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
pub fn describe<const D: usize>(
    minimum: &InherentStructure<D>,
    spectrum: &Spectrum<D>,
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

/// The particle that moves most, the first of several that do.
fn most_moved<const D: usize>(vector: &[[f64; D]]) -> usize {
    let mut most = (0, 0.0);
    for (particle, &displacement) in vector.iter().enumerate() {
        let moved = square(displacement);
        if moved > most.1 {
            most = (particle, moved);
        }
    }
    most.0
}

/// One eigenpair, as a spectrum gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Eigenpair<const D: usize = 2> {
    /// Position in the spectrum.
    pub index: usize,
    /// λ > 0.
    pub eigenvalue: f64,
    /// Participation ratio.
    pub participation: f64,
    /// Ψ, N × D, unit norm, of either sign.
    pub vector: Vec<[f64; D]>,
}

/// Describes the modes of one inherent structure, one at a time.
#[derive(Debug, Clone)]
pub struct Describer<'a, const D: usize = 2> {
    minimum: &'a InherentStructure<D>,
    contacts: Contacts<D>,
    neighbourhood: Neighbourhood<D>,
    own_stiffness: OwnStiffness,
    quench: QuenchSettings,
}

impl<'a, const D: usize> Describer<'a, D> {
    /// Gathers what every mode of `minimum` needs: its pairs and their derivatives.
    pub fn new(minimum: &'a InherentStructure<D>, quench: &QuenchSettings) -> Self {
        let (configuration, potential) = (minimum.configuration(), minimum.potential());
        Describer {
            minimum,
            contacts: Contacts::of(minimum),
            neighbourhood: Neighbourhood::new(configuration, potential),
            own_stiffness: OwnStiffness::of(minimum.hessian()),
            quench: *quench,
        }
    }

    /// The descriptors of one mode; its vector and profile are in the result if `keep`.
    ///
    /// # Errors
    /// [`DescribeFailure`] when the vector has the wrong length, or is not the eigenvector of its
    /// eigenvalue: |b₂ − λ| > 10⁻⁶ λ and more than rounding leaves of λ, or λ ≤ 0.
    pub fn describe(&self, eigenpair: Eigenpair<D>, keep: bool) -> Result<Mode, DescribeFailure> {
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
            b3_inside: expansion.b3_inside,
            b4_inside: expansion.b4_inside,
            own_stiffness: self.own_stiffness.of_particle()[most_moved(&vector)],
            landing_energy: landing.map_or(f64::NAN, |landing| landing.energy),
            landing_distance: landing.map_or(f64::NAN, |landing| landing.distance),
            profile_energy: profile_s.iter().map(|&s| profile.energy(s)).collect(),
            profile_s,
            vector: keep.then(|| vector.into_flattened()),
        })
    }
}

#[cfg(test)]
mod tests;
