//! The true profile U(q₀ + sΨ) − U(q₀) of a mode: does the actual potential have the second minimum
//! that the quartic promises?
//!
//! *Range.* |s| up to twice √(12b₂/|b₄|), which is where the quartic term of the expansion is as
//! large as the harmonic one (at |β| = 1 the place of the second minimum), or up to 1.5 times the
//! quartic's second minimum, whichever is more; but never so far that a particle moves by more than
//! [`DISPLACEMENT_MAX`](super::along::DISPLACEMENT_MAX). What lies outside is not looked for.
//!
//! *Which minimum.* Where the quartic has a second minimum, its claim is tested: only that side is
//! searched, and the first minimum met on it, going outward from q₀, is the one reported. Where the
//! quartic has none, both sides are searched and the minimum at the smaller |s| is reported.
//!
//! *Forces that are left.* The quench leaves forces of 10⁻¹² or less. Where next to nothing holds a particle, they put its own
//! minimum at a visible s; that is no second one, so a barrier is one only if U rises to it from q₀.
//!
//! *Resolution.* dU/ds is taken at [`STEPS`] points a side; a barrier and a minimum both between two
//! neighbouring points go unseen. What is seen is refined on dU/ds, which is exact.

use super::along::{EnergyAlong, Neighbourhood};
use super::quartic::{Quartic, SecondMinimum};

/// Points of the grid on each side of s = 0.
pub const STEPS: usize = 32;

/// The range in units of √(12b₂/|b₄|).
const SCALES: f64 = 2.0;

/// The range exceeds the quartic's second minimum by this factor.
const MARGIN: f64 = 1.5;

/// The true profile of one mode.
#[derive(Debug, Clone)]
pub struct Profile {
    line: EnergyAlong,
    second_minimum: Option<SecondMinimum>,
}

impl Profile {
    /// The profile along `mode`, whose expansion is `quartic`.
    pub fn new<const D: usize>(neighbourhood: &Neighbourhood<D>, mode: &[[f64; D]], quartic: &Quartic) -> Self {
        let promised = quartic.second_minimum();
        let reach = (SCALES * quartic.scale()).max(promised.map_or(0.0, |second| MARGIN * second.at.abs()));
        let line = neighbourhood.along(mode, reach);
        let search = |side: f64| second_minimum(&line, side, quartic.b2());
        let found = match promised {
            Some(second) => search(second.at.signum()),
            None => nearest(search(-1.0), search(1.0)),
        };
        Profile { second_minimum: found, line }
    }

    /// The second minimum and the barrier before it, if there is one in range.
    pub fn second_minimum(&self) -> Option<SecondMinimum> {
        self.second_minimum
    }

    /// The grid: 2 [`STEPS`] + 1 values of s, ascending, 0 in the middle.
    pub fn grid(&self) -> Vec<f64> {
        let step = self.line.reach() / STEPS as f64;
        (0..=2 * STEPS).map(|k| step * (k as f64 - STEPS as f64)).collect()
    }

    /// U(q₀ + sΨ) − U(q₀).
    pub fn energy(&self, s: f64) -> f64 {
        self.line.energy(s)
    }
}

fn nearest(left: Option<SecondMinimum>, right: Option<SecondMinimum>) -> Option<SecondMinimum> {
    match (left, right) {
        (Some(l), Some(r)) => Some(if l.at.abs() < r.at.abs() { l } else { r }),
        (found, None) | (None, found) => found,
    }
}

/// The first barrier and the first minimum beyond it, going from s = 0 to `side` (±1).
fn second_minimum(line: &EnergyAlong, side: f64, curvature: f64) -> Option<SecondMinimum> {
    // U′/s instead of U′: it starts at b₂ > 0 instead of 0, so a barrier before the first point of
    // the grid is bracketed too.
    let stiffness = |s: f64| line.slope(side * s) * side / s;
    let place = |k: usize| line.reach() * k as f64 / STEPS as f64;
    let mut previous = (0.0, curvature);
    let mut barrier_at = None;
    for k in 1..=STEPS {
        let s = place(k);
        let here = (s, stiffness(s));
        match barrier_at {
            None if here.1 <= 0.0 => barrier_at = Some(root(stiffness, previous, here)),
            Some(top) if here.1 > 0.0 => {
                let bottom = root(stiffness, previous, here);
                let found = SecondMinimum {
                    barrier_at: side * top,
                    barrier: line.energy(side * top),
                    at: side * bottom,
                    energy: line.energy(side * bottom),
                };
                if found.barrier > 0.0 && stiffness(0.5 * top) > 0.0 {
                    return Some(found);
                }
                barrier_at = None;
            }
            _ => {}
        }
        previous = here;
    }
    None
}

/// The zero of `function` between two points where its signs differ, by regula falsi in the Illinois
/// variant (Dowell and Jarratt, doi:10.1007/BF01934364), to the last digits of s.
fn root(function: impl Fn(f64) -> f64, mut first: (f64, f64), mut second: (f64, f64)) -> f64 {
    for _ in 0..100 {
        let s = second.0 - second.1 * (second.0 - first.0) / (second.1 - first.1);
        let here = (s, function(s));
        if here.1 == 0.0 || (s - second.0).abs() <= 4.0 * f64::EPSILON * s {
            return s;
        }
        if (here.1 > 0.0) != (second.1 > 0.0) {
            first = second;
        } else {
            first.1 *= 0.5;
        }
        second = here;
    }
    second.0
}

#[cfg(test)]
mod tests {
    use super::super::Group;
    use super::super::expansion::Contacts;
    use super::super::samples::{double_well, energy, gate, minimum, modes, scan};
    use super::*;
    use glass::{Configuration, Potential};

    glass::test_on_each_instruction_set! {
        a_particle_in_a_symmetric_gate_has_two_equal_wells,
        the_profile_of_a_real_double_well_is_that_of_a_direct_scan,
        the_grid_is_symmetric_and_holds_the_minimum_of_u,
        a_glass_that_is_not_quite_at_rest_has_no_second_minimum_for_that,
        roots_are_found_to_the_last_digits,
    }

    fn profile(configuration: &Configuration, potential: &Potential, mode: &[[f64; 2]]) -> (Quartic, Profile) {
        let e = Contacts::new(configuration, potential).expand(mode);
        let quartic = Quartic::new(e.b2, e.b3, e.b4).expect("a minimum");
        (quartic, Profile::new(&Neighbourhood::new(configuration, potential), mode, &quartic))
    }

    /// One particle passes a gate: U is even in its height, so that the wells are equally deep, as far
    /// apart as twice the height of the minimum, and the barrier stands in the gate. The quartic finds
    /// a deeper well there in the first gate, a higher one in the second, none in the third.
    fn a_particle_in_a_symmetric_gate_has_two_equal_wells() {
        let potential = Potential::new(2).expect("valid");
        for (width, stop, group) in [(1.15, 1.3, Group::B), (1.15, 1.36, Group::ADouble), (1.1, 1.3, Group::A)] {
            let passing = |height: f64| energy(&gate(width, stop, height), &potential);
            // The minimum above the gate, by bisection on the slope between the gate and the stop.
            let slope = |height: f64| (passing(height + 1e-6) - passing(height - 1e-6)) / 2e-6;
            let (mut below, mut above) = (0.02, stop - 0.8);
            assert!(slope(below) < 0.0 && slope(above) > 0.0);
            for _ in 0..60 {
                let height = 0.5 * (below + above);
                if slope(height) < 0.0 { below = height } else { above = height }
            }
            for side in [1.0, -1.0] {
                let height = side * below;
                let mut mode = vec![[0.0; 2]; 5];
                mode[0] = [0.0, 1.0];
                let (quartic, profile) = profile(&gate(width, stop, height), &potential, &mode);
                assert_eq!(quartic.group(), group, "{quartic:?} {}", quartic.beta());
                let second = profile.second_minimum().expect("two wells");
                // The bisection knows the height to about 10⁻⁹ (rounding over step over curvature).
                assert!((second.at + 2.0 * height).abs() < 1e-8, "{second:?} {height}");
                assert!(second.energy.abs() < 1e-12, "{second:?}");
                assert!((second.barrier_at + height).abs() < 1e-8);
                assert!((second.barrier - (passing(0.0) - passing(height))).abs() < 1e-12);
            }
        }
    }

    fn the_profile_of_a_real_double_well_is_that_of_a_direct_scan() {
        let minimum = double_well();
        let (configuration, potential) = (minimum.configuration(), minimum.potential());
        let mode = modes(&minimum).remove(0).vector;
        let (quartic, profile) = profile(configuration, potential, &mode);
        let found = profile.second_minimum().expect("two wells");
        let at_rest = energy(configuration, potential);
        let direct = |s: f64| energy(&configuration.displaced(&mode, s), potential) - at_rest;
        let (range, points) = (1.5 * found.at.abs(), 3000);
        let scanned = scan(direct, found.at.signum(), range, points).expect("two wells");
        let step = range / f64::from(points as u32);
        assert!((found.at - scanned.at).abs() <= step && (found.barrier_at - scanned.barrier_at).abs() <= step);
        // Rounding of the total energy (64 particles, U = 20): 10⁻¹³; U″ step²/2 is less than 10⁻⁹.
        assert!((found.energy - scanned.energy).abs() < 1e-9, "{found:?} {scanned:?}");
        assert!((found.barrier - scanned.barrier).abs() < 1e-9, "{found:?} {scanned:?}");
        assert!(found.energy < 0.0 && found.barrier > 0.0);
        // The quartic promises far more than there is.
        let promised = quartic.second_minimum().expect("group B");
        assert_eq!(promised.at.signum(), found.at.signum());
        assert!(promised.energy < 10.0 * found.energy);
    }

    fn the_grid_is_symmetric_and_holds_the_minimum_of_u() {
        let minimum = minimum(30, 64, 2);
        for mode in modes(&minimum).iter().take(20) {
            let (quartic, profile) = profile(minimum.configuration(), minimum.potential(), &mode.vector);
            let grid = profile.grid();
            assert_eq!((grid.len(), grid[STEPS]), (2 * STEPS + 1, 0.0));
            assert!((0..STEPS).all(|k| grid[k] == -grid[2 * STEPS - k] && grid[k] < grid[k + 1]));
            assert_eq!(profile.energy(0.0), 0.0);
            // Near q₀ the quartic and the true profile are one.
            for s in [-0.01 * grid[2 * STEPS], 0.01 * grid[2 * STEPS]] {
                let (true_energy, expansion) = (profile.energy(s), quartic.energy(s));
                assert!((true_energy - expansion).abs() < 0.02 * expansion, "{true_energy} {expansion}");
            }
        }
    }

    /// Some way from its minimum, as a particle is that next to nothing holds: that minimum is met on one side and is none;
    /// the other well is, behind its barrier.
    fn a_glass_that_is_not_quite_at_rest_has_no_second_minimum_for_that() {
        let two_wells = double_well();
        let (potential, mode) = (two_wells.potential(), modes(&two_wells).remove(0).vector);
        let (_, at_rest) = profile(two_wells.configuration(), potential, &mode);
        let other = at_rest.second_minimum().expect("two wells");
        for away in [0.2, -0.2, 0.02, -0.02] {
            let away = away * other.barrier_at;
            let (_, shifted) = profile(&two_wells.configuration().displaced(&mode, away), potential, &mode);
            let found = shifted.second_minimum().expect("two wells");
            assert!((found.at - (other.at - away)).abs() < 1e-6, "{found:?} {other:?} {away}");
            let expected = other.barrier - at_rest.energy(away);
            assert!((found.barrier - expected).abs() < 1e-12, "{found:?} {other:?} {away}");
        }
        // And where there is no other, none is found.
        let one_well = minimum(30, 64, 2);
        let mut alone = 0;
        for mode in modes(&one_well).iter().take(20) {
            let (_, at_rest) = profile(one_well.configuration(), one_well.potential(), &mode.vector);
            if at_rest.second_minimum().is_some() {
                continue;
            }
            alone += 1;
            for away in [0.1, -0.1, 0.01, -0.01] {
                let away = away * at_rest.grid()[2 * STEPS];
                let shifted = one_well.configuration().displaced(&mode.vector, away);
                let (_, shifted) = profile(&shifted, one_well.potential(), &mode.vector);
                assert_eq!(shifted.second_minimum(), None, "{away}");
            }
        }
        assert!(alone >= 10, "{alone}");
    }

    fn roots_are_found_to_the_last_digits() {
        let cubic = |s: f64| s * s * s - 2.0;
        assert!((root(cubic, (0.0, -2.0), (2.0, 6.0)) - 2.0f64.cbrt()).abs() < 1e-15);
        assert!((root(|s| 1.0 - s, (0.0, 1.0), (4.0, -3.0)) - 1.0).abs() < 1e-15);
    }
}
