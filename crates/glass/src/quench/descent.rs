//! Where a quench stands, and one step of it.

use super::rounding::force_of_rounding;
use super::vectors::{dot, length_max, remove_translation};
use super::{QuenchFailure, QuenchSettings, ROUNDING_FORCE_MAX};
use crate::configuration::Configuration;
use crate::energy::{ForceField, force_max};
use crate::hessian::Hessian;
use crate::interaction::Potential;
use crate::periodic::PeriodicBox;
use crate::space::{minus, plus};
use std::cmp::Ordering;

/// No particle moves further in one line search, in units of length (a tenth of a diameter): the
/// minimum that is reached lies below the start, not somewhere else.
const DISPLACEMENT_MAX: f64 = 0.1;

/// A search along a direction ends when the slope has fallen to this part of its first value.
const SLOPE_LEFT: f64 = 0.1;

/// Most evaluations of one line search.
const TRIALS_MAX: u32 = 30;

/// Rounding of the total energy, relative to itself and to N (the terms of each φ are of order one,
/// even where their sum is nearly zero): a rise by less is none. (Seen among the last Newton steps of
/// 1500 quenches at N = 4000: up to 6.3 ε_machine.)
const ENERGY_ROUNDING: f64 = 16.0 * f64::EPSILON;

/// Positions, their energy and forces.
pub(super) struct Descent<const D: usize> {
    field: ForceField<D>,
    pub(super) side: PeriodicBox<D>,
    pub(super) positions: Vec<[f64; D]>,
    pub(super) forces: Vec<[f64; D]>,
    pub(super) energy: f64,
    /// Evaluations so far.
    pub(super) evaluations: u32,
    pub(super) settings: QuenchSettings,
    trial_positions: Vec<[f64; D]>,
    trial_forces: Vec<[f64; D]>,
}

impl<const D: usize> Descent<D> {
    pub(super) fn new(
        start: &Configuration<D>,
        potential: &Potential,
        settings: &QuenchSettings,
    ) -> Result<Self, QuenchFailure> {
        potential.check(start)?;
        let mut descent = Descent {
            field: ForceField::new(start, potential),
            side: start.periodic_box(),
            positions: start.positions().to_vec(),
            forces: vec![[0.0; D]; start.particles()],
            energy: 0.0,
            evaluations: 0,
            settings: *settings,
            trial_positions: start.positions().to_vec(),
            trial_forces: vec![[0.0; D]; start.particles()],
        };
        descent.energy = descent.field.evaluate(&descent.positions, &mut descent.forces);
        if !(descent.energy.is_finite() && descent.force_max().is_finite()) {
            return Err(descent.coincident().unwrap_or(QuenchFailure::NotFinite { iterations: 0 }));
        }
        Ok(descent)
    }

    pub(super) fn force_max(&self) -> f64 {
        force_max(&self.forces)
    }

    /// Whether max |F| ≤ tolerance.
    pub(super) fn converged(&self) -> bool {
        self.force_max() <= self.settings.force_tolerance
    }

    /// The Hessian here.
    pub(super) fn hessian(&self) -> Hessian<D> {
        Hessian::at(self.side, &self.positions, self.field.diameters(), self.field.potential())
    }

    /// Energy and forces anew, after positions were changed by hand.
    pub(super) fn evaluate_again(&mut self) -> Result<(), QuenchFailure> {
        self.count_evaluation()?;
        self.energy = self.field.evaluate(&self.positions, &mut self.forces);
        Ok(())
    }

    /// Moves all particles by the same vector.
    pub(super) fn translate(&mut self, by: [f64; D]) {
        for position in &mut self.positions {
            *position = self.side.wrapped(plus(*position, 1.0, by));
        }
    }

    fn count_evaluation(&mut self) -> Result<(), QuenchFailure> {
        if self.evaluations >= self.settings.evaluations_max {
            return Err(self.not_converged());
        }
        self.evaluations += 1;
        Ok(())
    }

    /// A rise of the energy that is only rounding.
    pub(super) fn energy_rounding(&self) -> f64 {
        ENERGY_ROUNDING * (self.energy.abs() + self.positions.len() as f64)
    }

    pub(super) fn not_converged(&self) -> QuenchFailure {
        QuenchFailure::NotConverged {
            force_max: self.force_max(),
            tolerance: self.settings.force_tolerance,
            rounding: force_of_rounding(&self.hessian(), self.side.longest()),
            iterations: self.evaluations,
        }
    }

    /// Whether the forces are below the tolerance, or are those that rounding the positions leaves.
    ///
    /// # Errors
    /// [`QuenchFailure::NotConverged`] if they are neither.
    pub(super) fn converged_or_rounded(&self) -> Result<(), QuenchFailure> {
        if self.converged() {
            return Ok(());
        }
        let rounding = force_of_rounding(&self.hessian(), self.side.longest());
        if self.force_max() <= rounding.min(ROUNDING_FORCE_MAX) { Ok(()) } else { Err(self.not_converged()) }
    }

    /// Two particles at the same place, if there are such.
    fn coincident(&self) -> Option<QuenchFailure> {
        let mut order: Vec<usize> = (0..self.positions.len()).collect();
        let place = |i: usize| self.positions[i];
        let compared = |a: usize, b: usize| {
            let axes = place(a).into_iter().zip(place(b)).map(|(first, second)| first.total_cmp(&second));
            axes.fold(Ordering::Equal, Ordering::then)
        };
        order.sort_by(|&a, &b| compared(a, b));
        let pair = order.windows(2).find(|pair| place(pair[0]) == place(pair[1]))?;
        let (first, second) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
        Some(QuenchFailure::Coincident { first, second })
    }

    /// How far the furthest particle is from where it was, the mean displacement taken out: settling moves all alike.
    pub(super) fn displacement_max(&self, start: &[[f64; D]]) -> f64 {
        // Relative to one particle, since all may have gone half a box.
        let (Some(&first), Some(&then)) = (start.first(), self.positions.first()) else { return 0.0 };
        let separation = |(&a, &b): (&[f64; D], &[f64; D])| self.side.separation(minus(a, first), minus(b, then));
        let mut moved: Vec<[f64; D]> = start.iter().zip(&self.positions).map(separation).collect();
        remove_translation(&mut moved);
        length_max(&moved)
    }

    /// What was reached.
    pub(super) fn into_configuration(self) -> Result<(Configuration<D>, Potential), QuenchFailure> {
        let potential = self.field.potential().clone();
        let configuration = Configuration::new(self.side, self.positions, self.field.diameters().to_vec())
            .map_err(|_| QuenchFailure::NotFinite { iterations: self.evaluations })?;
        Ok((configuration, potential))
    }

    /// Evaluates positions + step · direction aside: its energy (which may be no number).
    pub(super) fn try_step(&mut self, direction: &[[f64; D]], step: f64) -> Result<f64, QuenchFailure> {
        self.count_evaluation()?;
        let side = self.side;
        let sides = side.sides();
        let wrap = |axis: usize, c: f64| if c >= 0.0 && c < sides[axis] { c } else { side.wrap(axis, c) };
        for ((trial, &r), &d) in self.trial_positions.iter_mut().zip(&self.positions).zip(direction) {
            let moved = plus(r, step, d);
            *trial = std::array::from_fn(|axis| wrap(axis, moved[axis]));
        }
        Ok(self.field.evaluate(&self.trial_positions, &mut self.trial_forces))
    }

    /// Forces of the last trial.
    pub(super) fn trial_forces(&self) -> &[[f64; D]] {
        &self.trial_forces
    }

    /// Makes the last trial, of energy `energy`, the state.
    pub(super) fn accept(&mut self, energy: f64) {
        std::mem::swap(&mut self.positions, &mut self.trial_positions);
        std::mem::swap(&mut self.forces, &mut self.trial_forces);
        self.energy = energy;
    }

    /// Moves along `direction`, downhill (`slope` = F·direction > 0), to where the slope has nearly
    /// vanished, or to the largest displacement allowed. The energy does not rise. `guess` is tried
    /// first. Returns the curvature d·H·d met on the way, or `None` when no lower point was found: the
    /// slope is lost in rounding.
    ///
    /// Secant steps on the slope inside a bracket (Hager and Zhang, doi:10.1137/030601880, whose
    /// approximate Wolfe condition accepts on slopes once energies differ by rounding only).
    pub(super) fn search(
        &mut self,
        direction: &[[f64; D]],
        slope: f64,
        guess: f64,
    ) -> Result<Option<f64>, QuenchFailure> {
        let furthest = DISPLACEMENT_MAX / length_max(direction);
        let ceiling = self.energy + self.energy_rounding();
        let (mut low, mut low_slope) = (0.0, slope);
        let mut high: Option<(f64, Option<f64>)> = None;
        let mut step = guess.min(furthest);
        for _ in 0..TRIALS_MAX {
            let energy = self.try_step(direction, step)?;
            let trial_slope = dot(&self.trial_forces, direction);
            let allowed = energy <= ceiling && trial_slope.is_finite();
            let level = trial_slope.abs() <= SLOPE_LEFT * slope;
            let blocked = trial_slope > 0.0 && step >= furthest;
            if allowed && (level || blocked) {
                self.accept(energy);
                return Ok(Some((slope - trial_slope) / step));
            }
            if allowed && trial_slope > 0.0 {
                (low, low_slope) = (step, trial_slope);
            } else {
                // Behind the minimum, if its slope says so; else only behind a rise.
                high = Some((step, (trial_slope < 0.0).then_some(trial_slope)));
            }
            step = match high {
                None => {
                    let secant = if trial_slope < slope { step * slope / (slope - trial_slope) } else { f64::INFINITY };
                    secant.clamp(1.5 * step, 5.0 * step).min(furthest)
                }
                Some((high, Some(high_slope))) => {
                    let width = high - low;
                    let secant = low + width * low_slope / (low_slope - high_slope);
                    secant.clamp(low + 0.05 * width, high - 0.05 * width)
                }
                Some((high, None)) => 0.5 * (low + high),
            };
        }
        if low == 0.0 {
            return Ok(None);
        }
        let energy = self.try_step(direction, low)?;
        self.accept(energy);
        Ok(Some((slope - low_slope) / low))
    }
}
