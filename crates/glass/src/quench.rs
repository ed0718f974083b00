//! Conjugate gradient, then Newton: a configuration becomes the inherent structure below it.
//!
//! ```text
//! start ─► overlaps undone ─► conjugate gradient ─► Newton ─► last bits ─► certificate
//!          (random starts)    max |F| ≤ 0.01  ▲        │      (rounding)   (Cholesky of H)
//!                                             └────────┘ not near enough a minimum
//! ```
//!
//! Which minimum is reached is decided by the gradient stage; Newton's method only takes the last
//! digits, in steps that must be short, go down and contract. Until the certificate, which answers
//! yes or no, every sum has a fixed order: an inherent structure is the same bits on every machine.

mod conjugate_gradient;
mod descent;
mod failure;
mod linear_solver;
mod newton;
mod rounding;
mod vectors;

pub use failure::{NewtonRefusal, QuenchFailure};

use crate::configuration::Configuration;
use crate::energy::pressure;
use crate::hessian::{Cholesky, CholeskyFailure, Hessian};
use crate::interaction::Potential;
use conjugate_gradient::{ConjugateGradient, OVERLAP_FORCE, separate_overlaps};
use descent::Descent;
use newton::{newton, newton_with_search};

/// Largest force at which Newton's method is tried for the first time; each time it is refused, at a
/// tenth of the last.
const FORCE_OF_NEWTON: f64 = 1e-2;

/// Once refused below this force, Newton directions are searched along: gradients would not converge.
const FORCE_OF_SEARCH: f64 = 1e-5;

/// No particle moves further in one Newton step, in units of length.
const NEWTON_REACH: f64 = 0.05;

/// A minimum polished further than this is taken for another one.
const POLISH_REACH: f64 = 0.05;

/// An eigenvalue of the Hessian below minus this makes a saddle. Above, it cannot be told from the
/// zero modes.
const ZERO_EIGENVALUE: f64 = 1e-9;

/// Largest |F_i| of any inherent structure for whose particles rounding of their positions leaves more than the
/// tolerance.
pub const ROUNDING_FORCE_MAX: f64 = 1e-10;

/// How a configuration is quenched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuenchSettings {
    /// Largest |F_i| accepted, in ε per length. In a glass so large or dense that rounding the positions leaves more,
    /// and no neighbouring numbers with less are found, that much is accepted, up to [`ROUNDING_FORCE_MAX`].
    pub force_tolerance: f64,
    /// Most evaluations of energy and forces.
    pub evaluations_max: u32,
}

impl Default for QuenchSettings {
    fn default() -> Self {
        QuenchSettings { force_tolerance: 1e-12, evaluations_max: 100_000 }
    }
}

/// A local minimum of the potential energy; only this module makes one.
#[derive(Debug, Clone)]
pub struct InherentStructure<const D: usize = 2> {
    configuration: Configuration<D>,
    potential: Potential,
    hessian: Hessian<D>,
    energy: f64,
    pressure: f64,
    force_max: f64,
    iterations: u32,
    newton_steps: u32,
}

/// The inherent structure below `start`: the energy never rises on the way (but for rounding, 4·10⁻¹⁵
/// of itself plus N).
///
/// # Errors
/// [`QuenchFailure`] when the start has no finite energy, when the forces do not reach the
/// tolerance, or when they vanish at a saddle.
pub fn quench<const D: usize>(
    start: &Configuration<D>,
    potential: &Potential,
    settings: &QuenchSettings,
) -> Result<InherentStructure<D>, QuenchFailure> {
    let mut descent = Descent::new(start, potential, settings)?;
    separate_overlaps(&mut descent, OVERLAP_FORCE)?;
    let mut force_of_newton = FORCE_OF_NEWTON;
    let mut newton_steps = 0;
    loop {
        ConjugateGradient::new(&descent).descend(&mut descent, force_of_newton.max(settings.force_tolerance))?;
        let gradient_evaluations = descent.evaluations;
        match newton(&mut descent, NEWTON_REACH, &mut newton_steps)? {
            Ok(()) => return InherentStructure::certify(descent, gradient_evaluations, newton_steps),
            Err(_) if descent.force_max() > FORCE_OF_SEARCH => {
                force_of_newton = 0.1 * force_of_newton.min(descent.force_max())
            }
            Err(_) => {
                newton_with_search(&mut descent, &mut newton_steps)?;
                return InherentStructure::certify(descent, gradient_evaluations, newton_steps);
            }
        }
    }
}

impl<const D: usize> InherentStructure<D> {
    /// Takes a configuration that is a minimum already as it is.
    ///
    /// # Errors
    /// [`QuenchFailure::NotConverged`] when its largest force exceeds `force_tolerance` and what rounding of its
    /// positions leaves, [`QuenchFailure::Saddle`] when it is no minimum.
    pub fn accept(
        configuration: Configuration<D>,
        potential: &Potential,
        force_tolerance: f64,
    ) -> Result<Self, QuenchFailure> {
        let settings = QuenchSettings { force_tolerance, ..QuenchSettings::default() };
        let descent = Descent::new(&configuration, potential, &settings)?;
        descent.converged_or_rounded()?;
        Self::certify(descent, 0, 0)
    }

    /// Takes a configuration that is nearly a minimum, as one stored in single precision, to the
    /// tolerance by Newton steps alone. Also returns how far the furthest particle moved.
    ///
    /// # Errors
    /// [`QuenchFailure::NotNearMinimum`], with the largest force at the start, when Newton's method
    /// does not go straight to a minimum nearby.
    pub fn polish(
        configuration: Configuration<D>,
        potential: &Potential,
        settings: &QuenchSettings,
    ) -> Result<(Self, f64), QuenchFailure> {
        let mut descent = Descent::new(&configuration, potential, settings)?;
        let force_max = descent.force_max();
        let mut newton_steps = 0;
        newton(&mut descent, POLISH_REACH, &mut newton_steps)?
            .map_err(|refusal| QuenchFailure::NotNearMinimum { force_max, refusal })?;
        let moved = descent.displacement_max(configuration.positions());
        if moved > POLISH_REACH {
            return Err(QuenchFailure::NotNearMinimum { force_max, refusal: NewtonRefusal::TooLong(moved) });
        }
        Ok((Self::certify(descent, 0, newton_steps)?, moved))
    }

    /// The end of every way here: the Hessian has no negative eigenvalue.
    fn certify(descent: Descent<D>, iterations: u32, newton_steps: u32) -> Result<Self, QuenchFailure> {
        let (energy, force_max) = (descent.energy, descent.force_max());
        let hessian = descent.hessian();
        let (configuration, potential) = descent.into_configuration()?;
        Cholesky::new(&hessian, ZERO_EIGENVALUE).map_err(|failure| match failure {
            CholeskyFailure::NotPositiveDefinite { .. } => QuenchFailure::Saddle { force_max },
            CholeskyFailure::Memory => QuenchFailure::Memory,
        })?;
        Ok(InherentStructure {
            energy: energy / configuration.particles() as f64,
            pressure: pressure(&configuration, &potential, hessian.pairs()),
            configuration,
            potential,
            hessian,
            force_max,
            iterations,
            newton_steps,
        })
    }

    /// Positions (at the minimum) and diameters.
    pub fn configuration(&self) -> &Configuration<D> {
        &self.configuration
    }

    /// The potential it is a minimum of.
    pub fn potential(&self) -> &Potential {
        &self.potential
    }

    /// Potential energy per particle.
    pub fn energy(&self) -> f64 {
        self.energy
    }

    /// Pressure −Σ φ′ r / (D V).
    pub fn pressure(&self) -> f64 {
        self.pressure
    }

    /// Largest |F_i| left.
    pub fn force_max(&self) -> f64 {
        self.force_max
    }

    /// Evaluations of energy and forces before the Newton steps.
    pub fn iterations(&self) -> u32 {
        self.iterations
    }

    /// Newton steps.
    pub fn newton_steps(&self) -> u32 {
        self.newton_steps
    }

    /// The Hessian at the minimum, and with it the interacting pairs.
    pub fn hessian(&self) -> &Hessian<D> {
        &self.hessian
    }
}

#[cfg(test)]
mod tests;
