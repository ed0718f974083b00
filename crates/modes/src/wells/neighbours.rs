//! Where one lands beyond the border of a basin: quenches from a line of displaced places.

use super::Along;
use super::ground::{Field, Ground, longest};
use glass::quench::{QuenchSettings, quench};

/// Quenches along one direction before the most-moved particle has moved one mean diameter.
const STEPS: u32 = 4;

/// Halvings of the step on which the basin was left.
const HALVINGS: u32 = 5;

/// Forces this small tell one minimum from another.
const FORCE_OF_A_LOOK: f64 = 1e-10;

/// A direction that is searched both ways.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SearchedDirection {
    /// Position of its harmonic mode among the described ones.
    pub(super) source: usize,
    pub(super) along: Along,
    /// |s| of the second minimum along it, which is looked at too; NaN without one.
    pub(super) second_minimum: f64,
    /// Unit vector, N × 2.
    pub(super) vector: Field,
}

/// Where a direction leads.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Landing {
    /// Back to the inherent structure, as far as was looked.
    Nowhere,
    /// Some quenches did not converge, and all that did fell back.
    NoQuench,
    /// To another minimum, at the border of the basin.
    There(Field),
}

/// Goes along `sign` times the direction until a quench lands elsewhere, and back to the border between.
pub(super) fn neighbour(
    ground: &Ground<'_>,
    searched: &SearchedDirection,
    sign: f64,
    settings: &QuenchSettings,
) -> Landing {
    let diameters = ground.minimum().configuration().diameters();
    let mean = diameters.iter().sum::<f64>() / diameters.len() as f64;
    let furthest = mean / longest(&searched.vector);
    let mut places: Vec<f64> = (1..=STEPS).map(|step| furthest * f64::from(step) / f64::from(STEPS)).collect();
    if searched.second_minimum < furthest {
        places.push(searched.second_minimum);
        places.sort_by(f64::total_cmp);
    }
    let settings = QuenchSettings { force_tolerance: FORCE_OF_A_LOOK.max(settings.force_tolerance), ..*settings };
    // The minimum below a displaced place, if it is not the origin.
    let look = |s: f64| -> Result<Option<Field>, ()> {
        let start = ground.minimum().configuration().displaced(&searched.vector, sign * s);
        let reached = quench(&start, ground.minimum().potential(), &settings).map_err(drop)?;
        Ok((!ground.is_origin(&reached)).then(|| ground.place(reached.configuration())))
    };
    let (mut inside, mut failed) = (0.0, false);
    for s in places {
        match look(s) {
            Err(()) => failed = true,
            Ok(None) => inside = s,
            Ok(Some(mut landing)) => {
                let mut outside = s;
                for _ in 0..HALVINGS {
                    let middle = 0.5 * (inside + outside);
                    match look(middle) {
                        Ok(None) => inside = middle,
                        Ok(Some(nearer)) => (outside, landing) = (middle, nearer),
                        // Another place of the same step will do.
                        Err(()) => outside = 0.5 * (middle + outside),
                    }
                }
                return Landing::There(landing);
            }
        }
    }
    if failed { Landing::NoQuench } else { Landing::Nowhere }
}
