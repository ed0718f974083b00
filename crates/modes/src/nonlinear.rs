//! Nonlinear modes: the directions in which the energy is soft and anharmonic at once.
//!
//! A harmonic mode is a minimum of the curvature κ = z·H·z alone, so it mixes with phonons of like
//! frequency. A nonlinear mode z (unit norm) is a local minimum of a cost that also asks where the energy
//! leaves its parabola, or where the pairs that move are few:
//!
//! | [`Kind`] | cost | source |
//! |---|---|---|
//! | pseudo-harmonic | κ²/S, S = Σ_pairs (z_ij·z_ij)² | Richard et al., doi:10.1103/PhysRevLett.126.015501 |
//! | cubic (nonlinear plastic) | κ³/b₃² | Gartner and Lerner, doi:10.1103/PhysRevE.93.011001 |
//! | quartic | κ²/\|b₄\| | Kapteijns, Richard and Lerner, doi:10.1103/PhysRevE.101.032130 |
//!
//! with z_ij = z_j − z_i over the pairs that interact, and b₃, b₄ the derivatives of U along z. All three
//! are stationary where H·z = (κ/D) G: G is the gradient of D = S, b₃ or b₄ divided by its degree, so that
//! D = z·G. The search therefore repeats z ← H⁻¹G, normalized, from a harmonic mode on.
//!
//! ```text
//! harmonic mode ─► z ← H⁻¹G(z) … ─► converged ─► described as a harmonic mode is
//!                  eight at once     distinct     (b₂ b₃ b₄, group, true profile)
//! ```

mod contraction;
mod flexibility;
mod search;
mod translation;

pub use search::TOLERANCE;
pub(crate) use translation::without_translation;

use crate::describe::expansion::Contacts;
use crate::describe::{DescribeFailure, Describer, Eigenpair, Mode};
use crate::spectrum::{Spectrum, SpectrumFailure, participation_ratio};
use glass::InherentStructure;
use glass::quench::QuenchSettings;
use search::{Converged, Search};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Two directions with a larger overlap |z·z′| than this are the same mode.
pub const SAME_MODE: f64 = 0.999;

/// Which cost a nonlinear mode minimizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Kind {
    /// κ²/Σ_pairs (z_ij·z_ij)².
    #[default]
    PseudoHarmonic = 0,
    /// κ³/b₃².
    Cubic = 1,
    /// κ²/|b₄|.
    Quartic = 2,
}

impl Kind {
    /// All kinds, in the order of their codes.
    pub const ALL: [Kind; 3] = [Kind::PseudoHarmonic, Kind::Cubic, Kind::Quartic];

    /// Its name in configurations, archives and reports.
    pub fn name(self) -> &'static str {
        match self {
            Kind::PseudoHarmonic => "pseudo-harmonic",
            Kind::Cubic => "cubic",
            Kind::Quartic => "quartic",
        }
    }
}

/// What is searched for, and for how long.
#[derive(Debug, Clone, PartialEq)]
pub struct NonlinearSettings {
    /// The kinds; none for no search.
    pub kinds: Vec<Kind>,
    /// Iterations after which a search is given up.
    pub iterations_max: u32,
    /// The vector and the profile are kept for participation ratios up to this.
    pub snapshot_participation_max: f64,
    /// How a second minimum is quenched.
    pub quench: QuenchSettings,
}

/// One nonlinear mode, described as a harmonic mode is; or a search that did not end in one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct NonlinearMode {
    /// Its cost.
    pub kind: Kind,
    /// Position, among the harmonic modes the searches started from, of the first that led here.
    pub source: usize,
    /// Its descriptors: `index` is that of the source in the spectrum, b₂ = κ, ω = √κ. NaN if the search was given up.
    pub mode: Mode,
    /// |z·Ψ| with the source.
    pub overlap: f64,
    /// Iterations of the search.
    pub iterations: u32,
    /// ‖H·z − (κ/D) G‖/‖H·z‖, for the pseudo-harmonic cost ‖∇C‖/(κ‖H·z‖).
    pub residual: f64,
}

/// A search that did not end in a mode.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unconverged {
    /// Its cost.
    pub kind: Kind,
    /// Position of the harmonic mode it started from.
    pub source: usize,
    /// Iterations after which it was given up.
    pub iterations: u32,
    /// The residual then.
    pub residual: f64,
}

/// All that the searches of one inherent structure gave.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NonlinearModes {
    /// Distinct modes, by kind, then in the order of their sources.
    pub found: Vec<NonlinearMode>,
    /// Searches without a mode.
    pub unconverged: Vec<Unconverged>,
}

impl NonlinearMode {
    /// Whether the search ended in a mode.
    pub fn is_converged(&self) -> bool {
        !self.mode.b2.is_nan()
    }
}

impl NonlinearModes {
    /// One row a search that is kept: the modes, then what was given up, with nothing but its kind, source,
    /// iterations and residual.
    pub fn into_rows(self) -> Vec<NonlinearMode> {
        let given_up = self.unconverged.into_iter().map(|search| NonlinearMode {
            kind: search.kind,
            source: search.source,
            mode: Mode::unknown(),
            overlap: f64::NAN,
            iterations: search.iterations,
            residual: search.residual,
        });
        self.found.into_iter().chain(given_up).collect()
    }
}

/// Why the nonlinear modes of an inherent structure are unknown.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum NonlinearFailure {
    /// The Hessian could not be factorized.
    #[error("nonlinear modes: {0}")]
    Factorization(#[from] SpectrumFailure),
    /// The vector of a harmonic mode was not kept.
    #[error("nonlinear modes: the vector of mode {index} was not kept, so nothing can start from it")]
    VectorMissing {
        /// Position in the spectrum.
        index: usize,
    },
    /// A direction could not be described.
    #[error("nonlinear modes: {0}")]
    Describe(#[from] DescribeFailure),
}

/// The nonlinear modes of `minimum` that searches from its described harmonic `modes` lead to, one of
/// each kind from each. Modes that coincide ([`SAME_MODE`]) are kept once; searches that do not converge
/// are listed, never dropped.
///
/// # Errors
/// [`NonlinearFailure`] when the Hessian cannot be factorized, or `spectrum` has not kept the vector of
/// one of `modes`.
pub fn nonlinear_modes<const D: usize>(
    minimum: &InherentStructure<D>,
    spectrum: &Spectrum<D>,
    modes: &[Mode],
    settings: &NonlinearSettings,
) -> Result<NonlinearModes, NonlinearFailure> {
    let mut result = NonlinearModes::default();
    if settings.kinds.is_empty() || modes.is_empty() {
        return Ok(result);
    }
    let vector = |mode: &Mode| {
        let index = mode.index as usize;
        spectrum.vector(index).ok_or(NonlinearFailure::VectorMissing { index })
    };
    let starts = modes.iter().map(vector).collect::<Result<Vec<_>, _>>()?;
    let searches = settings.kinds.iter().flat_map(|&kind| {
        starts.iter().enumerate().map(move |(source, start)| Search { kind, source, start: start.clone() })
    });
    let contacts = Contacts::of(minimum);
    let ended = search::run(minimum.hessian(), &contacts, searches.collect(), settings.iterations_max)?;

    let describer = Describer::new(minimum, &settings.quench);
    let mut distinct: Vec<Converged<D>> = Vec::new();
    for end in ended {
        match end {
            Err(unconverged) => result.unconverged.push(unconverged),
            Ok(converged) if distinct.iter().any(|known| same_mode(known, &converged)) => {}
            Ok(converged) => {
                result.found.push(described(&describer, &converged, &modes[converged.source], &starts, settings)?);
                distinct.push(converged);
            }
        }
    }
    Ok(result)
}

fn same_mode<const D: usize>(known: &Converged<D>, other: &Converged<D>) -> bool {
    known.kind == other.kind && overlap(&known.vector, &other.vector) > SAME_MODE
}

fn described<const D: usize>(
    describer: &Describer<'_, D>,
    converged: &Converged<D>,
    source: &Mode,
    starts: &[Vec<[f64; D]>],
    settings: &NonlinearSettings,
) -> Result<NonlinearMode, NonlinearFailure> {
    let participation = participation_ratio(converged.vector.as_flattened(), D);
    let direction = Eigenpair {
        index: source.index as usize,
        eigenvalue: converged.curvature,
        participation,
        vector: converged.vector.clone(),
    };
    Ok(NonlinearMode {
        kind: converged.kind,
        source: converged.source,
        mode: describer.describe(direction, participation <= settings.snapshot_participation_max)?,
        overlap: overlap(&converged.vector, &starts[converged.source]),
        iterations: converged.iterations,
        residual: converged.residual,
    })
}

/// |a·b|.
fn overlap<const D: usize>(a: &[[f64; D]], b: &[[f64; D]]) -> f64 {
    search::dot(a, b).abs()
}

#[cfg(test)]
mod tests;
